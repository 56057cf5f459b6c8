import * as ecr from "@pulumi/aws/ecr";
import { getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity";
import { getRegionOutput } from "@pulumi/aws/getRegion";
import * as pulumi from "@pulumi/pulumi";
import { newestImages } from "./image-lifecycle";
import { named, type Tags } from "./tags";
import type { Mirrors } from "./values/images";

/** Arguments of {@link ImageCache}. */
export interface ImageCacheArgs {
  /** Published images to have copies of, without their tags: of quay.io, registry.k8s.io or public.ecr.aws. */
  readonly images: readonly string[];
  /** Beginning of the copies' names, at most 24 characters; default: the component's name. */
  readonly prefix?: string;
  /** How many tagged images of each are kept. Default 10. */
  readonly keepImages?: number;
  /** Tags for everything that can be tagged. */
  readonly tags?: Tags | undefined;
}

/** Public registries that ECR copies from without a login ("Amazon ECR User Guide, Pull through cache"), and what their copies are filed under. */
const upstreams: Readonly<Record<string, string>> = {
  "quay.io": "quay",
  "registry.k8s.io": "k8s",
  "public.ecr.aws": "ecr",
};

/** Whether a published image can be copied. */
export function isCacheable(image: string): boolean {
  return Object.hasOwn(upstreams, registryOf(image));
}

/**
 * Private copies of published images, made by ECR when a node asks for them the first time, scanned when they arrive, under
 * tags that do not move. The repositories are there beforehand, so nothing is made behind the stack's back, and nothing else
 * can be pulled through: nodes may fill repositories, not create them. They go away with the stack, images included, because
 * what is in them is published elsewhere.
 *
 * @throws if an image's registry is none that ECR copies from without a login
 */
export class ImageCache extends pulumi.ComponentResource {
  /** The name of each copy by the name under which it was published. Known at once: what uses it has to depend on the component. */
  readonly mirrors: Mirrors;

  constructor(name: string, args: ImageCacheArgs, opts?: pulumi.ComponentResourceOptions) {
    const foreign = args.images.filter((image) => !isCacheable(image));
    if (foreign.length > 0)
      throw new Error(
        `ECR copies from ${Object.keys(upstreams).join(", ")} without a login, not ${foreign.join(", ")}`,
      );
    super("jupyterhub-eks:index:ImageCache", name, args, opts);
    const child = { parent: this };
    const prefix = args.prefix ?? name;

    const registries = [...new Set(args.images.map(registryOf))];
    const rules = new Map(
      registries.map((registry) => [
        registry,
        new ecr.PullThroughCacheRule(
          `${name}-${upstreams[registry]}`,
          { ecrRepositoryPrefix: `${prefix}/${upstreams[registry]}`, upstreamRegistryUrl: registry },
          child,
        ),
      ]),
    );
    // Not from the repositories, which are not there at the first preview: whoever judges that looks at the hub's images.
    const host = pulumi.interpolate`${getCallerIdentityOutput({}, child).accountId}.dkr.ecr.${getRegionOutput({}, child).region}.amazonaws.com`;
    const copy = (image: string): pulumi.Output<string> => {
      const registry = registryOf(image);
      const path = `${upstreams[registry]}${image.slice(registry.length)}`;
      const copyName = `${name}-${path.replaceAll("/", "-")}`;
      const repository = new ecr.Repository(
        copyName,
        {
          name: `${prefix}/${path}`,
          imageTagMutability: "IMMUTABLE",
          imageScanningConfiguration: { scanOnPush: true },
          encryptionConfigurations: [{ encryptionType: "KMS" }],
          forceDelete: true,
          tags: named(copyName, args.tags),
        },
        { ...child, dependsOn: rules.get(registry) as pulumi.Resource },
      );
      new ecr.LifecyclePolicy(
        copyName,
        { repository: repository.name, policy: newestImages(args.keepImages ?? 10) },
        child,
      );
      return pulumi.interpolate`${host}/${prefix}/${path}`;
    };
    this.mirrors = Object.fromEntries(args.images.map((image) => [image, copy(image)]));
    this.registerOutputs({ mirrors: this.mirrors });
  }
}

function registryOf(image: string): string {
  return image.slice(0, image.indexOf("/"));
}
