import { at, own, UNKNOWN } from "../../chart/values";
import { type Control, fail, mustBe, pass, unknown } from "../control";
import { type Hub, hubTypes, onHub } from "../evidence/hub";
import { enforcementIn } from "../evidence/network-policy-engine";

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
  evaluate: onHub((hub) =>
    componentsOf(hub).map((component) => mustBe(true, at(hub.values, `${component}.enabled`), `${component}.enabled`)),
  ),
};

function componentsOf(hub: Hub): string[] {
  if (!hub.since("0.10.0")) return ["hub.networkPolicy", "proxy.networkPolicy", "singleuser.networkPolicy"];
  const traefik = runsTraefik(hub) ? ["proxy.traefik.networkPolicy"] : [];
  return ["hub.networkPolicy", "proxy.chp.networkPolicy", ...traefik, "singleuser.networkPolicy"];
}

/** The chart runs Traefik only for certificates of Let's Encrypt. */
function runsTraefik(hub: Hub): boolean {
  const https = at(hub.values, "proxy.https");
  const hosts = own(https, "hosts");
  const none = Array.isArray(hosts) && hosts.length === 0;
  return own(https, "enabled") !== false && own(https, "type") === "letsencrypt" && !none;
}

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
  evaluate: onHub((_, { stack, settings }) => {
    const { enforced, evidence } = enforcementIn(stack);
    const expected = "an engine that enforces NetworkPolicies";
    if (enforced === true) return pass(null, evidence);
    if (settings.assume.networkPolicyEnforced) return pass(null, "assumed: an engine enforces NetworkPolicies");
    if (enforced === false && stack.complete) return fail(null, evidence, expected);
    return unknown(null, enforced === UNKNOWN ? evidence : "neither a cluster nor an engine in this stack", expected);
  }),
};
