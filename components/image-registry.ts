import * as ecr from "@pulumi/aws/ecr";
import * as pulumi from "@pulumi/pulumi";
import { newestImages } from "./image-lifecycle";
import { named, type Tags } from "./tags";

/** Arguments of {@link ImageRegistry}. */
export interface ImageRegistryArgs {
  /** Name of the repository, for example `hub/user`; default: the component's name. */
  readonly repositoryName?: string;
  /** How many tagged images are kept; older ones are removed. Default 50. */
  readonly keepImages?: number;
  /** Tags for everything that can be tagged. */
  readonly tags?: Tags | undefined;
}

/**
 * A private ECR repository for user images: tags cannot be moved, every push is scanned, images are encrypted by KMS. It is
 * not destroyed while it holds images: delete them first.
 */
export class ImageRegistry extends pulumi.ComponentResource {
  /** Where images are pushed to and pulled from: `ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME`. */
  readonly repositoryUrl: pulumi.Output<string>;

  constructor(name: string, args: ImageRegistryArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super("jupyterhub-eks:index:ImageRegistry", name, args, opts);
    const child = { parent: this };
    const repository = new ecr.Repository(
      name,
      {
        name: args.repositoryName ?? name,
        imageTagMutability: "IMMUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfigurations: [{ encryptionType: "KMS" }],
        tags: named(name, args.tags),
      },
      child,
    );
    new ecr.LifecyclePolicy(name, { repository: repository.name, policy: newestImages(args.keepImages ?? 50) }, child);
    this.repositoryUrl = repository.repositoryUrl;
    this.registerOutputs({ repositoryUrl: this.repositoryUrl });
  }
}
