import * as pulumi from "@pulumi/pulumi";
import type { SettingsInput } from "../../components";
import { minimalSettings } from "./hub-settings";

/** Must be readable nowhere. */
export const ownKubeconfig = JSON.stringify({ users: [{ user: { token: "canary-kubeconfig-token" } }] });

export const team = {
  vpcId: "vpc-0a1b2c3d4e5f67890",
  privateSubnetIds: ["subnet-0000000000000000a", "subnet-0000000000000000b"],
  publicSubnetIds: ["subnet-0000000000000000c", "subnet-0000000000000000d"],
};

/** A hub in the VPC of a team, with a cluster of its own. */
export const inExistingNetwork = (): SettingsInput => ({
  ...minimalSettings(),
  network: { kind: "existing", ...team },
});

/** A hub in the cluster of a team, on nodes of its own. */
export const inExistingCluster = (): SettingsInput => ({
  ...inExistingNetwork(),
  cluster: { kind: "existing", name: "research" },
  networkPolicyEngine: { kind: "calico" },
});

/** A hub in a cluster of which a kubeconfig and a few ids are known. */
export const byKubeconfig = (): SettingsInput => ({
  ...inExistingNetwork(),
  cluster: {
    kind: "kubeconfig",
    kubeconfig: pulumi.secret(ownKubeconfig),
    securityGroupId: "sg-0123456789abcdef0",
  },
  nodePools: { kind: "existing", autoscalingGroupNames: ["eks-core-a", "eks-core-b"] },
  networkPolicyEngine: { kind: "external", enforcedBy: "Cilium, run by the platform team" },
  users: { storageClass: "gp3-encrypted" },
});
