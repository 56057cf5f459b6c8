import { chartDefaults, chartSchema } from "../../chart/releases";
import { type Found, isList, isMap, own, UNKNOWN, type Value, type ValueMap } from "../../chart/values";

/** A value that can be no setting of the chart because a map, a list and a single value are three different things. */
export interface WrongType {
  readonly path: string;
  readonly found: Shape;
  readonly expected: string;
}

type Shape = "a map" | "a list" | "a single value";

/**
 * The first value whose shape the chart refuses. Where the chart's schema is known it decides; for other versions only a single
 * value in the place of a map or list that the chart has by default is refused. Text in the place of a boolean and the like are
 * left to the controls, which know what the templates make of it.
 */
export function wrongType(values: ValueMap, version: string): WrongType | undefined {
  const schema = chartSchema(version);
  return schema
    ? againstSchema(values, schema as ValueMap, "")
    : againstDefaults(values, chartDefaults(version).values, "");
}

function shapeOf(value: Value): Shape | undefined {
  if (value === null || value === UNKNOWN) return undefined;
  return isMap(value) ? "a map" : isList(value) ? "a list" : "a single value";
}

const shapes: Readonly<Record<string, Shape>> = { object: "a map", array: "a list" };

function againstSchema(value: Value, schema: Found, path: string): WrongType | undefined {
  const type = own(schema, "type");
  const types = (isList(type) ? type : [type]).filter((each) => typeof each === "string");
  const allowed = new Set(types.filter((each) => each !== "null").map((each) => shapes[each] ?? "a single value"));
  const found = shapeOf(value);
  if (found && allowed.size > 0 && !allowed.has(found)) return { path, found, expected: [...allowed].join(" or ") };
  if (!isMap(value)) return undefined;
  return firstOf(value, path, (item, key, at) => againstSchema(item, own(own(schema, "properties"), key), at));
}

function againstDefaults(value: Value, standard: Found, path: string): WrongType | undefined {
  const expected = standard === undefined ? undefined : shapeOf(standard);
  const found = shapeOf(value);
  if (found === "a single value" && expected !== undefined && expected !== found) return { path, found, expected };
  if (!isMap(value) || !isMap(standard)) return undefined;
  return firstOf(value, path, (item, key, at) => againstDefaults(item, own(standard, key), at));
}

function firstOf(
  values: ValueMap,
  path: string,
  check: (item: Value, key: string, path: string) => WrongType | undefined,
): WrongType | undefined {
  for (const [key, item] of Object.entries(values)) {
    const wrong = check(item, key, path === "" ? key : `${path}.${key}`);
    if (wrong) return wrong;
  }
  return undefined;
}
