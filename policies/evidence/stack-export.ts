import { type Found, isList, isMap, own, type ValueMap } from "../../chart/values";
import { plainProperties } from "./plain";
import type { Resource } from "./resource";

/** Marks an encrypted value in an exported stack (Pulumi, sdk/go/common/resource/sig: secret). */
const signatureKey = "4dabf18193072939515e22adb298388d";

/**
 * The resources of an exported stack, that is of the JSON that `pulumi stack export` prints. Values that are still encrypted in
 * it (it was not exported with `--show-secrets`) are unknown.
 *
 * @throws Error when it is not an exported stack
 */
export function fromStackExport(exported: Found): Resource[] {
  const deployment = own(exported, "deployment");
  const resources = own(deployment, "resources");
  if (!isMap(deployment)) throw new Error('not an exported stack: it has no "deployment"');
  const states = (isList(resources) ? resources : []).filter(isMap).filter((state) => own(state, "delete") !== true);
  const versions = new Map(states.map((state) => [text(own(state, "urn")), version(state)]));
  const names = resourceNames(states);
  return states.map((state) => {
    const urn = text(own(state, "urn"));
    const properties = plainProperties(decrypted(own(state, "inputs")));
    return {
      urn,
      type: text(own(state, "type")),
      name: urn.slice(urn.lastIndexOf("::") + 2),
      properties,
      parent: text(own(state, "parent")) || undefined,
      providerVersion: versions.get(text(own(state, "provider")).replace(/::[^:]*$/, "")),
      dependencies: texts(own(state, "dependencies")),
      propertyDependencies: links(properties, asMap(own(state, "propertyDependencies")), names),
    };
  });
}

/** Ids and ARNs by which resources of a stack name each other, with the URN of whose they are. */
function resourceNames(states: readonly ValueMap[]): ReadonlyMap<string, string> {
  return new Map(
    states.flatMap((state) => {
      const urn = text(own(state, "urn"));
      const names = [own(state, "id"), own(own(state, "outputs"), "id"), own(own(state, "outputs"), "arn")].map(text);
      return names.filter((name) => name !== "").map((name): [string, string] => [name, urn]);
    }),
  );
}

/** What the engine recorded, and what the values themselves name: a program may have written an ARN down as a text. */
function links(properties: ValueMap, recorded: ValueMap, names: ReadonlyMap<string, string>): Record<string, string[]> {
  const result: Record<string, string[]> = {};
  for (const [property, value] of Object.entries(properties)) {
    const urns = [...new Set([...texts(own(recorded, property)), ...named(value, names)])];
    if (urns.length > 0) result[property] = urns;
  }
  return result;
}

function named(value: Found, names: ReadonlyMap<string, string>): string[] {
  if (typeof value === "string") {
    const urn = names.get(value);
    return urn === undefined ? [] : [urn];
  }
  if (isList(value)) return value.flatMap((item) => named(item, names));
  return isMap(value) ? Object.values(value).flatMap((item) => named(item, names)) : [];
}

function version(provider: ValueMap): string | undefined {
  return text(own(own(provider, "inputs"), "version")) || undefined;
}

/** Opens secrets that were exported with --show-secrets and leaves a mark where they are encrypted. */
function decrypted(inputs: unknown): object {
  return JSON.parse(JSON.stringify(inputs ?? {}), (_, value) => (isSealed(value) ? opened(value) : value));
}

/** Whether a value is a secret in the form in which a stack keeps it (or an asset, whose content it does not keep). */
export function isSealed(value: unknown): value is ValueMap {
  return typeof value === "object" && value !== null && signatureKey in value;
}

function opened({ plaintext }: ValueMap): unknown {
  try {
    return typeof plaintext === "string" ? JSON.parse(plaintext) : "[secret]";
  } catch {
    return "[secret]";
  }
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

function asMap(value: unknown): ValueMap {
  return isMap(value as ValueMap) ? (value as ValueMap) : {};
}
