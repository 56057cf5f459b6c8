import * as pulumi from "@pulumi/pulumi";
import { closest, distance } from "fastest-levenshtein";
import type { z } from "zod";
import { exampleOf, withoutWrappers } from "./examples";

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** Settings that were refused: one message with every problem, and no stack trace, because the program is not at fault. */
export class SettingsError extends pulumi.RunError {
  constructor(readonly problems: readonly string[]) {
    super(`The settings were refused; nothing was registered.\n${problems.map((each) => `  - ${each}`).join("\n")}`);
  }
}

/**
 * Puts an issue into words: path, what was found, what is expected. A value that may be secret is never shown.
 * @param schema of the whole input.
 */
export function describe(
  issue: Issue,
  schema: z.core.$ZodType,
  input: unknown,
  isHidden: (path: Path) => boolean,
): string[] {
  const at = schemaAt(schema, input, issue.path);
  if (issue.code === "unrecognized_keys") {
    const variants = variantsAt(schema, input, issue.path);
    return issue.keys.map((key) => {
      const path = dotted([...issue.path, key]);
      return `${path} is not a setting${ofAnother(key, issue.path, variants) ?? suggestion(key, keysOf(at))}`;
    });
  }
  const path = dotted(issue.path);
  // An example of the whole would be a program.
  const expected = expectation(issue, issue.path.length > 0 ? at : undefined);
  const value = foundIn(issue);
  if (value === undefined) return [`${path} is missing: ${expected}`];
  if (issue.code === "custom" && issue.params?.secret) return [`${path} is plain text: ${expected}`];
  return [`${path} is ${found(value, isHidden(issue.path))}: ${expected}`];
}

/** A discriminated union reports the object around the value that did not fit. */
function foundIn(issue: Issue): unknown {
  const { input } = issue;
  if (issue.code !== "invalid_union" || typeof input !== "object" || input === null) return input;
  return (input as Record<PropertyKey, unknown>)[issue.path.at(-1) ?? ""];
}

function expectation(issue: Issue, schema: z.core.$ZodType | undefined): string {
  // What the schema says in its own words, and what relations say, is complete; the validator's words know no unit.
  if (issue.code === "custom" && issue.params?.relation) return issue.message;
  if (!/^(Invalid|Too|Unrecognized)\b/.test(issue.message)) return withExample(issue.message, schema);
  switch (issue.code) {
    case "invalid_type":
      return withExample(`expected ${typeNames[issue.expected] ?? issue.expected}`, schema);
    case "invalid_value":
      return `expected ${oneOf(issue.values)}`;
    case "invalid_union":
      // A discriminator that may be left out has undefined among its values.
      return `expected ${oneOf(((issue as { options?: unknown[] }).options ?? []).filter((option) => option !== undefined))}`;
    case "invalid_key":
      return issue.issues.map(({ message }) => message).join("; ");
    case "too_small":
      return withExample(`expected at least ${issue.minimum}${units[issue.origin] ?? ""}`, schema);
    case "too_big":
      return withExample(`expected at most ${issue.maximum}${units[issue.origin] ?? ""}`, schema);
    default:
      return issue.message;
  }
}

/** The words, and an example that works where they neither show one nor say what else to do. */
function withExample(words: string, schema: z.core.$ZodType | undefined): string {
  const example = /for example|[`;]/.test(words) ? undefined : exampleOf(schema);
  if (example === undefined) return words;
  const shown = typeof example === "object" ? JSON.stringify(example) : String(example);
  return words.includes(`"${shown}"`) ? words : `${words}, for example ${shown}`;
}

const units: Record<string, string> = { string: " characters", array: " items" };

const typeNames: Record<string, string> = {
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

function found(value: unknown, isHidden: boolean): string {
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object" && value !== null) return "an object";
  if (isHidden) return "(hidden)";
  if (typeof value === "string" && mayHoldSecret(value)) return sizeOf(value);
  return JSON.stringify(value) ?? String(value);
}

/** A file that was put where it does not belong could be a key, whatever became of its lines; an address can hold a password. */
function mayHoldSecret(text: string): boolean {
  return text.includes("\n") || text.length > 256 || /PRIVATE KEY|:\/\/[^/@]*:[^/@]*@/.test(text);
}

function sizeOf(text: string): string {
  const lines = text.trim().split("\n").length;
  return lines > 1 ? `a text of ${lines} lines` : `a text of ${text.length} characters`;
}

function dotted(path: Path): string {
  if (path.length === 0) return "the whole configuration";
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

/** What a setting belongs to, if it is one of another variant. */
function ofAnother(key: string, path: Path, variants: Variants | undefined): string | undefined {
  const others = variants?.all.filter(({ keys }) => keys.includes(key)).map(({ name }) => name) ?? [];
  if (variants?.chosen === undefined || others.length === 0) return undefined;
  const discriminator = dotted([...path, variants.discriminator]);
  return ` of ${discriminator} ${variants.chosen}, but of ${others.join(", ")}: leave it out, or choose another ${discriminator}`;
}

/** The names a schema knows. */
function keysOf(schema: z.core.$ZodType | undefined): string[] {
  const def = schema && (withoutWrappers(schema) as z.core.$ZodTypes)._zod.def;
  return def?.type === "object" ? Object.keys(def.shape) : [];
}

/** The schema of what lies at a path of the input: that of the chosen variant where there are several. */
function schemaAt(schema: z.core.$ZodType, input: unknown, path: Path): z.core.$ZodType | undefined {
  const place = placeAt(schema, input, path);
  if (place === undefined) return undefined;
  const variant = variantFor(place.input, withoutWrappers(place.schema)) as z.core.$ZodTypes;
  // Not the variant: a default, which is an example, lies in what is wrapped around it.
  return variant._zod.def.type === "object" ? variant : place.schema;
}

interface Place {
  readonly schema: z.core.$ZodType;
  readonly input: unknown;
}

/** What lies at a path, with the schema for it as it was written. */
function placeAt(schema: z.core.$ZodType, input: unknown, [key, ...rest]: Path): Place | undefined {
  if (key === undefined) return { schema, input };
  const { def } = (variantFor(input, withoutWrappers(schema)) as z.core.$ZodTypes)._zod;
  const member = def.type === "object" ? def.shape[String(key)] : def.type === "array" ? def.element : undefined;
  return member && placeAt(member, (input as Record<PropertyKey, unknown> | undefined)?.[key], rest);
}

/** What there is to choose between. */
interface Variants {
  readonly discriminator: string;
  readonly chosen: string | undefined;
  readonly all: readonly { readonly name: string; readonly keys: readonly string[] }[];
}

function variantsAt(schema: z.core.$ZodType, input: unknown, path: Path): Variants | undefined {
  const place = placeAt(schema, input, path);
  const union = place && withoutWrappers(place.schema);
  const def = (union as z.core.$ZodTypes | undefined)?._zod.def;
  if (place === undefined || union === undefined || def?.type !== "union" || !("discriminator" in def))
    return undefined;
  const { discriminator, options } = def as z.core.$ZodDiscriminatedUnionDef;
  // A discriminator that may be left out has undefined among its values.
  const nameOf = (option: z.core.$ZodType) =>
    [...(option._zod.propValues?.[discriminator] ?? [])].filter((value) => value !== undefined).join(", ");
  const chosen = variantFor(place.input, union);
  return {
    discriminator,
    chosen: chosen === union ? undefined : nameOf(chosen),
    all: options.map((option) => ({ name: nameOf(option), keys: keysOf(option) })),
  };
}

function variantFor(input: unknown, schema: z.core.$ZodType): z.core.$ZodType {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if (def.type !== "union") return schema;
  const { discriminator } = def as z.core.$ZodDiscriminatedUnionDef;
  const chosen = (input as Record<string, unknown> | undefined)?.[discriminator];
  const fits = (option: z.core.$ZodType) =>
    option._zod.propValues?.[discriminator]?.has(chosen as z.core.util.Primitive) === true;
  return def.options.find(fits) ?? schema;
}
