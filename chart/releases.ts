import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ValueMap } from "./values";
import { compareMain, parse, type SemVer } from "./version";

/** A published release of the chart whose defaults are known here. */
export interface ChartRelease {
  readonly chart: string;
  /** Version of JupyterHub inside the chart's hub image. */
  readonly jupyterhub: string;
}

/** Known releases, oldest first. */
export const chartReleases: readonly ChartRelease[] = [
  { chart: "0.9.1", jupyterhub: "1.1.0" },
  { chart: "0.10.6", jupyterhub: "1.2.2" },
  { chart: "0.11.1", jupyterhub: "1.3.0" },
  { chart: "1.0.1", jupyterhub: "1.4.1" },
  { chart: "1.1.4", jupyterhub: "1.4.2" },
  { chart: "1.2.0", jupyterhub: "1.5.0" },
  { chart: "2.0.0", jupyterhub: "3.0.0" },
  { chart: "3.0.3", jupyterhub: "4.0.2" },
  { chart: "3.1.0", jupyterhub: "4.0.2" },
  { chart: "3.2.1", jupyterhub: "4.0.2" },
  { chart: "3.3.8", jupyterhub: "4.1.6" },
  { chart: "4.0.0", jupyterhub: "5.2.1" },
  { chart: "4.1.0", jupyterhub: "5.2.1" },
  { chart: "4.2.0", jupyterhub: "5.3.0" },
  { chart: "4.3.5", jupyterhub: "5.4.6" },
  { chart: "4.4.0", jupyterhub: "5.5.0" },
];

/** Where the chart is published. */
export const chartRepository = "https://hub.jupyter.org/helm-chart/";

/** The release that is deployed unless another one is named: the newest known. */
export const defaultChartVersion = "4.4.0";

/** The oldest release without a published advisory that applies to every hub, as known on that day. */
export const floor = { version: "4.4.0", asOf: "2026-08-10" } as const;

/** Default values of a release, or of the known one that is likest to it. */
export interface ChartDefaults {
  readonly values: ValueMap;
  /** The release the values belong to. */
  readonly release: ChartRelease;
  /** False when the asked version is not among the known releases and a neighbour's defaults stand in. */
  readonly exact: boolean;
}

/**
 * Default values of the asked chart version. A version that is not known here gets those of a release with the same minor
 * version, within which the chart keeps its defaults, else the nearest older release's; one older than all known gets the
 * oldest's, and a text that is no version gets the newest's; `exact` is false then.
 */
export function chartDefaults(version: string): ChartDefaults {
  const asked = parse(version);
  const release = asked ? likest(asked) : newest;
  return {
    values: readOnce(`${release.chart}/values.json`) as ValueMap,
    release,
    exact: asked !== null && asked.version === release.chart,
  };
}

/**
 * The JSON schema (draft 7) that the chart's values must satisfy.
 *
 * @returns undefined for a release whose schema is not carried here (only the default version's is)
 */
export function chartSchema(version: string): object | undefined {
  return version === defaultChartVersion ? (readOnce(`${version}/schema.json`) as object) : undefined;
}

const newest = chartReleases[chartReleases.length - 1] as ChartRelease;

function likest(asked: SemVer): ChartRelease {
  const sameMinor = chartReleases.find(({ chart }) => chart.startsWith(`${asked.major}.${asked.minor}.`));
  const older = chartReleases.findLast(({ chart }) => compareMain(asked, chart) >= 0);
  return sameMinor ?? older ?? (chartReleases[0] as ChartRelease);
}

const files = new Map<string, unknown>();

function readOnce(name: string): unknown {
  let content = files.get(name);
  if (content === undefined) {
    content = JSON.parse(readFileSync(join(__dirname, "releases", name), "utf8"));
    files.set(name, content);
  }
  return content;
}
