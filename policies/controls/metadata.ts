import { all, any, not, type Truth } from "../../chart/three-valued";
import { at, type Found, isList, isMap, own, UNKNOWN } from "../../chart/values";
import { type Context, type Control, type Finding, fail, pass, unknown } from "../control";
import { contains } from "../evidence/addresses";
import { egressAdmits } from "../evidence/egress";
import { type Hub, hubTypes, onHubProcess } from "../evidence/hub";
import { policyAdmitting } from "../evidence/network-policies";
import { enforcementIn } from "../evidence/network-policy-engine";
import { nodesKeepMetadata } from "../evidence/nodes";
import { chartLabels, type UserPod, userPods } from "../evidence/user-pods";
import { metadataExamples } from "./metadata-examples";

const metadataAddress = "169.254.169.254";
const metadataPort = 80;

export const userPodMetadataBlocked: Control = {
  name: "user-pod-metadata-blocked",
  title: "User pods cannot reach the cloud's metadata server",
  reference: ["META-01", "META-02", "META-03", "NET-06", "JX-04"],
  severity: "critical",
  pack: "security",
  why: "the metadata server hands the node's AWS credentials to whoever asks, so every user would hold them",
  source: "Zero to JupyterHub, Security: audit cloud metadata server access",
  remediation:
    "one of: launch templates of all nodes with metadataOptions { httpTokens: required, httpPutResponseHopLimit: 1 }; or an engine such as Calico and singleuser.networkPolicy.enabled: true without egress rules that reach 169.254.169.254; or singleuser.cloudMetadata.blockWithIptables: true",
  types: hubTypes,
  scope: "stack",
  examples: metadataExamples,
  evaluate: onHubProcess((hub, context) => userPods(hub).map((pod) => judgePod(pod, context))),
};

/** One way to keep a pod from the metadata server: whether it works, and why not where it does not. */
interface Block {
  readonly holds: Truth;
  readonly reason: string;
  readonly path: string;
}

function judgePod(pod: UserPod, context: Context): Finding {
  const blocks = [blockedByIptables(pod), blockedByNetworkPolicy(pod, context), blockedByNodes(pod, context)];
  const holding = blocks.find((block) => block.holds === true);
  if (holding) return pass(holding.path, holding.reason);
  const open = blocks.find((block) => block.holds === UNKNOWN);
  const reasons = blocks.filter((block) => block.reason).map((block) => block.reason);
  const expected = `one effective block of ${metadataAddress} for the pods of ${pod.path}`;
  const path =
    open?.path ?? blocks.find((block) => block.path.includes("override") || block.path.startsWith("hub."))?.path;
  const finding = open ? unknown : fail;
  return finding(path ?? "singleuser.cloudMetadata", reasons.join("; "), expected);
}

// ---- the chart's privileged init container ----------------------------------------------------------------------------

function blockedByIptables(pod: UserPod): Block {
  const { values } = pod.hub;
  const address = at(values, "singleuser.cloudMetadata.ip");
  const flag = iptablesFlag(pod.hub);
  const path = "singleuser.cloudMetadata.blockWithIptables";
  if (flag !== true)
    return { holds: flag, path, reason: flag === UNKNOWN ? "the iptables flag is not known yet" : "no iptables block" };
  const covered = coversMetadata(address);
  if (covered !== true)
    return { holds: covered, path: "singleuser.cloudMetadata.ip", reason: "iptables block of another address" };
  const replaced = initContainersReplaced(pod);
  if (replaced)
    return { ...replaced, reason: `init containers replaced by ${replaced.path}, and with them the iptables block` };
  return { holds: true, path, reason: "the chart's init container blocks it by iptables" };
}

/** What turns the init container on, by chart version: inverted until 0.9, broken in 0.10, the flag of today since 0.11. */
function iptablesFlag(hub: Hub): Truth {
  const metadata = at(hub.values, "singleuser.cloudMetadata");
  const key = (name: string) => own(metadata, name);
  const is = (value: Found, wanted: boolean): Truth => (value === UNKNOWN ? UNKNOWN : value === wanted);
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

function blockedByNetworkPolicy(pod: UserPod, { stack, settings }: Context): Block {
  const base = "singleuser.networkPolicy";
  const policy = at(pod.hub.values, base);
  const ofChart: Block[] = [
    { holds: isTrue(own(policy, "enabled")), path: `${base}.enabled`, reason: "no NetworkPolicy for user pods" },
    {
      holds: sameAddress(at(pod.hub.values, "singleuser.cloudMetadata.ip")),
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
    ...leavesSelector(pod),
  ];
  const broken = worst(ofChart);
  if (broken?.holds === false) return broken;

  const [admitted, opener] = policyAdmitting(stack, pod, metadataAddress, metadataPort);
  const others: Block = {
    holds: stack.complete ? not(admitted) : UNKNOWN,
    path: base,
    reason: opener ? `the NetworkPolicy ${opener.name} opens it` : "other NetworkPolicies are not known yet",
  };
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
    worst([...ofChart, others, engine]) ?? {
      holds: true,
      path: base,
      reason: `NetworkPolicy, enforced: ${enforcement.evidence}`,
    }
  );
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

function blockedByNodes(pod: UserPod, { stack, settings }: Context): Block {
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

function isTrue(value: Found): Truth {
  return value === UNKNOWN ? UNKNOWN : value === true;
}

/** What a template or Python takes for true. */
function isTruthy(value: Found): Truth {
  if (value === UNKNOWN) return UNKNOWN;
  if (isList(value)) return value.length > 0;
  return isMap(value) ? Object.keys(value).length > 0 : Boolean(value);
}

function sameAddress(address: Found): Truth {
  return address === UNKNOWN ? UNKNOWN : address === metadataAddress;
}
