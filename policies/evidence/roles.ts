import { all, any, type Truth } from "../../chart/three-valued";
import { at, type Found, isList, own, UNKNOWN, type Value } from "../../chart/values";
import type { Resource, Stack } from "./resource";
import { listOf } from "./truth";

const group = "kubernetes:rbac.authorization.k8s.io";
const typesOf = (kind: string) => ["v1", "v1beta1", "v1alpha1"].map((version) => `${group}/${version}:${kind}`);

export const clusterBindingTypes: readonly string[] = [
  ...typesOf("ClusterRoleBinding"),
  ...typesOf("ClusterRoleBindingPatch"),
];
export const bindingTypes: readonly string[] = [
  ...typesOf("RoleBinding"),
  ...typesOf("RoleBindingPatch"),
  ...clusterBindingTypes,
];
const roleTypes = { Role: typesOf("Role"), ClusterRole: typesOf("ClusterRole") };

/** What a binding grants, and what is dangerous about it. */
export interface Grant {
  readonly binding: Resource;
  /** Whether it holds in the whole cluster. */
  readonly clusterWide: boolean;
  /** What it allows that nobody in a hub's namespace needs; undefined when nothing, unknown when the role is not shown. */
  readonly danger: string | typeof UNKNOWN | undefined;
  /** Whether it reads Kubernetes secrets. */
  readonly readsSecrets: Truth;
  /** Whether it makes pods, or what makes pods. */
  readonly startsPods: Truth;
}

/** ClusterRoles that every cluster has. */
const builtIn: Readonly<Record<string, string | undefined>> = {
  "cluster-admin": "everything in the cluster",
  admin: "everything in the namespace, roles included",
  edit: "pods, their commands and secrets",
  "system:masters": "everything in the cluster",
  view: undefined,
  "system:public-info-viewer": undefined,
  "system:discovery": undefined,
  "system:basic-user": undefined,
  "system:auth-delegator": undefined,
  "system:kube-scheduler": undefined,
  "system:volume-scheduler": undefined,
};

const hidden = { danger: UNKNOWN, readsSecrets: UNKNOWN, startsPods: UNKNOWN } as const;

export function grantOf(binding: Resource, stack: Stack): Grant {
  const clusterWide = clusterBindingTypes.includes(binding.type);
  const kind = at(binding.properties, "roleRef.kind");
  const name = at(binding.properties, "roleRef.name");
  if (kind === UNKNOWN || name === UNKNOWN) return { binding, clusterWide, ...hidden };
  const roles = stack
    .ofType(...(kind === "Role" ? roleTypes.Role : roleTypes.ClusterRole))
    .filter((role) => at(role.properties, "metadata.name") === name)
    .filter((role) => kind !== "Role" || inSameNamespace(role, binding));
  const role = roles[0];
  if (role) {
    const rules = rulesOf(role);
    return {
      binding,
      clusterWide,
      danger: dangerOf(rules),
      readsSecrets: readsSecrets(rules),
      startsPods: startsPods(rules),
    };
  }
  // A namespaced Role may carry any name; only ClusterRoles are known by theirs.
  if (kind === "ClusterRole" && typeof name === "string" && Object.hasOwn(builtIn, name)) {
    const broad = builtIn[name] !== undefined;
    return { binding, clusterWide, danger: builtIn[name], readsSecrets: broad, startsPods: broad };
  }
  return { binding, clusterWide, ...hidden };
}

/** The cluster itself puts together the rules of a role that aggregates others. */
function rulesOf({ properties }: Resource): Found {
  return own(properties, "aggregationRule") ? UNKNOWN : own(properties, "rules");
}

function inSameNamespace(one: Resource, other: Resource): boolean {
  const [a, b] = [at(one.properties, "metadata.namespace"), at(other.properties, "metadata.namespace")];
  return typeof a !== "string" || typeof b !== "string" || a === b;
}

/** Rights by which their holder gets all others, in words. */
const dangers: readonly { what: string; resources: RegExp; verbs: RegExp }[] = [
  { what: "all verbs on everything", resources: /^\*$/, verbs: /^\*$/ },
  {
    what: "every kind of object, secrets included",
    resources: /^\*$/,
    verbs: /^(create|update|patch|delete|get|list|watch)$/,
  },
  { what: "all verbs on pods or secrets", resources: /^(pods|secrets)(\/\*)?$/, verbs: /^\*$/ },
  { what: "more rights than it has itself", resources: /./, verbs: /^(escalate|bind|impersonate)$/ },
  {
    what: "commands in other pods",
    resources: /^(pods|\*)\/(exec|attach|portforward|ephemeralcontainers|proxy|\*)$/,
    verbs: /^(create|get|update|patch|\*)$/,
  },
  { what: "the nodes' own API", resources: /^(nodes|\*)\/(proxy|\*)$/, verbs: /./ },
  { what: "tokens of other accounts", resources: /^(serviceaccounts|\*)\/(token|\*)$/, verbs: /^(create|\*)$/ },
  {
    what: "roles and bindings",
    resources: /^(cluster)?role(binding)?s$/,
    verbs: /^(create|update|patch|\*)$/,
  },
  {
    what: "admission",
    resources: /^(mutating|validating)webhookconfigurations$/,
    verbs: /^(create|update|patch|delete|\*)$/,
  },
];

function dangerOf(rules: Found): Grant["danger"] {
  const found = dangers.map(({ what, resources, verbs }) => ({ what, holds: someRule(rules, resources, verbs) }));
  const certain = found.find(({ holds }) => holds === true);
  if (certain) return certain.what;
  return found.some(({ holds }) => holds === UNKNOWN) ? UNKNOWN : undefined;
}

function readsSecrets(rules: Found): Truth {
  return someRule(rules, /^(secrets|\*)$/, /^(get|list|watch|\*)$/);
}

function startsPods(rules: Found): Truth {
  const makers = /^(pods|deployments|statefulsets|daemonsets|replicasets|replicationcontrollers|jobs|cronjobs|\*)$/;
  return someRule(rules, makers, /^(create|update|patch|\*)$/);
}

function someRule(rules: Found, resources: RegExp, verbs: RegExp): Truth {
  if (rules === UNKNOWN) return UNKNOWN;
  return any(
    listOf(rules).map((rule) => all([names(own(rule, "resources"), resources), names(own(rule, "verbs"), verbs)])),
  );
}

function names(list: Found, pattern: RegExp): Truth {
  if (list === UNKNOWN) return UNKNOWN;
  const items: readonly Value[] = isList(list) ? list : [];
  return any(items.map((item) => (item === UNKNOWN ? UNKNOWN : typeof item === "string" && pattern.test(item))));
}

// ---- who ---------------------------------------------------------------------------------------------------------------

/** Whether a subject of a binding is a service account of the namespace, or a group with all of them in it. */
export function isInNamespace(subject: Value, namespace: Found): Truth {
  const kind = own(subject, "kind");
  const name = own(subject, "name");
  if (kind === UNKNOWN || name === UNKNOWN) return UNKNOWN;
  if (kind === "Group") {
    if (name === "system:serviceaccounts") return true;
    if (typeof name !== "string" || !name.startsWith("system:serviceaccounts:")) return false;
    return typeof namespace === "string" ? name === `system:serviceaccounts:${namespace}` : UNKNOWN;
  }
  if (kind !== "ServiceAccount") return false;
  const given = own(subject, "namespace");
  if (typeof given === "string" && typeof namespace === "string") return given === namespace;
  return typeof given === "string" && clusterNamespace.test(given) ? false : UNKNOWN;
}

/** Namespaces of the cluster's own parts: a hub whose namespace is not known yet will hardly be in one, and is told of it then. */
export const clusterNamespace = /^kube-(system|public|node-lease)$/;

/** What every cluster lets everybody know. */
export const forEverybody: readonly Found[] = ["system:public-info-viewer", "system:discovery", "system:basic-user"];

/** Whether a subject is one that needs no credentials, or that everybody with credentials is. */
export function isEverybody(subject: Value): Truth {
  if (own(subject, "kind") === "ServiceAccount") return false;
  const name = own(subject, "name");
  if (name === UNKNOWN) return UNKNOWN;
  return name === "system:anonymous" || name === "system:unauthenticated" || name === "system:authenticated";
}

export function subjectsOf(binding: Resource): readonly Value[] {
  const subjects = own(binding.properties, "subjects");
  return subjects === UNKNOWN ? [UNKNOWN] : listOf(subjects).map(withoutUserName);
}

/** Kubernetes knows a service account as a user, too: system:serviceaccount:NAMESPACE:NAME. */
function withoutUserName(subject: Value): Value {
  const user = own(subject, "name");
  if (own(subject, "kind") !== "User" || typeof user !== "string") return subject;
  const [, namespace, name] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user) ?? [];
  return namespace && name ? { kind: "ServiceAccount", namespace, name } : subject;
}
