import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { schemaProblems } from "../../values/chart-schema";
import type { Value, Values } from "../../values/value";
import type { Relation } from "../relations";

const example = '{"hub": {"activeServerLimit": 50}}';

const value: z.ZodType<Value> = z.lazy(() =>
  z.union(
    [
      z.string(),
      z.number(),
      z.boolean(),
      z.null(),
      z.custom<pulumi.Output<string>>((each) => pulumi.Output.isInstance(each)),
      z.array(value),
      values,
    ],
    "expected what YAML can say: text (which may be an output), a number, true, false, null, a list or an object",
  ),
);
const values: z.ZodType<Values> = z.record(z.string(), value, `expected an object, for example ${example}`);

/**
 * Values of the chart that no setting speaks of. They are merged last, as Helm does: maps merge, everything else replaces,
 * and null takes a default away. The chart's schema checks them, the posture names them, and the gate judges them.
 */
export const extraValues = values.default({});

export const extraValuesRelations: readonly Relation[] = [
  {
    path: ["extraValues"],
    broken: ({ extraValues, hub } = {}) => {
      if (extraValues === undefined || hub?.chartVersion === undefined) return;
      if (Object.keys(extraValues).length === 0) return;
      const problems = schemaProblems(hub.chartVersion, extraValues as Values);
      return (
        problems.length > 0 &&
        `expected values that the schema of the chart accepts, for example ${example}; it refuses ${problems.join("; ")}`
      );
    },
  },
];
