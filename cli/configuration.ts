import { closest, distance } from "fastest-levenshtein";
import { isMap, type Value, type ValueMap } from "../chart/values";
import { covers, levels, readConfiguration } from "../policies/configuration";
import type { Control } from "../policies/control";
import { controls } from "../policies/controls";
import type { Configuration } from "../policies/evaluate";
import type { Resource } from "../policies/evidence/resource";
import { readSettings } from "../policies/settings";
import { InputError, type Source } from "../policies/subjects/input-error";
import { readYaml } from "../policies/subjects/yaml";
import { givenLevel } from "./packs";

export interface CheckedConfiguration {
  readonly configuration: Configuration;
  /** What is wrong with it, each with its place. */
  readonly problems: readonly InputError[];
}

/**
 * Reads a configuration file and checks what no pack can see: names of controls that do not exist, and everything else at once.
 *
 * @throws InputError when it is no JSON
 */
export function checkConfiguration(source: Source): CheckedConfiguration {
  const given = parse(source);
  const [document] = readYaml(source);
  const problem = (path: string, reason: string) => new InputError(source.name, reason, document?.locate(path));
  const unknown = Object.keys(given)
    .filter((key) => !known.includes(key) && key !== "$schema")
    .map((key) => problem(key, `"${key}" is no control${suggestion(key)}`));
  const problems = [
    ...unknown,
    ...(["undefined", "string"].includes(typeof given.$schema) ? [] : [problem("$schema", "$schema must be a text")]),
    ...["all", ...controls.map(({ name }) => name)].flatMap((key) => wrongLevel(given, key, problem)),
    ...settingsProblems(given).map((reason) => problem(/^[\w.]+/.exec(reason)?.[0] ?? "settings", reason)),
    ...controls.flatMap((control) => controlProblems(control, given).map((each) => problem(...each))),
  ];
  const { $schema: _forEditors, ...configuration } = given;
  return { configuration, problems: problems.sort(byPlace) };
}

const known = ["all", "settings", ...controls.map(({ name }) => name)];

function parse(source: Source): ValueMap {
  let parsed: Value;
  try {
    parsed = JSON.parse(source.text);
  } catch {
    readYaml(source);
    throw new InputError(source.name, "is not valid JSON", { line: 1, column: 1 });
  }
  if (!isMap(parsed)) throw new InputError(source.name, "is no map of controls", { line: 1, column: 1 });
  return parsed;
}

function suggestion(key: string): string {
  const nearest = closest(key, known);
  return distance(key, nearest) <= Math.max(2, key.length / 2) ? `; did you mean "${nearest}"?` : "";
}

function wrongLevel(given: ValueMap, key: string, problem: (path: string, reason: string) => InputError): InputError[] {
  const inside = key !== "all" && isMap(given[key]);
  const level = inside ? givenLevel(given, key) : given[key];
  if (level === undefined || levels.some((each) => each === level)) return [];
  const path = inside ? `${key}.enforcementLevel` : key;
  return [problem(path, `${path} must be one of ${levels.join(", ")}`)];
}

function settingsProblems(given: ValueMap): string[] {
  const { settings } = given;
  if (settings !== undefined && !isMap(settings)) return ["settings must be a map of profile and assume"];
  return readSettings(settings).problems;
}

function controlProblems(control: Control, given: ValueMap): [path: string, reason: string][] {
  return readConfiguration(control, given[control.name]).problems.map((reason) => {
    const exemption = /^exemptions\[\d+\]/.exec(reason)?.[0];
    const option = /option "([^"]+)"/.exec(reason)?.[1];
    const inner = exemption ?? option;
    return [inner === undefined ? control.name : `${control.name}.${inner}`, `${control.name}: ${reason}`];
  });
}

function byPlace(a: InputError, b: InputError): number {
  return (a.position?.line ?? 0) - (b.position?.line ?? 0) || (a.position?.column ?? 0) - (b.position?.column ?? 0);
}

/** Exemptions that match no resource although their control judged some. */
export function idleExemptions(
  checked: readonly Control[],
  configuration: Configuration,
  resources: readonly Resource[],
): string[] {
  return checked.flatMap((control) => {
    const subjects = resources.filter(({ type }) => control.types.includes(type));
    const { exemptions } = readConfiguration(control, configuration[control.name]);
    return subjects.length === 0
      ? []
      : exemptions
          .filter((exemption) => !subjects.some((subject) => covers(exemption, subject)))
          .map(
            ({ resource }) => `${control.name}: the exemption for "${resource}" matches no resource that was judged`,
          );
  });
}
