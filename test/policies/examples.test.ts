import { describe, expect, test } from "vitest";
import { controls } from "../../policies/controls";
import { type Configuration, judge } from "../../policies/evaluate";
import type { Delivery, Resource } from "../../policies/evidence/resource";
import type { Example } from "../../policies/example";
import { type Case, describeControl, hub, resource, worstOf } from "./support";

/** The stack that an example stands for: its resources, then its hub. */
function stackOf(example: Example): Resource[] {
  const made = new Map<string, Resource>();
  for (const { type, name = "other", properties, sources = {} } of example.resources ?? []) {
    const from = Object.fromEntries(
      Object.entries(sources).map(([property, names]) => [property, names.flatMap((each) => made.get(each) ?? [])]),
    );
    made.set(made.has(name) ? `${name}-${made.size}` : name, resource(type, name, properties, from));
  }
  const sources = (example.valuesFrom ?? []).flatMap((name) => made.get(name) ?? []);
  const release = { ...(example.version ? { version: example.version } : {}), ...example.release };
  if (example.values === undefined) return [...made.values()];
  return [...made.values(), { ...hub(example.values, release, { values: sources }), delivery: example.delivery }];
}

/** CrossGuard sees such a hub as the objects that were rendered; here its resource says it. */
function isRendered(delivery: Delivery | undefined): boolean {
  return delivery !== undefined && delivery !== "release";
}

for (const control of controls) {
  if (!control.examples) continue;
  describeControl(
    control,
    control.examples
      .filter(({ delivery }) => !isRendered(delivery))
      .map(
        (example): Case => [
          example.title,
          example.verdict,
          stackOf(example),
          (example.configuration ?? {}) as Configuration,
        ],
      ),
  );
}

describe("hubs that a chart or somebody else rendered", () => {
  const cases = controls.flatMap((control) =>
    (control.examples ?? [])
      .filter(({ delivery }) => isRendered(delivery))
      .map((example) => [control.name, example.title, example.verdict, control, example] as const),
  );
  test.each(cases)("%s: %s: %s", (_name, _title, verdict, control, example) => {
    const judgements = judge(stackOf(example), example.configuration as Configuration | undefined, [control]);
    expect(worstOf(judgements.map((judgement) => judgement.verdict))).toBe(verdict);
  });
});

describe.each(controls.filter(({ examples }) => examples).map((control) => [control.name, control] as const))(
  "examples of %s",
  (_name, { examples = [] }) => {
    test("show every verdict", () => {
      expect(new Set(examples.map(({ verdict }) => verdict))).toEqual(
        new Set(["pass", "fail", "unknown", "notApplicable"]),
      );
    });
    test("have titles of their own", () => {
      expect(new Set(examples.map(({ title }) => title)).size).toBe(examples.length);
    });
  },
);
