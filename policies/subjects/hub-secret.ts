import { chartDefaults, chartRepository } from "../../chart/releases";
import { at, type Found, isMap, own, UNKNOWN, type Unknown, type Value, type ValueMap } from "../../chart/values";
import { compareMain, parse } from "../../chart/version";
import type { Delivery, Resource } from "../evidence/resource";
import { InputError } from "./input-error";
import { release } from "./subject";
import { readYaml } from "./yaml";

const secretType = "kubernetes:core/v1:Secret";

/**
 * The release that a hub's Secret describes: the chart writes the values it was given, merged with its defaults, into the Secret,
 * together with its own version. The release stands under the Secret's name and URN.
 *
 * @returns undefined for any other resource
 */
export function releaseOf(secret: Resource, delivery: Delivery): Resource | undefined {
  if (secret.type !== secretType) return undefined;
  const stored = storedValues(secret.properties);
  if (stored === undefined) return undefined;
  const version = textAt(stored, "Chart.Version") ?? labelledVersion(secret.properties);
  const values = isMap(stored) ? withDeletions(stored, version) : UNKNOWN;
  const inputs: ValueMap = {
    repositoryOpts: isOfficial(secret.properties) ? { repo: chartRepository } : {},
    namespace: textAt(stored, "Release.Namespace") ?? at(secret.properties, "metadata.namespace") ?? UNKNOWN,
    name: textAt(stored, "Release.Name") ?? UNKNOWN,
  };
  return { ...secret, ...release(secret.name, values, version, inputs), urn: secret.urn, delivery };
}

/** Undefined when it is no hub's; unknown when it is, but its content is encrypted or broken. */
function storedValues(secret: ValueMap): ValueMap | Unknown | undefined {
  const text = storedText(secret);
  const stored = typeof text === "string" ? parsed(text) : text;
  if (stored === undefined) return undefined;
  if (isMap(stored)) return ["hub", "singleuser", "proxy"].some((key) => isMap(own(stored, key))) ? stored : undefined;
  return labelled(secret, "component") === "hub" || labelled(secret, "app.kubernetes.io/component") === "hub"
    ? UNKNOWN
    : undefined;
}

function storedText(secret: ValueMap): string | Unknown | undefined {
  const plain = own(own(secret, "stringData"), "values.yaml");
  if (typeof plain === "string") return plain;
  const encoded = own(own(secret, "data"), "values.yaml");
  if (encoded === undefined || encoded === null) return undefined;
  return typeof encoded === "string" ? Buffer.from(encoded, "base64").toString("utf8") : UNKNOWN;
}

function parsed(text: string): Value {
  try {
    return readYaml({ name: "values.yaml", text })[0]?.value ?? UNKNOWN;
  } catch (error) {
    if (error instanceof InputError) return UNKNOWN;
    throw error;
  }
}

/** Project Jupyter's chart has a label of its own, and keys that no other chart writes. */
function isOfficial(secret: ValueMap): boolean {
  const ownKey = "hub.config.ConfigurableHTTPProxy.auth_token";
  return labelled(secret, "component") === "hub" || own(own(secret, "data"), ownKey) !== undefined;
}

function labelledVersion(secret: ValueMap): string | undefined {
  const chart = labelled(secret, "helm.sh/chart") ?? labelled(secret, "chart");
  return typeof chart === "string" ? /-(\d+\.\d+\.\d+.*)$/.exec(chart)?.[1] : undefined;
}

function labelled(secret: ValueMap, label: string): Found {
  return own(at(secret, "metadata.labels"), label);
}

function textAt(value: Found, path: string): string | undefined {
  const found = at(value, path);
  return typeof found === "string" ? found : undefined;
}

/**
 * The stored values as somebody would give them: what is not among them although the chart has a default was deleted. Charts
 * before 0.10 store only a part, so there a missing key says nothing.
 */
function withDeletions(stored: ValueMap, version: string | undefined): ValueMap {
  const { Chart: _chart, Release: _release, ...values } = stored;
  const known = version === undefined ? null : parse(version);
  if (!known || compareMain(known, "0.10.0") < 0) return values;
  const { values: defaults, exact } = chartDefaults(known.version);
  return exact ? deletionsMarked(values, defaults) : values;
}

function deletionsMarked(values: ValueMap, defaults: ValueMap): ValueMap {
  const entries = new Map<string, Value>(Object.entries(values));
  for (const [key, standard] of Object.entries(defaults)) {
    const value = own(values, key);
    if (value === undefined && standard !== null) entries.set(key, null);
    else if (isMap(value) && isMap(standard)) entries.set(key, deletionsMarked(value, standard));
  }
  return Object.fromEntries(entries);
}
