/** What the API server says of single kinds ("Kubernetes API reference", v1.35). Messages never repeat what a Secret holds. */
import { Address4 } from "ip-address";
import type { Problem } from "../resource-type";
import { containsUnknown, isProperties, isUnknown, type Properties, type Value, valueAt, valuesAt } from "../wire";

type Check = (inputs: Properties) => Problem[];

const problem = (property: string, reason: string): Problem => ({ property, reason });
const entries = (value: Value | undefined) => Object.entries(isProperties(value) ? value : {});

/** A check that every value of a map is text: whoever writes true there means "true". */
function texts(path: string): Check {
  return (inputs) =>
    entries(valueAt(inputs, path))
      .filter(([, value]) => !isUnknown(value) && typeof value !== "string")
      .map(([key, value]) => problem(`${path}["${key}"]`, `expected type string, got ${typeof value}`));
}

/** A check that what is given is one of these. */
function oneOf(path: string, allowed: readonly string[]): Check {
  return (inputs) =>
    valuesAt(inputs, path)
      .filter((value) => !allowed.includes(String(value)))
      .map((value) =>
        problem(
          path,
          `Unsupported value: "${String(value)}": supported values: ${allowed.map((each) => `"${each}"`).join(", ")}`,
        ),
      );
}

const keys: Check = (inputs) =>
  ["data", "stringData", "binaryData"].flatMap((part) =>
    entries(inputs[part])
      .filter(([key]) => !/^[-._a-zA-Z0-9]{1,253}$/.test(key))
      .map(([key]) =>
        problem(`${part}["${key}"]`, "a valid config key must consist of alphanumeric characters, '-', '_' or '.'"),
      ),
  );

const base64 = /^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

const encoded: Check = ({ data }) =>
  entries(data)
    .filter(([, value]) => typeof value === "string" && !isUnknown(value) && !base64.test(value))
    .map(([key]) => problem(`data["${key}"]`, "illegal base64 data"));

/** What Secrets of a type have to hold. */
const demanded: Readonly<Record<string, readonly string[]>> = {
  "kubernetes.io/tls": ["tls.crt", "tls.key"],
  "kubernetes.io/dockerconfigjson": [".dockerconfigjson"],
  "kubernetes.io/ssh-auth": ["ssh-privatekey"],
};

const complete: Check = ({ type, data, stringData }) => {
  if (isUnknown(data) || isUnknown(stringData)) return [];
  const given = [...entries(data), ...entries(stringData)].map(([key]) => key);
  return (demanded[String(type)] ?? [])
    .filter((key) => !given.includes(key))
    .map((key) => problem(`data["${key}"]`, "Required value"));
};

const loginOfRegistries: Check = ({ type, data, stringData }) => {
  if (type !== "kubernetes.io/dockerconfigjson") return [];
  const read = [
    ...entries(stringData),
    ...entries(data).map(([key, value]) => [key, Buffer.from(String(value), "base64").toString()] as const),
  ].filter(([key, value]) => key === ".dockerconfigjson" && !isUnknown(value));
  return read
    .filter(([, value]) => !isJsonObject(String(value)))
    .map(([key]) =>
      problem(`data["${key}"]`, 'Invalid value: "<secret contents redacted>": invalid character in JSON'),
    );
};

function isJsonObject(text: string): boolean {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed);
  } catch {
    return false;
  }
}

/** A range and what is left out of it. */
const ranges: Check = (inputs) =>
  ["spec.ingress.*.from.*.ipBlock", "spec.egress.*.to.*.ipBlock"].flatMap((path) =>
    (valuesAt(inputs, path).filter((block) => !containsUnknown(block)) as Properties[]).flatMap(({ cidr, except }) => {
      const whole = String(cidr);
      if (whole.includes(":")) return [];
      if (!isRange(whole)) return [problem(`${path}.cidr`, `Invalid value: "${whole}": must be a valid CIDR value`)];
      return [except ?? []]
        .flat()
        .map(String)
        .filter((part) => !isRange(part) || !new Address4(part).isInSubnet(new Address4(whole)) || part === whole)
        .map((part) => problem(`${path}.except`, `Invalid value: "${part}": must be a strict subset of cidr`));
    }),
  );

const isRange = (text: string): boolean => /\/\d+$/.test(text) && Address4.isValid(text);

const verbs: Check = ({ rules }) =>
  (valuesAt({ rules: rules ?? null }, "rules.*") as Properties[]).flatMap(
    ({ verbs: given, resources, apiGroups }, index) => [
      ...([given ?? []].flat().length > 0
        ? []
        : [problem(`rules[${index}].verbs`, "Required value: verbs must contain at least one value")]),
      ...(resources !== undefined && apiGroups === undefined
        ? [problem(`rules[${index}].apiGroups`, "Required value: resource rules must supply at least one api group")]
        : []),
    ],
  );

const subjects: Check = ({ subjects: given }) =>
  (valuesAt({ given: given ?? null }, "given.*") as Properties[]).flatMap(({ kind, namespace }, index) =>
    kind === "ServiceAccount" && !namespace ? [problem(`subjects[${index}].namespace`, "Required value")] : [],
  );

const workload: Check = (inputs) => {
  const labels = valueAt(inputs, "spec.template.metadata.labels");
  const selector = valueAt(inputs, "spec.selector.matchLabels");
  const containers = valuesAt(inputs, "spec.template.spec.containers.*") as Properties[];
  if (containsUnknown(inputs)) return [];
  const strays = entries(selector).filter(([key, value]) => !isProperties(labels) || labels[key] !== value);
  return [
    ...(strays.length > 0
      ? [problem("spec.template.metadata.labels", "`selector` does not match template `labels`")]
      : []),
    ...(containers.length === 0 ? [problem("spec.template.spec.containers", "Required value")] : []),
    ...containers.flatMap(({ name, image }, index) => [
      ...(name ? [] : [problem(`spec.template.spec.containers[${index}].name`, "Required value")]),
      ...(image ? [] : [problem(`spec.template.spec.containers[${index}].image`, "Required value")]),
    ]),
  ];
};

const checks: Readonly<Record<string, readonly Check[]>> = {
  "core/v1:Secret": [keys, encoded, complete, loginOfRegistries, texts("stringData")],
  "core/v1:ConfigMap": [keys, texts("data")],
  "core/v1:Service": [oneOf("spec.type", ["ClusterIP", "NodePort", "LoadBalancer", "ExternalName"])],
  "storage.k8s.io/v1:StorageClass": [
    texts("parameters"),
    oneOf("reclaimPolicy", ["Delete", "Retain"]),
    oneOf("volumeBindingMode", ["Immediate", "WaitForFirstConsumer"]),
  ],
  "networking.k8s.io/v1:NetworkPolicy": [ranges, oneOf("spec.policyTypes.*", ["Ingress", "Egress"])],
  "rbac.authorization.k8s.io/v1:Role": [verbs],
  "rbac.authorization.k8s.io/v1:ClusterRole": [verbs],
  "rbac.authorization.k8s.io/v1:RoleBinding": [subjects, oneOf("roleRef.kind", ["Role", "ClusterRole"])],
  "rbac.authorization.k8s.io/v1:ClusterRoleBinding": [subjects, oneOf("roleRef.kind", ["ClusterRole"])],
  "apps/v1:Deployment": [workload],
  "apps/v1:DaemonSet": [workload],
  "apps/v1:StatefulSet": [workload],
};

/** What is wrong with an object of a kind, by `GROUP/VERSION:KIND`. */
export const kindProblems = (kind: string, inputs: Properties): Problem[] =>
  [texts("metadata.annotations"), ...(checks[kind] ?? [])].flatMap((check) => check(inputs));
