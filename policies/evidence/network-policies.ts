import { all, any, not, type Truth } from "../../chart/three-valued";
import { at, type Found, isList, isMap, own, UNKNOWN, type Value } from "../../chart/values";
import { egressAdmits } from "./egress";
import type { Resource, Stack } from "./resource";
import { chartLabels, type UserPod } from "./user-pods";

const policyTypes = [
  "kubernetes:networking.k8s.io/v1:NetworkPolicy",
  "kubernetes:networking.k8s.io/v1:NetworkPolicyPatch",
  "kubernetes:extensions/v1beta1:NetworkPolicy",
];

/** A NetworkPolicy of the stack that lets the user pod out to the address. Policies add up: one is enough. */
export function policyAdmitting(stack: Stack, pod: UserPod, address: string, port: number): [Truth, Resource?] {
  let result: [Truth, Resource?] = [false];
  for (const policy of stack.ofType(...policyTypes)) {
    const spec = own(policy.properties, "spec");
    const admits = all([
      selects(policy, pod),
      governsEgress(own(spec, "policyTypes")),
      egressAdmits(own(spec, "egress"), address, port),
    ]);
    if (admits === true) return [true, policy];
    if (admits === UNKNOWN) result = [UNKNOWN, policy];
  }
  return result;
}

/** Egress rules of a policy that lists its types without Egress are ignored. */
function governsEgress(types: Found): Truth {
  if (!isList(types)) return types === UNKNOWN ? UNKNOWN : true;
  return types.length === 0 || any(types.map((type) => (type === UNKNOWN ? UNKNOWN : type === "Egress")));
}

function selects(policy: Resource, pod: UserPod): Truth {
  const spec = own(policy.properties, "spec");
  if (spec === UNKNOWN) return UNKNOWN;
  const selector = own(spec, "podSelector");
  if (selector === UNKNOWN) return UNKNOWN;
  const labels = own(selector, "matchLabels");
  const expressions = own(selector, "matchExpressions");
  return all([
    sameNamespace(at(policy.properties, "metadata.namespace"), pod.hub.namespace),
    labels === UNKNOWN
      ? UNKNOWN
      : all(Object.entries(isMap(labels) ? labels : {}).map(([key, value]) => carries(pod, key, value))),
    expressions === UNKNOWN
      ? UNKNOWN
      : all((isList(expressions) ? expressions : []).map((item) => satisfies(pod, item))),
  ]);
}

function sameNamespace(policy: Found, hub: Found): Truth {
  if (typeof policy !== "string" || typeof hub !== "string") return UNKNOWN;
  return policy === hub;
}

/** A label of user pods; undefined when they do not carry it, unknown when its value is made at run time. */
function labelOf(pod: UserPod, key: string): Found {
  if (key === "component" || key === "app.kubernetes.io/component") return "singleuser-server";
  const { app, release } = chartLabels(pod.hub);
  if (key === "app" || key === "app.kubernetes.io/name") return app;
  if (key === "release" || key === "app.kubernetes.io/instance") return release;
  const extra = own(pod.setting("extra_labels").value, key);
  if (extra !== undefined) return extra;
  return /^(hub\.jupyter\.org|app\.kubernetes\.io|helm\.sh)\/|^(chart|heritage)$/.test(key) ? UNKNOWN : undefined;
}

function carries(pod: UserPod, key: string, value: Found): Truth {
  const label = labelOf(pod, key);
  return label === UNKNOWN || value === UNKNOWN ? UNKNOWN : label === value;
}

function satisfies(pod: UserPod, expression: Value): Truth {
  const key = own(expression, "key");
  const values = own(expression, "values");
  if (typeof key !== "string" || values === UNKNOWN) return UNKNOWN;
  const label = labelOf(pod, key);
  const isOneOf = any((isList(values) ? values : []).map((value) => carries(pod, key, value)));
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
