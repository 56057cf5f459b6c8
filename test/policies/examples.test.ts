import { describe, expect, test } from "vitest";
import { controls } from "../../policies/controls";
import type { Configuration } from "../../policies/evaluate";
import { stackOf } from "./deliveries";
import { type Case, describeControl } from "./support";

for (const control of controls) {
  if (!control.examples) continue;
  describeControl(
    control,
    control.examples.map(
      (example): Case => [
        example.title,
        example.verdict,
        stackOf(example),
        (example.configuration ?? {}) as Configuration,
      ],
    ),
  );
}

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
