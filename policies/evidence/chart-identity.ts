import { at, type Found, isMap, own, UNKNOWN } from "../../chart/values";
import type { Resource } from "./resource";

/** What a release deploys: Project Jupyter's chart, another one of the same name, one that nothing identifies, or none. */
export type ChartIdentity = "z2jh" | "foreign" | "undecided" | "wrapper" | "other";

const officialRepository = /^(https?|oci):\/\/(hub\.jupyter\.org|jupyterhub\.github\.io)\/helm-chart\b/i;
/** The repository as Zero to JupyterHub adds it to Helm. */
const officialAlias = "jupyterhub/jupyterhub";
const foreignRepository = /bitnami|vmware|helmforge/i;
/** Public charts that bring JupyterHub's with them. */
const wrapper = /(^|[/\\])(binderhub|daskhub|basehub)([-:]v?\d[^/\\]*)?(\.tgz)?[/\\]*$/i;

/** Keys that exist only in the values of zero-to-jupyterhub-k8s. */
const ownKeys = [
  "singleuser.cloudMetadata",
  "singleuser.storage",
  "singleuser.networkTools",
  "singleuser.memory",
  "singleuser.cpu",
  "singleuser.image.name",
  "singleuser.extraEnv",
  "singleuser.profileList",
  "proxy.chp",
  "proxy.https",
  "proxy.traefik",
  "proxy.service.type",
  "proxy.service.annotations",
  "hub.config",
  "hub.db",
  "hub.extraConfig",
  "hub.cookieSecret",
  "hub.allowNamedServers",
];

/** Keys that tell it from other charts of the same name, but mean nothing alone. */
const ownSections = ["prePuller", "cull", "rbac", "scheduling", "auth"];

/** Keys that exist only in other charts called jupyterhub. */
const foreignKeys = [
  "hub.configuration",
  "hub.existingConfigmap",
  "hub.adminUser",
  "hub.image.repository",
  "hub.image.registry",
  "proxy.image",
  "proxy.service.public",
  "singleuser.image.repository",
  "singleuser.image.registry",
  "singleuser.persistence",
  "singleuser.notebookDir",
  "postgresql",
  "imagePuller",
];

/** One of these is enough, whatever is around it: no chart of another program has them. */
const unmistakable = [
  "hub.extraConfig",
  "proxy.chp",
  "proxy.secretToken",
  "singleuser.cloudMetadata",
  "singleuser.networkTools",
  "singleuser.profileList",
  "singleuser.storage",
];

/** Names lie (mirrors, vendored folders, other charts called jupyterhub), so the values decide, then the repository. */
export function chartIdentity(resource: Resource, values: Found): ChartIdentity {
  const chart = own(resource.properties, "chart");
  const source = [chart, at(resource.properties, "repositoryOpts.repo")].filter((text) => typeof text === "string");
  const named = typeof chart === "string" && /(^|[/\\])jupyterhub([-:]v?\d[^/\\]*)?(\.tgz)?[/\\]*$/i.test(chart.trim());
  if (named && source.some((text) => officialRepository.test(text))) return "z2jh";
  if (named) {
    if (isForeign(values) || source.some((text) => foreignRepository.test(text))) return "foreign";
    return signs(values, [...ownKeys, ...ownSections]) > 0 || chart === officialAlias ? "z2jh" : "undecided";
  }
  if (looksLikeHub(values)) return "z2jh";
  if (typeof chart === "string" && wrapper.test(chart.trim())) return "wrapper";
  return chart === UNKNOWN && !isMap(values) ? "undecided" : "other";
}

/** Whether values whose chart is not told are JupyterHub's: two of its parts with a key that only it has, or a telling key. */
export function looksLikeHub(values: Found): boolean {
  if (isForeign(values)) return false;
  return (
    (signs(values, ["hub", "proxy", "singleuser"]) >= 2 && signs(values, ownKeys) > 0) ||
    signs(values, unmistakable) > 0 ||
    isMap(at(values, "hub.config"))
  );
}

/** Whether values are those of another chart called jupyterhub. */
function isForeign(values: Found): boolean {
  return signs(values, foreignKeys) > signs(values, [...ownKeys, ...ownSections]);
}

function signs(values: Found, paths: readonly string[]): number {
  return paths.filter((path) => {
    const value = at(values, path);
    return value !== undefined && value !== UNKNOWN;
  }).length;
}
