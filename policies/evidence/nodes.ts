import { all, any, type Truth } from "../../chart/three-valued";
import { type Found, isList, isMap, own, UNKNOWN } from "../../chart/values";
import { isOff, isOn, toNumber } from "./aws";
import { memoise, type Resource, type Stack, sourcesOf } from "./resource";

export const launchTemplateTypes = [
  "aws:ec2/launchTemplate:LaunchTemplate",
  "aws:ec2/launchConfiguration:LaunchConfiguration",
];
export const nodeClassTypes = ["v1", "v1beta1"].map(
  (version) => `kubernetes:karpenter.k8s.aws/${version}:EC2NodeClass`,
);
export const nodeGroupTypes = ["aws:eks/nodeGroup:NodeGroup"];
const autoscalingTypes = ["aws:autoscaling/group:Group"];

/** Whether pods are kept from the instance metadata: IMDSv2 required and answers that live for one hop, or no IMDS at all. */
export function metadataStaysOnNode(metadataOptions: Found): Truth {
  if (metadataOptions === UNKNOWN) return UNKNOWN;
  const is = (value: Found, wanted: Found): Truth => (value === UNKNOWN ? UNKNOWN : value === wanted);
  return any([
    is(own(metadataOptions, "httpEndpoint"), "disabled"),
    all([
      is(own(metadataOptions, "httpTokens"), "required"),
      is(toNumber(own(metadataOptions, "httpPutResponseHopLimit")), 1),
    ]),
  ]);
}

/**
 * Whether every node that the stack shows keeps its metadata to itself. Undefined when the stack shows no nodes.
 * A managed node group without an own launch template gets one from EKS with a hop limit of 2, which pods cross.
 */
export const nodesKeepMetadata: (stack: Stack) => Truth | undefined = memoise((stack) => {
  const groups = [...stack.ofType(...nodeGroupTypes), ...stack.ofType(...autoscalingTypes).filter(isNodeGroup)];
  const truths = [
    ...groups.map((group) => groupKeepsMetadata(stack, group)),
    ...karpenterNodes(stack),
    ...stack.ofType("aws:eks/cluster:Cluster").flatMap(autoModeNodes),
  ];
  return truths.length === 0 ? undefined : all(truths);
});

function groupKeepsMetadata(stack: Stack, group: Resource): Truth {
  const properties = ["launchTemplate", "mixedInstancesPolicy", "launchConfiguration"].filter(
    (property) => own(group.properties, property) !== undefined && own(group.properties, property) !== null,
  );
  if (properties.length === 0) return false;
  const templates = properties.flatMap((property) => sourcesOf(stack, group, property, launchTemplateTypes));
  // A template of another stack cannot be seen.
  if (templates.length === 0) return UNKNOWN;
  return all(templates.map((template) => metadataStaysOnNode(own(template.properties, "metadataOptions"))));
}

/** Autoscaling groups are nodes when they carry the tag by which self-managed nodes belong to a cluster. */
function isNodeGroup(group: Resource): boolean {
  const tags = own(group.properties, "tags");
  if (tags === UNKNOWN) return true;
  return (isList(tags) ? tags : []).some((tag) => {
    const key = own(tag, "key");
    return (
      key === UNKNOWN ||
      (typeof key === "string" && /^(kubernetes\.io\/cluster\/|k8s\.io\/cluster\/|eks:cluster-name$)/.test(key))
    );
  });
}

/** Nodes that Karpenter makes after the node classes of the stack; with none of them in it, nobody knows how they are made. */
function karpenterNodes(stack: Stack): Truth[] {
  const classes = stack.ofType(...nodeClassTypes);
  const runs = stack.ofType("kubernetes:helm.sh/v3:Release").some(installsKarpenter);
  return runs && classes.length === 0
    ? [UNKNOWN]
    : classes.map((nodeClass) => metadataStaysOnNode(nodeClassMetadata(nodeClass)));
}

function installsKarpenter(release: Resource): boolean {
  const chart = own(release.properties, "chart");
  return typeof chart === "string" && /(^|\/)karpenter([-:]v?\d[^/]*)?$/.test(chart);
}

/** Metadata options of a node class with Karpenter's defaults: IMDSv2, and a hop limit of 2 before its v1 API, of 1 since. */
export function nodeClassMetadata(nodeClass: Resource): Found {
  const spec = own(nodeClass.properties, "spec");
  const options = own(spec, "metadataOptions") ?? {};
  if (!isMap(options)) return options;
  const httpPutResponseHopLimit = nodeClass.type.includes("/v1:") ? 1 : 2;
  return { httpTokens: "required", httpPutResponseHopLimit, ...options };
}

/** EKS Auto Mode enforces IMDSv2 with a hop limit of 1 on its nodes (Amazon EKS User Guide, Auto Mode security). */
function autoModeNodes(cluster: Resource): Truth[] {
  const enabled = isOn(own(own(cluster.properties, "computeConfig"), "enabled"));
  return enabled === false ? [] : [enabled];
}

/** Whether nodes stand in a subnet that hands out public addresses. */
export function nodesFaceTheInternet(stack: Stack): boolean {
  return stack
    .ofType(...nodeGroupTypes)
    .flatMap((group) => sourcesOf(stack, group, "subnetIds", ["aws:ec2/subnet:Subnet"]))
    .some((subnet) => {
      const mapped = own(subnet.properties, "mapPublicIpOnLaunch");
      return mapped !== undefined && mapped !== null && mapped !== UNKNOWN && isOff(mapped) === false;
    });
}
