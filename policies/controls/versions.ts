import { type Advisory, advisories, advisoriesAsOf } from "../../chart/advisories";
import { defaultChartVersion, floor } from "../../chart/releases";
import type { Truth } from "../../chart/three-valued";
import { at, own, UNKNOWN, type Unknown } from "../../chart/values";
import { compareMain, parse, type SemVer } from "../../chart/version";
import { type Control, describe, fail, pass, unknown } from "../control";
import { type Hub, hubTypes, onHub } from "../evidence/hub";
import { matches } from "../evidence/truth";
import { otherChart } from "../example";

export const chartVersionHasNoKnownVulnerability: Control = {
  name: "chart-version-has-no-known-vulnerability",
  title: "No published vulnerability applies to the chart's version as it is configured",
  reference: ["SUP-02"],
  severity: "high",
  pack: "security",
  why: "a published flaw comes with instructions how to use it",
  source: "JupyterHub, Security Overview: keep JupyterHub up to date; security advisories of the JupyterHub projects",
  remediation: `set the release's version: "${floor.version}" or newer (as of ${floor.asOf})`,
  types: hubTypes,
  scope: "resource",
  examples: [
    { title: "the newest", verdict: "pass", values: {} },
    { title: "a newer one", verdict: "pass", version: "4.5.0", values: {} },
    { title: "one before, which a published flaw stops", verdict: "fail", version: "4.3.5", values: {} },
    { title: "the article's", verdict: "fail", version: "1.2.0", values: {} },
    {
      title: "the newest with the hub's image of an older one",
      verdict: "fail",
      values: { hub: { image: { name: "quay.io/jupyterhub/k8s-hub", tag: "4.3.5" } } },
    },
    {
      title: "the newest with a setting that a published flaw needs",
      verdict: "fail",
      values: { hub: { loadRoles: { user: { scopes: ["self", "shares!user"] } } } },
    },
    { title: "a range", verdict: "unknown", version: "^4.0.0", values: {} },
    { title: "not known yet", verdict: "unknown", release: { version: UNKNOWN }, values: {} },
    otherChart,
  ],
  evaluate: onHub((hub) => {
    const asked = own(hub.resource.properties, "version");
    if (hub.version === UNKNOWN)
      return unknown("version", describe(asked), `an exact chart version, ${floor.version} or newer`);
    const { path, version, image } = codeVersion(hub, hub.version);
    const open = advisories.map((advisory) => ({ advisory, affected: affects(advisory, version, hub) }));
    const affected = open.filter(({ affected }) => affected === true).map(({ advisory }) => advisory);
    const undecided = open.filter(({ affected }) => affected === UNKNOWN).map(({ advisory }) => advisory);
    const expected = `no advisory known on ${advisoriesAsOf} that applies`;
    if (affected.length > 0) return fail(path, `${version.version}: ${list(affected)}`, expected, remedy(affected));
    if (undecided.length > 0)
      return unknown(
        path,
        `${version.version}, for which it is open whether these apply: ${list(undecided)}`,
        expected,
        remedy(undecided),
      );
    return image === UNKNOWN
      ? unknown(path, "an image that is not known yet", "the image that belongs to the chart")
      : pass(path, version.version);
  }),
};

/** The hub's image decides which code runs; Project Jupyter's own carries the chart's version as its tag. */
function codeVersion(hub: Hub, chart: SemVer): { path: string; version: SemVer; image?: Unknown } {
  const name = at(hub.values, "hub.image.name");
  const tag = at(hub.values, "hub.image.tag");
  const official = matches(name, /(^|\/)k8s-hub(-slim)?$/);
  if (official === UNKNOWN) return { path: "hub.image.name", version: chart, image: UNKNOWN };
  if (official && tag === UNKNOWN) return { path: "hub.image.tag", version: chart, image: UNKNOWN };
  const tagged = official && typeof tag === "string" ? parse(tag.split("@")[0] ?? "") : null;
  return tagged ? { path: "hub.image.tag", version: tagged } : { path: "version", version: chart };
}

function affects({ introducedIn, fixedIn, applies }: Advisory, version: SemVer, hub: Hub): Truth {
  const distance = fixedIn === undefined ? -1 : compareMain(version, fixedIn);
  if (distance > 0 || (distance === 0 && version.prerelease.length === 0)) return false;
  if (introducedIn !== undefined && compareMain(version, introducedIn) < 0) return false;
  const condition = applies ? applies(hub.values) : true;
  // Whether a release that came after this list was made has the fix is not known here.
  const newer = fixedIn === undefined && compareMain(version, defaultChartVersion) > 0;
  // A build on the way to the release with the fix may have it or not.
  return (newer || distance === 0) && condition === true ? UNKNOWN : condition;
}

function list(found: readonly Advisory[]): string {
  return found
    .map(({ id, cve, title, condition }) => `${cve ?? id} (${title}${condition ? `; because ${condition}` : ""})`)
    .join(", ");
}

function remedy(found: readonly Advisory[]): string {
  const fixes = found.flatMap(({ fixedIn }) => fixedIn ?? []);
  const workarounds = found.flatMap(({ workaround }) => workaround ?? []);
  const upgrade =
    fixes.length > 0 ? [`set the release's version: "${floor.version}" or newer (as of ${floor.asOf})`] : [];
  return [...upgrade, ...new Set(workarounds)].join("; ");
}
