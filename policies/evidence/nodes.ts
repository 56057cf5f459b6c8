import { all, any, type Truth } from "../../chart/three-valued";
import { type Found, isList, isMap, own, UNKNOWN } from "../../chart/values";
import { isOff, toNumber } from "./aws";
import { memoise, type Resource, type Stack, sourcesOf } from "./resource";

export const launchTemplateTypes = [
  "aws:ec2/launchTemplate:LaunchTemplate",
  "aws:ec2/launchConfiguration:LaunchConfiguration",
];
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
  const truths = [...groups.map((group) => groupKeepsMetadata(stack, group)), ...karpenterNodes(stack)];
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
  return (isList(tags) ? tags : []).some((tag) => {
    const key = own(tag, "key");
    return typeof key === "string" && /^(kubernetes\.io\/cluster\/|k8s\.io\/cluster\/|eks:cluster-name$)/.test(key);
  });
}

/** Karpenter requires IMDSv2 with a hop limit of 1 unless its node class says otherwise (v1 API). */
function karpenterNodes(stack: Stack): Truth[] {
  return stack.resources
    .filter(({ type }) => /^kubernetes:karpenter\.k8s\.aws\/v[^:]*:EC2NodeClass$/.test(type))
    .map((nodeClass) => {
      const spec = own(nodeClass.properties, "spec");
      if (spec === UNKNOWN) return UNKNOWN;
      const options = own(spec, "metadataOptions");
      if (!isMap(options)) return options === UNKNOWN ? UNKNOWN : true;
      return metadataStaysOnNode({ httpTokens: "required", httpPutResponseHopLimit: 1, ...options });
    });
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
