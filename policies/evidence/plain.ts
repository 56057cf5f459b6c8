import { UNKNOWN, type Value, type ValueMap } from "../../chart/values";

/**
 * What the engine's protocol puts in the place of values that are not known yet, one per type. Sources: @pulumi/policy,
 * proxy.ts; sdk/go/common/resource/plugin/rpc.go of Pulumi.
 */
const sentinels = [
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
];
const sentinelLength = 36;
/** Stands for a secret that nobody could decrypt, whatever its type. */
const hiddenSecret = "[secret]";

/**
 * A resource's properties as plain data with {@link UNKNOWN} leaves. CrossGuard hands them out behind a proxy that throws when
 * an unknown is read; property descriptors give the raw value instead. A text in which an unknown was pasted is unknown, too.
 */
export function plainProperties(properties: object): ValueMap {
  return mapOf(properties);
}

function mapOf(source: object): ValueMap {
  return Object.fromEntries(Object.keys(source).map((key) => [key, plain(raw(source, key))]));
}

function plain(value: unknown): Value {
  switch (typeof value) {
    case "string":
      return isUnknown(value) ? UNKNOWN : value;
    case "boolean":
    case "number":
      return value;
    case "object":
      if (value === null) return null;
      if (Array.isArray(value)) return Array.from(value, (_, index) => plain(raw(value, String(index))));
      return isPlainMap(value) ? mapOf(value) : UNKNOWN;
    default:
      return value === undefined ? null : UNKNOWN;
  }
}

function raw(source: object, key: string): unknown {
  return Object.getOwnPropertyDescriptor(source, key)?.value;
}

function isUnknown(text: string): boolean {
  if (text === hiddenSecret) return true;
  return text.length >= sentinelLength && sentinels.some((sentinel) => text.includes(sentinel));
}

/** Assets, archives and references to other resources are objects of a class: nothing to read in them. */
function isPlainMap(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
