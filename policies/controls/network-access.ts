import { all, any, type Truth } from "../../chart/three-valued";
import { at, type Found, isMap, own, scalarText, UNKNOWN, type Value } from "../../chart/values";
import { type Context, type Control, describe, type Finding, fail, pass, undecided, unknown } from "../control";
import { isTooWide } from "../evidence/addresses";
import { children, type Hub, hubTypes, onHub, runsTraefik } from "../evidence/hub";
import { fitsUserPod, ingressPoliciesOn } from "../evidence/network-policies";
import type { Resource, Stack } from "../evidence/resource";
import { is, isGiven, isTruthy, listOf } from "../evidence/truth";
import { userPods } from "../evidence/user-pods";
import { otherChart } from "../example";

const source = "Zero to JupyterHub, Security: Kubernetes Network Policies";

/** Components whose policies open them to few, with the label of their pods. */
const pods = { hub: "hub", "proxy.chp": "proxy", singleuser: "singleuser-server" };

const accessLabel = "hub.jupyter.org/network-access-";

export const onlyLabelledPodsReachHub: Control = {
  name: "only-labelled-pods-reach-hub",
  title: "Only the pods that need it reach hub, proxy API and user servers",
  reference: ["NET-03"],
  severity: "medium",
  pack: "security",
  why: "who reaches the proxy's API or another user's server can take sessions over",
  source,
  remediation:
    'leave interNamespaceAccessLabels at ignore and allowedIngressPorts of hub and singleuser empty; give each rule under ingress a "from", and user pods no label hub.jupyter.org/network-access-proxy-api or -singleuser',
  types: hubTypes,
  scope: "stack",
  examples: [
    { title: "chart default", verdict: "pass", values: {} },
    {
      title: "one more pod may come",
      verdict: "pass",
      values: {
        hub: { networkPolicy: { ingress: [{ from: [{ podSelector: { matchLabels: { app: "monitor" } } }] }] } },
      },
    },
    {
      title: "labels of every namespace count",
      verdict: "fail",
      values: { hub: { networkPolicy: { interNamespaceAccessLabels: "accept" } } },
    },
    {
      title: "a port that is open for everybody",
      verdict: "fail",
      values: { singleuser: { networkPolicy: { allowedIngressPorts: [8888] } } },
    },
    {
      title: "a rule without from",
      verdict: "fail",
      values: { hub: { networkPolicy: { ingress: [{ ports: [{ port: 8081 }] }] } } },
    },
    {
      title: "a rule for every pod",
      verdict: "fail",
      values: { singleuser: { networkPolicy: { ingress: [{ from: [{ podSelector: {} }] }] } } },
    },
    {
      title: "user pods with the proxy's label",
      verdict: "fail",
      values: { singleuser: { extraLabels: { [`${accessLabel}proxy-api`]: "true" } } },
    },
    {
      title: "a workload with every label",
      verdict: "fail",
      values: {},
      resources: [
        {
          type: "kubernetes:apps/v1:Deployment",
          properties: {
            metadata: { name: "tool", namespace: "jhub" },
            spec: {
              template: {
                metadata: {
                  labels: {
                    [`${accessLabel}hub`]: "true",
                    [`${accessLabel}proxy-http`]: "true",
                    [`${accessLabel}proxy-api`]: "true",
                    [`${accessLabel}singleuser`]: "true",
                  },
                },
              },
            },
          },
        },
      ],
    },
    {
      title: "another policy that lets everybody in",
      verdict: "fail",
      values: {},
      resources: [
        {
          type: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
          properties: { metadata: { namespace: "jhub" }, spec: { podSelector: {}, ingress: [{}] } },
        },
      ],
    },
    {
      title: "user pods among each other",
      verdict: "fail",
      values: {
        singleuser: {
          networkPolicy: {
            ingress: [{ from: [{ podSelector: { matchLabels: { component: "singleuser-server" } } }] }],
          },
        },
      },
    },
    { title: "not known yet", verdict: "unknown", values: { hub: { networkPolicy: { ingress: UNKNOWN } } } },
    otherChart,
  ],
  evaluate: onHub((hub, context) => [
    ...["hub", "proxy.chp", "singleuser"].flatMap((component) => judgePolicy(hub, component)),
    ...(runsTraefik(hub) === false ? [] : judgePolicy(hub, "proxy.traefik")),
    ...Object.entries(pods).flatMap(([component, label]) => judgeOthers(hub, context.stack, component, label)),
    ...userLabels(hub),
    ...foreignPods(hub, context),
    pass(null, "only labelled pods"),
  ]),
};

function judgePolicy(hub: Hub, component: string): Finding[] {
  const base = `${component}.networkPolicy`;
  const policy = at(hub.values, base);
  const enabled = isTruthy(own(policy, "enabled"));
  if (enabled === false) return [];
  const findings = [
    judgeNamespaces(own(policy, "interNamespaceAccessLabels"), `${base}.interNamespaceAccessLabels`),
    ...judgePorts(own(policy, "allowedIngressPorts"), `${base}.allowedIngressPorts`, component),
    ...judgeRules(hub, own(policy, "ingress"), `${base}.ingress`, component),
  ];
  return enabled === true ? findings : findings.map(undecided);
}

/** Policies add up: what another one of the stack lets in comes in, whatever the chart's own says. */
function judgeOthers(hub: Hub, stack: Stack, component: string, label: string): Finding[] {
  return ingressPoliciesOn(stack, hub, label).flatMap(({ policy, holds }) => {
    const rules = judgeRules(hub, at(policy.properties, "spec.ingress"), "spec.ingress", component);
    const findings = rules.map(({ path: _, ...finding }): Finding => {
      const found = `the NetworkPolicy ${policy.name} with ${finding.found}`;
      return { ...finding, path: `${component}.networkPolicy`, found };
    });
    return holds === true ? findings : findings.map(undecided);
  });
}

function judgeNamespaces(value: Found, path: string): Finding {
  if (value === UNKNOWN) return unknown(path, describe(value), "ignore");
  return value === "accept"
    ? fail(path, "accept, so that pods of any namespace count", "ignore")
    : pass(path, "ignore");
}

/** Ports on which the proxy serves users: they are open for everybody by design. */
const publicPort = /^(http|https|80|443|8000|8443)$/;

function isPublicPort(component: string, port: Found): Truth {
  if (port === UNKNOWN) return UNKNOWN;
  return component.startsWith("proxy.") && publicPort.test(scalarText(port));
}

function judgePorts(ports: Found, path: string, component: string): Finding[] {
  const expected = component.startsWith("proxy.") ? "http and https alone" : "an empty list";
  if (ports === UNKNOWN) return [unknown(path, describe(ports), expected)];
  const open = all(listOf(ports).map((port) => isPublicPort(component, port)));
  if (open === UNKNOWN) return [unknown(path, describe(UNKNOWN), expected)];
  return open ? [] : [fail(path, "a port that is open for every pod", expected)];
}

function judgeRules(hub: Hub, rules: Found, path: string, component: string): Finding[] {
  const expected = "a rule that says from where";
  if (rules === UNKNOWN) return [unknown(path, describe(rules), expected)];
  return children(rules, path).flatMap((rule) => {
    if (rule.value === UNKNOWN) return [unknown(rule.path, describe(UNKNOWN), expected)];
    const from = own(rule.value, "from");
    const ports = own(rule.value, "ports");
    const forUsers = all(listOf(ports).map((port) => isPublicPort(component, own(port, "port"))));
    if (listOf(ports).length > 0 && forUsers === true) return [];
    if (from === UNKNOWN) return [unknown(`${rule.path}.from`, describe(from), expected)];
    if (listOf(from).length === 0)
      return [fail(`${rule.path}.from`, `${describe(from)}, which means everybody`, expected)];
    const wide = listOf(from).some((peer) => {
      const cidr = at(peer, "ipBlock.cidr");
      return typeof cidr === "string" && isTooWide(cidr);
    });
    if (wide) return [fail(`${rule.path}.from`, "a network as wide as the internet", expected)];
    if (listOf(from).some(isEveryPod))
      return [fail(`${rule.path}.from`, "a selector that fits every pod, users' pods too", expected)];
    const users = component === "hub" ? false : any(listOf(from).map((peer) => isUserPod(hub, peer)));
    if (users === true)
      return [fail(`${rule.path}.from`, "a selector that fits user pods", "no user pods, which the proxy serves")];
    return users === UNKNOWN || listOf(from).includes(UNKNOWN)
      ? [unknown(`${rule.path}.from`, describe(UNKNOWN), expected)]
      : [];
  });
}

/** Empty selectors select everything. */
function isEveryPod(peer: Value): boolean {
  const both: readonly Found[] = [own(peer, "podSelector"), own(peer, "namespaceSelector")];
  const selectors = both.filter(isMap);
  return selectors.length > 0 && selectors.every((selector) => !selectsSome(selector));
}

/** Peers of another namespace are others' pods. */
function isUserPod(hub: Hub, peer: Value): Truth {
  const [pod] = userPods(hub);
  const selector = own(peer, "podSelector");
  if (!pod || !isMap(selector) || isGiven(own(peer, "namespaceSelector")) !== false) return false;
  return fitsUserPod(selector, pod);
}

function selectsSome(selector: Found): boolean {
  return isGiven(own(selector, "matchLabels")) !== false || isGiven(own(selector, "matchExpressions")) !== false;
}

function userLabels(hub: Hub): Finding[] {
  return userPods(hub).flatMap((pod) => {
    const { value, path } = pod.setting("extra_labels");
    const expected = "no label that opens the proxy's API or other users' servers";
    if (value === UNKNOWN) return [unknown(path, describe(value), expected)];
    return ["proxy-api", "singleuser"].flatMap((name) => {
      const label = own(value, `${accessLabel}${name}`);
      const set = label === UNKNOWN ? UNKNOWN : scalarText(label) === "true";
      const where = `${path}["${accessLabel}${name}"]`;
      if (set === UNKNOWN) return [unknown(where, describe(UNKNOWN), expected)];
      return set ? [fail(where, "a label that opens what no user may reach", expected)] : [];
    });
  });
}

const workloads = /^kubernetes:(apps|batch|core)\/v1:(Deployment|StatefulSet|DaemonSet|ReplicaSet|Job|CronJob|Pod)$/;

/** Where the labels of the pods stand that a workload makes. */
function podLabels({ type, properties }: Resource): Found {
  if (type.endsWith(":Pod")) return at(properties, "metadata.labels");
  return at(properties, `spec.${type.endsWith(":CronJob") ? "jobTemplate.spec." : ""}template.metadata.labels`);
}

/** The chart's own pods carry three of the labels at most. */
function foreignPods(hub: Hub, { stack }: Context): Finding[] {
  return stack.resources
    .filter(({ type }) => workloads.test(type))
    .filter(({ properties }) => is(at(properties, "metadata.namespace"), hub.namespace) !== false)
    .flatMap((workload) => {
      const { name } = workload;
      const labels = podLabels(workload);
      const names = ["hub", "proxy-http", "proxy-api", "singleuser"];
      const every = names.every((label) => own(labels, `${accessLabel}${label}`) === "true");
      return every
        ? [
            fail(
              "hub.networkPolicy",
              `${name}, which carries every label that gives access`,
              "only the labels that it needs",
            ),
          ]
        : [];
    });
}
