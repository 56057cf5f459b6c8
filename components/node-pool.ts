import * as ec2 from "@pulumi/aws/ec2";
import * as awsEks from "@pulumi/aws/eks";
import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import { first } from "./first";
import { assumeRolePolicy } from "./iam-documents";
import { attachPolicies } from "./managed-policies";
import { named, type Tags } from "./tags";

/** Arguments of {@link NodePool}. */
export interface NodePoolArgs {
  /** The cluster: a `Cluster`, an `ExistingCluster`, or the name and Kubernetes version of any EKS cluster. */
  readonly cluster: { readonly clusterName: pulumi.Input<string>; readonly version: pulumi.Input<string> };
  /**
   * `core` nodes carry the hub, the proxy and the cluster's own pods: labelled, not tainted. `user` nodes carry user servers
   * alone: labelled and tainted the way the JupyterHub chart expects.
   */
  readonly purpose: "core" | "user";
  /** The pool's one subnet: EBS volumes belong to a zone, so a pool whose pods mount them lies in one zone. */
  readonly subnetId: pulumi.Input<string>;
  /** Instance type with x86-64 processors, for example `t3.large`. */
  readonly instanceType: string;
  /**
   * Fewest nodes, at least 1, and how many a new pool begins with. EKS refuses a minimum above the present size: before it is
   * raised, scale the pool up.
   */
  readonly minSize: number;
  /** Most nodes; at least `minSize`. */
  readonly maxSize: number;
  /** Size of a node's disk in GiB. */
  readonly diskSizeGiB: number;
  /** Whether the cluster's VPC CNI has no role of its own and acts under the nodes', as EKS sets it up. Default false. */
  readonly cniUsesNodeRole?: boolean;
  /** Tags for everything that can be tagged, instances and volumes included. */
  readonly tags?: Tags | undefined;
}

const nodePolicies = [
  "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy",
  "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly",
];
const cniPolicy = "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy";

/**
 * A managed node group in one zone with a launch template of its own: instance metadata needs a session token that no pod
 * can fetch (hop limit 1), disks are encrypted, and the role can register a node and pull images, no more.
 */
export class NodePool extends pulumi.ComponentResource {
  /** Name of the autoscaling group behind the node group, for load balancers. */
  readonly autoscalingGroupName: pulumi.Output<string>;
  readonly roleArn: pulumi.Output<string>;

  constructor(name: string, args: NodePoolArgs, opts?: pulumi.ComponentResourceOptions) {
    const { clusterName, version } = args.cluster;
    super("jupyterhub-eks:index:NodePool", name, { ...args, cluster: { clusterName, version } }, opts);
    const child = { parent: this };

    const role = new iam.Role(
      name,
      { assumeRolePolicy: assumeRolePolicy("ec2.amazonaws.com"), tags: named(name, args.tags) },
      child,
    );
    const policyArns = [...nodePolicies, ...(args.cniUsesNodeRole ? [cniPolicy] : [])];
    const attachments = attachPolicies(name, role, policyArns, child);

    const launchTemplate = new ec2.LaunchTemplate(
      name,
      {
        metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
        blockDeviceMappings: [
          {
            deviceName: "/dev/xvda",
            ebs: { volumeType: "gp3", volumeSize: args.diskSizeGiB, encrypted: "true", deleteOnTermination: "true" },
          },
        ],
        tagSpecifications: ["instance", "volume", "network-interface"].map((resourceType) => ({
          resourceType,
          tags: named(name, args.tags),
        })),
        updateDefaultVersion: true,
        tags: named(name, args.tags),
      },
      child,
    );

    const label = { "hub.jupyter.org/node-purpose": args.purpose };
    const nodeGroup = new awsEks.NodeGroup(
      name,
      {
        clusterName,
        nodeRoleArn: role.arn,
        subnetIds: [args.subnetId],
        version,
        amiType: "AL2023_x86_64_STANDARD",
        instanceTypes: [args.instanceType],
        launchTemplate: { id: launchTemplate.id, version: launchTemplate.latestVersion.apply(String) },
        scalingConfig: { minSize: args.minSize, maxSize: args.maxSize, desiredSize: args.minSize },
        updateConfig: { maxUnavailable: 1 },
        labels: label,
        ...(args.purpose === "user" && {
          taints: [{ key: "hub.jupyter.org/dedicated", value: "user", effect: "NO_SCHEDULE" }],
        }),
        tags: named(name, args.tags),
      },
      // Whoever scales the group by hand or by an autoscaler keeps what they chose.
      { ...child, dependsOn: attachments, ignoreChanges: ["scalingConfig.desiredSize"] },
    );

    this.autoscalingGroupName = first(first(nodeGroup.resources).autoscalingGroups).name;
    this.roleArn = role.arn;
    this.registerOutputs({ autoscalingGroupName: this.autoscalingGroupName, roleArn: this.roleArn });
  }
}
