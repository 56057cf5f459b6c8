import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../config/settings";
import { usesCache } from "../config/settings/images";
import { ImageCache, isCacheable } from "../image-cache";
import { ImageRegistry } from "../image-registry";
import { type Mirrors, publishedImages, sampleImage } from "../values/images";

type ImageSettings = Pick<Settings, "users" | "images" | "hub" | "https" | "nodePools" | "tags">;

/** Where a hub's images are. */
export interface HubImages {
  /** The repository for user images. */
  readonly repositoryUrl: pulumi.Output<string>;
  /** Copies of public images. */
  readonly mirrors: Mirrors | undefined;
  /** What has to be there before they can be pulled. */
  readonly caches: readonly ImageCache[];
}

/** The repository for user images, made or found, and the account's copies of public ones. */
export function hubImages(
  name: string,
  settings: ImageSettings,
  child: { readonly parent: pulumi.Resource },
): HubImages {
  const { images, tags } = settings;
  const repositoryUrl =
    images.registry.kind === "existing"
      ? pulumi.output(images.registry.repositoryUrl)
      : new ImageRegistry(name, { tags }, child).repositoryUrl;
  const caches = usesCache(settings) ? [new ImageCache(name, { images: publicImages(settings), tags }, child)] : [];
  return { repositoryUrl, mirrors: caches[0]?.mirrors, caches };
}

/** Published images that the hub's pods run, as far as they can be copied without a login. */
function publicImages({ users, images, hub, https }: ImageSettings): string[] {
  const named = [users.image, ...users.profiles.map(({ image }) => image)].flatMap((image) => image?.name ?? []);
  const sample = users.image ? [] : [sampleImage(hub.chartVersion).name];
  // What is pulled with a login is private.
  const ofUsers = images.pullSecret ? [] : named;
  const all = [...publishedImages({ autohttps: https.kind === "letsencrypt" }), ...sample, ...ofUsers];
  return [...new Set(all)].filter(isCacheable);
}
