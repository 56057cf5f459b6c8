import { own, UNKNOWN } from "../../chart/values";
import { type Control, decide, describe, fail, notApplicable, pass, unknown } from "../control";
import { toNumber } from "../evidence/aws";
import { launchTemplateTypes, metadataStaysOnNode, nodeGroupTypes } from "../evidence/nodes";
import type { Resource } from "../evidence/resource";

const expected = 'httpTokens: "required" and httpPutResponseHopLimit: 1';

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
  types: [...launchTemplateTypes, ...nodeGroupTypes],
  scope: "resource",
  evaluate: (resource) => (nodeGroupTypes.includes(resource.type) ? judgeNodeGroup(resource) : judgeTemplate(resource)),
};

/** Without an own template EKS makes one whose hop limit lets pods through. */
function judgeNodeGroup(group: Resource) {
  const template = own(group.properties, "launchTemplate");
  if (template === undefined || template === null)
    return fail("launchTemplate", "not set, so that EKS takes a hop limit of 2", `a launch template with ${expected}`);
  return notApplicable("the launch template is judged by itself");
}

function judgeTemplate(template: Resource) {
  const options = own(template.properties, "metadataOptions");
  const path = "metadataOptions";
  if (options === undefined || options === null)
    return fail(path, "not set, so that pods reach the node's metadata", expected);
  const tokens = own(options, "httpTokens");
  const hops = toNumber(own(options, "httpPutResponseHopLimit"));
  const found = `httpTokens ${tokens === "required" || tokens === "optional" ? tokens : describe(tokens)}, httpPutResponseHopLimit ${typeof hops === "number" ? hops : describe(hops)}`;
  return decide(metadataStaysOnNode(options), {
    pass: pass(path, "IMDSv2 with hop limit 1, or no metadata at all"),
    fail: fail(path, found, expected),
    unknown: unknown(
      options === UNKNOWN ? path : `${path}.${tokens === UNKNOWN ? "httpTokens" : "httpPutResponseHopLimit"}`,
      describe(UNKNOWN),
      expected,
    ),
  });
}
