import { at, UNKNOWN } from "../../chart/values";
import { type Control, type Finding, fail, mustBe, pass, unknown } from "../control";
import { type Hub, hubTypes, onHub, runsTraefik } from "../evidence/hub";
import { enforcementIn } from "../evidence/network-policy-engine";
import { type ExampleResource, otherChart } from "../example";

export const networkPoliciesEnabled: Control = {
  name: "network-policies-enabled",
  title: "NetworkPolicies protect hub, proxy and user pods",
  reference: ["NET-01", "NET-05"],
  severity: "high",
  pack: "security",
  why: "without them every user pod reaches the hub's database port, the proxy's API and the other users' servers",
  source: "Zero to JupyterHub, Security: Kubernetes Network Policies",
  remediation:
    "set hub.networkPolicy.enabled, proxy.chp.networkPolicy.enabled, proxy.traefik.networkPolicy.enabled and singleuser.networkPolicy.enabled: true (the defaults since chart 0.10)",
  types: hubTypes,
  scope: "resource",
  examples: [
    { title: "chart default", verdict: "pass", values: {} },
    {
      title: "Traefik's off where the chart runs no Traefik",
      verdict: "pass",
      values: { proxy: { traefik: { networkPolicy: { enabled: false } } } },
    },
    {
      title: "turned on in a chart before 0.10",
      verdict: "pass",
      version: "0.9.1",
      values: {
        hub: { networkPolicy: { enabled: true } },
        proxy: { networkPolicy: { enabled: true } },
        singleuser: { networkPolicy: { enabled: true } },
      },
    },
    { title: "the default of charts before 0.10", verdict: "fail", version: "0.9.1", values: {} },
    { title: "off for the hub", verdict: "fail", values: { hub: { networkPolicy: { enabled: false } } } },
    { title: "off for the proxy", verdict: "fail", values: { proxy: { chp: { networkPolicy: { enabled: false } } } } },
    {
      title: "off for the proxy by the key that charts before 0.10 had",
      verdict: "fail",
      values: { proxy: { networkPolicy: { enabled: false } } },
    },
    { title: "off for users", verdict: "fail", values: { singleuser: { networkPolicy: { enabled: false } } } },
    {
      title: "off for Traefik, which gets the certificates",
      verdict: "fail",
      values: {
        proxy: {
          https: { enabled: true, hosts: ["hub.acme.science"] },
          traefik: { networkPolicy: { enabled: false } },
        },
      },
    },
    { title: "a section deleted by null", verdict: "fail", values: { singleuser: { networkPolicy: null } } },
    { title: "a text", verdict: "fail", values: { hub: { networkPolicy: { enabled: "false" } } } },
    { title: "not known yet", verdict: "unknown", values: { hub: { networkPolicy: { enabled: UNKNOWN } } } },
    otherChart,
  ],
  evaluate: onHub((hub) => [
    ...componentsOf(hub).map((component) => isEnabled(hub, component)),
    ...(hub.since("0.10.0") ? traefik(hub) : []),
  ]),
};

function componentsOf(hub: Hub): string[] {
  const old = "proxy.networkPolicy";
  if (!hub.since("0.10.0")) return ["hub.networkPolicy", old, "singleuser.networkPolicy"];
  // Whoever still gives the old key means the proxy's policy.
  const given = at(hub.values, `${old}.enabled`) === undefined ? [] : [old];
  return ["hub.networkPolicy", "proxy.chp.networkPolicy", ...given, "singleuser.networkPolicy"];
}

function isEnabled(hub: Hub, component: string): Finding {
  const path = `${component}.enabled`;
  return mustBe(true, at(hub.values, path), path);
}

function traefik(hub: Hub): Finding[] {
  const runs = runsTraefik(hub);
  const finding = isEnabled(hub, "proxy.traefik.networkPolicy");
  if (runs === false) return [];
  const undecided = runs === UNKNOWN && finding.verdict === "fail";
  return undecided ? [unknown(finding.path, `${finding.found}, if Traefik runs`, "true")] : [finding];
}

const vpcCni = (enableNetworkPolicy: string): ExampleResource => ({
  type: "aws:eks/addon:Addon",
  properties: { addonName: "vpc-cni", configurationValues: JSON.stringify({ enableNetworkPolicy }) },
});

export const networkPoliciesEnforced: Control = {
  name: "network-policies-enforced",
  title: "An engine in the cluster enforces NetworkPolicies",
  reference: ["NET-02", "EKS-15"],
  severity: "high",
  pack: "security",
  why: "a cluster without such an engine accepts NetworkPolicies and silently ignores them",
  source:
    "Zero to JupyterHub, Security: Kubernetes Network Policies; Amazon EKS Best Practices, Security: network policy",
  remediation:
    "install Calico (tigera-operator with installation.kubernetesProvider: EKS and cni.type: AmazonVPC) in this stack, or if an engine is installed elsewhere set settings.assume.networkPolicyEnforced: true",
  types: hubTypes,
  scope: "stack",
  examples: [
    {
      title: "Calico",
      verdict: "pass",
      values: {},
      resources: [{ type: "kubernetes:helm.sh/v3:Release", properties: { chart: "tigera-operator", values: {} } }],
    },
    {
      title: "Cilium",
      verdict: "pass",
      values: {},
      resources: [{ type: "kubernetes:helm.sh/v3:Release", properties: { chart: "cilium", values: {} } }],
    },
    {
      title: "the VPC CNI's own agent, which skips user pods",
      verdict: "unknown",
      values: {},
      resources: [vpcCni("true")],
    },
    {
      title: "an engine elsewhere, asserted",
      verdict: "pass",
      values: {},
      configuration: { settings: { assume: { networkPolicyEnforced: true } } },
    },
    { title: "the VPC CNI without its agent", verdict: "fail", values: {}, resources: [vpcCni("false")] },
    {
      title: "a cluster without an engine",
      verdict: "fail",
      values: {},
      resources: [{ type: "aws:eks/cluster:Cluster", properties: {} }],
    },
    { title: "no cluster in the stack", verdict: "unknown", values: {} },
    {
      title: "the add-on's configuration not known yet",
      verdict: "unknown",
      values: {},
      resources: [{ type: "aws:eks/addon:Addon", properties: { addonName: "vpc-cni", configurationValues: UNKNOWN } }],
    },
    otherChart,
  ],
  evaluate: onHub((_, { stack, settings }) => {
    const { enforced, onUserPods, evidence } = enforcementIn(stack);
    const expected = "an engine that enforces NetworkPolicies, on user pods, too";
    if (enforced === true && onUserPods === true) return pass(null, evidence);
    if (settings.assume.networkPolicyEnforced) return pass(null, "assumed: an engine enforces NetworkPolicies");
    if (enforced === true)
      return settings.profile === "untrusted-users"
        ? fail(null, evidence, expected)
        : unknown(null, evidence, expected);
    if (enforced === false && stack.complete) return fail("singleuser.networkPolicy", evidence, expected);
    return unknown(null, enforced === UNKNOWN ? evidence : "neither a cluster nor an engine in this stack", expected);
  }),
};
