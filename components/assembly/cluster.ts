import { Provider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";
import { Cluster } from "../cluster";
import { ClusterAddons } from "../cluster-addons";
import type { Settings } from "../config/settings";
import { engineKind } from "../config/settings/network-policy-engine";
import { ExistingCluster } from "../existing-cluster";
import { existingNetwork, type FoundNetwork } from "../existing-network";
import { HomeStorage } from "../home-storage";
import { Network } from "../network";
import { NetworkPolicyEngine } from "../network-policy-engine";
import { NodePool } from "../node-pool";

/** The settings that say where a hub runs. */
type PlaceSettings = Pick<Settings, "network" | "cluster" | "nodePools" | "networkPolicyEngine" | "users" | "tags">;
type AnyNetwork = Network | FoundNetwork | undefined;
type Child = { readonly parent: pulumi.Resource };

/** A cluster of which no more is known than the way in, and perhaps the security group of its nodes. */
interface UnnamedCluster {
  readonly clusterName: undefined;
  readonly kubeconfig: pulumi.Output<string>;
  readonly provider: Provider;
  readonly securityGroupId: pulumi.Output<string> | undefined;
}

interface Nodes {
  readonly core: NodePool[];
  readonly user: NodePool[];
  readonly autoscalingGroupNames: Readonly<Record<string, pulumi.Input<string>>>;
}

/** Where a hub runs, whoever made it. */
export interface HubCluster {
  /** Undefined where a kubeconfig is all that is known. */
  readonly network: AnyNetwork;
  readonly cluster: Cluster | ExistingCluster | UnnamedCluster;
  /** Of the nodes that take traffic, by a name that stays the same. */
  readonly autoscalingGroupNames: Nodes["autoscalingGroupNames"];
  /** StorageClass of homes and of the hub's database. */
  readonly storageClassName: string | pulumi.Output<string>;
  /** What has to be there before the hub: user pods start unguarded where no engine enforces their NetworkPolicy. */
  readonly ready: pulumi.Resource[];
}

/** The network, the cluster, its nodes, what enforces NetworkPolicies and what homes are stored on: made, or found. */
export function hubCluster(name: string, settings: PlaceSettings, child: Child): HubCluster {
  const { tags, users } = settings;
  const network = networkOf(name, settings, child);
  const cluster = clusterOf(name, settings, network, child);
  const { autoscalingGroupNames, core, user } = nodesOf(name, settings, network, cluster, child);

  const own = cluster instanceof Cluster;
  const addons = own ? [new ClusterAddons(name, { cluster, tags }, { ...child, dependsOn: core })] : [];
  const inCluster = { ...child, provider: cluster.provider, dependsOn: [...addons, ...core] };
  const engine =
    engineKind(settings) === "calico" ? [new NetworkPolicyEngine(name, { kind: "calico" }, inCluster)] : [];
  const storageClassName =
    users.storageClass ??
    new HomeStorage(name, { isDefault: own, tags }, { ...inCluster, dependsOn: addons }).storageClassName;

  return { network, cluster, autoscalingGroupNames, storageClassName, ready: [...engine, ...addons, ...user] };
}

function networkOf(name: string, { network, cluster, tags }: PlaceSettings, child: Child): AnyNetwork {
  if (network.kind === "existing") return existingNetwork(network, child);
  return cluster.kind === "create" ? new Network(name, { ...network, clusterName: name, tags }, child) : undefined;
}

function clusterOf(
  name: string,
  settings: PlaceSettings,
  network: AnyNetwork,
  child: Child,
): Cluster | ExistingCluster | UnnamedCluster {
  const { cluster, users, tags } = settings;
  switch (cluster.kind) {
    case "create": {
      const { vpcId, privateSubnetIds, publicSubnetIds } = required(network, "network");
      return new Cluster(
        name,
        {
          ...cluster,
          clusterName: name,
          vpcId,
          privateSubnetIds,
          publicSubnetIds,
          networkPolicyAgent: engineKind(settings) === "vpc-cni",
          tags,
        },
        { ...child, dependsOn: madeBy(network) },
      );
    }
    case "existing":
      return new ExistingCluster(
        name,
        {
          clusterName: cluster.name,
          vpcId: required(network, "network").vpcId,
          addOns: {
            ...(users.storageClass === undefined && { "aws-ebs-csi-driver": ownVolumes }),
            ...(users.awsAccess !== undefined && { "eks-pod-identity-agent": podIdentity }),
          },
        },
        child,
      );
    case "kubeconfig":
      return {
        clusterName: undefined,
        kubeconfig: cluster.kubeconfig,
        provider: new Provider(name, { kubeconfig: cluster.kubeconfig, enableServerSideApply: true }, child),
        securityGroupId: cluster.securityGroupId === undefined ? undefined : pulumi.output(cluster.securityGroupId),
      };
  }
}

const ownVolumes =
  "it makes the volumes of homes; where something else does, name a StorageClass of the cluster in users.storageClass";
const podIdentity = "it gives user pods the role of users.awsAccess";

function nodesOf(
  name: string,
  { nodePools, tags }: PlaceSettings,
  network: AnyNetwork,
  cluster: HubCluster["cluster"],
  child: Child,
): Nodes {
  if (nodePools.kind === "existing") {
    const groups = nodePools.autoscalingGroupNames.map((group, index): [string, pulumi.Input<string>] => [
      `nodes-${index}`,
      group,
    ]);
    return { core: [], user: [], autoscalingGroupNames: Object.fromEntries(groups) };
  }
  if (cluster.clusterName === undefined) throw new Error("Node pools need the cluster's name");
  const named = cluster;
  const pools = (purpose: "core" | "user") => {
    const { zones, ...pool } = nodePools[purpose];
    return required(network, "network")
      .privateSubnetIds.slice(0, zones)
      .map(
        (subnetId, zone) =>
          new NodePool(
            `${name}-${purpose}-${zone}`,
            { ...pool, cluster: named, cniUsesNodeRole: !(named instanceof Cluster), purpose, subnetId, tags },
            // Nodes need their way out to the internet, and what gives their pods addresses and roles.
            { ...child, dependsOn: [...madeBy(network), named] },
          ),
      );
  };
  const core = pools("core");
  return {
    core,
    user: pools("user"),
    autoscalingGroupNames: Object.fromEntries(core.map((pool, zone) => [`core-${zone}`, pool.autoscalingGroupName])),
  };
}

/** What has to stay as long as something uses the network. */
export function madeBy(network: AnyNetwork): pulumi.Resource[] {
  return network instanceof Network ? [network] : [];
}

/** What the relations between settings promise. */
export function required<Part>(part: Part | undefined, what: string): Part {
  if (part === undefined) throw new Error(`The settings left no ${what}`);
  return part;
}
