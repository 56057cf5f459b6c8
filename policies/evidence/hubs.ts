import { at, isMap, own, UNKNOWN, type ValueMap } from "../../chart/values";
import { chartIdentity } from "./chart-identity";
import { chartForm, deliveryOf } from "./delivery";
import { release, repositoryOf } from "./hub-release";
import { releaseOf } from "./hub-secret";
import { isSwitchedOff, nestedHubs, valueAt } from "./nesting";
import { hubType, type Resource } from "./resource";

/** Finds a resource by its URN. */
export type Find = (urn: string) => Resource | undefined;

/**
 * The resources of a complete stack with every hub in them as a release of the chart, whichever way it is delivered:
 * - a release of the chart is one already;
 * - a release of a chart that includes JupyterHub's becomes as many as there are hubs in its values;
 * - the Secret in which a rendered hub keeps its values becomes the release that it describes;
 * - a chart component whose objects are not known yet becomes the release that its inputs describe, as far as they are shown.
 */
export function withHubs(resources: readonly Resource[]): Resource[] {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const find: Find = (urn) => byUrn.get(urn);
  const found = new Map(resources.map((resource) => [resource, hubsIn(resource, find)]));
  const shown = shownInside(found, find);
  return [...found].flatMap(([resource, hubs]) => {
    const component = chartForm(resource.type) ? unrendered(resource, shown) : undefined;
    return component ? hubsIn(component, find) : hubs;
  });
}

/** The hubs that one resource brings, as releases of the chart; the resource itself when there is none in it. */
export function hubsIn(resource: Resource, find: Find): readonly Resource[] {
  if (resource.type === hubType) return hubsOfRelease(resource);
  const rendered = releaseOf(resource, deliveryOf(resource, find));
  return [rendered ?? resource];
}

function hubsOfRelease(resource: Resource): readonly Resource[] {
  const values = own(resource.properties, "values");
  if (!isMap(values) || chartIdentity(resource, values) === "z2jh") return [resource];
  const deployed = nestedHubs(values).filter((path) => !isSwitchedOff(values, path));
  if (deployed.length === 0) return [resource];
  return deployed.map((path) => {
    const nested = valueAt(values, path) ?? {};
    // Which version the chart around it includes is written in that chart.
    const chart: ValueMap = { chart: "jupyterhub", version: UNKNOWN, repositoryOpts: repositoryOf(resource, nested) };
    return {
      ...resource,
      properties: { ...resource.properties, ...chart, values: nested },
      valuesPrefix: path.map((key) => `${key}.`).join(""),
    };
  });
}

// ---- chart components ----------------------------------------------------------------------------------------------------

interface Shown {
  /** URNs of components with children. */
  readonly parents: ReadonlySet<string>;
  /** URNs of components with a rendered hub somewhere inside. */
  readonly aroundHubs: ReadonlySet<string>;
}

function shownInside(found: ReadonlyMap<Resource, readonly Resource[]>, find: Find): Shown {
  const parents = new Set<string>();
  const aroundHubs = new Set<string>();
  for (const [resource, hubs] of found) {
    if (resource.parent !== undefined) parents.add(resource.parent);
    if (resource.type === hubType || hubs[0] === resource) continue;
    for (let urn = resource.parent; urn !== undefined && !aroundHubs.has(urn); urn = find(urn)?.parent) {
      aroundHubs.add(urn);
    }
  }
  return { parents, aroundHubs };
}

/** Names that one gives a hub. */
const hubName = /jupyter-?hub|jhub|(binder|dask|base)-?hub|^hub$/i;

/**
 * The release that a chart component stands for which has no hub inside although it seems to bring one. A preview renders no
 * objects while an input is not known, and not every version of the SDK shows the inputs: then the name has to do.
 */
function unrendered(component: Resource, { parents, aroundHubs }: Shown): Resource | undefined {
  if (aroundHubs.has(component.urn)) return undefined;
  const { properties } = component;
  const chart = own(properties, "chart") ?? own(properties, "path");
  const repo = at(properties, "fetchOpts.repo") ?? own(properties, "repo") ?? at(properties, "repositoryOpts.repo");
  const delivery = chartForm(component.type);
  if (chart === undefined) {
    if (parents.has(component.urn) || !hubName.test(component.name)) return undefined;
    const { type, properties } = release(component.name, UNKNOWN, undefined, { name: UNKNOWN, namespace: UNKNOWN });
    return { ...component, type, properties, delivery };
  }
  const described: Resource = {
    ...component,
    type: hubType,
    delivery,
    properties: { ...properties, chart, repositoryOpts: repo === undefined ? {} : { repo } },
  };
  const isOther = chartIdentity(described, own(properties, "values")) === "other";
  return isOther && hubsIn(described, () => undefined)[0] === described ? undefined : described;
}
