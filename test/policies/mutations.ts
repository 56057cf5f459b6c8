import { isDeepStrictEqual } from "node:util";
import { at, type Found, isList, isMap, own, type Value, type ValueMap } from "../../chart/values";
import { recognise } from "../../policies/evidence/hub";
import { valueAt } from "../../policies/evidence/nesting";
import type { Resource } from "../../policies/evidence/resource";

/** One weakness, put into a deployment that has none. */
export interface Mutation {
  readonly what: string;
  /** The control that must notice it. */
  readonly by: string;
  /** Undefined where the deployment has nothing of that kind to weaken. */
  readonly weaken: (stack: readonly Resource[]) => readonly Resource[] | undefined;
}

// ---- how a deployment is changed ---------------------------------------------------------------------------------------

export function isHub(resource: Resource): boolean {
  return recognise(resource).kind === "hub";
}

/** The value with another one at a dotted path; a key with dots in it stands in brackets, an index too. */
function withValue(value: Value | undefined, path: readonly string[], change: Value): Value {
  const [key, ...rest] = path;
  if (key === undefined) return change;
  if (isList(value)) return value.map((item, index) => (String(index) === key ? withValue(item, rest, change) : item));
  const map: ValueMap = isMap(value) ? value : {};
  return { ...map, [key]: withValue(own(map, key), rest, change) };
}

function changed(stack: readonly Resource[], fits: (resource: Resource) => boolean, path: string, change: Value) {
  const found = stack.find(fits);
  if (found === undefined || isDeepStrictEqual(valueAt(found.properties, path.split(".")), change)) return undefined;
  return stack.map((each) => (each === found ? { ...each, properties: withPath(each, path, change) } : each));
}

function withPath({ properties }: Resource, path: string, change: Value): ValueMap {
  return withValue(properties, path.split("."), change) as ValueMap;
}

/** A weakness where TLS of the hub ends so, and none elsewhere. */
export function whereTls(type: "offload" | "letsencrypt", mutation: Mutation): Mutation {
  return where((values) => at(values, "proxy.https.type") === type, mutation);
}

/** Weaknesses where people log in by this class, and none elsewhere. */
export function whereLogin(authenticatorClass: string, mutations: readonly Mutation[]): Mutation[] {
  const isSo = (values: Found) => at(values, "hub.config.JupyterHub.authenticator_class") === authenticatorClass;
  return mutations.map((mutation) => where(isSo, mutation));
}

function where(fits: (values: Found) => boolean, mutation: Mutation): Mutation {
  const isSo = (stack: readonly Resource[]) => fits(own(stack.find(isHub)?.properties, "values"));
  return { ...mutation, weaken: (stack) => (isSo(stack) ? mutation.weaken(stack) : undefined) };
}

/** Sets one of the hub's values. */
export function value(path: string, change: Value, by: string): Mutation {
  return input(`values.${path}`, change, by);
}

/** Sets an input of the hub's release. */
export function input(path: string, change: Value, by: string): Mutation {
  const what = `${path.replace(/^values\./, "")} = ${JSON.stringify(change)}`;
  return { what, by, weaken: (stack) => changed(stack, isHub, path, change) };
}

/** Sets a property of the first resource of a type that says something else there. */
export function property(type: string, path: string, change: Value, by: string): Mutation {
  const what = `${type.slice(type.lastIndexOf(":") + 1)} ${path} = ${JSON.stringify(change)}`;
  const saysElse = ({ properties }: Resource) => ![undefined, change].includes(at(properties, path) as Value);
  return { what, by, weaken: (stack) => changed(stack, (each) => each.type === type && saysElse(each), path, change) };
}

/** Puts a resource beside the hub, in its namespace. */
export function beside(what: string, type: string, properties: (namespace: Value) => ValueMap, by: string): Mutation {
  return {
    what: `beside it: ${what}`,
    by,
    weaken: (stack) => {
      const hub = stack.find(isHub);
      const namespace = hub?.properties.namespace;
      if (namespace === undefined) return undefined;
      return [...stack, { type, name: "beside", urn: `urn:beside:${what}`, properties: properties(namespace) }];
    },
  };
}

/** Takes resources away. */
export function without(what: string, fits: (resource: Resource) => boolean, by: string): Mutation {
  return {
    what: `without ${what}`,
    by,
    weaken: (stack) => (stack.some(fits) ? stack.filter((each) => !fits(each)) : undefined),
  };
}
