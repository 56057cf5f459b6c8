import * as awsEks from "@pulumi/aws/eks";
import { getRegionOutput } from "@pulumi/aws/getRegion";
import * as pulumi from "@pulumi/pulumi";
import { addOnVersions, type KubernetesVersion } from "./kubernetes-versions";
import { PodRole } from "./pod-role";
import { named, type Tags } from "./tags";

/** Arguments of {@link ClusterAddons}. */
export interface ClusterAddonsArgs {
  /** The cluster: a `Cluster`, or the name and Kubernetes version of any EKS cluster. */
  readonly cluster: { readonly clusterName: pulumi.Input<string>; readonly version: KubernetesVersion };
  /** Tags for everything that can be tagged. */
  readonly tags?: Tags | undefined;
}

/**
 * EKS puts a CoreDNS of its own choice into every new cluster; an add-on that may not replace what is there fails with
 * `ConfigurationConflict` ("Amazon EKS API reference, CreateAddon").
 */
const takeOver = { resolveConflictsOnCreate: "OVERWRITE", resolveConflictsOnUpdate: "OVERWRITE" };

/**
 * The add-ons whose pods need a node: CoreDNS, and the EBS CSI driver with its own IAM role. EKS reports them ready only
 * once they run, so pass `dependsOn` with a {@link NodePool} that carries no taint.
 */
export class ClusterAddons extends pulumi.ComponentResource {
  constructor(name: string, args: ClusterAddonsArgs, opts?: pulumi.ComponentResourceOptions) {
    const { clusterName, version } = args.cluster;
    super("jupyterhub-eks:index:ClusterAddons", name, { clusterName, version }, opts);
    const child = { parent: this };
    const versions = addOnVersions[version];

    new awsEks.Addon(
      `${name}-coredns`,
      {
        clusterName,
        addonName: "coredns",
        addonVersion: versions.coredns,
        ...takeOver,
        tags: named(`${name}-coredns`, args.tags),
      },
      child,
    );

    const driverRole = new PodRole(
      `${name}-ebs-csi`,
      {
        clusterName,
        namespace: "kube-system",
        serviceAccount: "ebs-csi-controller-sa",
        policyArns: ["arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy"],
        tags: args.tags,
      },
      child,
    );
    new awsEks.Addon(
      `${name}-ebs-csi`,
      {
        clusterName,
        addonName: "aws-ebs-csi-driver",
        addonVersion: versions.ebsCsiDriver,
        ...takeOver,
        // The driver would ask the instance metadata for its region, which pods cannot reach here.
        configurationValues: pulumi.jsonStringify({ controller: { region: getRegionOutput({}, child).region } }),
        tags: named(`${name}-ebs-csi`, args.tags),
      },
      { ...child, dependsOn: driverRole },
    );
    this.registerOutputs({});
  }
}
