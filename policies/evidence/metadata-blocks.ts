import { all, any, not, type Truth } from "../../chart/three-valued";
import { at, type Found, own, UNKNOWN } from "../../chart/values";
import type { Context } from "../control";
import { contains } from "./addresses";
import { egressAdmits } from "./egress";
import type { Hub } from "./hub";
import { policyAdmitting } from "./network-policies";
import { enforcementIn } from "./network-policy-engine";
import { nodesKeepMetadata } from "./nodes";
import type { Stack } from "./resource";
import { is, isTruthy } from "./truth";
import { chartLabels, type UserPod, userPods } from "./user-pods";

export const metadataAddress = "169.254.169.254";
/** Where instances answer whose metadata service is switched on for IPv6, too. */
const metadataAddressV6 = "fd00:ec2::254";
const metadataPort = 80;

/** One way to keep a pod from the metadata server: whether it works, and why not where it does not. */
export interface Block {
  readonly holds: Truth;
  /** Whether it is switched on, but something else takes its effect away. */
  readonly undone?: boolean;
  readonly reason: string;
  readonly path: string;
}

// ---- the chart's privileged init container ----------------------------------------------------------------------------

export function blockedByIptables(pod: UserPod): Block {
  const { values } = pod.hub;
  const address = at(values, "singleuser.cloudMetadata.ip");
  const flag = usesIptables(pod.hub);
  const path = "singleuser.cloudMetadata.blockWithIptables";
  if (flag !== true)
    return { holds: flag, path, reason: flag === UNKNOWN ? "the iptables flag is not known yet" : "no iptables block" };
  const covered = coversMetadata(address);
  if (covered !== true)
    return {
      holds: covered,
      undone: true,
      path: "singleuser.cloudMetadata.ip",
      reason: "iptables block of another address",
    };
  const replaced = initContainersReplaced(pod);
  if (replaced)
    return {
      ...replaced,
      undone: true,
      reason: `init containers replaced by ${replaced.path}, and with them the iptables block`,
    };
  return { holds: true, path, reason: "the chart's init container blocks it by iptables" };
}

/**
 * Whether the chart adds its privileged init container. What turns it on, by version: inverted until 0.9, broken in 0.10, the
 * flag of today since 0.11.
 */
export function usesIptables(hub: Hub): Truth {
  const metadata = at(hub.values, "singleuser.cloudMetadata");
  const key = (name: string) => own(metadata, name);
  if (!hub.since("0.10.0")) {
    const allowed = key("enabled");
    return allowed === UNKNOWN ? UNKNOWN : !allowed;
  }
  if (!hub.since("0.11.0")) return any([is(key("block"), true), is(key("enabled"), false)]);
  if (!hub.since("1.0.0")) return any([is(key("blockWithIptables"), true), is(key("enabled"), false)]);
  return is(key("blockWithIptables"), true);
}

function coversMetadata(address: Found): Truth {
  if (address === UNKNOWN) return UNKNOWN;
  return typeof address === "string" && contains(address, metadataAddress);
}

/** The chart appends its container to `init_containers`; whoever sets that list later, or the pod's field, drops it. */
function initContainersReplaced(pod: UserPod): { holds: Truth; path: string } | undefined {
  const field = pod.podField("initContainers");
  if (field.value !== undefined && field.value !== null) return replacedBy(field);
  const list = pod.setting("init_containers");
  return list.path === "singleuser.initContainers" || list.value === undefined ? undefined : replacedBy(list);
}

function replacedBy({ value, path }: { value: Found; path: string }): { holds: Truth; path: string } {
  return { holds: value === UNKNOWN ? UNKNOWN : false, path };
}

// ---- NetworkPolicy ---------------------------------------------------------------------------------------------------

export function blockedByNetworkPolicy(pod: UserPod, { stack, settings }: Context): Block {
  const base = "singleuser.networkPolicy";
  const policy = at(pod.hub.values, base);
  const switchedOn: Block = {
    holds: is(own(policy, "enabled"), true),
    path: `${base}.enabled`,
    reason: "no NetworkPolicy for user pods",
  };
  const effective: Block[] = [
    {
      holds: is(at(pod.hub.values, "singleuser.cloudMetadata.ip"), metadataAddress),
      path: "singleuser.cloudMetadata.ip",
      reason: "the NetworkPolicy excepts another address",
    },
    {
      holds: not(isTruthy(at(policy, "egressAllowRules.cloudMetadataServer"))),
      path: `${base}.egressAllowRules.cloudMetadataServer`,
      reason: "the NetworkPolicy allows the metadata server",
    },
    {
      holds: not(egressAdmits(own(policy, "egress"), metadataAddress, metadataPort)),
      path: `${base}.egress`,
      reason: `an egress rule opens ${metadataAddress} port 80`,
    },
    {
      holds: unlessOpen(egressAdmits(own(policy, "egress"), metadataAddressV6, metadataPort)),
      path: `${base}.egress`,
      reason: `an egress rule may open ${metadataAddressV6} port 80, where some instances answer, too`,
    },
    ...leavesSelector(pod),
  ];
  const broken = switchedOn.holds === false ? switchedOn : worst(effective);
  if (broken?.holds === false) return { ...broken, undone: broken !== switchedOn };

  const others = otherPolicies(pod, stack);
  if (others.holds === false) return { ...others, undone: true };
  const enforcement = enforcementIn(stack);
  const enforced =
    enforcement.onUserPods === true
      ? true
      : settings.assume.networkPolicyEnforced === true
        ? true
        : enforcement.onUserPods;
  const engine: Block = {
    holds: stack.complete ? (enforced ?? UNKNOWN) : UNKNOWN,
    path: base,
    reason: `NetworkPolicies are not proven to be enforced on user pods (${enforcement.evidence}; if an engine is installed elsewhere, set settings.assume.networkPolicyEnforced: true)`,
  };
  return (
    worst([switchedOn, ...effective, others, engine]) ?? {
      holds: true,
      path: base,
      reason: `NetworkPolicy, enforced: ${enforcement.evidence}`,
    }
  );
}

/** Policies add up: what one of them opens is open. */
function otherPolicies(pod: UserPod, stack: Stack): Block {
  const path = "singleuser.networkPolicy";
  const [admitted, opener] = policyAdmitting(stack, pod, metadataAddress, metadataPort);
  if (admitted === true) return { holds: false, path, reason: `the NetworkPolicy ${opener?.name} opens it` };
  const [admittedV6, openerV6] = policyAdmitting(stack, pod, metadataAddressV6, metadataPort);
  const maybe = opener ?? openerV6;
  const reason = maybe ? `the NetworkPolicy ${maybe.name} may open it` : "other NetworkPolicies are not known yet";
  return { holds: stack.complete ? all([not(admitted), unlessOpen(admittedV6)]) : UNKNOWN, path, reason };
}

/** Whether instances have metadata by IPv6 at all is not shown: the address being open decides nothing. */
function unlessOpen(admitted: Truth): Truth {
  return admitted === false ? true : UNKNOWN;
}

/** Ways in which a user pod leaves the chart's NetworkPolicy, which selects by labels in the release's namespace. */
function leavesSelector(pod: UserPod): Block[] {
  const stays = (name: string, holds: (value: Found) => Truth): Block => {
    const { value, path } = pod.setting(name);
    const unset = value === undefined || value === null;
    return {
      holds: unset ? true : value === UNKNOWN ? UNKNOWN : holds(value),
      path,
      reason: `${path} takes user pods out of the NetworkPolicy`,
    };
  };
  const hostNetwork = pod.podField("hostNetwork");
  return [
    stays("component_label", (value) => value === "singleuser-server"),
    stays("namespace", (value) => (pod.hub.namespace === UNKNOWN ? UNKNOWN : value === pod.hub.namespace)),
    stays("enable_user_namespaces", (value) => value === false),
    stays("common_labels", (value) => keepsLabels(pod, value)),
    { holds: not(isTruthy(hostNetwork.value)), path: hostNetwork.path, reason: "user pods in the node's own network" },
  ];
}

function keepsLabels({ hub }: UserPod, labels: Found): Truth {
  const [plain] = userPods(hub);
  const fromChart = plain?.setting("common_labels").value === chartLabels(hub);
  const selected = Object.entries(chartLabels(hub));
  return all(
    selected.map(([label, wanted]) => {
      const value = own(labels, label);
      if (value === undefined) return false;
      // A profile adds to what is there, a name that is not known yet included.
      if (fromChart && value === UNKNOWN && wanted === UNKNOWN) return true;
      return value === UNKNOWN || wanted === UNKNOWN ? UNKNOWN : value === wanted;
    }),
  );
}

// ---- the nodes ---------------------------------------------------------------------------------------------------------

export function blockedByNodes(pod: UserPod, { stack, settings }: Context): Block {
  const hostNetwork = pod.podField("hostNetwork");
  const onPodNetwork = not(isTruthy(hostNetwork.value));
  if (onPodNetwork !== true)
    return { holds: onPodNetwork, path: hostNetwork.path, reason: "user pods may use the node's own network" };
  const shown = nodesKeepMetadata(stack);
  const path = "singleuser.cloudMetadata";
  if (shown === true) return { holds: true, path, reason: "every node requires IMDSv2 with hop limit 1" };
  if (shown === false)
    return { holds: false, path, reason: "a node's metadata answers cross to pods (hop limit above 1, or IMDSv1)" };
  if (settings.assume.imdsHopLimitOne)
    return { holds: true, path, reason: "assumed: every node requires IMDSv2 with hop limit 1" };
  if (shown === UNKNOWN || !stack.complete)
    return { holds: UNKNOWN, path, reason: "a node's metadata options are not known yet" };
  return { holds: false, path, reason: "no node in this stack proves a hop limit of 1" };
}

// ---- shared ------------------------------------------------------------------------------------------------------------

function worst(blocks: readonly Block[]): Block | undefined {
  return blocks.find((block) => block.holds === false) ?? blocks.find((block) => block.holds === UNKNOWN);
}
