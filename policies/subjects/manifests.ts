import { at, type Found, isList, isMap, own, type Value, type ValueMap } from "../../chart/values";
import { releaseOf } from "../evidence/hub-secret";
import type { Resource } from "../evidence/resource";
import { InputError, type Position, type Source, start } from "./input-error";
import { oneHubEach, type Reading, versionOf } from "./subject";
import { readYaml, type YamlDocument } from "./yaml";

/**
 * The hubs in rendered Kubernetes manifests, with everything beside them. A hub's Secret tells the values that it runs with.
 *
 * @throws InputError when a document is no Kubernetes object
 */
export function readManifests(source: Source): Reading {
  const objects = readYaml(source).flatMap((document) => objectsIn(document.value, document, source.name));
  const namespace = releaseNamespace(objects) ?? "default";
  const places = new Map<Resource, Position>();
  const resources = objects.map(({ object, position }) => {
    const plain = resourceOf(object, namespace);
    const resource = releaseOf(plain, "manifests") ?? plain;
    places.set(resource, position);
    return resource;
  });
  const subjects = oneHubEach(resources).map(({ hub, resources }) => ({
    kind: "manifests" as const,
    chartVersion: versionOf(hub),
    resources,
    locate: () => ({ file: source.name, ...((hub && places.get(hub)) ?? start) }),
  }));
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

function objectsIn(value: Value, document: YamlDocument, file: string): Manifest[] {
  const { position } = document;
  if (!isManifest(value)) {
    throw new InputError(file, "is no Kubernetes object: apiVersion and kind are missing", position);
  }
  const items = own(value, "items");
  const isBundle = String(value.kind).endsWith("List") && isList(items);
  return isBundle ? items.flatMap((item) => objectsIn(item, document, file)) : [{ object: value, position }];
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
