import { at, type Found, isMap, own, UNKNOWN, type ValueMap } from "../../chart/values";
import { type Control, describe, type Finding, fail, pass, unknown } from "../control";
import { chartImages } from "../evidence/chart-images";
import { type Child, children, type Hub, hubTypes, onHub, runsTraefik } from "../evidence/hub";
import { isPlaceholder } from "../evidence/truth";
import { containersOf } from "../evidence/user-containers";
import { type UserPod, userPods } from "../evidence/user-pods";
import { otherChart } from "../example";

const image = (pinned: ValueMap): ValueMap => ({
  singleuser: { image: { name: "registry.acme.science/user", ...pinned } },
});

export const imagesPinned: Control = {
  name: "images-pinned",
  title: "Every image is pinned to a version",
  reference: ["IMG-04", "K8S-17"],
  severity: "medium",
  pack: "security",
  why: "a moving tag such as latest brings code into users' servers that nobody reviewed, at a moment nobody chose",
  source: "Setting up JupyterHub Securely on AWS: container images",
  remediation:
    'give each image a tag that never moves, for example singleuser.image.tag: "2025-01-15", better with its digest ("2025-01-15@sha256:...")',
  options: {
    movingTags: {
      type: "array",
      description: "Tags that are known to move",
      default: ["latest", "main", "master", "stable", "nightly", "edge", "dev"],
    },
  },
  types: hubTypes,
  scope: "resource",
  examples: [
    { title: "chart default", verdict: "pass", values: {} },
    { title: "a tag", verdict: "pass", values: image({ tag: "2026-01-15" }) },
    {
      title: "a tag with its digest",
      verdict: "pass",
      values: image({ tag: `2026-01-15@sha256:${"0a1b2c3d".repeat(8)}` }),
    },
    {
      title: "a part that is off",
      verdict: "pass",
      values: { prePuller: { hook: { enabled: false, image: { tag: "latest" } } } },
    },
    {
      title: "a digest in the name, and no tag",
      verdict: "pass",
      values: { singleuser: { image: { name: `registry.acme.science/user@sha256:${"0a1b2c3d".repeat(8)}`, tag: "" } } },
    },
    {
      title: "tools for iptables, which is off",
      verdict: "pass",
      values: {
        singleuser: { networkTools: { image: { tag: "latest" } }, cloudMetadata: { blockWithIptables: false } },
      },
    },
    { title: "latest", verdict: "fail", values: image({ tag: "latest" }) },
    { title: "no tag", verdict: "fail", values: image({ tag: "" }) },
    { title: "the article's placeholder", verdict: "fail", values: image({ tag: "<tag>" }) },
    { title: "a number", verdict: "fail", values: image({ tag: 1 }) },
    {
      title: "latest in one profile",
      verdict: "fail",
      values: {
        singleuser: { profileList: [{ kubespawner_override: { image: "registry.acme.science:5000/user:latest" } }] },
      },
    },
    {
      title: "no tag in a container beside the user's",
      verdict: "fail",
      values: { singleuser: { extraContainers: [{ name: "proxy", image: "registry.acme.science:5000/proxy" }] } },
    },
    {
      title: "a tag that is said to move",
      verdict: "fail",
      values: image({ tag: "weekly" }),
      configuration: { "images-pinned": { movingTags: ["weekly"] } },
    },
    { title: "not known yet", verdict: "unknown", values: image({ tag: UNKNOWN }) },
    otherChart,
  ],
  evaluate: onHub((hub, { options }) => {
    const moving = Array.isArray(options.movingTags) ? options.movingTags : [];
    const findings = [...valueImages(hub), ...podImages(hub)].map((image) => judgeImage(image, moving));
    return findings.length > 0 ? findings : pass(null, "no image is named");
  }),
};

interface Image {
  /** Path of the value that pins it. */
  readonly path: string;
  /** The tag, with or without digest; undefined when there is none. */
  readonly tag: Found;
}

function valueImages(hub: Hub): Image[] {
  const extra = children(at(hub.values, "prePuller.extraImages"), "prePuller.extraImages");
  const lists = [
    "hub.initContainers",
    "hub.extraContainers",
    ...(runsTraefik(hub) === false ? [] : ["proxy.traefik.extraInitContainers"]),
  ];
  return [
    ...[...chartImages(hub), ...extra].flatMap(namedImage),
    ...lists.flatMap((path) => containerImages(at(hub.values, path), path)),
  ];
}

function namedImage({ path, value }: Child): Image[] {
  if (value !== UNKNOWN && !isMap(value)) return [];
  const tag = own(value, "tag");
  // The hub leaves the colon out when there is no tag, so that the name may hold a digest.
  return [{ path: `${path}.tag`, tag: tag === "" ? tagOf(own(value, "name")) : tag }];
}

/** Images of user pods beyond the chart's own value: overrides, and containers beside the user's. */
function podImages(hub: Hub): Image[] {
  const images = userPods(hub).flatMap((pod) => [...overriddenImage(pod), ...containersOf(pod).flatMap(imageOf)]);
  return [...new Map(images.map((image) => [image.path, image])).values()];
}

function overriddenImage(pod: UserPod): Image[] {
  const { value, path } = pod.setting("image");
  // "{value}" is what the user types: whether that is wanted is another rule's business.
  if (value === undefined || value === null || (typeof value === "string" && value.includes("{"))) return [];
  return [{ path, tag: tagOf(value) }];
}

function containerImages(list: Found, path: string): Image[] {
  if (list === UNKNOWN) return [{ path, tag: UNKNOWN }];
  return children(list, path).flatMap(imageOf);
}

/** What only says something else of the user's own container names no image. */
function imageOf({ path, value }: Child): Image[] {
  const image = own(value, "image");
  return image === undefined ? [] : [{ path: `${path}.image`, tag: tagOf(image) }];
}

/** What follows the last colon that is no registry's port: a tag, a digest, or both. */
function tagOf(image: Found): Found {
  if (typeof image !== "string") return image;
  const name = image.slice(image.lastIndexOf("/") + 1);
  const [tagged = "", digest] = name.split("@");
  if (digest !== undefined) return `@${digest}`;
  return tagged.includes(":") ? tagged.slice(tagged.indexOf(":") + 1) : undefined;
}

function judgeImage({ path, tag }: Image, moving: readonly unknown[]): Finding {
  const expected = "a tag that never moves, or a digest";
  if (tag === UNKNOWN) return unknown(path, describe(tag), expected);
  if (tag === undefined || tag === null || tag === "") return fail(path, "no tag, which means latest", expected);
  if (typeof tag !== "string") return fail(path, `${describe(tag)} instead of a text`, expected);
  if (/@sha256:[0-9a-f]{64}$/i.test(tag)) return pass(path, "a digest");
  if (tag.includes("@")) return fail(path, "a digest that is none", `${expected} such as sha256 and 64 digits`);
  const given = tag.trim().toLowerCase();
  if (isPlaceholder(given)) return fail(path, "a placeholder", expected);
  if (/(^|[-_.])latest([-_.]|$)/.test(given)) return fail(path, "a tag that says latest", expected);
  const known = moving.find((name) => typeof name === "string" && name.toLowerCase() === given);
  return known === undefined ? pass(path, "a tag") : fail(path, `the moving tag "${String(known)}"`, expected);
}
