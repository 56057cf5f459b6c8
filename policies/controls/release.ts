import { chartDefaults } from "../../chart/releases";
import { any } from "../../chart/three-valued";
import { at, type Found, own, UNKNOWN } from "../../chart/values";
import { parse } from "../../chart/version";
import { type Control, describe, type Finding, fail, notApplicable, pass, unknown } from "../control";
import { type Hub, hubTypes, onHub } from "../evidence/hub";
import { is } from "../evidence/truth";
import { otherChart } from "../example";

const source = "Setting up JupyterHub Securely on AWS: upgrading the deployment";

export const chartVersionExact: Control = {
  name: "chart-version-exact",
  title: "The release names one exact version of the chart",
  reference: ["SUP-01"],
  severity: "medium",
  pack: "operations",
  why: "with a range or no version a deployment of today is another one tomorrow, unreviewed",
  source,
  remediation: 'set version: "4.4.0", and remove devel',
  types: hubTypes,
  scope: "resource",
  examples: [
    { title: "an exact version", verdict: "pass", values: {} },
    { title: "a range", verdict: "fail", values: {}, version: "^4.0.0" },
    { title: "versions under development", verdict: "fail", values: {}, release: { devel: true } },
    { title: "no version", verdict: "fail", values: {}, release: { version: null } },
    { title: "not known yet", verdict: "unknown", values: {}, release: { version: UNKNOWN } },
    otherChart,
  ],
  evaluate: onHub(({ resource }) => {
    const version = own(resource.properties, "version");
    const devel = own(resource.properties, "devel");
    const expected = "one exact version";
    if (devel === true) return fail("devel", "true", "false");
    if (version === UNKNOWN) return unknown("version", describe(version), expected);
    return typeof version === "string" && parse(version)
      ? pass("version", "an exact version")
      : fail("version", describe(version), expected);
  }),
};

export const imageVersionsMatchChart: Control = {
  name: "image-versions-match-chart",
  title: "Images of the JupyterHub projects have the version that belongs to the chart",
  reference: ["SUP-03"],
  severity: "low",
  pack: "operations",
  why: "hub and user servers of different JupyterHub versions misunderstand each other, and an old image keeps old flaws",
  source: `${source}; chart version and JupyterHub version`,
  remediation:
    "leave hub.image.tag and singleuser.networkTools.image.tag to the chart, and give user images the JupyterHub version of the chart",
  types: hubTypes,
  scope: "resource",
  examples: [
    { title: "the chart's own", verdict: "pass", values: {} },
    {
      title: "set to the chart's version",
      verdict: "pass",
      values: { hub: { image: { name: "quay.io/jupyterhub/k8s-hub-slim", tag: "4.4.0" } } },
    },
    { title: "a hub of another chart", verdict: "fail", values: { hub: { image: { tag: "3.3.8" } } } },
    {
      title: "servers of another JupyterHub",
      verdict: "fail",
      values: { singleuser: { image: { name: "quay.io/jupyterhub/singleuser", tag: "3.0.0" } } },
    },
    { title: "not known yet", verdict: "unknown", values: { hub: { image: { tag: UNKNOWN } } } },
    {
      title: "images of one's own",
      verdict: "notApplicable",
      values: {
        hub: { image: { name: "registry.acme.science/hub", tag: "7" } },
        singleuser: { image: { name: "registry.acme.science/user", tag: "7" } },
      },
    },
    otherChart,
  ],
  evaluate: onHub((hub) => {
    const findings = [
      ...judgeImage(hub, "hub.image", /(^|\/)k8s-hub(-slim)?$/, "chart"),
      ...judgeImage(hub, "singleuser.image", /(^|\/)k8s-singleuser-sample$/, "chart"),
      ...judgeImage(hub, "singleuser.image", /(^|\/)jupyterhub\/singleuser$/, "jupyterhub"),
    ];
    return findings.length > 0 ? findings : notApplicable("no image of the JupyterHub projects");
  }),
};

/** Patches may differ; chart and image agree in major and minor version, JupyterHub and its server in the major one. */
function judgeImage(hub: Hub, base: string, official: RegExp, belongsTo: "chart" | "jupyterhub"): Finding[] {
  const path = `${base}.tag`;
  const name = at(hub.values, `${base}.name`);
  const tag = at(hub.values, path);
  const expected = "the version that belongs to the chart";
  if (name === UNKNOWN) return [unknown(`${base}.name`, describe(name), expected)];
  if (typeof name !== "string" || !official.test(name)) return [];
  if (tag === UNKNOWN || hub.version === UNKNOWN) return [unknown(path, describe(UNKNOWN), expected)];
  const image = parse(typeof tag === "string" ? (tag.split("@")[0] ?? "") : "");
  // The chart's own default is filled in when a release is made.
  if (image === null)
    return tag === "set-by-chartpress"
      ? [pass(path, "the chart's own")]
      : [unknown(path, "a tag that is no version", expected)];
  const release = chartDefaults(hub.version.version).release;
  const wanted = parse(belongsTo === "chart" ? hub.version.version : release.jupyterhub);
  if (!wanted) return [unknown(path, describe(UNKNOWN), expected)];
  const matching = image.major === wanted.major && (belongsTo === "jupyterhub" || image.minor === wanted.minor);
  return [matching ? pass(path, "the version that belongs to the chart") : fail(path, "another version", expected)];
}

export const releaseCleansUp: Control = {
  name: "release-cleans-up",
  title: "An upgrade that fails leaves nothing half made behind",
  reference: ["SUP-06"],
  severity: "low",
  pack: "operations",
  why: "what a failed upgrade leaves behind blocks the next one, and runs unreviewed until then",
  source: `${source} (helm upgrade --cleanup-on-fail)`,
  remediation: "set atomic: true or cleanupOnFail: true on the release",
  types: hubTypes,
  scope: "resource",
  examples: [
    { title: "cleans up", verdict: "pass", values: {}, release: { cleanupOnFail: true } },
    { title: "goes back", verdict: "pass", values: {}, release: { atomic: true } },
    { title: "nothing said", verdict: "fail", values: {} },
    { title: "not known yet", verdict: "unknown", values: {}, release: { atomic: UNKNOWN } },
    { title: "no release of Helm", verdict: "notApplicable", values: {}, delivery: "v4-chart" },
    otherChart,
  ],
  evaluate: onHub(({ resource: { delivery = "release", properties } }) => {
    if (delivery !== "release") return notApplicable("not deployed by Helm");
    const cleans = any([is(own(properties, "atomic"), true), is(own(properties, "cleanupOnFail"), true)]);
    if (cleans === UNKNOWN) return unknown("cleanupOnFail", describe(UNKNOWN), "true");
    return cleans ? pass("cleanupOnFail", "true, or atomic") : fail("cleanupOnFail", "not set", "true");
  }),
};

export const hubHasOwnNamespace: Control = {
  name: "hub-has-own-namespace",
  title: "The hub has a namespace of its own",
  reference: ["SUP-07", "K8S-18"],
  severity: "medium",
  pack: "operations",
  why: "the hub's account reads every secret of its namespace, and user pods start in it",
  source: `${source}; Zero to JupyterHub, installing JupyterHub`,
  remediation: 'set namespace: "jupyterhub" on the release, or another name that nothing else uses',
  types: hubTypes,
  scope: "resource",
  examples: [
    { title: "a namespace of its own", verdict: "pass", values: {} },
    { title: "none", verdict: "fail", values: {}, release: { namespace: null } },
    { title: "the default one", verdict: "fail", values: {}, release: { namespace: "default" } },
    { title: "that of the cluster's own parts", verdict: "fail", values: {}, release: { namespace: "kube-system" } },
    { title: "not known yet", verdict: "unknown", values: {}, release: { namespace: UNKNOWN } },
    otherChart,
  ],
  evaluate: onHub(({ namespace }) => judgeNamespace(namespace)),
};

function judgeNamespace(namespace: Found): Finding {
  const path = "namespace";
  const expected = "a namespace of the hub's own";
  if (namespace === UNKNOWN) return unknown(path, describe(namespace), expected);
  if (namespace === undefined || namespace === null || namespace === "")
    return fail(path, "not set, which means default", expected);
  return typeof namespace === "string" && !/^(default|kube-(system|public|node-lease))$/.test(namespace)
    ? pass(path, "a namespace of its own")
    : fail(path, "a namespace that belongs to others", expected);
}
