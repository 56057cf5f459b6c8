import { all, any, not, type Truth } from "../../chart/three-valued";
import { at, type Found, isList, isMap, own, UNKNOWN, type Value } from "../../chart/values";
import { egressAdmits } from "./egress";
import type { Hub } from "./hub";
import type { Resource, Stack } from "./resource";
import { chartLabels, type UserPod } from "./user-pods";

const policyTypes = [
  "kubernetes:networking.k8s.io/v1:NetworkPolicy",
  "kubernetes:networking.k8s.io/v1:NetworkPolicyPatch",
  "kubernetes:extensions/v1beta1:NetworkPolicy",
];

export function networkPoliciesIn(stack: Stack): readonly Resource[] {
  return stack.ofType(...policyTypes);
}

/** A NetworkPolicy of the stack that lets the user pod out to the address. Policies add up: one is enough. */
export function policyAdmitting(stack: Stack, pod: UserPod, address: string, port: number): [Truth, Resource?] {
  let result: [Truth, Resource?] = [false];
  for (const policy of networkPoliciesIn(stack)) {
    const spec = own(policy.properties, "spec");
    const admits = all([
      selects(policy, pod),
      governs("Egress", own(spec, "policyTypes")),
      egressAdmits(own(spec, "egress"), address, port),
    ]);
    if (admits === true) return [true, policy];
    if (admits === UNKNOWN) result = [UNKNOWN, policy];
  }
  return result;
}

/** Rules of a direction that a policy does not list among its types are ignored. */
function governs(direction: "Egress" | "Ingress", types: Found): Truth {
  if (!isList(types)) return types === UNKNOWN ? UNKNOWN : true;
  return types.length === 0 || any(types.map((type) => (type === UNKNOWN ? UNKNOWN : type === direction)));
}

function selects(policy: Resource, pod: UserPod): Truth {
  return all([
    sameNamespace(at(policy.properties, "metadata.namespace"), pod.hub.namespace),
    fits(at(policy.properties, "spec.podSelector"), (key) => labelOf(pod, key)),
  ]);
}

/** Whether a selector of pods fits a user pod. */
export function fitsUserPod(selector: Found, pod: UserPod): Truth {
  return fits(selector, (key) => labelOf(pod, key));
}

/** NetworkPolicies of the stack that govern what comes to one of the chart's own components. */
export function ingressPoliciesOn(stack: Stack, hub: Hub, component: string): { policy: Resource; holds: Truth }[] {
  return networkPoliciesIn(stack).flatMap((policy) => {
    const spec = own(policy.properties, "spec");
    const holds = all([
      sameNamespace(at(policy.properties, "metadata.namespace"), hub.namespace),
      fits(own(spec, "podSelector"), (key) => labelOfComponent(hub, component, key)),
      governs("Ingress", own(spec, "policyTypes")),
    ]);
    return holds === false ? [] : [{ policy, holds }];
  });
}

/** Whether a selector fits what has the given labels. Without conditions it fits everything. */
function fits(selector: Found, label: (key: string) => Found): Truth {
  if (selector === UNKNOWN) return UNKNOWN;
  const labels = own(selector, "matchLabels");
  const expressions = own(selector, "matchExpressions");
  return all([
    labels === UNKNOWN
      ? UNKNOWN
      : all(Object.entries(isMap(labels) ? labels : {}).map(([key, value]) => equals(label(key), value))),
    expressions === UNKNOWN
      ? UNKNOWN
      : all((isList(expressions) ? expressions : []).map((item) => satisfies(item, label))),
  ]);
}

function sameNamespace(policy: Found, hub: Found): Truth {
  if (typeof policy !== "string" || typeof hub !== "string") return UNKNOWN;
  return policy === hub;
}

/** A label of user pods; undefined when they do not carry it, unknown when its value is made at run time. */
function labelOf(pod: UserPod, key: string): Found {
  const ofChart = labelOfComponent(pod.hub, "singleuser-server", key);
  if (ofChart !== undefined && ofChart !== UNKNOWN) return ofChart;
  // What gives access to other pods comes to user pods from settings only.
  const made = key.startsWith("hub.jupyter.org/network-access-") ? undefined : ofChart;
  return own(pod.setting("extra_labels").value, key) ?? made;
}

/** A label that the chart gives to pods of one of its components. */
function labelOfComponent(hub: Hub, component: string, key: string): Found {
  if (key === "component" || key === "app.kubernetes.io/component") return component;
  const { app, release } = chartLabels(hub);
  if (key === "app" || key === "app.kubernetes.io/name") return app;
  if (key === "release" || key === "app.kubernetes.io/instance") return release;
  return /^(hub\.jupyter\.org|app\.kubernetes\.io|helm\.sh)\/|^(chart|heritage)$/.test(key) ? UNKNOWN : undefined;
}

function equals(label: Found, value: Found): Truth {
  return label === UNKNOWN || value === UNKNOWN ? UNKNOWN : label === value;
}

function satisfies(expression: Value, labelOf: (key: string) => Found): Truth {
  const key = own(expression, "key");
  const values = own(expression, "values");
  if (typeof key !== "string" || values === UNKNOWN) return UNKNOWN;
  const label = labelOf(key);
  const isOneOf = any((isList(values) ? values : []).map((value) => equals(label, value)));
  switch (own(expression, "operator")) {
    case "In":
      return isOneOf;
    case "NotIn":
      return not(isOneOf);
    case "Exists":
      return label === UNKNOWN ? UNKNOWN : label !== undefined;
    case "DoesNotExist":
      return label === UNKNOWN ? UNKNOWN : label === undefined;
    default:
      return UNKNOWN;
  }
}
