import { at, type Found, isList, isMap, own, UNKNOWN } from "../../chart/values";
import { type Child, children } from "./hub";
import { memoise } from "./resource";
import { containersOf, field } from "./user-containers";
import type { UserPod } from "./user-pods";

/** An environment variable of a container, with the path of where it is set. */
export interface Variable {
  readonly name: string;
  readonly path: string;
  /** A text, or a map with `value` or `valueFrom`. */
  readonly value: Found;
}

/** Variables of a user pod: of its own container, and of containers beside it. Unknown as a whole: one without a name. */
export const variablesOf: (pod: UserPod) => readonly Variable[] = memoise((pod) => {
  const { value, path } = pod.setting("environment");
  const beside = containersOf(pod).map(
    (container): Child => ({ path: `${container.path}.env`, value: field(container.value, "env") }),
  );
  const places: Child[] = [{ path, value }, ...beside];
  return places.flatMap((each) => variablesIn(each.value, each.path));
});

/** A map of names, unless an entry says another, as the chart and KubeSpawner take it, or a list of `{name, value}` as Kubernetes does. */
export function variablesIn(environment: Found, path: string): Variable[] {
  if (environment === UNKNOWN) return [{ name: "", path, value: UNKNOWN }];
  if (isMap(environment))
    return Object.entries(environment).map(
      ([key, value]): Variable => ({ name: nameOf(value, key), path: `${path}.${key}`, value }),
    );
  return children(environment, path).map(({ path, value }) => ({ name: nameOf(value, ""), path, value }));
}

/** The name that an entry says itself, else that of its key; none while it is not known. */
function nameOf(entry: Found, key: string): string {
  const name = isMap(entry) ? own(entry, "name") : undefined;
  return typeof name === "string" ? name : name === UNKNOWN ? "" : key;
}

/** The text of a variable; undefined when it comes from elsewhere. */
export function textOf({ value }: Variable): Found {
  return isMap(value) ? own(value, "value") : value;
}

/** The text of a variable for whom it decides something: unknown when it comes from a ConfigMap, a Secret or the pod itself. */
export function decidingTextOf(variable: Variable): Found {
  const from = isMap(variable.value) ? field(variable.value, "valueFrom") : undefined;
  return from === undefined || from === null ? textOf(variable) : UNKNOWN;
}

/** Names of Secrets that a user pod gets as files or variables, with their paths. */
export function secretsIn(pod: UserPod): Child[] {
  const ofVolumes = volumesOf(pod).flatMap(({ path, value }): Child[] => {
    if (value === UNKNOWN) return [{ path, value }];
    const secret = own(value, "secret");
    const projected = children(at(value, "projected.sources"), `${path}.projected.sources`);
    return [
      { path: `${path}.secret.secretName`, value: field(secret, "secretName") },
      ...projected.map(
        (source): Child => ({ path: `${source.path}.secret.name`, value: at(source.value, "secret.name") }),
      ),
    ];
  });
  const ofVariables = variablesOf(pod).map(
    ({ path, value }): Child => ({
      path: `${path}.valueFrom.secretKeyRef.name`,
      value: own(field(field(value, "valueFrom"), "secretKeyRef"), "name"),
    }),
  );
  const ofContainers = containersOf(pod).flatMap(({ path, value }) =>
    children(field(value, "envFrom"), `${path}.envFrom`).map(
      (source): Child => ({
        path: `${source.path}.secretRef.name`,
        value: own(field(source.value, "secretRef"), "name"),
      }),
    ),
  );
  return [...ofVolumes, ...ofVariables, ...ofContainers].filter(({ value }) => value !== undefined && value !== null);
}

/** Volumes of a user pod: those of the chart, and what KubeSpawner or a profile sets in their place or adds to them. */
export const volumesOf: (pod: UserPod) => readonly Child[] = memoise((pod) => {
  const set = pod.setting("volumes");
  const field = pod.podField("volumes");
  const chart = "singleuser.storage.extraVolumes";
  const replaces = set.path === chart || (isList(set.value) && set.path.startsWith("hub."));
  const ofChart: Child[] = replaces ? [] : [{ path: chart, value: at(pod.hub.values, chart) }];
  return [...ofChart, set, field].flatMap(({ path, value }): Child[] =>
    value === UNKNOWN ? [{ path, value }] : children(value, path),
  );
});

/** The text of a file that is given in base64. */
export function decoded(base64: Found): Found {
  return typeof base64 === "string" ? Buffer.from(base64, "base64").toString("latin1") : base64;
}
