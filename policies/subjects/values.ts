import { defaultChartVersion } from "../../chart/releases";
import { type Found, isMap, own, UNKNOWN, type Value, type ValueMap } from "../../chart/values";
import { release, repositoryOf } from "../evidence/hub-release";
import { findHubValues, isSwitchedOff, type ValuesPath, valueAt } from "../evidence/nesting";
import type { Resource } from "../evidence/resource";
import { InputError, type Source, start } from "./input-error";
import type { Location, Reading, Subject } from "./subject";
import { wrongType } from "./value-types";
import { readYaml, type YamlDocument } from "./yaml";

export interface ValuesOptions {
  /** Default: the newest known version. */
  readonly chartVersion?: string | undefined;
  /** Dotted path of the hub's values inside of the file; without it they are found. */
  readonly valuesKey?: string | undefined;
}

interface ValuesFile {
  readonly name: string;
  readonly document: YamlDocument | undefined;
  readonly values: ValueMap;
}

/**
 * The hub that values files describe, laid over each other in their order.
 *
 * @throws InputError when a file is no map of values
 */
export function readValues(sources: readonly Source[], options: ValuesOptions): Reading {
  const files = sources.map((source) => readFile(source, readYaml(source)));
  const name = files.map((file) => file.name).join(",");
  const values = files.map((file) => file.values).reduce(overlay, {});
  const paths = options.valuesKey === undefined ? findHubValues(values) : [keyPath(options.valuesKey)];
  const version = options.chartVersion ?? defaultChartVersion;
  const subjects = paths.map((path) => {
    const found = valueAt(values, path);
    // A section without content is no values, as Helm reads it.
    const hubValues = found === null ? {} : found;
    if (!isMap(hubValues)) throw wrongKey(path, found, files);
    return subject(name, path, hubValues, values, version, files);
  });
  return { subjects, assumedVersion: options.chartVersion === undefined };
}

function readFile(source: Source, documents: readonly YamlDocument[]): ValuesFile {
  const [document, second] = documents;
  if (second) {
    throw new InputError(
      source.name,
      "holds several YAML documents; Helm reads one from a values file",
      second.position,
    );
  }
  const values = document?.value ?? {};
  if (!isMap(values)) {
    throw new InputError(source.name, "is no map of values: its root is a list or a single value", document?.position);
  }
  const { sops: _, ...plain } = values;
  return { name: source.name, document, values: sealed(plain) as ValueMap };
}

/** Values that SOPS has encrypted are not known. */
function sealed(value: Value): Value {
  if (typeof value === "string") return value.startsWith("ENC[AES256_GCM,") ? UNKNOWN : value;
  if (Array.isArray(value)) return value.map(sealed);
  return isMap(value) ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, sealed(item)])) : value;
}

/** Lays one values file over another as `helm -f` does: a null stays, because it deletes the chart's default in the end. */
export function overlay(base: ValueMap, over: ValueMap): ValueMap {
  const entries = new Map<string, Value>(Object.entries(base));
  for (const [key, value] of Object.entries(over)) {
    const below = own(base, key);
    entries.set(key, isMap(below) && isMap(value) ? overlay(below, value) : value);
  }
  return Object.fromEntries(entries);
}

function keyPath(key: string): ValuesPath {
  return key.split(".").filter((part) => part !== "");
}

function wrongKey(path: ValuesPath, found: Found, files: readonly ValuesFile[]): InputError {
  const key = path.join(".");
  return faultAt(
    nearest(files, key),
    `the values key ${key} ${found === undefined ? "is not in it" : "is no map of values"}`,
  );
}

function subject(
  name: string,
  path: ValuesPath,
  values: ValueMap,
  root: ValueMap,
  version: string,
  files: readonly ValuesFile[],
): Subject {
  const prefix = path.map((key) => `${key}.`).join("");
  const locate = (inner: string | null) => nearest(files, inner ?? prefix.slice(0, -1));
  const hub = isSwitchedOff(root, path) ? nothing(name) : hubRelease(name, values, version, prefix);
  const wrong = wrongType(values, version);
  const at = wrong && `${prefix}${wrong.path}`;
  const problem = at ? faultAt(locate(at), `${at} is ${wrong.found}; expected ${wrong.expected}`) : undefined;
  return { kind: "values", chartVersion: version, resources: [hub], problem, locate };
}

function faultAt({ file, line, column }: Location, reason: string): InputError {
  return new InputError(file, reason, { line, column });
}

function hubRelease(name: string, values: ValueMap, version: string, valuesPrefix: string): Resource {
  const bare = release(name, values, version, undeclared);
  const repositoryOpts = repositoryOf(bare, values);
  const properties = { ...bare.properties, repositoryOpts };
  return { ...bare, properties, delivery: "values", ...(valuesPrefix ? { valuesPrefix } : {}) };
}

/** What a values file does not say of its release. */
const undeclared: ValueMap = { namespace: UNKNOWN, name: UNKNOWN };

function nothing(name: string): Resource {
  return { ...release(name, {}, undefined), properties: {} };
}

/** The deepest place of a path in any of the files; of equals the last, because it wins. */
function nearest(files: readonly ValuesFile[], path: string): Location {
  const places = files.map(({ name, document }) => ({
    file: name,
    ...(document?.locate(path) ?? { ...start, depth: 0 }),
  }));
  const depth = Math.max(...places.map((place) => place.depth));
  const { file, line, column } = places.findLast((place) => place.depth === depth) as Location;
  return { file, line, column };
}
