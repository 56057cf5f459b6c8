import * as pulumi from "@pulumi/pulumi";

/** A value of the chart. Outputs stand for text that is known later (secrets, for example), never for anything else. */
export type Value = string | number | boolean | null | pulumi.Output<string> | Value[] | Values;
/** A tree of values of the chart. */
export interface Values {
  [key: string]: Value;
}

/**
 * Joins trees that say different things.
 * @throws if two say something about the same leaf: each value has one home.
 */
export function join(...trees: Values[]): Values {
  const joined: Values = {};
  for (const tree of trees) {
    for (const [key, value] of Object.entries(tree)) {
      const present = joined[key];
      if (present === undefined) joined[key] = value;
      else if (isTree(present) && isTree(value)) joined[key] = join(present, value);
      else throw new Error(`Two parts of the chart's values set ${key}`);
    }
  }
  return joined;
}

/**
 * Lays values over others as Helm does with one values file after another: maps merge, everything else replaces. A null stays
 * one, because it takes the chart's own default away, too.
 */
export function overlay(below: Values, above: Values): Values {
  const laid: Values = { ...below };
  for (const [key, value] of Object.entries(above)) {
    const present = Object.hasOwn(below, key) ? below[key] : undefined;
    laid[key] = present !== undefined && isTree(present) && isTree(value) ? overlay(present, value) : value;
  }
  return laid;
}

/** Dotted paths of everything that is neither a map nor in a list. */
export function leafPaths(values: Values, prefix = ""): string[] {
  return Object.entries(values).flatMap(([key, value]) =>
    isTree(value) && Object.keys(value).length > 0 ? leafPaths(value, `${prefix}${key}.`) : [`${prefix}${key}`],
  );
}

/** The tree with a placeholder for everything that is known later: what a schema can look at before anything is deployed. */
export function withPlaceholders(value: Value): unknown {
  if (pulumi.Output.isInstance(value)) return "known-later";
  if (Array.isArray(value)) return value.map(withPlaceholders);
  if (isTree(value))
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withPlaceholders(each)]));
  return value;
}

export function isTree(value: Value): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !pulumi.Output.isInstance(value);
}
