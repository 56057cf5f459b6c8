import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { parseSettings } from "../../../components/config/parse-settings";
import { posture } from "../../../components/posture";
import { byKubeconfig, inExistingCluster } from "../../support/existing-parts";
import { clientSecret, minimalSettings } from "../../support/hub-settings";

test("the posture says who gets in where", () => {
  const summary = posture(
    parseSettings({
      ...minimalSettings(),
      auth: { ...minimalSettings().auth, allowedUsers: ["ada"], adminUsers: ["grace"] },
      cluster: {
        publicAccessCidrs: ["203.0.113.7/32", "198.51.100.0/24"],
        adminArns: ["arn:aws:iam::123456789012:role/admin"],
      },
    }),
  );
  expect(summary.exposure).toContain("hub.acme.science");
  expect(summary.login).toBe("github: members of acme and users ada; administrators: grace");
  expect(summary.kubernetesApi).toContain("203.0.113.7/32, 198.51.100.0/24");
  expect(summary.kubernetesApi).toContain("arn:aws:iam::123456789012:role/admin");
  expect(summary.chart).toContain("4.4.0");
  for (const line of Object.values(summary)) expect(line).toMatch(/^\S.*\S$/);
});

test("it reads well where a list is empty", () => {
  const { login, kubernetesApi } = posture(parseSettings(minimalSettings()));
  expect(login).toBe("github: members of acme; administrators: none named");
  expect(kubernetesApi).toBe("private, and public for 203.0.113.7/32; administered by its creator");
});

const digest = `sha256:${"0123456789abcdef".repeat(4)}`;

test.each([
  [{ name: "quay.io/acme/lab", tag: "7" }, "quay.io/acme/lab:7"],
  [{ name: "quay.io/acme/lab", digest }, `quay.io/acme/lab@${digest}`],
  [{ tag: "7", digest }, `the hub's repository:7@${digest}`],
])("an own image is named as it is pulled: %j", (image, name) => {
  expect(posture(parseSettings({ ...minimalSettings(), users: { image } })).images).toBe(
    `users: ${name}; public images through a scanned cache in the account`,
  );
});

test("it is plain text that anybody may read", () =>
  expect(JSON.stringify(posture(parseSettings(minimalSettings())))).not.toContain(clientSecret));

describe("parts that somebody else answers for are said to be so", () => {
  test("a cluster", () => {
    const summary = posture(parseSettings(inExistingCluster()));
    expect(summary.kubernetesApi).toBe("as the cluster's owner set it up");
    expect(summary.encryptionAtRest).toContain("Kubernetes secrets as the cluster's owner set it up");
    expect(summary.encryptionAtRest).toContain("node disks encrypted");
    expect(summary.cloudMetadata).toBe(
      "blocked for user pods by hop limit 1 on every node and by the enforced NetworkPolicy",
    );
  });

  test("nodes, volumes and the policy engine", () => {
    const summary = posture(parseSettings(byKubeconfig()));
    expect(summary.encryptionAtRest).toContain("node disks as their owner set them up");
    expect(summary.encryptionAtRest).toContain("home volumes as their StorageClass says");
    expect(summary.cloudMetadata).toBe("blocked for user pods by the enforced NetworkPolicy");
    expect(summary.networkPolicies).toBe(
      "hub, proxy and user servers, enforced, as its owner asserts, by Cilium, run by the platform team",
    );
  });

  test("a namespace", () => {
    const hub = { namespace: "lab", createNamespace: false };
    expect(posture(parseSettings({ ...inExistingCluster(), hub })).podSecurity).toContain("its owner's choice");
  });
});

test("what the VPC CNI cannot do is said", () => {
  const summary = posture(parseSettings({ ...minimalSettings(), networkPolicyEngine: { kind: "vpc-cni" } }));
  expect(summary.networkPolicies).toMatch(/hub and proxy, enforced by the VPC CNI; not dependably on user servers/);
  expect(summary.cloudMetadata).toBe("blocked for user pods by hop limit 1 on every node");
});

test("extra values are named by their paths alone", () => {
  const extraValues = { hub: { activeServerLimit: 50, extraEnv: { TOKEN: pulumi.secret("canary") } } };
  expect(posture(parseSettings({ ...minimalSettings(), extraValues })).extraValues).toBe(
    "hub.activeServerLimit, hub.extraEnv.TOKEN",
  );
  expect(posture(parseSettings(minimalSettings())).extraValues).toBe("none");
});
