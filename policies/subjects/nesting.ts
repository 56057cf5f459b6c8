import { at, type Found, isMap, own, type ValueMap } from "../../chart/values";

/** Where a hub's values lie in the values of the chart that includes JupyterHub's: keys from the root, none for the root itself. */
export type ValuesPath = readonly string[];

const deepest = 3;
const components = ["hub", "proxy", "singleuser"];

/** Keys below which nobody looks for a hub: the chart leaves their content to the user. */
const free = ["custom", "global"];

/** Settings that no other chart has: a map with one of them is JupyterHub's, whatever its key is called. */
const characteristic = [
  "hub.config",
  "hub.db",
  "hub.extraConfig",
  "proxy.chp",
  "proxy.secretToken",
  "proxy.https",
  "singleuser.cloudMetadata",
  "singleuser.networkTools",
  "singleuser.profileList",
  "singleuser.storage",
];

/**
 * Where the hubs' values lie: at the root, or up to three keys below it in the values of a chart that includes JupyterHub's
 * (BinderHub, DaskHub, an organisation's own), under whatever alias. Nothing found means the root.
 */
export function findHubValues(values: ValueMap): ValuesPath[] {
  const nested = below(values, []);
  if (nested.length > 0 && !looksLikeHub(values)) return nested;
  return [[]];
}

function below(values: ValueMap, path: ValuesPath): ValuesPath[] {
  return Object.entries(values).flatMap(([key, value]) => {
    if (!isMap(value) || free.includes(key)) return [];
    const here = [...path, key];
    if (looksLikeHub(value) || (isNamedJupyterhub(key) && isHubOrEmpty(value))) return [here];
    return here.length < deepest ? below(value, here) : [];
  });
}

function looksLikeHub(values: ValueMap): boolean {
  const present = components.filter((key) => isMap(own(values, key)));
  return present.length >= 2 || characteristic.some((path) => at(values, path) !== undefined);
}

function isNamedJupyterhub(key: string): boolean {
  return /^jupyter-?hub$/i.test(key);
}

/** A section called jupyterhub may itself be a wrapper: `jupyterhub.jupyterhub`. */
function isHubOrEmpty(section: ValueMap): boolean {
  return !Object.entries(section).some(([key, value]) => isNamedJupyterhub(key) && isMap(value));
}

/** The value at a path of keys, which may hold dots. */
export function valueAt(values: Found, path: ValuesPath): Found {
  return path.reduce<Found>((value, key) => own(value, key), values);
}
