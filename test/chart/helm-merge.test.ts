import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { deletesDefault, mergeHelmValues, stripNulls } from "../../chart/helm-merge";
import { at, UNKNOWN, type Value, type ValueMap } from "../../chart/values";

describe("values over defaults, as Helm lays them", () => {
  const cases: [string, ValueMap, ValueMap, ValueMap][] = [
    ["maps merge", { a: { b: 1, c: 2 } }, { a: { c: 3, d: 4 } }, { a: { b: 1, c: 3, d: 4 } }],
    ["lists replace", { a: [1, 2] }, { a: [3] }, { a: [3] }],
    ["null deletes the default", { a: { b: 1, c: 2 } }, { a: { b: null } }, { a: { c: 2 } }],
    ["null without default is gone, too", {}, { a: { b: null } }, { a: {} }],
    ["a scalar replaces a map", { a: { b: 1 } }, { a: "x" }, { a: "x" }],
    ["a map replaces a scalar", { a: "x" }, { a: { b: 1 } }, { a: { b: 1 } }],
    ["nulls inside of lists stay", { a: [] }, { a: [{ b: null }] }, { a: [{ b: null }] }],
    ["an unknown branch stays unknown", { a: { b: 1 } }, { a: UNKNOWN }, { a: UNKNOWN }],
    [
      "an unknown leaf leaves its neighbours",
      { a: { b: 1, c: 2 } },
      { a: { b: UNKNOWN } },
      { a: { b: UNKNOWN, c: 2 } },
    ],
  ];
  test.each(cases)("%s", (_title, defaults, given, expected) => {
    expect(mergeHelmValues(defaults, given)).toEqual(expected);
  });

  test("a key called __proto__ is a key like any other", () => {
    const merged = mergeHelmValues({}, JSON.parse('{"__proto__": {"polluted": true}}'));
    expect(Object.hasOwn(merged, "__proto__")).toBe(true);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(at(merged, "polluted")).toBeUndefined();
  });

  test("merging nothing changes nothing, and merging twice is merging once", () => {
    fc.assert(
      fc.property(jsonMap, jsonMap, (defaults, given) => {
        expect(mergeHelmValues(defaults, {})).toEqual(defaults);
        const once = mergeHelmValues(defaults, given);
        expect(mergeHelmValues(once, given)).toEqual(once);
      }),
    );
  });
});

const jsonMap = fc.dictionary(fc.string(), fc.jsonValue()).map((map) => map as ValueMap);

test.each<[string, ValueMap, Value, boolean]>([
  ["a default that is there", { a: { b: 1 } }, { a: { b: null } }, true],
  ["a default that is null itself", { a: null }, { a: null }, false],
  ["a key without default", {}, { a: null }, false],
  ["a value", { a: 1 }, { a: 2 }, false],
])("whether a null deletes %s", (_title, defaults, given, expected) => {
  expect(deletesDefault(defaults, given)).toBe(expected);
});

test("stripping nulls keeps everything else", () => {
  expect(stripNulls({ a: null, b: { c: null, d: 1 }, e: [null] })).toEqual({ b: { d: 1 }, e: [null] });
});
