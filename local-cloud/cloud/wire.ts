/**
 * Property values as Pulumi's engine writes them on the wire: JSON, in which secrets, resource references, outputs and assets
 * are objects with a signature, and unknown values are reserved strings ("Pulumi, provider protocol").
 */
export type Value = null | boolean | number | string | Value[] | Properties;
export interface Properties {
  [name: string]: Value;
}

const signatureKey = "4dabf18193072939515e22adb298388d";
const signatures = {
  secret: "1b47061264138c4ac30d75fd1eb44270",
  reference: "5cf8f73096256a8f31e491e813e4eb8e",
  output: "d0e6a833031e9bbcd3f4e8bde6ca49a4",
  asset: "c44067f5952c0a294b673a41bacd8c17",
} as const;
type Signature = keyof typeof signatures;

/** Stands for a value that is known only after the deployment. */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const unknowns = new Set<Value>([
  unknown,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7", // a boolean
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421", // a number
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2", // an array
  "030794c1-ac77-496b-92df-f27374a8bd58", // an asset
  "e48ece36-62e2-4504-bad9-02848725956a", // an archive
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff", // an object
]);

export const isUnknown = (value: Value | undefined): boolean => value !== undefined && unknowns.has(value);

export function isProperties(value: Value | undefined): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSigned(value: Value | undefined, signature: Signature): value is Properties {
  return isProperties(value) && value[signatureKey] === signatures[signature];
}

export const isSecret = (value: Value | undefined): value is Properties => isSigned(value, "secret");
export const isAsset = (value: Value | undefined): value is Properties => isSigned(value, "asset");

/** Marks a value as secret; what is secret already stays as it is. */
export function secret(value: Value): Value {
  return isSecret(value) ? value : { [signatureKey]: signatures.secret, value };
}

/** A reference to another resource, as components return it. */
export function reference(urn: string, id: Value): Properties {
  return { [signatureKey]: signatures.reference, urn, id: isUnknown(id) ? "" : id, packageVersion: "" };
}

/** A reference to a component, which has no id. */
export const componentReference = (urn: string): Properties => ({
  [signatureKey]: signatures.reference,
  urn,
  packageVersion: "",
});

function mapChildren(value: Value, change: (child: Value) => Value): Value {
  if (Array.isArray(value)) return value.map(change);
  if (!isProperties(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, change(child)]));
}

/** The value without its secret marks, at every depth. */
export function reveal(value: Value): Value {
  if (isSecret(value)) return reveal(value.value ?? null);
  return mapChildren(value, reveal);
}

export const revealAll = (properties: Properties): Properties => reveal(properties) as Properties;

/** Resource references become ids and outputs their values: what providers of custom resources are expected to see. */
export function resolveReferences(value: Value): Value {
  if (isSigned(value, "reference")) {
    if (!("id" in value)) return value.urn ?? null;
    return value.id === "" ? unknown : (value.id ?? null);
  }
  if (isSigned(value, "output")) {
    const inner = "value" in value ? resolveReferences(value.value ?? null) : unknown;
    return value.secret === true ? secret(inner) : inner;
  }
  return mapChildren(value, resolveReferences);
}

function anyInside(value: Value, test: (value: Value) => boolean): boolean {
  if (test(value)) return true;
  if (Array.isArray(value)) return value.some((child) => anyInside(child, test));
  return isProperties(value) && Object.values(value).some((child) => anyInside(child, test));
}

export const containsUnknown = (value: Value): boolean => anyInside(value, isUnknown);
export const containsSecret = (value: Value): boolean => anyInside(value, isSecret);

/** Computes with wire values: unknown in, unknown out; secret in, secret out. */
export function lift(values: Value[], compute: (...plain: Value[]) => Value): Value {
  const result = containsUnknown(values) ? unknown : compute(...values.map(reveal));
  return containsSecret(values) ? secret(result) : result;
}

/** The value at a dotted path, looking into secrets; undefined where the path leads nowhere. */
export function valueAt(value: Value | undefined, path: string): Value | undefined {
  let current = value;
  for (const step of path.split(".")) {
    const open = isSecret(current) ? current.value : current;
    if (isUnknown(open)) return open;
    if (Array.isArray(open)) current = open[Number(step)];
    else if (isProperties(open)) current = open[step];
    else return undefined;
  }
  return current;
}

/** All values that a path with `*` for "each element" leads to, without what is unknown. */
export function valuesAt(value: Value | undefined, path: string): Value[] {
  const [step, ...rest] = path === "" ? [] : path.split(".");
  if (value === undefined || value === null || isUnknown(value)) return [];
  if (step === undefined) return [value];
  const open = isSecret(value) ? (value.value ?? null) : value;
  const children = step === "*" ? (Array.isArray(open) ? open : []) : [isProperties(open) ? open[step] : undefined];
  return children.flatMap((child) => valuesAt(child, rest.join(".")));
}

/** A copy with the value at a dotted path replaced; secrets on the way stay secret. */
export function withValueAt(properties: Properties, path: string, value: Value): Properties {
  const open = properties.value;
  if (isSecret(properties) && isProperties(open)) return { ...properties, value: withValueAt(open, path, value) };
  const [first = "", ...rest] = path.split(".");
  if (rest.length === 0) return { ...properties, [first]: value };
  const child = properties[first] ?? {};
  return isProperties(child) ? { ...properties, [first]: withValueAt(child, rest.join("."), value) } : properties;
}
