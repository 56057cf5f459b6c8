import { all, type Truth } from "../../chart/three-valued";
import { at, own, UNKNOWN, type Value, type ValueMap } from "../../chart/values";
import { type Control, describe, fail, notApplicable, pass, undecided, unknown, when } from "../control";
import { type Hub, hubTypes, onHub } from "../evidence/hub";
import { enforcementIn } from "../evidence/network-policy-engine";
import type { Stack } from "../evidence/resource";
import { is, isTruthy, matches } from "../evidence/truth";
import { type ExampleResource, otherChart } from "../example";

const source = "Zero to JupyterHub, Security: audit cloud metadata server access";
const flag = "singleuser.cloudMetadata.blockWithIptables";
const off: ValueMap = { singleuser: { cloudMetadata: { blockWithIptables: false } } };
const namespace = (level: Value): ExampleResource => ({
  type: "kubernetes:core/v1:Namespace",
  properties: { metadata: { name: "jhub", labels: { "pod-security.kubernetes.io/enforce": level } } },
});
const calico: ExampleResource = {
  type: "kubernetes:helm.sh/v3:Release",
  properties: { chart: "tigera-operator", values: {} },
};

/** Whether the chart adds its privileged init container; charts before 0.11 had other keys for it. */
function usesIptables(hub: Hub): Truth {
  const metadata = at(hub.values, "singleuser.cloudMetadata");
  if (hub.since("0.11.0")) return is(own(metadata, "blockWithIptables"), true);
  const allowed = own(metadata, "enabled");
  if (hub.since("0.10.0")) return own(metadata, "block") === true ? true : is(allowed, false);
  return allowed === UNKNOWN ? UNKNOWN : !allowed;
}

// ---- Pod Security --------------------------------------------------------------------------------------------------------

export const metadataBlockFitsPodSecurity: Control = {
  name: "metadata-block-fits-pod-security",
  title: "The namespace admits the pods that the metadata block makes of user servers",
  reference: ["META-04", "K8S-22"],
  severity: "high",
  pack: "security",
  why: "Pod Security below privileged refuses the privileged init container, so that no user server starts",
  source,
  remediation:
    "set singleuser.cloudMetadata.blockWithIptables: false and block metadata by NetworkPolicy and the nodes' hop limit",
  types: hubTypes,
  scope: "stack",
  examples: [
    { title: "the block is off", verdict: "pass", values: off, resources: [namespace("restricted")] },
    { title: "a namespace that admits it", verdict: "pass", values: {}, resources: [namespace("privileged")] },
    { title: "a namespace that refuses it", verdict: "fail", values: {}, resources: [namespace("baseline")] },
    { title: "a level not known yet", verdict: "unknown", values: {}, resources: [namespace(UNKNOWN)] },
    { title: "the namespace is not shown", verdict: "notApplicable", values: {} },
    otherChart,
  ],
  evaluate: onHub((hub, { stack }) => {
    const level = podSecurityOf(hub, stack);
    if (level === undefined) return notApplicable("no namespace in this stack enforces Pod Security");
    const used = usesIptables(hub);
    if (used === false) return pass(flag, "no privileged init container");
    const refuses = matches(level, /^(baseline|restricted)$/);
    const expected = "false, or a namespace that admits privileged pods";
    if (refuses === UNKNOWN) return unknown(flag, "a namespace whose Pod Security is not known yet", expected);
    const finding = refuses
      ? fail(flag, "true in a namespace that refuses privileged pods", expected)
      : pass(flag, "admitted");
    return used === true ? finding : undecided(finding);
  }),
};

function podSecurityOf(hub: Hub, stack: Stack): Value | undefined {
  const named = stack
    .ofType("kubernetes:core/v1:Namespace")
    .filter(({ properties }) => at(properties, "metadata.name") === hub.namespace);
  for (const { properties } of named) {
    const labels = at(properties, "metadata.labels");
    const level = own(labels, "pod-security.kubernetes.io/enforce");
    if (level !== undefined) return level;
  }
  return undefined;
}

// ---- one block is enough -------------------------------------------------------------------------------------------------

export const metadataBlockUnprivileged: Control = {
  name: "metadata-block-unprivileged",
  title: "Where NetworkPolicies are enforced, no privileged container blocks metadata a second time",
  reference: ["META-04"],
  severity: "low",
  pack: "operations",
  why: "a privileged container in every user pod is a risk that is worth taking only where nothing else blocks metadata",
  source,
  remediation:
    "set singleuser.cloudMetadata.blockWithIptables: false, and leave singleuser.networkPolicy.enabled at true",
  types: hubTypes,
  scope: "stack",
  examples: [
    { title: "the NetworkPolicy alone", verdict: "pass", values: off, resources: [calico] },
    { title: "both", verdict: "fail", values: {}, resources: [calico] },
    {
      title: "maybe both",
      verdict: "unknown",
      values: { singleuser: { cloudMetadata: UNKNOWN } },
      resources: [calico],
    },
    { title: "nothing shows an engine", verdict: "notApplicable", values: {} },
    otherChart,
  ],
  evaluate: onHub((hub, { stack, settings }) => {
    const enforced = settings.assume.networkPolicyEnforced === true || enforcementIn(stack).onUserPods === true;
    const policy = isTruthy(at(hub.values, "singleuser.networkPolicy.enabled"));
    if (!enforced) return notApplicable("nothing shows that NetworkPolicies hold for user pods");
    return when(policy, "user pods have no NetworkPolicy", () => {
      const used = usesIptables(hub);
      if (used === UNKNOWN) return unknown(flag, describe(used), "false");
      return used ? fail(flag, "true, beside an enforced NetworkPolicy", "false") : pass(flag, "false");
    });
  }),
};

// ---- not both block and allow --------------------------------------------------------------------------------------------

export const metadataBlockConsistent: Control = {
  name: "metadata-block-consistent",
  title: "The metadata server is not blocked and allowed at once",
  reference: ["META-05"],
  severity: "medium",
  pack: "security",
  why: "one of the two settings is not meant: charts since 3.0 refuse both, older ones leave open which one wins",
  source,
  remediation:
    "set singleuser.networkPolicy.egressAllowRules.cloudMetadataServer: false, or, if users need the metadata server, blockWithIptables: false",
  types: hubTypes,
  scope: "resource",
  examples: [
    { title: "chart default", verdict: "pass", values: {} },
    {
      title: "blocked and allowed",
      verdict: "fail",
      values: { singleuser: { networkPolicy: { egressAllowRules: { cloudMetadataServer: true } } } },
    },
    {
      title: "not known yet",
      verdict: "unknown",
      values: { singleuser: { networkPolicy: { egressAllowRules: { cloudMetadataServer: UNKNOWN } } } },
    },
    otherChart,
  ],
  evaluate: onHub((hub) => {
    const policy = at(hub.values, "singleuser.networkPolicy");
    const path = "singleuser.networkPolicy.egressAllowRules.cloudMetadataServer";
    const allowed = isTruthy(at(policy, "egressAllowRules.cloudMetadataServer"));
    const both = all([usesIptables(hub), isTruthy(own(policy, "enabled")), allowed]);
    if (both === UNKNOWN) return unknown(path, describe(UNKNOWN), "false");
    return both ? fail(path, "true, beside the block by iptables", "false") : pass(path, "no contradiction");
  }),
};
