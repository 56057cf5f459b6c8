import { expect, test } from "vitest";
import { NetworkPolicyEngine } from "../../components";
import { recordInCluster } from "../support/in-cluster";
import { inputsOf, madeBefore, only } from "../support/wire";

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

test("the CNI may write pods' addresses where Calico reads them", async () => {
  const program = await recorded();
  const role = inputsOf(program, "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole");
  expect(role.rules).toEqual([{ apiGroups: [""], resources: ["pods"], verbs: ["patch"] }]);
  expect(inputsOf(program, "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding")).toMatchObject({
    roleRef: { kind: "ClusterRole", name: role.metadata.name },
    subjects: [{ kind: "ServiceAccount", name: "aws-node", namespace: "kube-system" }],
  });
});

test("the operator follows its resource definitions, the right to annotate and its namespace", async () => {
  const program = await recorded();
  const before = madeBefore(program, only(program, release, "calico-calico"));
  expect(before).toContain(`${release} calico-calico-crds`);
  expect(before).toContain("kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding calico-annotate-pods");
  expect(before).toContain("kubernetes:core/v1:Namespace calico");
  const versions = ["calico-calico-crds", "calico-calico"].map((name) => inputsOf(program, release, name).version);
  expect(new Set(versions).size).toBe(1);
});
