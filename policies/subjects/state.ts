import { type Found, isList, isMap, own, type Value } from "../../chart/values";
import { withHubs } from "../evidence/hubs";
import { hubType } from "../evidence/resource";
import { fromStackExport, isSealed } from "../evidence/stack-export";
import { InputError, type Position, positionAt, positionsIn, type Source, start } from "./input-error";
import { isUnreadable, oneHubEach, type Reading, versionOf } from "./subject";
import { readYaml } from "./yaml";

/** Versions of the format that `pulumi stack export` writes: they differ in features, not in how resources are listed. */
const versions = [3, 4];
const deepest = 100;

/**
 * The hubs of an exported stack, with everything beside them.
 *
 * @throws InputError when it is none, or resources in it lack what they are judged by
 */
export function readState(source: Source): Reading {
  const exported = parseJson(source);
  checkState(exported, source);
  const places = placesOfUrns(source.text);
  const subjects = oneHubEach(withHubs(fromStackExport(exported))).map(({ hub, resources }) => {
    const locate = (_path: string | null, urn: string) => ({ file: source.name, ...places(urn) });
    const problem = hub && isUnreadable(hub) ? new InputError(source.name, unreadable, places(hub.urn)) : undefined;
    return { kind: "state" as const, chartVersion: versionOf(hub), resources, problem, locate };
  });
  return { subjects, assumedVersion: false };
}

const unreadable =
  "the hub's values cannot be read; where they are encrypted, `pulumi stack export --show-secrets` shows them";

/** Whether a text looks like a stack, exported or as a backend stores it; broken JSON does, so that its fault is told. */
export function isState(text: string): boolean {
  if (!/^\s*\{/.test(text) || !/"(deployment|checkpoint)"\s*:/.test(text)) return false;
  try {
    const parsed = JSON.parse(text);
    return isMap(own(parsed, "deployment")) || isMap(own(parsed, "checkpoint")) || own(parsed, "deployment") === null;
  } catch {
    return true;
  }
}

/** Where resources are listed: each tells its own URN before another one refers to it. */
function placesOfUrns(text: string): (urn: string) => Position {
  let places: Map<string, Position> | undefined;
  return (urn) => {
    places ??= urnsIn(text);
    return places.get(urn) ?? start;
  };
}

function urnsIn(text: string): Map<string, Position> {
  const positionOf = positionsIn(text);
  const places = new Map<string, Position>();
  for (const { 1: label = "", 2: quoted = "", index } of text.matchAll(/("urn"\s*:\s*)("(?:[^"\\]|\\.)*")/g)) {
    const urn = JSON.parse(quoted);
    if (!places.has(urn)) places.set(urn, positionOf(index + label.length));
  }
  return places;
}

function parseJson(source: Source): Value {
  const tooDeep = offsetDeeperThan(source.text, deepest);
  if (tooDeep !== undefined) {
    throw new InputError(source.name, `nested more than ${deepest} levels deep`, positionAt(source.text, tooDeep));
  }
  try {
    return JSON.parse(source.text);
  } catch {
    throw new InputError(source.name, "is not valid JSON", faultIn(source));
  }
}

/** JSON is YAML, and the YAML reader knows where it stopped. */
function faultIn(source: Source): Position {
  try {
    readYaml(source);
    return start;
  } catch (error) {
    return (error instanceof InputError && error.position) || start;
  }
}

function checkState(exported: Found, { name, text }: Source): void {
  const refuse = (reason: string, near: string) => new InputError(name, reason, placeOf(text, near));
  const how = "give it what `pulumi stack export` prints";
  if (isMap(own(exported, "checkpoint"))) throw refuse(`is a backend's own file; ${how}`, '"checkpoint"');
  if (!isMap(own(exported, "deployment")))
    throw refuse(`is no exported stack: it has no "deployment"; ${how}`, '"version"');
  const version = own(exported, "version");
  if (!versions.some((known) => known === version)) {
    const found = typeof version === "number" ? `version ${version}` : "no version";
    throw refuse(`is an exported stack of ${found}; versions ${versions.join(" and ")} are read`, '"version"');
  }
  const resources = own(own(exported, "deployment"), "resources") ?? [];
  if (!isList(resources)) throw refuse("deployment.resources is no list", '"resources"');
  for (const [index, resource] of resources.entries()) {
    const urn = own(resource, "urn");
    const type = own(resource, "type");
    if (typeof urn !== "string" || typeof type !== "string") {
      throw refuse(`deployment.resources[${index}] has no urn or no type`, '"resources"');
    }
    const inputs = own(resource, "inputs");
    const needsInputs = type === hubType && own(resource, "delete") !== true;
    if (needsInputs && (!isMap(inputs) || isSealed(inputs))) {
      throw refuse(`deployment.resources[${index}], a ${type}, has no inputs that can be read`, JSON.stringify(urn));
    }
  }
}

function placeOf(text: string, near: string): Position {
  return positionAt(text, Math.max(text.indexOf(near), 0));
}

function offsetDeeperThan(text: string, limit: number): number | undefined {
  let depth = 0;
  let quoted = false;
  for (let offset = 0; offset < text.length; offset += 1) {
    const code = text.charCodeAt(offset);
    if (quoted) {
      if (code === 0x5c) offset += 1;
      else if (code === 0x22) quoted = false;
    } else if (code === 0x22) quoted = true;
    else if (code === 0x7b || code === 0x5b) {
      depth += 1;
      if (depth > limit) return offset;
    } else if (code === 0x7d || code === 0x5d) depth -= 1;
  }
  return undefined;
}
