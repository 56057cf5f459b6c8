import type { RecordedProgram, Registration } from "./recorded-program";

/** Marks of the wire format ("Pulumi engineering, resource properties"). */
const signature = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

type Tree = Record<string, unknown>;

const isTree = (value: unknown): value is Tree => typeof value === "object" && value !== null && !Array.isArray(value);

export const isSecret = (value: unknown): boolean => isTree(value) && value[signature] === secretSignature;

/** The value without its secret envelopes. */
// biome-ignore lint/suspicious/noExplicitAny: inputs of every kind are looked at
export function open(value: unknown): any {
  if (Array.isArray(value)) return value.map(open);
  if (!isTree(value)) return value;
  if (isSecret(value)) return open(value.value);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, open(each)]));
}

/** Every text that is readable without decrypting anything. */
export function readableText(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(readableText);
  if (!isTree(value) || isSecret(value)) return [];
  return Object.entries(value).flatMap(([key, each]) => [key, ...readableText(each)]);
}

export function all(
  { registrations }: Pick<RecordedProgram, "registrations">,
  type: string,
  name = "",
): Registration[] {
  return registrations.filter((each) => each.type === type && (name === "" || each.name === name));
}

/** The one registration of a type (and name). */
export function only(program: Pick<RecordedProgram, "registrations">, type: string, name = ""): Registration {
  const [found, ...others] = all(program, type, name);
  if (found === undefined || others.length > 0) {
    const present = all(program, type).map((each) => each.name);
    throw new Error(`Expected one ${type} ${name}, found ${present.length === 0 ? "none" : present.join(", ")}`);
  }
  return found;
}

/** Inputs of the one registration of a type (and name), without secret envelopes. */
// biome-ignore lint/suspicious/noExplicitAny: inputs of every kind are looked at
export function inputsOf(program: Pick<RecordedProgram, "registrations">, type: string, name = ""): any {
  return open(only(program, type, name).inputs);
}

/** Everything that the engine makes before a resource, and destroys after it: `type name`. */
export function madeBefore(program: Pick<RecordedProgram, "registrations">, from: Registration): Set<string> {
  const byUrn = new Map(program.registrations.map((each) => [each.urn, each]));
  const seen = new Set<Registration>();
  const visit = (each: Registration) => {
    const providerUrn = each.provider.slice(0, each.provider.lastIndexOf("::"));
    for (const urn of [...each.dependencies, each.parent, providerUrn]) {
      const next = byUrn.get(urn);
      if (next === undefined || seen.has(next)) continue;
      seen.add(next);
      visit(next);
    }
  };
  visit(from);
  return new Set([...seen].map(({ type, name }) => `${type} ${name}`));
}
