import { at, type Found, isList, isMap, own, type Value, type ValueMap } from "../../chart/values";
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
  const namespace = releaseNamespace(objects) ?? "default";
  const places = new Map<string, Position>();
  const resources = objects.map(({ object, position }) => {
    const plain = resourceOf(object, namespace);
    if (!places.has(plain.urn)) places.set(plain.urn, position);
    return releaseOf(plain, "manifests") ?? plain;
  });
  const subjects = oneHubEach(resources).map(({ hub, resources }) => {
    const locate = (_path: string | null, urn: string) => ({ file: source.name, ...(places.get(urn) ?? start) });
    const problem = isUnreadable(hub)
      ? new InputError(source.name, "holds a hub's Secret whose values.yaml cannot be read", places.get(hub?.urn ?? ""))
      : undefined;
    return { kind: "manifests" as const, chartVersion: versionOf(hub), resources, problem, locate };
  });
  return { subjects, assumedVersion: false };
}

/** Rendered objects need not say their namespace; the hub's Secret does. */
function releaseNamespace(objects: readonly Manifest[]): string | undefined {
  for (const { object } of objects) {
    const hub = releaseOf(resourceOf(object, "default"), "manifests");
    if (hub) return textOf(at(hub.properties, "namespace"));
  }
  return undefined;
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
