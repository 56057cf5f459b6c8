import { Validator } from "@cfworker/json-schema";
import { mergeHelmValues } from "../../chart/helm-merge";
import { chartDefaults, chartSchema, defaultChartVersion } from "../../chart/releases";
import type { ValueMap } from "../../chart/values";
import { type Values, withPlaceholders } from "./value";

/**
 * Checks values against the chart's own schema, which Helm would do only in the middle of a deployment.
 * @returns what the schema refuses, each with its path; empty if nothing.
 */
export function schemaProblems(chartVersion: string, values: Values): string[] {
  // A release newer than this library is held against the newest schema that is known.
  const schema = chartSchema(chartVersion) ?? chartSchema(defaultChartVersion);
  if (schema === undefined) throw new Error(`The schema of chart ${defaultChartVersion} is missing`);
  const given = withPlaceholders(values) as ValueMap;
  const effective = mergeHelmValues(chartDefaults(chartVersion).values, given);
  const { valid, errors } = new Validator(schema, "7", false).validate(effective);
  if (valid) return [];
  // The validator reports a fault at every level on the way to it: the deepest says what it is.
  const isDeepest = (location: string) => !errors.some((other) => other.instanceLocation.startsWith(`${location}/`));
  return errors
    .filter(({ instanceLocation }) => isDeepest(instanceLocation))
    .map(({ instanceLocation, error }) => `${pathOf(instanceLocation)}: ${wordsOf(error)}`);
}

function pathOf(location: string): string {
  return location.slice(2).replaceAll("/", ".") || "the values";
}

/** The validator says what is allowed nowhere in its own terms. */
function wordsOf(error: string): string {
  return error === "False boolean schema." ? "The chart knows no such value." : error;
}
