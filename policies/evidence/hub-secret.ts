import { chartDefaults, chartRepository } from "../../chart/releases";
import { at, type Found, isMap, own, UNKNOWN, type Unknown, type Value, type ValueMap } from "../../chart/values";
import { compareMain, parse } from "../../chart/version";
import { InputError } from "../subjects/input-error";
import { readYaml } from "../subjects/yaml";
import { release } from "./hub-release";
import type { Delivery, Resource } from "./resource";

export const secretTypes: readonly string[] = ["kubernetes:core/v1:Secret", "kubernetes:core/v1:SecretPatch"];

/**
 * The release that a hub's Secret describes: the chart writes the values it was given, merged with its defaults, into the Secret,
 * together with its own version. The release stands under the Secret's name and URN.
 *
 * @returns undefined for any other resource
 */
export function releaseOf(secret: Resource, delivery: Delivery): Resource | undefined {
  if (!secretTypes.includes(secret.type)) return undefined;
  const stored = storedValues(secret.properties);
  if (stored === undefined) return undefined;
  const version = textAt(stored, "Chart.Version") ?? labelledVersion(secret.properties);
  const inputs: ValueMap = {
    repositoryOpts: isOfficial(secret.properties) ? { repo: chartRepository } : {},
    namespace: textAt(stored, "Release.Namespace") ?? at(secret.properties, "metadata.namespace") ?? UNKNOWN,
    name: textAt(stored, "Release.Name") ?? UNKNOWN,
  };
  const { type, properties } = release(secret.name, asGiven(stored, version), version, inputs);
  return { ...secret, type, properties, delivery, propertyDependencies: { values: sourcesOf(secret) } };
}

/** Out of whose outputs the content was made. */
function sourcesOf({ propertyDependencies }: Resource): readonly string[] {
  return [...(propertyDependencies?.data ?? []), ...(propertyDependencies?.stringData ?? [])];
}

/** Undefined when it is no hub's; unknown when it is, but its content is not known, encrypted or broken. */
function storedValues(secret: ValueMap): ValueMap | Unknown | undefined {
  const stored = valuesIn(secret);
  if (stored === undefined) return undefined;
  const isHub = isOfficial(secret) || isMap(own(stored, "Chart"));
  if (!isMap(stored)) return isOfficial(secret) ? UNKNOWN : undefined;
  return isHub && ["hub", "singleuser", "proxy"].some((key) => isMap(own(stored, key))) ? stored : undefined;
}

/** What a Secret holds under `values.yaml`: undefined when nothing, unknown when it cannot be read. */
export function valuesIn(secret: ValueMap): Found {
  const text = textIn(secret, "values.yaml");
  return typeof text === "string" ? parsed(text) : text;
}

/** The text that a Secret holds under a key: undefined when none, unknown when it cannot be read. */
export function textIn(secret: ValueMap, key: string): string | Unknown | undefined {
  const plain = own(own(secret, "stringData"), key);
  if (typeof plain === "string") return plain;
  const encoded = own(own(secret, "data"), key);
  if (typeof encoded === "string") return Buffer.from(encoded, "base64").toString("utf8");
  return [plain, encoded].every((value) => value === undefined || value === null) ? undefined : UNKNOWN;
}

/** What was read last: a hub's Secret is seen when it is registered, and again in the complete stack. */
let last: { readonly text: string; readonly value: Value } | undefined;

function parsed(text: string): Value {
  if (last?.text !== text) last = { text, value: read(text) };
  return last.value;
}

function read(text: string): Value {
  try {
    return readYaml({ name: "values.yaml", text })[0]?.value ?? UNKNOWN;
  } catch (error) {
    if (error instanceof InputError) return UNKNOWN;
    throw error;
  }
}

/** Project Jupyter's chart has a label of its own (and since 4.0 the common one), and keys that no other chart writes. */
function isOfficial(secret: ValueMap): boolean {
  const keys = ["data", "stringData"].map((field) => own(secret, field));
  const labels = ["component", "app.kubernetes.io/component"].map((label) => labelled(secret, label));
  return (
    labels.includes("hub") || keys.some((map) => isMap(map) && "hub.config.ConfigurableHTTPProxy.auth_token" in map)
  );
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
 * The stored values as somebody would give them. What is not among them although the chart has a default was deleted, except that
 * charts before 0.10 store only a part.
 */
function asGiven(stored: ValueMap | Unknown, version: string | undefined): ValueMap | Unknown {
  if (stored === UNKNOWN) return UNKNOWN;
  const { Chart: _chart, Release: _release, ...values } = stored;
  const known = version === undefined ? null : parse(version);
  if (!known) return values;
  const { values: defaults, exact } = chartDefaults(known.version);
  if (compareMain(known, "0.10.0") < 0) return completed(values, defaults, UNKNOWN);
  return exact ? completed(values, defaults, null) : values;
}

function completed(values: ValueMap, defaults: ValueMap, missing: null | Unknown): ValueMap {
  const entries = new Map<string, Value>(Object.entries(values));
  for (const [key, standard] of Object.entries(defaults)) {
    const value = own(values, key);
    if (value === undefined && standard !== null) entries.set(key, missing);
    else if (isMap(value) && isMap(standard)) entries.set(key, completed(value, standard, missing));
  }
  return Object.fromEntries(entries);
}
