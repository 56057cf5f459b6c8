import { stringify } from "yaml";
import { chartDefaults } from "../../chart/releases";
import { at, isMap, UNKNOWN, type Value, type ValueMap } from "../../chart/values";
import type { Delivery, Resource } from "../../policies/evidence/resource";
import type { Example } from "../../policies/example";
import { hub, resource } from "./support";

/** The stack that an example stands for, its hub delivered in the form that the example is about, else by Helm. */
export function stackOf(example: Example, delivery: Delivery = example.delivery ?? "release"): Resource[] {
  const made = new Map<string, Resource>();
  for (const { type, name = "other", properties, sources = {} } of example.resources ?? []) {
    const from = Object.fromEntries(
      Object.entries(sources).map(([property, names]) => [property, names.flatMap((each) => made.get(each) ?? [])]),
    );
    made.set(made.has(name) ? `${name}-${made.size}` : name, resource(type, name, properties, from));
  }
  if (example.values === undefined) return [...made.values()];
  const sources = (example.valuesFrom ?? []).flatMap((name) => made.get(name) ?? []);
  const inputs = { ...(example.version ? { version: example.version } : {}), ...example.release };
  return [...made.values(), ...delivered(hub(example.values, inputs, { values: sources }), delivery)];
}

/** What the engine sees of a hub, given as the release that it would be. */
export function delivered(release: Resource, delivery: Delivery): Resource[] {
  switch (delivery) {
    case "release":
      return [release];
    case "manifests":
      return [secretOf(release)];
    default:
      return rendered(release, delivery);
  }
}

/** A chart component; only that of the third version has inputs, and none has children while something is not known. */
function rendered(release: Resource, delivery: Delivery): Resource[] {
  const type = delivery === "v3-chart" ? "kubernetes:helm.sh/v3:Chart" : "kubernetes:helm.sh/v4:Chart";
  const { chart = null, version = null, repositoryOpts = null, values = null } = release.properties;
  const inputs: ValueMap = delivery === "v3-chart" ? { chart, version, fetchOpts: repositoryOpts, values } : {};
  const component = {
    ...resource(type, "hub", inputs),
    propertyDependencies: delivery === "v3-chart" ? release.propertyDependencies : {},
  };
  if (holdsUnknown(values)) return [component];
  const secret = secretOf(release);
  const urn = secret.urn.replace("kubernetes:core", `${type}$kubernetes:core`);
  return [component, { ...secret, urn, parent: component.urn }];
}

/** The Secret that the chart renders: the effective values, and what rendered them. */
function secretOf(release: Resource): Resource {
  const { version, values = {}, namespace, name = null } = release.properties;
  const chartVersion = typeof version === "string" ? version : "";
  const labels = { component: "hub", app: "jupyterhub", chart: `jupyterhub-${chartVersion}` };
  const identity = {
    Chart: { Name: "jupyterhub", Version: chartVersion },
    Release: { Name: name, Namespace: namespace ?? "default" },
  };
  const text =
    isMap(values) && !holdsUnknown(values)
      ? stringify({ ...coalesced(chartDefaults(chartVersion).values, values), ...identity })
      : undefined;
  const data: ValueMap = { "values.yaml": text === undefined ? UNKNOWN : Buffer.from(text).toString("base64") };
  const made = resource("kubernetes:core/v1:Secret", "hub", { metadata: { name: "hub", labels }, data });
  return { ...made, propertyDependencies: { data: release.propertyDependencies?.values ?? [] } };
}

/** As Helm hands values to a chart's templates: a null deletes a default, and stays where there is none. */
function coalesced(defaults: ValueMap, given: ValueMap): ValueMap {
  const entries = new Map<string, Value>(Object.entries(defaults));
  for (const [key, value] of Object.entries(given)) {
    const below = entries.get(key);
    if (value === null && below !== undefined) entries.delete(key);
    else entries.set(key, isMap(below) && isMap(value) ? coalesced(below, value) : value);
  }
  return Object.fromEntries(entries);
}

export function holdsUnknown(value: Value): boolean {
  if (typeof value !== "object" || value === null) return value === UNKNOWN;
  return Object.values(value).some(holdsUnknown);
}

/** The release of a chart that includes JupyterHub's under these keys. */
export function wrapped(release: Resource, keys: readonly string[]): Resource {
  const values = keys.reduceRight<Value>((inner, key) => ({ [key]: inner }), at(release.properties, "values") ?? {});
  const chart: ValueMap = { chart: "platform", version: "0.1.0", repositoryOpts: {} };
  return { ...release, properties: { ...release.properties, ...chart, values } };
}
