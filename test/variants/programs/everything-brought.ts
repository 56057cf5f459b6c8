import { Namespace } from "@pulumi/kubernetes/core/v1/namespace";
import { ExistingCluster, HomeStorage, HubSecrets, NodePool, SecureHub, stackSettings } from "../../../components";
import { team } from "../../../examples/bring-your-own-cluster/team";

/** A team that brings all it can: network, cluster by kubeconfig, nodes, namespace, storage, secrets, a policy engine. */
const { privateSubnetIds, publicSubnetIds, vpcId } = team;
const cluster = new ExistingCluster("research", { clusterName: team.clusterName });
const { provider } = cluster;
const pool = (purpose: "core" | "user") =>
  new NodePool(`research-${purpose}`, {
    cluster,
    purpose,
    subnetId: privateSubnetIds[0] ?? "",
    instanceType: "t3.large",
    minSize: 1,
    maxSize: 3,
    diskSizeGiB: 80,
    cniUsesNodeRole: true,
  });
const pools = [pool("core"), pool("user")] as const;
const namespace = new Namespace(
  "labs",
  { metadata: { name: "labs", labels: { "pod-security.kubernetes.io/enforce": "restricted" } } },
  { provider },
);
const storage = new HomeStorage("labs", {}, { provider });
const secrets = new HubSecrets("labs");

const settings = stackSettings();
const hub = new SecureHub(
  "hub-variant",
  {
    ...settings,
    network: { kind: "existing", vpcId, privateSubnetIds, publicSubnetIds },
    cluster: { kind: "kubeconfig", kubeconfig: cluster.kubeconfig, securityGroupId: cluster.securityGroupId },
    nodePools: { kind: "existing", autoscalingGroupNames: [pools[0].autoscalingGroupName] },
    networkPolicyEngine: { kind: "external", enforcedBy: "Cilium, run by the platform team" },
    users: { ...settings.users, storageClass: storage.storageClassName },
    hub: { ...settings.hub, namespace: namespace.metadata.name, createNamespace: false, secrets },
  },
  { dependsOn: [...pools] },
);

export const hubUrl = hub.url;
export const posture = hub.posture;
