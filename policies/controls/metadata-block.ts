import { all, any, type Truth } from "../../chart/three-valued";
import { at, type Found, own, UNKNOWN, type Value, type ValueMap } from "../../chart/values";
import { type Control, decide, describe, fail, notApplicable, pass, unknown, when } from "../control";
import { type Hub, hubTypes, onHub } from "../evidence/hub";
import { blockedByNetworkPolicy, usesIptables } from "../evidence/metadata-blocks";
import { enforcementIn } from "../evidence/network-policy-engine";
import { type Resource, type Stack, sourcesOf } from "../evidence/resource";
import { is, isTruthy, matches } from "../evidence/truth";
import { userPods } from "../evidence/user-pods";
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
    {
      title: "a namespace whose name is not known yet",
      verdict: "unknown",
      values: {},
      release: { namespace: UNKNOWN },
      resources: [namespace("baseline")],
    },
    { title: "the namespace is not shown", verdict: "notApplicable", values: {} },
    otherChart,
  ],
  evaluate: onHub((hub, { stack }) => {
    const enforcing = enforcingNamespaces(hub, stack);
    if (enforcing.length === 0) return notApplicable("no namespace in this stack enforces Pod Security");
    const refused = all([usesIptables(hub), any(enforcing.map(refusesPrivileged))]);
    const expected = "false, or a namespace that admits privileged pods";
    return decide(refused, {
      pass: fail(flag, "true in a namespace that refuses privileged pods", expected),
      fail: pass(flag, usesIptables(hub) === false ? "no privileged init container" : "admitted"),
      unknown: unknown(flag, "a block, or a namespace with Pod Security, that is not known yet", expected),
    });
  }),
};

/** A namespace with a level of Pod Security, and whether it is the hub's. */
interface Enforcing {
  readonly isHubs: Truth;
  readonly level: Found;
}

function enforcingNamespaces(hub: Hub, stack: Stack): Enforcing[] {
  const types = ["kubernetes:core/v1:Namespace", "kubernetes:core/v1:NamespacePatch"];
  const sources = sourcesOf(stack, hub.resource, "namespace", types);
  const isHubs = (namespace: Resource): Truth => {
    if (sources.length > 0) return sources.includes(namespace);
    return hub.namespace === UNKNOWN ? UNKNOWN : is(at(namespace.properties, "metadata.name"), hub.namespace);
  };
  return stack
    .ofType(...types)
    .map(
      (namespace): Enforcing => ({
        isHubs: isHubs(namespace),
        level: own(at(namespace.properties, "metadata.labels"), "pod-security.kubernetes.io/enforce"),
      }),
    )
    .filter(({ isHubs, level }) => isHubs !== false && level !== undefined);
}

function refusesPrivileged({ isHubs, level }: Enforcing): Truth {
  return all([isHubs, matches(level, /^(baseline|restricted)$/)]);
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
    {
      title: "a NetworkPolicy that lets user pods out to it",
      verdict: "notApplicable",
      values: { singleuser: { networkPolicy: { egress: [{ ports: [{ port: 80 }] }] } } },
      resources: [calico],
    },
    otherChart,
  ],
  evaluate: onHub((hub, context) => {
    const { stack, settings } = context;
    const enforced = settings.assume.networkPolicyEnforced === true || enforcementIn(stack).onUserPods === true;
    if (!enforced) return notApplicable("nothing shows that NetworkPolicies hold for user pods");
    const policies = userPods(hub).map((pod) => blockedByNetworkPolicy(pod, context).holds);
    return when(all(policies), "no NetworkPolicy keeps every user pod from the metadata server", () => {
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
