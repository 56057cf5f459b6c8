import * as pulumi from "@pulumi/pulumi";
import { closest, distance } from "fastest-levenshtein";
import type { z } from "zod";

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** Settings that were refused: one message with every problem, and no stack trace, because the program is not at fault. */
export class SettingsError extends pulumi.RunError {
  constructor(readonly problems: readonly string[]) {
    super(`The settings were refused; nothing was registered.\n${problems.map((each) => `  - ${each}`).join("\n")}`);
  }
}

/** Puts an issue into words: path, what was found, what is expected. What lies below a hidden key is never shown. */
export function describe(issue: Issue, schema: z.core.$ZodType, isHidden: (path: Path) => boolean): string[] {
  if (issue.code === "unrecognized_keys") {
    const known = keysAt(schema, issue.path);
    return issue.keys.map((key) => `${dotted([...issue.path, key])} is not a setting${suggestion(key, known)}`);
  }
  const path = dotted(issue.path);
  if (isMissing(issue)) return [`${path} is missing: ${expectation(issue)}`];
  if (issue.code === "custom" && issue.params?.secret) return [`${path} is plain text: ${issue.message}`];
  return [`${path} is ${isHidden(issue.path) ? "(hidden)" : found(foundIn(issue))}: ${expectation(issue)}`];
}

/** A discriminated union reports the object around the value that did not fit. */
function foundIn(issue: Issue): unknown {
  const { input } = issue;
  if (issue.code !== "invalid_union" || typeof input !== "object" || input === null) return input;
  return (input as Record<PropertyKey, unknown>)[issue.path.at(-1) ?? ""];
}

function isMissing(issue: Issue): boolean {
  return foundIn(issue) === undefined;
}

function expectation(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type":
      return `expected ${typeNames[issue.expected] ?? issue.expected}`;
    case "invalid_value":
      return `expected ${oneOf(issue.values)}`;
    case "invalid_union":
      return `expected ${oneOf((issue as { options?: unknown[] }).options ?? [])}`;
    case "too_small":
      return issue.message.startsWith("Too small") ? `expected at least ${issue.minimum}` : issue.message;
    case "too_big":
      return issue.message.startsWith("Too big") ? `expected at most ${issue.maximum}` : issue.message;
    default:
      return issue.message;
  }
}

const typeNames: Record<string, string> = {
  int: "a whole number",
  number: "a number",
  string: "text",
  boolean: "true or false",
  object: "an object",
  array: "a list",
  record: "an object",
};

function oneOf(values: readonly unknown[]): string {
  return values.length === 1 ? String(values[0]) : `one of ${values.join(", ")}`;
}

function found(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object" && value !== null) return "an object";
  return JSON.stringify(value) ?? String(value);
}

function dotted(path: Path): string {
  const text = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`)).join("");
  return text.startsWith(".") ? text.slice(1) : text;
}

/** The nearest known name where a slip of the finger explains the given one, else all of them. */
export function suggestion(key: string, known: readonly string[]): string {
  if (known.length === 0) return "";
  const nearest = closest(key.toLowerCase(), [...known]);
  return distance(key.toLowerCase(), nearest.toLowerCase()) <= Math.max(2, key.length / 3)
    ? `: did you mean ${nearest}?`
    : `; there are ${known.join(", ")}`;
}

/** The names a schema knows at a path, looking through defaults, refinements and the members of unions. */
function keysAt(schema: z.core.$ZodType, path: Path): string[] {
  const def = (schema as z.core.$ZodTypes)._zod.def;
  switch (def.type) {
    case "default":
    case "prefault":
    case "optional":
      return keysAt(def.innerType, path);
    case "union":
      return [...new Set(def.options.flatMap((option) => keysAt(option, path)))];
    case "array":
      return keysAt(def.element, path.slice(1));
    case "object": {
      const [key, ...rest] = path;
      if (key === undefined) return Object.keys(def.shape);
      const member = def.shape[String(key)];
      return member ? keysAt(member, rest) : [];
    }
    default:
      return [];
  }
}
