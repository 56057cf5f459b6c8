import { UNKNOWN, type Value } from "../../chart/values";
import { userPodMetadataBlocked } from "../../policies/controls/metadata";
import { bareNodes, cluster, describeControl, hub, nodes, resource, safeMetadata } from "./support";

const unblocked = hub({ singleuser: { cloudMetadata: { ip: "10.0.0.1" } } });
const nodeClass = (version: string) =>
  resource(`kubernetes:karpenter.k8s.aws/${version}:EC2NodeClass`, "default", { spec: {} });
const selfManaged = (key: Value) =>
  resource("aws:autoscaling/group:Group", "self", { tags: [{ key, value: "owned" }], launchTemplate: {} });

describeControl(userPodMetadataBlocked, [
  ["Karpenter beside good nodes", "pass", [unblocked, ...nodes(safeMetadata), nodeClass("v1")]],
  ["Karpenter before v1 beside good nodes", "fail", [unblocked, ...nodes(safeMetadata), nodeClass("v1beta1")]],
  [
    "Karpenter whose node classes are elsewhere",
    "unknown",
    [
      unblocked,
      ...nodes(safeMetadata),
      resource("kubernetes:helm.sh/v3:Release", "k", { chart: "oci://public.ecr.aws/karpenter/karpenter" }),
    ],
  ],
  ["EKS Auto Mode", "pass", [unblocked, cluster({ computeConfig: { enabled: true } })]],
  ["EKS Auto Mode beside bad nodes", "fail", [unblocked, cluster({ computeConfig: { enabled: true } }), bareNodes]],
  ["EKS Auto Mode, not known yet", "unknown", [unblocked, cluster({ computeConfig: { enabled: UNKNOWN } })]],
  ["own nodes whose tag is not known yet", "unknown", [unblocked, ...nodes(safeMetadata), selfManaged(UNKNOWN)]],
  ["another autoscaling group", "pass", [unblocked, ...nodes(safeMetadata), selfManaged("team")]],
]);
