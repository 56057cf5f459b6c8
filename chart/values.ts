/**
 * A value that exists but is not known yet, for example the ARN of a resource that a preview has not created.
 * It is no string, so no value that a program sets can be mistaken for it.
 */
export const UNKNOWN: unique symbol = Symbol.for("jupyterhub-eks.unknown");
export type Unknown = typeof UNKNOWN;

/** Plain data as Helm values and resource properties are, whose leaves (and whole branches) may be {@link UNKNOWN}. */
export type Value = null | boolean | number | string | Unknown | readonly Value[] | ValueMap;
export interface ValueMap {
  readonly [key: string]: Value;
}

/** What a look-up gives: `undefined` is "no such key". */
export type Found = Value | undefined;

export function isMap(value: Found): value is ValueMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isList(value: Found): value is readonly Value[] {
  return Array.isArray(value);
}

/** The key's own value; inherited names such as `constructor` are no keys. */
export function own(map: Found, key: string): Found {
  if (map === UNKNOWN) return UNKNOWN;
  return isMap(map) && Object.hasOwn(map, key) ? map[key] : undefined;
}

const split = new Map<string, readonly string[]>();

/** The keys of a dotted path. Programs ask for few different ones, and for those very often. */
function keysOf(path: string): readonly string[] {
  let keys = split.get(path);
  if (!keys) {
    keys = path.split(".");
    if (split.size < 1000) split.set(path, keys);
  }
  return keys;
}

/** The value at a dotted path. {@link UNKNOWN} anywhere on the way makes the result unknown. */
export function at(root: Found, path: string): Found {
  let value: Found = root;
  for (const key of keysOf(path)) {
    value = own(value, key);
    if (value === undefined || value === UNKNOWN) return value;
  }
  return value;
}

/** A single value as text, the way YAML would write it; empty for lists, maps and what is not there. */
export function scalarText(value: Found): string {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}
