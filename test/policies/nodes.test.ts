import { UNKNOWN, type ValueMap } from "../../chart/values";
import { nodeMetadataHopLimit } from "../../policies/controls/nodes";
import { bareNodes, describeControl, hub, launchTemplate, nodes, resource, safeMetadata } from "./support";

const nodeGroup = (properties: ValueMap) => resource("aws:eks/nodeGroup:NodeGroup", "pool", properties);
const nodeClass = (version: string, spec: ValueMap) =>
  resource(`kubernetes:karpenter.k8s.aws/${version}:EC2NodeClass`, "default", { spec });

describeControl(nodeMetadataHopLimit, [
  ["IMDSv2, one hop", "pass", launchTemplate(safeMetadata)],
  ["a text for the number", "pass", launchTemplate({ httpTokens: "required", httpPutResponseHopLimit: "1" })],
  ["no metadata at all", "pass", launchTemplate({ httpEndpoint: "disabled" })],
  ["nothing said", "fail", launchTemplate()],
  ["null", "fail", launchTemplate(null)],
  [
    "two hops, what the EKS component sets",
    "fail",
    launchTemplate({ httpTokens: "required", httpPutResponseHopLimit: 2 }),
  ],
  [
    "one hop, but IMDSv1, which no hop limit stops",
    "fail",
    launchTemplate({ httpTokens: "optional", httpPutResponseHopLimit: 1 }),
  ],
  ["tokens not named", "fail", launchTemplate({ httpPutResponseHopLimit: 1 })],
  ["two hops whatever the tokens are", "fail", launchTemplate({ httpTokens: UNKNOWN, httpPutResponseHopLimit: 2 })],
  ["hop limit not known yet", "unknown", launchTemplate({ httpTokens: "required", httpPutResponseHopLimit: UNKNOWN })],
  ["everything unknown", "unknown", launchTemplate(UNKNOWN)],
  ["a node group without own template", "fail", bareNodes],
  ["a node group on a safe template", "pass", nodes(safeMetadata)],
  ["no nodes", "notApplicable", hub({})],
  [
    "a template of another stack",
    "unknown",
    nodeGroup({ launchTemplate: { id: "lt-0123456789abcdef0", version: "1" } }),
  ],
  [
    "a template of another stack, asserted",
    "pass",
    nodeGroup({ launchTemplate: { id: "lt-0123456789abcdef0" } }),
    { settings: { assume: { imdsHopLimitOne: true } } },
  ],
  ["a template that is not known yet", "unknown", nodeGroup({ launchTemplate: UNKNOWN })],
  ["Karpenter's default", "pass", nodeClass("v1", {})],
  ["Karpenter's default before v1", "fail", nodeClass("v1beta1", {})],
  ["Karpenter told to let pods through", "fail", nodeClass("v1", { metadataOptions: { httpPutResponseHopLimit: 2 } })],
  ["Karpenter's options not known yet", "unknown", nodeClass("v1", { metadataOptions: UNKNOWN })],
]);
