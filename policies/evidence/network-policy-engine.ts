import type { Truth } from "../../chart/three-valued";
import { at, type Found, own, UNKNOWN } from "../../chart/values";
import { isOn } from "./aws";
import { memoise, type Resource, type Stack } from "./resource";

/** What the stack shows about who enforces NetworkPolicies in the cluster. */
export interface Enforcement {
  /** Undefined when the stack shows neither an engine nor a cluster. */
  readonly enforced: Truth | undefined;
  /** Whether that holds for user pods, too, which no Deployment owns. */
  readonly onUserPods: Truth | undefined;
  /** What it was concluded from. */
  readonly evidence: string;
}

/**
 * Finds the engine. Calico and Cilium enforce on every pod. The VPC CNI's own agent enforces too, but AWS documents that it
 * skips pods without an owner (EKS User Guide, "Limit Pod traffic with Kubernetes network policies"), and user pods have none.
 */
export const enforcementIn: (stack: Stack) => Enforcement = memoise((stack) => {
  for (const resource of stack.resources) {
    const engine = engineIn(resource);
    if (engine === true)
      return { enforced: true, onUserPods: true, evidence: `${resource.name} (${shortType(resource)})` };
  }
  const addons = stack
    .ofType("aws:eks/addon:Addon")
    .filter((addon) => own(addon.properties, "addonName") === "vpc-cni");
  const agents = [
    ...addons.map(addonEnforces),
    ...stack.ofType(...chartTypes).flatMap(chartEnforces),
    ...stack.resources.flatMap(autoModeEnforces),
  ];
  const clusters = stack.ofType("aws:eks/cluster:Cluster");
  if (agents.includes(true)) {
    return {
      enforced: true,
      onUserPods: UNKNOWN,
      evidence: "the VPC CNI's policy agent, which is documented to skip pods without an owner, such as user pods",
    };
  }
  if (agents.includes(UNKNOWN) || stack.resources.some((resource) => engineIn(resource) === UNKNOWN)) {
    return { enforced: UNKNOWN, onUserPods: UNKNOWN, evidence: "a configuration that is not known yet" };
  }
  if (addons.length > 0 || clusters.length > 0) {
    return {
      enforced: false,
      onUserPods: false,
      evidence: "a cluster without an engine that enforces NetworkPolicies",
    };
  }
  return { enforced: undefined, onUserPods: undefined, evidence: "neither a cluster nor an engine in this stack" };
});

const chartTypes = ["kubernetes:helm.sh/v3:Release", "kubernetes:helm.sh/v3:Chart", "kubernetes:helm.sh/v4:Chart"];

/** Whether a resource installs an engine that enforces on every pod; undefined when it has nothing to do with that. */
function engineIn(resource: Resource): Truth | undefined {
  if (chartTypes.includes(resource.type)) {
    const chart = own(resource.properties, "chart");
    const values = own(resource.properties, "values");
    if (typeof chart !== "string") return undefined;
    if (/(^|\/)(tigera-operator|calico)(-v?\d[^/]*)?$/.test(chart))
      return isNot(at(values, "installation.enabled"), false);
    if (/(^|\/)cilium(-v?\d[^/]*)?(\.tgz)?$/.test(chart)) return isNot(own(values, "policyEnforcementMode"), "never");
    return undefined;
  }
  if (/^kubernetes:operator\.tigera\.io\/v1:Installation$/.test(resource.type)) return true;
  if (resource.type !== "kubernetes:apps/v1:DaemonSet") return undefined;
  const name = at(resource.properties, "metadata.name");
  return name === "calico-node" || name === "cilium" ? true : undefined;
}

function isNot(value: Found, refused: Found): Truth {
  return value === UNKNOWN ? UNKNOWN : value !== refused;
}

/** The add-on takes its configuration as JSON or YAML text, in which the flag is the text "true". */
function addonEnforces(addon: Resource): Truth {
  const configuration = own(addon.properties, "configurationValues");
  if (configuration === UNKNOWN) return UNKNOWN;
  return (
    typeof configuration === "string" &&
    /(^|[\s{,])["']?enableNetworkPolicy["']?\s*:\s*["']?true\b/i.test(configuration)
  );
}

/** The VPC CNI as a chart instead of an add-on. */
function chartEnforces({ properties }: Resource): Truth[] {
  const chart = own(properties, "chart");
  if (typeof chart !== "string" || !/(^|\/)aws-vpc-cni(-v?\d[^/]*)?$/.test(chart)) return [];
  return [isOn(at(properties, "values.enableNetworkPolicy"))];
}

/** Auto Mode brings the same agent; a ConfigMap turns it on. */
function autoModeEnforces(resource: Resource): Truth[] {
  if (resource.type !== "kubernetes:core/v1:ConfigMap") return [];
  if (at(resource.properties, "metadata.name") !== "amazon-vpc-cni") return [];
  const data = own(resource.properties, "data");
  return [
    data === UNKNOWN
      ? UNKNOWN
      : isOn(own(data, "enable-network-policy-controller") ?? own(data, "enable-network-policy")),
  ];
}

function shortType(resource: Resource): string {
  return resource.type.split(":").at(-1) ?? resource.type;
}
