import { randomUUID } from "node:crypto";
import { type Cloud, type CloudObject, keyOf } from "../cloud";
import { type Problem, type ProviderConfig, Refusal, type ResourceType, refuse, type Subject } from "../resource-type";
import { isProperties, isUnknown, type Properties, reveal, secret, valueAt, withValueAt } from "../wire";
import { clusterOf } from "./cluster";
import { kindProblems } from "./kind-checks";
import { type Kind, kinds } from "./kinds";

const namespaceType = "kubernetes:core/v1:Namespace";
const systemNamespaces = ["default", "kube-node-lease", "kube-public", "kube-system"];

/** Scope of a cluster's objects; clusters that cannot be reached have none. */
export const scopeOf = (_inputs: Properties, config: ProviderConfig, cloud: Cloud): string =>
  clusterOf(config, cloud).key;

export function namespaceExists(cloud: Cloud, scope: string, name: string): boolean {
  return systemNamespaces.includes(name) || cloud.get(namespaceType, scope, name) !== undefined;
}

const metadataOf = (inputs: Properties): Properties => {
  const metadata = reveal(inputs.metadata ?? {});
  return isProperties(metadata) ? metadata : {};
};

const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const subdomain = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;
const rbacName = /^[^/%]+$/;
const labelValue = /^([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?$/;

const podSecurityLevels = ["privileged", "baseline", "restricted"];

function nameProblems(token: string, name: string): Problem[] {
  const strict = ["core/v1:Namespace", "core/v1:Service"].some((kind) => token.endsWith(kind));
  const pattern = token.includes("rbac.authorization") ? rbacName : strict ? label : subdomain;
  if (isUnknown(name) || pattern.test(name)) return [];
  const rule = strict
    ? "a lowercase RFC 1123 label: lower case letters, digits or '-', at most 63"
    : "a lowercase RFC 1123 subdomain: lower case letters, digits, '-' or '.'";
  return [{ property: "metadata.name", reason: `Invalid value: "${name}": must be ${rule}` }];
}

function labelProblems(token: string, labels: Properties): Problem[] {
  return Object.entries(labels).flatMap(([key, value]): Problem[] => {
    if (isUnknown(value)) return [];
    const property = `metadata.labels["${key}"]`;
    if (typeof value !== "string") return [{ property, reason: `expected type string, got ${typeof value}` }];
    if (!labelValue.test(value))
      return [
        { property, reason: `Invalid value: "${value}": a valid label is at most 63 letters, digits, '-', '_' or '.'` },
      ];
    const mode = /^pod-security\.kubernetes\.io\/(enforce|audit|warn)(-version)?$/.exec(key);
    if (token !== namespaceType || mode === null) return [];
    const fine = mode[2] ? /^(latest|v1\.\d+)$/.test(value) : podSecurityLevels.includes(value);
    const expected = mode[2] ? "latest or a version such as v1.35" : podSecurityLevels.join(", ");
    return fine ? [] : [{ property, reason: `Invalid value: "${value}": must be one of ${expected}` }];
  });
}

const autonamed = "pulumi.com/autonamed";

/** The provider sends objects complete: API version, kind, name and namespace. */
function complete(token: string, kind: Kind): NonNullable<ResourceType["normalize"]> {
  const [groupVersion = "", name = ""] = token.slice("kubernetes:".length).split(":");
  return (given, { urn, olds, config, seed }) => {
    const apiVersion = groupVersion === "core/v1" ? "v1" : groupVersion;
    let inputs: Properties = { ...given, apiVersion, kind: name };
    if (isUnknown(inputs.metadata)) return inputs;
    if (valueAt(inputs, "metadata.name") === undefined && valueAt(inputs, "metadata.generateName") === undefined) {
      const annotations = valueAt(olds, "metadata.annotations");
      const kept =
        isProperties(annotations) && annotations[autonamed] === "true" ? valueAt(olds, "metadata.name") : undefined;
      const logical = urn.slice(urn.lastIndexOf("::") + 2);
      inputs = withValueAt(inputs, "metadata.name", kept ?? `${logical}-${seed.toString("hex").slice(0, 8)}`);
      const others = valueAt(inputs, "metadata.annotations");
      inputs = withValueAt(inputs, "metadata.annotations", {
        ...(isProperties(others) ? others : {}),
        [autonamed]: "true",
      });
    }
    if (!kind.clusterWide && valueAt(inputs, "metadata.namespace") === undefined) {
      inputs = withValueAt(inputs, "metadata.namespace", config.namespace ?? "default");
    }
    for (const property of kind.secret ?? []) {
      const value = inputs[property];
      if (value !== undefined) inputs = { ...inputs, [property]: secret(value) };
    }
    return inputs;
  };
}

function checkObject(token: string, kind: Kind): NonNullable<ResourceType["check"]> {
  return (inputs) => {
    const metadata = metadataOf(inputs);
    const missing = (kind.required ?? []).filter((path) => (valueAt(inputs, path) ?? null) === null);
    return [
      ...missing.map((property) => ({ property, reason: "Required value" })),
      ...(typeof metadata.name === "string" ? nameProblems(token, metadata.name) : []),
      ...(isProperties(metadata.labels) ? labelProblems(token, metadata.labels) : []),
      ...kindProblems(token.slice("kubernetes:".length), inputs),
    ];
  };
}

function idOf(kind: Kind) {
  return ({ inputs }: Pick<Subject, "inputs">): string => {
    const { name, namespace } = metadataOf(inputs);
    return kind.clusterWide ? String(name) : `${namespace}/${name}`;
  };
}

function admitObject(kind: Kind) {
  return ({ inputs, cloud, scope }: Subject): void => {
    const namespace = metadataOf(inputs).namespace;
    if (kind.clusterWide || typeof namespace !== "string" || namespaceExists(cloud, scope, namespace)) return;
    refuse("NotFound", `namespaces "${namespace}" not found`);
  };
}

function objectType(token: string, kind: Kind): ResourceType {
  const identify = idOf(kind);
  const nameAlone = (id: string) => id.slice(id.indexOf("/") + 1);
  return {
    id: identify,
    scope: scopeOf,
    normalize: complete(token, kind),
    check: checkObject(token, kind),
    admit: admitObject(kind),
    chosenName: (inputs) => {
      const { annotations } = metadataOf(inputs);
      return isProperties(annotations) && annotations[autonamed] === "true" ? undefined : identify({ inputs });
    },
    replaceOn: ["metadata.name", "metadata.namespace", ...(kind.immutable ?? [])],
    computed: {
      "metadata.uid": () => randomUUID(),
      "metadata.creationTimestamp": () => new Date().toISOString(),
      "metadata.resourceVersion": ({ before }) =>
        String(Number(valueAt(before, "metadata.resourceVersion") ?? 1000) + 1),
      "metadata.generation": () => 1,
      ...(token === namespaceType && { status: () => ({ phase: "Active" }) }),
      ...(token === "kubernetes:core/v1:Service" && { status: serviceStatus }),
    },
    changing: ["metadata.resourceVersion"],
    missing: (id) => new Refusal("NotFound", `${kind.plural} "${nameAlone(id)}" not found`),
    exists: (id) => new Refusal("AlreadyExists", `${kind.plural} "${nameAlone(id)}" already exists`),
    describe: (operation, subject, refusal) =>
      `resource ${subject} was not successfully ${operation}d by the Kubernetes API server: ${refusal.message}`,
    ...(token === namespaceType && { release: emptyNamespace }),
  };
}

/** A namespace takes everything in it along. */
function emptyNamespace(namespace: CloudObject, cloud: Cloud): void {
  for (const object of cloud.all()) {
    if (object.scope === namespace.scope && object.id.startsWith(`${namespace.id}/`)) cloud.remove(keyOf(object));
  }
}

function serviceStatus({ inputs, id }: Subject): Properties {
  if (valueAt(inputs, "spec.type") !== "LoadBalancer") return { loadBalancer: {} };
  const name = Buffer.from(id).toString("hex").slice(0, 32);
  return { loadBalancer: { ingress: [{ hostname: `${name}.elb.amazonaws.com` }] } };
}

const types = new Map(
  Object.entries(kinds).map(([name, kind]) => [`kubernetes:${name}`, objectType(`kubernetes:${name}`, kind)]),
);

/** The type of an ordinary Kubernetes object; undefined for kinds that no server here knows. */
export const objectTypeOf = (token: string): ResourceType | undefined => types.get(token);
