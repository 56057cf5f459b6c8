import { type Found, isMap, own, UNKNOWN, type Value, type ValueMap } from "./values";

/**
 * Lays given values over a chart's defaults as Helm does: maps merge, everything else (lists too) replaces, and `null`
 * deletes the default. A branch that is not known yet stays {@link UNKNOWN} as a whole, whatever the default below it.
 *
 * @param defaults the chart's default values
 * @param given what the user sets
 * @returns new maps where something changed; untouched branches are shared with `defaults`
 */
export function mergeHelmValues(defaults: ValueMap, given: ValueMap): ValueMap {
  const entries = new Map<string, Value>(Object.entries(defaults));
  for (const [key, value] of Object.entries(given)) {
    const below: Found = own(defaults, key);
    if (value === null) entries.delete(key);
    else entries.set(key, isMap(below) && isMap(value) ? mergeHelmValues(below, value) : withoutNulls(value));
  }
  return Object.fromEntries(entries);
}

/** Deletes keys whose value is null in maps that have no default below them: templates see them as absent. */
function withoutNulls(value: Value): Value {
  return isMap(value) ? mergeHelmValues({}, value) : value;
}

/** Whether a `null` in the given values takes a default away that is not null itself. */
export function deletesDefault(defaults: Found, given: Value): boolean {
  if (given === null) return defaults !== undefined && defaults !== null;
  if (given === UNKNOWN || !isMap(given) || !isMap(defaults)) return false;
  return Object.entries(given).some(([key, value]) => deletesDefault(own(defaults, key), value));
}

/** The given values without their nulls, which is what pulumi-kubernetes before 4.30 hands to Helm. */
export function stripNulls(given: ValueMap): ValueMap {
  return Object.fromEntries(
    Object.entries(given)
      .filter(([, value]) => value !== null)
      .map(([key, value]) => [key, isMap(value) ? stripNulls(value) : value]),
  );
}
