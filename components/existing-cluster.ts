import { getAddon } from "@pulumi/aws/eks/getAddon";
import { type GetClusterResult, getCluster } from "@pulumi/aws/eks/getCluster";
import { Provider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";
import { lookUp } from "./look-up";

/** Arguments of {@link ExistingCluster}. */
export interface ExistingClusterArgs {
  /** The cluster's name in EKS. */
  readonly clusterName: pulumi.Input<string>;
  /** The VPC that it is expected in. */
  readonly vpcId?: pulumi.Input<string>;
  /** Add-ons that it has to have, each with what it is for, for whoever reads that it is missing. */
  readonly addOns?: Readonly<Record<string, string>>;
}

/**
 * An EKS cluster that somebody else made: what the other components have to know of it, looked up by its name, and a way in
 * with the deploying identity's own rights. Nothing in it is changed.
 *
 * @throws during preview, if there is no such cluster, if it lies in another VPC, or if it lacks an add-on.
 *
 * @example
 * const cluster = new ExistingCluster("research", { clusterName: "research" });
 * new NodePool("users", { cluster, purpose: "user", ... });
 */
export class ExistingCluster extends pulumi.ComponentResource {
  /** The cluster's name in EKS. */
  readonly clusterName: pulumi.Output<string>;
  /** Its Kubernetes version, for example `1.35`. */
  readonly version: pulumi.Output<string>;
  readonly vpcId: pulumi.Output<string>;
  /** Kubeconfig as JSON; a secret. It asks the AWS CLI for a token, so it holds no credentials of its own. */
  readonly kubeconfig: pulumi.Output<string>;
  /** For everything that works in the cluster. */
  readonly provider: Provider;
  /** The security group that EKS made for the cluster and puts on the nodes of managed node groups. */
  readonly securityGroupId: pulumi.Output<string>;

  constructor(name: string, args: ExistingClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jupyterhub-eks:index:ExistingCluster", name, args, opts);
    const child = { parent: this };
    const found = pulumi
      .all([clusterOf(args.clusterName, child), args.vpcId, addOnsOf(args, child)])
      .apply(([cluster, vpcId]) => inVpc(cluster, vpcId));

    this.clusterName = found.name;
    this.version = found.version;
    this.vpcId = found.vpcConfig.vpcId;
    this.securityGroupId = found.vpcConfig.clusterSecurityGroupId;
    this.kubeconfig = pulumi.secret(found.apply((cluster) => JSON.stringify(kubeconfigOf(cluster))));
    this.provider = new Provider(
      name,
      { kubeconfig: this.kubeconfig, clusterIdentifier: this.clusterName, enableServerSideApply: true },
      child,
    );
    this.registerOutputs({
      clusterName: this.clusterName,
      version: this.version,
      vpcId: this.vpcId,
      kubeconfig: this.kubeconfig,
      securityGroupId: this.securityGroupId,
    });
  }
}

function clusterOf(name: pulumi.Input<string>, options: pulumi.InvokeOptions): pulumi.Output<GetClusterResult> {
  return lookUp(
    pulumi.output({ name }),
    (query) => getCluster(query, options),
    (query, reason) =>
      `The EKS cluster ${query.name} cannot be used (${reason}). Name one of this account and region: \`aws eks list-clusters\` shows them.`,
  );
}

function inVpc(cluster: GetClusterResult, vpcId: string | undefined): GetClusterResult {
  const found = cluster.vpcConfig.vpcId;
  if (vpcId !== undefined && found !== vpcId) {
    throw new pulumi.RunError(`The EKS cluster ${cluster.name} lies in ${found}, and network.vpcId is ${vpcId}.`);
  }
  return cluster;
}

/** The add-ons' versions, once it is clear that all are there. */
function addOnsOf({ clusterName, addOns = {} }: ExistingClusterArgs, options: pulumi.InvokeOptions) {
  return pulumi.all(
    Object.entries(addOns).map(
      ([addonName, purpose]) =>
        lookUp(
          pulumi.output({ clusterName, addonName }),
          (query) => getAddon(query, options),
          (query, reason) =>
            `The EKS cluster ${query.clusterName} lacks the add-on ${addonName} (${reason}): ${purpose}. To install it: \`aws eks create-addon --cluster-name ${query.clusterName} --addon-name ${addonName}\`.`,
        ).addonVersion,
    ),
  );
}

function kubeconfigOf({ name, endpoint, arn, certificateAuthorities }: GetClusterResult) {
  const region = arn.split(":")[3];
  return {
    apiVersion: "v1",
    kind: "Config",
    "current-context": name,
    contexts: [{ name, context: { cluster: name, user: name } }],
    clusters: [
      { name, cluster: { server: endpoint, "certificate-authority-data": certificateAuthorities[0]?.data ?? "" } },
    ],
    users: [
      {
        name,
        user: {
          exec: {
            apiVersion: "client.authentication.k8s.io/v1beta1",
            command: "aws",
            args: ["--region", region, "eks", "get-token", "--cluster-name", name, "--output", "json"],
          },
        },
      },
    ],
  };
}
