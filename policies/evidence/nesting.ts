import { type Found, isMap, own, UNKNOWN, type ValueMap } from "../../chart/values";
import { looksLikeHub } from "./chart-identity";

/** Where a hub's values lie in the values of the chart that includes JupyterHub's: keys from the root, none for the root itself. */
export type ValuesPath = readonly string[];

const deepest = 3;

/** Keys below which nobody looks for a hub: the chart leaves their content to the user. */
const free = ["custom", "global"];

/** Sections of the chart's values, of all versions. */
const sections = [
  ..."auth cull custom debug enabled fullnameOverride global httpRoute hub imagePullSecret imagePullSecrets".split(" "),
  ..."ingress nameOverride prePuller proxy rbac scheduling singleuser".split(" "),
];

/**
 * Where the hubs' values lie: at the root, or up to three keys below it in the values of a chart that includes JupyterHub's
 * (BinderHub, DaskHub, an organisation's own), under whatever alias. Nothing found means the root.
 */
export function findHubValues(values: ValueMap): ValuesPath[] {
  const nested = looksLikeHub(values) ? [] : nestedHubs(values);
  return nested.length > 0 ? nested : [[]];
}

/** Where hubs' values lie below the root. */
export function nestedHubs(values: Found): ValuesPath[] {
  return below(values, []);
}

function below(values: Found, path: ValuesPath): ValuesPath[] {
  if (!isMap(values)) return [];
  return Object.entries(values).flatMap(([key, value]) => {
    const here = [...path, key];
    if (free.includes(key)) return [];
    if (looksLikeHub(value) || (isNamedJupyterhub(key) && isHubOrEmpty(value))) return [here];
    return here.length < deepest ? below(value, here) : [];
  });
}

function isNamedJupyterhub(key: string): boolean {
  return /^jupyter-?hub$/i.test(key);
}

/**
 * Whether a section of this name is the chart's: something else (a dashboard, a route) can have the name, too, and a wrapper's
 * wrapper (`jupyterhub.jupyterhub`).
 */
function isHubOrEmpty(section: Found): boolean {
  if (section === UNKNOWN) return true;
  if (!isMap(section)) return false;
  const keys = Object.keys(section);
  if (keys.some((key) => isNamedJupyterhub(key) && isMap(section[key]))) return false;
  return keys.every((key) => sections.includes(key)) || isMap(own(section, "hub")) || isMap(own(section, "singleuser"));
}

/** Whether a part of a larger chart, or a part around it, is switched off: then it is not deployed. */
export function isSwitchedOff(values: ValueMap, path: ValuesPath): boolean {
  return path.some((_, index) => own(valueAt(values, path.slice(0, index + 1)), "enabled") === false);
}

/** The value at a path of keys, which may hold dots. */
export function valueAt(values: Found, path: ValuesPath): Found {
  return path.reduce<Found>((value, key) => own(value, key), values);
}
