import { type Found, own, UNKNOWN, type Value, type ValueMap } from "../../chart/values";
import {
  type Context,
  type Control,
  decide,
  describe,
  type Finding,
  fail,
  notApplicable,
  pass,
  unknown,
} from "../control";
import { toNumber } from "../evidence/aws";
import {
  launchTemplateTypes,
  metadataStaysOnNode,
  nodeClassMetadata,
  nodeClassTypes,
  nodeGroupTypes,
} from "../evidence/nodes";
import { type Resource, sourcesOf } from "../evidence/resource";
import type { ExampleResource } from "../example";

const expected = 'httpTokens: "required" and httpPutResponseHopLimit: 1';

const template = (metadataOptions: Value): ExampleResource => ({
  type: "aws:ec2/launchTemplate:LaunchTemplate",
  properties: { metadataOptions },
});
const nodeGroup = (properties: ValueMap): ExampleResource => ({ type: "aws:eks/nodeGroup:NodeGroup", properties });
const nodeClass = (spec: ValueMap): ExampleResource => ({
  type: "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass",
  properties: { spec },
});

export const nodeMetadataHopLimit: Control = {
  name: "node-metadata-hop-limit",
  title: "Nodes answer metadata requests with IMDSv2 only, and not beyond the node",
  reference: ["EKS-07", "EKS-08"],
  severity: "high",
  pack: "security",
  why: "with a hop limit above 1, or without IMDSv2, any pod gets the AWS credentials of its node",
  source: "Amazon EKS Best Practices, Security: restrict access to the instance profile",
  remediation:
    'set metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 } in the node group\'s own launch template',
  types: [...launchTemplateTypes, ...nodeGroupTypes, ...nodeClassTypes],
  scope: "stack",
  examples: [
    {
      title: "IMDSv2, one hop",
      verdict: "pass",
      resources: [template({ httpTokens: "required", httpPutResponseHopLimit: 1 })],
    },
    {
      title: "a text for the number",
      verdict: "pass",
      resources: [template({ httpTokens: "required", httpPutResponseHopLimit: "1" })],
    },
    { title: "no metadata at all", verdict: "pass", resources: [template({ httpEndpoint: "disabled" })] },
    { title: "Karpenter's default", verdict: "pass", resources: [nodeClass({})] },
    { title: "nothing said", verdict: "fail", resources: [template(null)] },
    {
      title: "two hops, as the EKS component sets it",
      verdict: "fail",
      resources: [template({ httpTokens: "required", httpPutResponseHopLimit: 2 })],
    },
    {
      title: "one hop, but IMDSv1, too",
      verdict: "fail",
      resources: [template({ httpTokens: "optional", httpPutResponseHopLimit: 1 })],
    },
    { title: "a node group without a template of its own", verdict: "fail", resources: [nodeGroup({})] },
    {
      title: "Karpenter told to let pods through",
      verdict: "fail",
      resources: [nodeClass({ metadataOptions: { httpPutResponseHopLimit: 2 } })],
    },
    {
      title: "a hop limit not known yet",
      verdict: "unknown",
      resources: [template({ httpTokens: "required", httpPutResponseHopLimit: UNKNOWN })],
    },
    {
      title: "a template of another stack",
      verdict: "unknown",
      resources: [nodeGroup({ launchTemplate: { id: "lt-0123456789abcdef0" } })],
    },
    { title: "no nodes", verdict: "notApplicable", values: {} },
  ],
  evaluate: (resource, context) => {
    if (nodeGroupTypes.includes(resource.type)) return judgeNodeGroup(resource, context);
    if (nodeClassTypes.includes(resource.type))
      return judgeOptions(nodeClassMetadata(resource), "spec.metadataOptions");
    return judgeOptions(own(resource.properties, "metadataOptions"), "metadataOptions");
  },
};

/** Without an own template EKS makes one whose hop limit lets pods through. */
function judgeNodeGroup(group: Resource, { stack, settings }: Context): Finding {
  const path = "launchTemplate";
  const template = own(group.properties, path);
  if (template === undefined || template === null)
    return fail(path, "not set, so that EKS takes a hop limit of 2", `a launch template with ${expected}`);
  if (sourcesOf(stack, group, path, launchTemplateTypes).length > 0)
    return notApplicable("the launch template is judged by itself");
  if (settings.assume.imdsHopLimitOne) return pass(path, "assumed: every node requires IMDSv2 with a hop limit of 1");
  return unknown(
    path,
    "a launch template that is not in this stack",
    `a launch template with ${expected}`,
    "make the launch template in this stack, or if its metadata options are right set settings.assume.imdsHopLimitOne: true",
  );
}

function judgeOptions(options: Found, path: string): Finding {
  if (options === undefined || options === null)
    return fail(path, "not set, so that pods reach the node's metadata", expected);
  const tokens = own(options, "httpTokens");
  const hops = toNumber(own(options, "httpPutResponseHopLimit"));
  const found = `httpTokens ${tokens === "required" || tokens === "optional" ? tokens : describe(tokens)}, httpPutResponseHopLimit ${typeof hops === "number" ? hops : describe(hops)}`;
  const open = ["httpTokens", "httpPutResponseHopLimit", "httpEndpoint"].find((key) => own(options, key) === UNKNOWN);
  return decide(metadataStaysOnNode(options), {
    pass: pass(path, "IMDSv2 with hop limit 1, or no metadata at all"),
    fail: fail(path, found, expected),
    unknown: unknown(options === UNKNOWN ? path : `${path}.${open}`, describe(UNKNOWN), expected),
  });
}
