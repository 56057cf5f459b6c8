import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  isTree,
  join,
  leafPaths,
  overlay,
  type Value,
  type Values,
  withPlaceholders,
} from "../../../components/values/value";

const key = fc.constantFrom("a", "b", "c", "d");
const leaf = fc.oneof(
  fc.string(),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.array(fc.string(), { maxLength: 2 }),
  fc.constant(pulumi.secret("later")),
) as fc.Arbitrary<Value>;
const { tree } = fc.letrec<{ tree: Values; value: Value }>((tie) => ({
  tree: fc.dictionary(key, tie("value"), { maxKeys: 3, noNullPrototype: true }) as fc.Arbitrary<Values>,
  value: fc.oneof({ depthSize: "small" }, leaf, tie("tree")),
}));

/** Every place that holds a value: leaves, and empty trees. */
function leaves(values: Values, path: readonly string[] = []): Map<string, Value> {
  return new Map(
    Object.entries(values).flatMap(([name, value]) =>
      isTree(value) && Object.keys(value).length > 0
        ? [...leaves(value, [...path, name])]
        : [[[...path, name].join("."), value] as const],
    ),
  );
}

/** Splits a tree in two, leaf by leaf. */
function split(values: Values, toLeft: (path: string) => boolean): [Values, Values] {
  const sides: [Values, Values] = [{}, {}];
  for (const [path, value] of leaves(values)) {
    const keys = path.split(".");
    const last = keys.pop() as string;
    const holder = keys.reduce<Values>(
      (side, name) => {
        side[name] ??= {};
        return side[name] as Values;
      },
      sides[toLeft(path) ? 0 : 1],
    );
    holder[last] = value;
  }
  return sides;
}

test("joining the parts of a tree gives the tree, however it was split", () =>
  fc.assert(
    fc.property(tree, fc.func(fc.boolean()), (whole, toLeft) => {
      expect(join(...split(whole, toLeft))).toEqual(join(whole));
    }),
  ));

test("a leaf with two homes is refused, also when both say the same", () =>
  fc.assert(
    fc.property(
      tree.filter((values) => [...leaves(values).values()].some((value) => !isTree(value))),
      fc.nat(),
      leaf,
      (values, number, other) => {
        const paths = [...leaves(values)].filter(([, value]) => !isTree(value)).map(([path]) => path);
        const path = paths[number % paths.length] as string;
        const second = path.split(".").reduceRight<Value>((below, name) => ({ [name]: below }), other) as Values;
        const first = split(values, (each) => each === path)[0];
        expect(() => join(first, second)).toThrow(`set ${path.split(".").at(-1)}`);
        expect(() => join(values, first)).toThrow(/Two parts of the chart's values set/);
      },
    ),
  ));

test("a tree and a leaf in the same place are refused, and lists are leaves", () => {
  expect(() => join({ hub: { db: "sqlite" } }, { hub: { db: { type: "sqlite" } } })).toThrow("set db");
  expect(() => join({ hub: { keys: ["a"] } }, { hub: { keys: ["b"] } })).toThrow("set keys");
  expect(() => join({ hub: { token: pulumi.secret("a") } }, { hub: { token: { b: 1 } } })).toThrow("set token");
});

test("joining leaves its parts as they were", () => {
  const parts: Values[] = [{ hub: { a: 1 } }, { hub: { b: 2 } }];
  join(...parts);
  expect(parts).toEqual([{ hub: { a: 1 } }, { hub: { b: 2 } }]);
});

test("a placeholder stands for each output, wherever it is, and for nothing else", () => {
  const values: Values = {
    a: pulumi.secret("s"),
    b: [pulumi.output("t"), "u", { c: pulumi.secret("v") }],
    d: { e: null, f: false, g: 0 },
  };
  expect(withPlaceholders(values)).toEqual({
    a: "known-later",
    b: ["known-later", "u", { c: "known-later" }],
    d: { e: null, f: false, g: 0 },
  });
});

// "Helm, Values files": the right-most file wins; a null in it deletes the key, the chart's own default included.
describe("values laid over others", () => {
  const below: Values = { hub: { a: 1, list: [1, 2], tree: { b: true } }, cull: { every: 600 } };
  test.each<[what: string, above: Values, expected: Values]>([
    ["nothing", {}, below],
    ["a new leaf beside others", { hub: { c: "x" } }, { ...below, hub: { ...(below.hub as Values), c: "x" } }],
    ["a list replaces a list", { hub: { list: [] } }, { ...below, hub: { ...(below.hub as Values), list: [] } }],
    ["a leaf replaces a tree", { cull: 7 }, { ...below, cull: 7 }],
    ["a tree replaces a leaf", { hub: { a: { z: 1 } } }, { ...below, hub: { ...(below.hub as Values), a: { z: 1 } } }],
    ["a null stays, for the chart's default", { cull: { every: null } }, { ...below, cull: { every: null } }],
    ["a null for a tree", { cull: null }, { ...below, cull: null }],
    ["an empty tree changes nothing", { hub: {} }, below],
  ])("%s", (_, above, expected) => expect(overlay(below, above)).toEqual(expected));

  test("an output replaces a tree, and is replaced by one", () => {
    const output = pulumi.secret("x");
    expect(overlay({ a: { b: 1 } }, { a: output }).a).toBe(output);
    expect(overlay({ a: output }, { a: { b: 1 } })).toEqual({ a: { b: 1 } });
  });

  test("what lies below is left as it was", () => {
    overlay(below, { hub: { tree: { b: false, c: 1 } } });
    expect(below).toEqual({ hub: { a: 1, list: [1, 2], tree: { b: true } }, cull: { every: 600 } });
  });

  test("they are all there, and what they do not speak of is as before", () =>
    fc.assert(
      fc.property(tree, tree, (under, over) => {
        const laid = leaves(overlay(under, over));
        for (const [path, value] of leaves(over)) if (!isTree(value)) expect(laid.get(path)).toEqual(value);
        for (const path of laid.keys()) expect([...leaves(under).keys(), ...leaves(over).keys()]).toContain(path);
      }),
    ));

  test("they are named by their paths", () =>
    expect(leafPaths({ hub: { a: 1, b: { c: null, d: [{ e: 1 }] } }, f: pulumi.secret("x"), g: {} })).toEqual([
      "hub.a",
      "hub.b.c",
      "hub.b.d",
      "f",
      "g",
    ]));
});
