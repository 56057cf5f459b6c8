import type { Provider } from "@pulumi/kubernetes/provider";
import { StorageClass } from "@pulumi/kubernetes/storage/v1/storageClass";
import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "./tags";

/** Arguments of {@link HomeStorage}. */
export interface HomeStorageArgs {
  /** Name of the StorageClass; default: the component's name. */
  readonly storageClassName?: string;
  /** Whether claims that name no class get this one; default true. In a cluster that has a default, it is not yours to say. */
  readonly isDefault?: boolean;
  /** Tags for every volume. */
  readonly tags?: Tags | undefined;
}

/** Options of components that work inside a cluster: which one is never left to chance. */
export interface KubernetesComponentOptions extends pulumi.ComponentResourceOptions {
  /** The cluster to work in. */
  readonly provider: Provider;
}

/**
 * A StorageClass, the cluster's default unless told otherwise: encrypted gp3 volumes that are made in the zone of the pod that
 * needs them, can grow, and outlive their claims, because they hold what users wrote.
 */
export class HomeStorage extends pulumi.ComponentResource {
  readonly storageClassName: pulumi.Output<string>;

  constructor(name: string, args: HomeStorageArgs, opts: KubernetesComponentOptions) {
    super("jupyterhub-eks:index:HomeStorage", name, args, opts);
    const storageClass = new StorageClass(
      name,
      {
        metadata: {
          name: args.storageClassName ?? name,
          annotations: { "storageclass.kubernetes.io/is-default-class": String(args.isDefault ?? true) },
        },
        provisioner: "ebs.csi.aws.com",
        parameters: { type: "gp3", encrypted: "true", ...volumeTags(args.tags) },
        volumeBindingMode: "WaitForFirstConsumer",
        reclaimPolicy: "Retain",
        allowVolumeExpansion: true,
      },
      { parent: this },
    );
    this.storageClassName = storageClass.metadata.name;
    this.registerOutputs({ storageClassName: this.storageClassName });
  }
}

/** The EBS CSI driver takes tags as numbered parameters. */
function volumeTags(tags: Tags = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tags).map(([key, value], index) => [`tagSpecification_${index + 1}`, `${key}=${value}`]),
  );
}
