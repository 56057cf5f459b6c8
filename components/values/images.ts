import * as pulumi from "@pulumi/pulumi";
import type { Values } from "./value";

/** An image, by tag, digest or both. */
export interface Image {
  /** The repository with its registry, for example `quay.io/jupyter/scipy-notebook`. */
  readonly name: pulumi.Input<string>;
  readonly tag?: string | undefined;
  /** For example `sha256:` and 64 hexadecimal digits. */
  readonly digest?: string | undefined;
}

/** Where published images are pulled from instead: the name of each copy by the name under which it was published. */
export type Mirrors = Readonly<Record<string, pulumi.Input<string>>>;

/** Where the pods of a hub get their images. */
export interface ImageSources {
  /** Default: every image comes from where it was published. */
  readonly mirrors?: Mirrors | undefined;
  /** What every pod pulls with; default: nothing, because nodes pull from ECR and public registries without. */
  readonly pullSecret?: PullSecret | undefined;
}

/** A Secret of type `kubernetes.io/dockerconfigjson` in the hub's namespace: one that is there, or one to be made. */
export type PullSecret =
  | { readonly kind: "existing"; readonly name: pulumi.Input<string> }
  | {
      readonly kind: "create";
      /** Host of the registry. */
      readonly registry: string;
      readonly username: string;
      readonly password: pulumi.Output<string>;
    };

/** Name of the pull secret that is made. */
export const madePullSecret = "image-pull";

/** The hub image without compilers and debugging tools ("Zero to JupyterHub, Security"). */
const hubImage = "quay.io/jupyterhub/k8s-hub-slim";
const proxyImage = "quay.io/jupyterhub/configurable-http-proxy";
const pauseImage = "registry.k8s.io/pause";
/** Images of the autohttps pod. The chart takes Traefik from Docker Hub, which throttles; AWS publishes the same image. */
const traefikImage = "public.ecr.aws/docker/library/traefik";
const secretSyncImage = "quay.io/jupyterhub/k8s-secret-sync";

/** Images that the hub itself is made of, as published. */
export function publishedImages({ autohttps }: { readonly autohttps: boolean }): string[] {
  return [hubImage, proxyImage, pauseImage, ...(autohttps ? [traefikImage, secretSyncImage] : [])];
}

/** The user image as long as nobody names one: the chart's public sample, at the chart's own version. */
export function sampleImage(chartVersion: string): Image & { readonly name: string } {
  return { name: "quay.io/jupyterhub/k8s-singleuser-sample", tag: chartVersion };
}

/** The image's copy, if it has one. */
export function mirrored<Name extends pulumi.Input<string>>(name: Name, mirrors: Mirrors = {}): pulumi.Input<string> {
  return (typeof name === "string" && Object.hasOwn(mirrors, name) && mirrors[name]) || name;
}

/** The images of the hub itself. Tags are the chart's own, but for the slim hub, which carries the chart's version. */
export function imageSources(chartVersion: string, { mirrors, pullSecret }: ImageSources = {}): Values {
  const copy = (name: string) => ({ name: text(mirrored(name, mirrors)) });
  return {
    hub: { image: { ...copy(hubImage), tag: chartVersion } },
    proxy: {
      chp: { image: copy(proxyImage) },
      traefik: { image: copy(traefikImage) },
      secretSync: { image: copy(secretSyncImage) },
    },
    prePuller: { pause: { image: copy(pauseImage) } },
    ...(pullSecret && {
      imagePullSecrets: [{ name: pullSecret.kind === "existing" ? text(pullSecret.name) : madePullSecret }],
    }),
  };
}

/** The image that keeps certificates in the autohttps pod. */
export function secretSync(chartVersion: string, mirrors?: Mirrors): string | pulumi.Output<string> {
  return reference({ name: mirrored(secretSyncImage, mirrors), tag: chartVersion });
}

/** The chart puts a colon between name and tag, whatever the tag is; the digest decides where there is one. */
export function tagOf({ tag = "by-digest", digest }: Image): string {
  return digest === undefined ? tag : `${tag}@${digest}`;
}

/** The image in one text, as KubeSpawner takes it. */
export function reference(image: Image): string | pulumi.Output<string> {
  return typeof image.name === "string"
    ? `${image.name}:${tagOf(image)}`
    : pulumi.interpolate`${image.name}:${tagOf(image)}`;
}

/** A text that is known now or later, in the form that values take. */
export function text(input: pulumi.Input<string>): string | pulumi.Output<string> {
  return typeof input === "string" ? input : pulumi.output(input);
}
