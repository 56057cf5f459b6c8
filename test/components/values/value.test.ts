import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import { expect, test } from "vitest";
import { isTree, join, type Value, type Values, withPlaceholders } from "../../../components/values/value";

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
