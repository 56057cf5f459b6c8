import { type ChartDefaults, chartDefaults } from "../../chart/releases";
import { any } from "../../chart/three-valued";
import { at, type Found, own, UNKNOWN } from "../../chart/values";
import { parse, type SemVer } from "../../chart/version";
import { type Control, describe, type Finding, fail, notApplicable, pass, unknown } from "../control";
import { type Hub, hubTypes, onHub } from "../evidence/hub";
import { clusterNamespace } from "../evidence/roles";
import { is, isTruthy } from "../evidence/truth";
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
    {
      title: "in the name of a packaged chart",
      verdict: "pass",
      values: {},
      delivery: "release",
      release: { chart: "https://hub.jupyter.org/helm-chart/jupyterhub-4.4.0.tgz", version: null },
    },
    { title: "a range", verdict: "fail", values: {}, version: "^4.0.0" },
    { title: "versions under development", verdict: "fail", values: {}, release: { devel: true } },
    { title: "no version", verdict: "fail", values: {}, release: { version: null } },
    { title: "not known yet", verdict: "unknown", values: {}, release: { version: UNKNOWN } },
    otherChart,
  ],
  evaluate: onHub(({ resource, version: found }) => {
    const version = own(resource.properties, "version");
    const devel = isTruthy(own(resource.properties, "devel"));
    const expected = "one exact version";
    if (devel === true) return fail("devel", "true", "false");
    if (devel === UNKNOWN) return unknown("devel", describe(devel), "false");
    if ((version === undefined || version === null) && found !== UNKNOWN) return pass("chart", "an exact version");
    if (version === UNKNOWN) return unknown("version", describe(version), expected);
    return typeof version === "string" && parse(version)
      ? pass("version", "an exact version")
      : fail("version", describe(version), expected);
  }),
};

export const imageVersionsMatchChart: Control = {
  name: "image-versions-match-chart",
  title: "Images of the JupyterHub projects have the version that belongs to the chart",
  reference: ["SUP-02", "SUP-03"],
  severity: "low",
  pack: "operations",
  why: "hub and user servers of different JupyterHub versions misunderstand each other, and an old image keeps old flaws",
  source: `${source}; chart version and JupyterHub version`,
  remediation:
    "leave hub.image.tag, proxy.chp.image.tag and singleuser.networkTools.image.tag to the chart, and give user images the JupyterHub version of the chart",
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
    {
      title: "a proxy older than the chart's",
      verdict: "fail",
      values: { proxy: { chp: { image: { tag: "4.2.2" } } } },
    },
    {
      title: "a newer proxy",
      verdict: "pass",
      values: { proxy: { chp: { image: { tag: "5.3.0" } } } },
    },
    { title: "not known yet", verdict: "unknown", values: { hub: { image: { tag: UNKNOWN } } } },
    {
      title: "images of one's own",
      verdict: "notApplicable",
      values: {
        hub: { image: { name: "registry.acme.science/hub", tag: "7" } },
        proxy: { chp: { image: { name: "registry.acme.science/proxy", tag: "7" } } },
        singleuser: {
          image: { name: "registry.acme.science/user", tag: "7" },
          networkTools: { image: { name: "registry.acme.science/tools", tag: "7" } },
        },
      },
    },
    otherChart,
  ],
  evaluate: onHub((hub) => {
    const findings = projectImages.flatMap((image) => judgeImage(hub, image));
    return findings.length > 0 ? findings : notApplicable("no image of the JupyterHub projects");
  }),
};

/** An image of the JupyterHub projects, and what its version has to do with the chart's. */
interface ProjectImage {
  readonly base: string;
  readonly official: RegExp;
  /** The version that belongs to a release of the chart. */
  readonly versionIn: (release: ChartDefaults) => Found;
  readonly fits: (image: SemVer, belonging: SemVer) => boolean;
}

const ofChart = {
  versionIn: ({ release }: ChartDefaults) => release.chart,
  fits: (image: SemVer, chart: SemVer) => image.major === chart.major && image.minor === chart.minor,
};

const projectImages: readonly ProjectImage[] = [
  { base: "hub.image", official: /(^|\/)k8s-hub(-slim)?$/, ...ofChart },
  { base: "singleuser.image", official: /(^|\/)k8s-singleuser-sample$/, ...ofChart },
  { base: "singleuser.networkTools.image", official: /(^|\/)k8s-network-tools$/, ...ofChart },
  {
    base: "singleuser.image",
    official: /(^|\/)jupyterhub\/singleuser$/,
    versionIn: ({ release }) => release.jupyterhub,
    fits: (image, jupyterhub) => image.major === jupyterhub.major,
  },
  {
    base: "proxy.chp.image",
    official: /(^|\/)configurable-http-proxy$/,
    versionIn: ({ values }) => at(values, "proxy.chp.image.tag"),
    fits: (image, brought) => image.compareMain(brought) >= 0,
  },
];

function judgeImage(hub: Hub, { base, official, versionIn, fits }: ProjectImage): Finding[] {
  const path = `${base}.tag`;
  const name = at(hub.values, `${base}.name`);
  const tag = at(hub.values, path);
  const expected = "the version that belongs to the chart";
  if (name === UNKNOWN) return [unknown(`${base}.name`, describe(name), expected)];
  if (typeof name !== "string" || !official.test(name)) return [];
  if (tag === UNKNOWN || hub.version === UNKNOWN) return [unknown(path, describe(UNKNOWN), expected)];
  // The chart's own default is filled in when a release is made.
  if (tag === "set-by-chartpress") return [pass(path, "the chart's own")];
  const image = versionOf(tag);
  if (image === null) return [unknown(path, "a tag that is no version", expected)];
  const belonging = versionOf(versionIn(chartDefaults(hub.version.version)));
  if (belonging === null) return [unknown(path, describe(UNKNOWN), expected)];
  return [
    fits(image, belonging)
      ? pass(path, expected)
      : fail(path, image.version, `${expected}, which brings ${belonging.version}`),
  ];
}

/** The version that a tag names, of which the last parts may be missing. */
function versionOf(tag: Found): SemVer | null {
  const [version = ""] = typeof tag === "string" ? tag.split("@") : [];
  const missing = /^v?\d+(\.\d+)?$/.exec(version);
  return parse(missing ? `${version}${missing[1] ? ".0" : ".0.0"}` : version);
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
  return typeof namespace === "string" && namespace !== "default" && !clusterNamespace.test(namespace)
    ? pass(path, "a namespace of its own")
    : fail(path, "a namespace that belongs to others", expected);
}
