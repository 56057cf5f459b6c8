import satisfies from "semver/functions/satisfies";
import { expect, test } from "vitest";
import { NetworkPolicyEngine } from "../../components";
import { recordInCluster } from "../support/in-cluster";
import { all, inputsOf, madeBefore, only } from "../support/wire";

const recorded = () =>
  recordInCluster((provider) => ({ urn: new NetworkPolicyEngine("calico", { kind: "calico" }, { provider }).urn }));
const release = "kubernetes:helm.sh/v3:Release";

test("Calico enforces policies and leaves addresses to the VPC CNI", async () =>
  // "Calico documentation, Install on Amazon EKS: policy with the VPC CNI".
  expect(inputsOf(await recorded(), release, "calico-calico")).toMatchObject({
    name: "calico",
    chart: "tigera-operator",
    version: expect.stringMatching(/^v\d+\.\d+\.\d+$/),
    repositoryOpts: { repo: "https://docs.tigera.io/calico/charts" },
    values: {
      installation: {
        enabled: true,
        kubernetesProvider: "EKS",
        cni: { type: "AmazonVPC" },
        calicoNetwork: { bgp: "Disabled" },
      },
    },
    atomic: true,
    cleanupOnFail: true,
    timeout: 600,
  }));

test("the operator follows its namespace", async () => {
  const program = await recorded();
  const before = madeBefore(program, only(program, release, "calico-calico"));
  expect(before).toContain("kubernetes:core/v1:Namespace calico");
});

test("its resource definitions come with the chart: alone, they are larger than what Helm can keep of a release", async () => {
  // tigera/docs#2636: the chart of definitions, needed since 3.32, is for `kubectl apply --server-side`.
  const program = await recorded();
  expect(all(program, release)).toHaveLength(1);
  expect(satisfies(inputsOf(program, release, "calico-calico").version, "<3.32")).toBe(true);
});
