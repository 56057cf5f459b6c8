import { UNKNOWN } from "../../chart/values";
import { type Context, type Control, type Finding, fail, pass, unknown } from "../control";
import { hubTypes, onHubProcess } from "../evidence/hub";
import {
  blockedByIptables,
  blockedByNetworkPolicy,
  blockedByNodes,
  metadataAddress,
} from "../evidence/metadata-blocks";
import { type UserPod, userPods } from "../evidence/user-pods";
import { metadataExamples } from "./metadata-examples";

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

function judgePod(pod: UserPod, context: Context): Finding {
  const blocks = [blockedByIptables(pod), blockedByNetworkPolicy(pod, context), blockedByNodes(pod, context)];
  const holding = blocks.find((block) => block.holds === true);
  if (holding) return pass(holding.path, holding.reason);
  const open = blocks.find((block) => block.holds === UNKNOWN);
  const reasons = blocks.map((block) => block.reason).join("; ");
  const expected = `one effective block of ${metadataAddress} for the pods of ${pod.path}`;
  if (open) return unknown(open.path, reasons, expected);
  // What undoes a block tells more than a block that nobody switched on.
  const undone = blocks.find((block) => block.undone);
  return fail(undone?.path ?? "singleuser.cloudMetadata", reasons, expected);
}
