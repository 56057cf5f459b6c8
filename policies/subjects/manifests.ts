import { at, type Found, isList, isMap, own, scalarText, type Value, type ValueMap } from "../../chart/values";
import { releaseOf } from "../evidence/hub-secret";
import type { Resource } from "../evidence/resource";
import { InputError, type Position, type Source, start } from "./input-error";
import { isUnreadable, oneHubEach, type Reading, versionOf } from "./subject";
import { readYaml, type YamlDocument } from "./yaml";

/**
 * The hubs in rendered Kubernetes manifests, with everything beside them. A hub's Secret tells the values that it runs with.
 *
 * @throws InputError when there is no Kubernetes object, or something else
 */
export function readManifests(source: Source): Reading {
  const objects = readYaml(source).flatMap((document) => objectsIn(document, source.name));
  if (objects.length === 0) throw new InputError(source.name, "holds no Kubernetes object", start);
  const namespaceOf = namespacesIn(objects);
  const places = new Map<Resource, Position>();
  const found = new Map<string | Resource, Resource>();
  for (const { object, position } of objects) {
    const plain = resourceOf(object, namespaceOf(object));
    const hub = releaseOf(plain, "manifests");
    places.set(hub ?? plain, position);
    // Of two objects with one name the last is what is there in the end; every hub is judged.
    found.set(hub ?? `${plain.type} ${plain.urn}`, hub ?? plain);
  }
  const subjects = oneHubEach([...found.values()]).map(({ hub, resources }) => {
    const placeOf = (urn: string) => {
      const resource = resources.find((candidate) => candidate.urn === urn);
      return (resource && places.get(resource)) ?? start;
    };
    const locate = (_path: string | null, urn: string) => ({ file: source.name, ...placeOf(urn) });
    const problem = hub && isUnreadable(hub) ? new InputError(source.name, unreadable, placeOf(hub.urn)) : undefined;
    return { kind: "manifests" as const, chartVersion: versionOf(hub), resources, problem, locate };
  });
  return { subjects, assumedVersion: false };
}

const unreadable = "holds a hub's Secret whose values.yaml cannot be read";

/**
 * Rendered objects need not say their namespace; the Secret of their hub does. Of several hubs it is the one whose release is
 * their label, and as every hub's objects have the same names, the first of a name is the first hub's.
 */
function namespacesIn(objects: readonly Manifest[]): (object: ValueMap) => string {
  const hubs = objects.flatMap(({ object }) => {
    const hub = releaseOf(resourceOf(object, "default"), "manifests")?.properties;
    const namespace = textOf(own(hub, "namespace"));
    return namespace === undefined ? [] : [{ object, release: textOf(own(hub, "name")), namespace }];
  });
  const counts = new Map<string, number>();
  return (object) => {
    const itself = hubs.find((hub) => hub.object === object);
    if (itself) return itself.namespace;
    const labels = at(object, "metadata.labels");
    const release = own(labels, "release") ?? own(labels, "app.kubernetes.io/instance");
    const labelled = hubs.filter((hub) => hub.release !== undefined && hub.release === release);
    const candidates = labelled.length > 0 ? labelled : hubs;
    const id = `${scalarText(object.kind)} ${scalarText(release)} ${scalarText(at(object, "metadata.name"))}`;
    const count = counts.get(id) ?? 0;
    counts.set(id, count + 1);
    return candidates[Math.min(count, candidates.length - 1)]?.namespace ?? "default";
  };
}

export function isManifest(value: Found): value is ValueMap {
  return typeof own(value, "apiVersion") === "string" && typeof own(value, "kind") === "string";
}

interface Manifest {
  readonly object: ValueMap;
  readonly position: Position;
}

function objectsIn(document: YamlDocument, file: string): Manifest[] {
  const collect = (value: Value, path: string): Manifest[] => {
    const position = document.locate(path);
    if (!isManifest(value)) {
      throw new InputError(file, "is no Kubernetes object: apiVersion and kind are missing", position);
    }
    const items = own(value, "items");
    const itemKind = /^(.*)List$/.exec(String(value.kind))?.[1];
    if (itemKind === undefined || !isList(items)) return [{ object: value, position }];
    // The items of a SecretList and the like need not repeat what they are.
    const typed = itemKind === "" ? {} : { apiVersion: value.apiVersion as Value, kind: itemKind };
    const complete = (item: Value) => (isMap(item) ? { ...typed, ...item } : item);
    const prefix = path === "" ? "" : `${path}.`;
    return items.flatMap((item, index) => collect(complete(item), `${prefix}items[${index}]`));
  };
  return collect(document.value, "");
}

const clusterWide =
  /^(Cluster.*|Namespace|Node|PersistentVolume|StorageClass|CSI(Driver|Node)|CustomResourceDefinition|PriorityClass|RuntimeClass|IngressClass|APIService|(Validating|Mutating).*)$/;

/** Objects without a namespace go where the release goes, as `kubectl apply -n` does it. */
function resourceOf(object: ValueMap, defaultNamespace: string): Resource {
  const kind = String(object.kind);
  const metadata = own(object, "metadata");
  const name = textOf(own(metadata, "name")) ?? "";
  const namespace = textOf(own(metadata, "namespace")) ?? (clusterWide.test(kind) ? "" : defaultNamespace);
  return {
    type: `kubernetes:${groupVersion(String(object.apiVersion))}:${kind}`,
    name,
    urn: `${kind}/${namespace}/${name}`,
    properties: namespace === "" || !isMap(metadata) ? object : { ...object, metadata: { ...metadata, namespace } },
  };
}

function groupVersion(apiVersion: string): string {
  return apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`;
}

function textOf(value: Found): string | undefined {
  return typeof value === "string" ? value : undefined;
}
