import { at, type Found, isMap, own, UNKNOWN, type Value, type ValueMap } from "../../chart/values";
import { type Context, type Control, describe, type Finding, fail, pass, unknown } from "../control";
import { children, type Hub, hubTypes, onHub } from "../evidence/hub";
import { sourcesOf } from "../evidence/resource";
import { listOf } from "../evidence/truth";
import { userPods } from "../evidence/user-pods";
import { otherChart } from "../example";

const ecr = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/hub";
const image = (name: Value): ValueMap => ({ singleuser: { image: { name, tag: "2026-01-15" } } });
const profileImage = (name: string) => ({
  singleuser: {
    image: { name: ecr, tag: "2026-01-15" },
    profileList: [{ profile_options: { i: { choices: { c: { kubespawner_override: { image: name } } } } } }],
  },
});

interface UserImage {
  readonly path: string;
  /** The image as Docker writes it, with or without tag. */
  readonly name: Found;
}

/** Every image that a user's server can be: the chart's value, and what settings and profiles put in its place. */
function userImages(hub: Hub): UserImage[] {
  const chart: UserImage = { path: "singleuser.image.name", name: at(hub.values, "singleuser.image.name") };
  const set = userPods(hub).flatMap((pod): UserImage[] => {
    const { value, path } = pod.setting("image");
    // "{value}" is what the user types: whether that is wanted is another rule's business.
    const typed = typeof value === "string" && value.includes("{value}");
    return value === undefined || value === null || typed ? [] : [{ path, name: value }];
  });
  const base = set.find(({ path }) => path.startsWith("hub.config."));
  const extra = children(at(hub.values, "prePuller.extraImages"), "prePuller.extraImages").map(
    ({ path, value }): UserImage => ({
      path: `${path}.name`,
      name: isMap(value) ? own(value, "name") : value,
    }),
  );
  const images = [...(base ? [] : [chart]), ...set, ...extra];
  return [...new Map(images.map((each) => [each.path, each])).values()];
}

// ---- registry ------------------------------------------------------------------------------------------------------------

export const userImagesFromPrivateRegistry: Control = {
  name: "user-images-from-private-registry",
  title: "User images come from a registry of your own",
  reference: ["IMG-01", "K8S-17"],
  severity: "medium",
  pack: "operations",
  why: "an image in somebody else's registry changes, vanishes, or is throttled when they decide",
  source: "Setting up JupyterHub Securely on AWS: private image registry",
  remediation:
    'set singleuser.image.name and every profile\'s image to your registry, for example "<account>.dkr.ecr.<region>.amazonaws.com/hub", or list a registry that you trust in the option allowedRegistries',
  options: {
    allowedRegistries: {
      type: "array",
      description: "Registries, or beginnings of image names, that are trusted beside the account's own (ECR)",
      default: [],
    },
  },
  types: hubTypes,
  scope: "stack",
  examples: [
    { title: "a registry of AWS", verdict: "pass", values: image(ecr) },
    {
      title: "another registry that is trusted",
      verdict: "pass",
      values: image("registry.acme.science/hub"),
      configuration: { "user-images-from-private-registry": { allowedRegistries: ["registry.acme.science"] } },
    },
    {
      title: "made from a repository of the stack",
      verdict: "pass",
      values: image(UNKNOWN),
      valuesFrom: ["images"],
      resources: [{ type: "aws:ecr/repository:Repository", name: "images", properties: {} }],
    },
    { title: "chart default", verdict: "fail", values: {} },
    {
      title: "Docker Hub in one choice of a profile",
      verdict: "fail",
      values: profileImage("jupyter/scipy-notebook:x"),
    },
    {
      title: "a name that only looks like AWS",
      verdict: "fail",
      values: image("evil.science/1.dkr.ecr.eu-west-1.amazonaws.com/x"),
    },
    { title: "a name not known yet", verdict: "unknown", values: image(UNKNOWN) },
    otherChart,
  ],
  evaluate: onHub((hub, context) => userImages(hub).map((each) => judgeRegistry(hub, each, context))),
};

const privateRegistry = /^\d{12}\.dkr[.-]ecr(-fips)?\.[a-z0-9-]+\.(amazonaws\.com(\.cn)?|on\.aws)\//;

function judgeRegistry(hub: Hub, { path, name }: UserImage, { options, stack }: Context): Finding {
  const expected = "an image of a registry of your own";
  if (name === UNKNOWN) {
    const repositories = sourcesOf(stack, hub.resource, "values", ["aws:ecr/repository:Repository"]);
    return repositories.length > 0
      ? pass(path, `made from the repository ${repositories[0]?.name}`)
      : unknown(path, describe(name), expected);
  }
  if (typeof name !== "string") return fail(path, describe(name), expected);
  const trusted = listOf(options.allowedRegistries).some(
    (registry) =>
      typeof registry === "string" && registry !== "" && `${name}/`.startsWith(`${registry.replace(/\/$/, "")}/`),
  );
  return trusted || privateRegistry.test(name)
    ? pass(path, "a trusted registry")
    : fail(path, "an image of a public or unknown registry", expected);
}

// ---- own image -----------------------------------------------------------------------------------------------------------

export const userImageIsOwn: Control = {
  name: "user-image-is-own",
  title: "Users get an image that was made for them, not the tutorial's",
  reference: ["IMG-03"],
  severity: "low",
  pack: "operations",
  why: "the sample images are for trying things out: nobody promises what is in them, or that flaws are mended",
  source: "Setting up JupyterHub Securely on AWS: customise the user image",
  remediation:
    'build an image on top of a maintained one (quay.io/jupyter/...), and set singleuser.image: { name: "<account>.dkr.ecr.<region>.amazonaws.com/hub", tag: "<date>" }',
  types: hubTypes,
  scope: "resource",
  examples: [
    { title: "an own image", verdict: "pass", values: image(ecr) },
    { title: "chart default", verdict: "fail", values: {} },
    { title: "the article's image", verdict: "fail", values: image("jupyterhub/singleuser") },
    {
      title: "the article's image, with its registry",
      verdict: "fail",
      values: image("docker.io/jupyterhub/singleuser"),
    },
    { title: "an own image of the same name", verdict: "pass", values: image(`${ecr}/jupyterhub/singleuser`) },
    {
      title: "the sample in a profile",
      verdict: "fail",
      values: profileImage("quay.io/jupyterhub/k8s-singleuser-sample:4.4.0"),
    },
    { title: "a name not known yet", verdict: "unknown", values: image(UNKNOWN) },
    otherChart,
  ],
  evaluate: onHub((hub) => userImages(hub).map(judgeName)),
};

/** The chart's sample, copies of it too, and the tutorial's image where Project Jupyter publishes it. */
const samples = [
  /(^|\/)k8s-singleuser-sample([:@]|$)/,
  /^(((index|registry-1)\.)?docker\.io\/|quay\.io\/)?jupyterhub\/singleuser([:@]|$)/,
];

function judgeName({ path, name }: UserImage): Finding {
  const expected = "an image of your own";
  if (name === UNKNOWN) return unknown(path, describe(name), expected);
  if (typeof name !== "string") return fail(path, describe(name), expected);
  const sample = samples.some((pattern) => pattern.test(name));
  return sample ? fail(path, "a sample image", expected) : pass(path, "another image");
}
