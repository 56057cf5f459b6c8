import { any, type Truth } from "../../chart/three-valued";
import { at, type Found, isMap, own, scalarText, UNKNOWN, type Value, type ValueMap } from "../../chart/values";
import { type Control, describe, type Finding, fail, notApplicable, pass, undecided, unknown, when } from "../control";
import { chartImages } from "../evidence/chart-images";
import { type Child, children, type Hub, hubTypes, onHub } from "../evidence/hub";
import type { Resource } from "../evidence/resource";
import { is, isFilled, isPlaceholder, isTemplate, isTruthy, matches } from "../evidence/truth";
import { userPods } from "../evidence/user-pods";
import { type ExampleResource, otherChart } from "../example";

const source = "Setting up JupyterHub Securely on AWS: private image registry";
const secret = (fields: ValueMap): ValueMap => ({ imagePullSecret: { create: true, ...fields } });
const complete = { registry: "registry.acme.science", username: "hub", password: "made-up" };
const articlePassword = "aws ecr get-login-password --region eu-west-1 | cut -d' ' -f6";
const ecr = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";

/** The sections that make a pull secret, with whether they do; charts before 0.10 have one of their own for user pods. */
function pullSecrets(hub: Hub): { path: string; section: Found; made: Truth }[] {
  return ["imagePullSecret", "singleuser.imagePullSecret", "hub.imagePullSecret"].map((path) => {
    const section = at(hub.values, path);
    const made = any([isTruthy(own(section, "create")), isTruthy(own(section, "enabled"))]);
    return { path, section, made };
  });
}

/** Judges every pull secret that the chart makes. */
function onPullSecret(judge: (section: Found, path: string) => Finding | readonly Finding[]) {
  return onHub((hub) => {
    const made = pullSecrets(hub).filter((each) => each.made !== false);
    if (made.length === 0) return notApplicable("the chart makes no pull secret");
    return made.flatMap(({ path, section, made }) => when(made, "", () => judge(section, path)));
  });
}

export const pullSecretPasswordReal: Control = {
  name: "pull-secret-password-real",
  title: "The password of the pull secret is a password, not a command",
  reference: ["IMG-08"],
  severity: "high",
  pack: "security",
  why: "nobody runs a command in values: the text goes to the registry as it is, no image is pulled, and real passwords get pasted into code",
  source: `${source} (whose example writes a command for the password)`,
  remediation:
    "remove imagePullSecret and let nodes pull with their role (policy AmazonEC2ContainerRegistryPullOnly); for another registry give the password from a Pulumi secret",
  types: hubTypes,
  scope: "resource",
  examples: [
    { title: "a password", verdict: "pass", values: secret(complete) },
    { title: "the article's command", verdict: "fail", values: secret({ ...complete, password: articlePassword }) },
    { title: "a placeholder", verdict: "fail", values: secret({ ...complete, password: "<your-password>" }) },
    { title: "a shell substitution", verdict: "fail", values: secret({ ...complete, password: "$(cat password)" }) },
    {
      title: "the article's command with an old chart",
      verdict: "fail",
      version: "0.9.1",
      values: { singleuser: { imagePullSecret: { enabled: true, password: articlePassword } } },
    },
    { title: "not known yet", verdict: "unknown", values: secret({ ...complete, password: UNKNOWN }) },
    { title: "a variable", verdict: "unknown", values: secret({ ...complete, password: "$REGISTRY_PASSWORD" }) },
    { title: "none, which is incomplete", verdict: "notApplicable", values: secret({ ...complete, password: "" }) },
    { title: "chart default", verdict: "notApplicable", values: {} },
    otherChart,
  ],
  evaluate: onPullSecret((section, base) => {
    const path = `${base}.password`;
    const password = own(section, "password");
    const expected = "a password, or no pull secret at all";
    if (password === UNKNOWN) return unknown(path, describe(password), expected);
    if (matches(password, /get-login(-password)?\b|\$\(|`|\s\|\s|\baws\s+ecr\b/) === true)
      return fail(path, "a command, which nothing runs", expected);
    if (isTemplate(password)) return unknown(path, "a variable that something else may fill in", expected);
    if (isPlaceholder(password)) return fail(path, "a placeholder", expected);
    if (password === undefined || password === null || password === "") return notApplicable("there is no password");
    return isFilled(password) === true ? pass(path, "a text") : fail(path, describe(password), expected);
  }),
};

export const pullSecretComplete: Control = {
  name: "pull-secret-complete",
  title: "The pull secret names registry, user and password, and the registry is a host",
  reference: ["IMG-06", "IMG-07"],
  severity: "medium",
  pack: "operations",
  why: "the kubelet looks a login up by the registry's host: with a path behind it, or without user, it finds none",
  source: `${source} (whose example writes the path of the repository into the registry)`,
  remediation:
    'set imagePullSecret.registry to the host alone, for example "registry.acme.science", and username and password',
  types: hubTypes,
  scope: "resource",
  examples: [
    { title: "all three", verdict: "pass", values: secret(complete) },
    {
      title: "the host with a port",
      verdict: "pass",
      values: secret({ ...complete, registry: "registry.acme.science:5000" }),
    },
    {
      title: "Docker Hub's own address",
      verdict: "pass",
      values: secret({ ...complete, registry: "https://index.docker.io/v1/" }),
    },
    {
      title: "the path of a repository, as in the article",
      verdict: "fail",
      values: secret({ ...complete, registry: `${ecr}/hub` }),
    },
    { title: "no password", verdict: "fail", values: secret({ ...complete, password: null }) },
    { title: "no user", verdict: "fail", values: secret({ registry: ecr, password: "made-up" }) },
    { title: "not known yet", verdict: "unknown", values: secret({ ...complete, registry: UNKNOWN }) },
    { title: "chart default", verdict: "notApplicable", values: {} },
    otherChart,
  ],
  evaluate: onPullSecret((section, base) => [
    ...["username", "password"].map((key) => judgeFilled(own(section, key), `${base}.${key}`)),
    judgeRegistry(own(section, "registry"), `${base}.registry`),
  ]),
};

function judgeFilled(value: Found, path: string): Finding {
  if (value === UNKNOWN) return unknown(path, describe(value), "a text");
  return isFilled(value) === true
    ? pass(path, "given")
    : fail(path, isPlaceholder(value) ? "a placeholder" : describe(value), "a text");
}

function judgeRegistry(registry: Found, path: string): Finding {
  const filled = judgeFilled(registry, path);
  if (filled.verdict !== "pass") return filled;
  const host = scalarText(registry).replace(/^https?:\/\//, "");
  const dockerHub = /^(index\.)?docker\.io\/v1\/?$/.test(host);
  return !dockerHub && /\/./.test(host)
    ? fail(path, "a host with a path behind it", "the host alone")
    : pass(path, "a host");
}

export const registryLoginLasts: Control = {
  name: "registry-login-lasts",
  title: "Images of ECR are pulled by the nodes' role, not by a password that expires",
  reference: ["IMG-08"],
  severity: "medium",
  pack: "operations",
  why: "a password of ECR lives for 12 hours: servers that start later find no image",
  source: `${source}; Amazon ECR User Guide: private registry authentication`,
  remediation:
    "remove imagePullSecret, and attach the policy AmazonEC2ContainerRegistryPullOnly to the role of the nodes",
  types: hubTypes,
  scope: "resource",
  examples: [
    { title: "another registry", verdict: "pass", values: secret(complete) },
    { title: "a password of ECR", verdict: "fail", values: secret({ ...complete, registry: ecr }) },
    { title: "not known yet", verdict: "unknown", values: secret({ ...complete, registry: UNKNOWN }) },
    { title: "chart default", verdict: "notApplicable", values: {} },
    otherChart,
  ],
  evaluate: onPullSecret((section, base) => {
    const path = `${base}.registry`;
    const registry = own(section, "registry");
    const expected = "no pull secret for ECR";
    if (registry === UNKNOWN) return unknown(path, describe(registry), expected);
    return matches(registry, /\.dkr[.-]ecr[.-].*(amazonaws\.com|on\.aws)/) === true
      ? fail(path, "a registry of ECR, whose passwords live for 12 hours", expected)
      : pass(path, "another registry");
  }),
};

// ---- Secrets that pods name ----------------------------------------------------------------------------------------------

const named = { imagePullSecrets: [{ name: "pull" }] };
const pull = (type: Value): ExampleResource => ({
  type: "kubernetes:core/v1:Secret",
  properties: { metadata: { name: "pull", namespace: "jhub" }, type },
});

export const pullSecretsAreRegistryLogins: Control = {
  name: "pull-secrets-are-registry-logins",
  title: "Secrets that pods pull images with hold registry logins",
  reference: ["IMG-09"],
  severity: "low",
  pack: "operations",
  why: "the kubelet silently ignores a Secret of another type, and no image is pulled",
  source,
  remediation: "give the Secret type: kubernetes.io/dockerconfigjson with the key .dockerconfigjson",
  types: hubTypes,
  scope: "stack",
  examples: [
    { title: "a registry login", verdict: "pass", values: named, resources: [pull("kubernetes.io/dockerconfigjson")] },
    { title: "another type", verdict: "fail", values: named, resources: [pull("Opaque")] },
    { title: "not known yet", verdict: "unknown", values: named, resources: [pull(UNKNOWN)] },
    {
      title: "another type, in a namespace that may be the hub's",
      verdict: "unknown",
      values: named,
      release: { namespace: UNKNOWN },
      resources: [pull("Opaque")],
    },
    {
      title: "another type, for the image pullers only",
      verdict: "fail",
      values: { prePuller: { pause: { image: { pullSecrets: ["pull"] } } } },
      resources: [pull("Opaque")],
    },
    { title: "a Secret made elsewhere", verdict: "notApplicable", values: named },
    otherChart,
  ],
  evaluate: onHub((hub, { stack }) => {
    const findings = pullSecretNames(hub).flatMap(({ path, value }) => {
      if (value === UNKNOWN) return [unknown(path, describe(value), "the name of a registry login")];
      return stack
        .ofType("kubernetes:core/v1:Secret")
        .map((secret) => ({ secret, isMeant: isMeant(secret, value, hub.namespace) }))
        .filter(({ isMeant }) => isMeant !== false)
        .map(({ secret, isMeant }) => {
          const finding = judgeType(own(secret.properties, "type"), secret.name, path);
          return isMeant === true ? finding : undecided(finding);
        });
    });
    return findings.length > 0 ? findings : notApplicable("the stack does not show a Secret that pods pull with");
  }),
};

/** Whether a Secret is the one of that name in the hub's namespace, which is also its own when it says none. */
function isMeant({ properties }: Resource, name: Found, hubNamespace: Found): Truth {
  if (typeof name !== "string" || at(properties, "metadata.name") !== name) return false;
  const namespace = at(properties, "metadata.namespace");
  if (namespace === undefined) return true;
  return hubNamespace === UNKNOWN ? UNKNOWN : is(namespace, hubNamespace);
}

function pullSecretNames(hub: Hub): Child[] {
  const ofImages = chartImages(hub).map(
    ({ path, value }): Child => ({ path: `${path}.pullSecrets`, value: own(value, "pullSecrets") }),
  );
  const ofPods = userPods(hub).map((pod) => pod.setting("image_pull_secrets"));
  const lists: Child[] = [
    { path: "imagePullSecrets", value: at(hub.values, "imagePullSecrets") },
    ...ofImages,
    ...ofPods,
  ];
  return lists
    .flatMap(({ path, value }) => children(value, path))
    .map(({ path, value }) => ({ path, value: isMap(value) ? own(value, "name") : value }));
}

function judgeType(type: Found, name: string, path: string): Finding {
  const expected = "a Secret of type kubernetes.io/dockerconfigjson";
  if (type === UNKNOWN) return unknown(path, describe(type), expected);
  return type === "kubernetes.io/dockerconfigjson" || type === "kubernetes.io/dockercfg"
    ? pass(path, `the Secret ${name}`)
    : fail(path, `the Secret ${name} of another type`, expected);
}

// ---- the Secret that the chart makes -------------------------------------------------------------------------------------

export const pullSecretReallyMade: Control = {
  name: "pull-secret-really-made",
  title: "The pull secret that pods name is really made",
  reference: ["IMG-10"],
  severity: "medium",
  pack: "operations",
  why: "helm.v4.Chart drops Helm hooks, and the pull secret is one: pods wait for it for ever",
  source,
  remediation:
    "deploy with helm.v3.Release, or make the Secret yourself and name it in imagePullSecrets, or let nodes pull by their role",
  types: hubTypes,
  scope: "resource",
  examples: [
    { title: "a Helm release", verdict: "pass", values: secret(complete), delivery: "release" },
    { title: "rendered by helm.v4.Chart", verdict: "fail", values: secret(complete), delivery: "v4-chart" },
    {
      title: "maybe made",
      verdict: "unknown",
      values: { imagePullSecret: { create: UNKNOWN } },
      delivery: "v4-chart",
    },
    { title: "chart default", verdict: "notApplicable", values: {} },
    otherChart,
  ],
  evaluate: onHub((hub) => {
    const made = at(hub.values, "imagePullSecret.create");
    const path = "imagePullSecret.create";
    return when(isTruthy(made), "the chart makes no pull secret", () =>
      hub.resource.delivery === "v4-chart"
        ? fail(path, "true, but helm.v4.Chart drops the hook that makes it", "false")
        : pass(path, "a hook of Helm makes it"),
    );
  }),
};
