import { chartReleases, chartRepository } from "../../../chart/releases";

/** A Helm chart that the local cloud can pretend to install. */
export interface Chart {
  readonly name: string;
  /** Repositories that publish it, without a slash at the end. */
  readonly repositories: readonly string[];
  /** Published versions, oldest first. */
  readonly versions: readonly string[];
  /** Kubernetes versions that it installs on. */
  readonly kubernetes: (version: string) => string;
  readonly appVersion: (version: string) => string;
  /** Another chart whose resource definitions must be there first. */
  readonly needs?: string;
}

const calicoVersions = [
  "v3.30.0", "v3.30.1", "v3.30.2", "v3.30.3", "v3.30.4", "v3.31.0", "v3.31.1", "v3.31.2", "v3.31.3",
  "v3.32.0", "v3.32.1", "v3.32.2", "v3.32.3",
]; // biome-ignore format: a table

const calico = {
  repositories: ["https://docs.tigera.io/calico/charts", "https://projectcalico.docs.tigera.io/charts"],
  kubernetes: () => ">=1.23.0-0",
  appVersion: (version: string) => version,
};

/** Oldest Kubernetes of each major version of the JupyterHub chart, from its Chart.yaml. */
const jupyterhubKubernetes = ["1.14", "1.17", "1.20", "1.23", "1.28"];

/** Charts known here, as of 2026-11-22. */
const charts: readonly Chart[] = [
  {
    name: "jupyterhub",
    repositories: [withoutSlash(chartRepository), "https://jupyterhub.github.io/helm-chart"],
    versions: chartReleases.map((release) => release.chart),
    kubernetes: (version) => `>=${jupyterhubKubernetes[Number.parseInt(version, 10)]}.0-0`,
    appVersion: (version) => chartReleases.find((release) => release.chart === version)?.jupyterhub ?? version,
  },
  {
    name: "aws-load-balancer-controller",
    repositories: ["https://aws.github.io/eks-charts"],
    versions: ["1.13.4", "1.14.0", "1.14.1"],
    kubernetes: () => ">=1.22.0-0",
    appVersion: (version) => `v2.${version.slice(2)}`,
  },
  { ...calico, name: "tigera-operator", versions: calicoVersions, needs: "crd.projectcalico.org.v1" },
  { ...calico, name: "crd.projectcalico.org.v1", versions: calicoVersions.filter((version) => version >= "v3.32") },
];

/** Since Calico 3.32 its resource definitions are a chart of their own. */
export const needsDefinitions = (chart: Chart, version: string): boolean =>
  chart.needs !== undefined && version >= "v3.32";

function withoutSlash(url: string): string {
  return url.replace(/\/$/, "");
}

/** The chart by its name and repository, or by an address that holds both. */
export function findChart(name: string, repository: string): Chart | undefined {
  const [, prefix, last] = /^(?:(.*)\/)?([^/]+)$/.exec(name) ?? [];
  return charts.find(
    (chart) => chart.name === last && (prefix !== undefined || chart.repositories.includes(withoutSlash(repository))),
  );
}

export const repositories = charts.flatMap((chart) => chart.repositories);
