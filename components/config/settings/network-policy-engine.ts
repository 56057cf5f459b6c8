import { z } from "zod";
import { filledIn } from "../formats";
import type { Relation } from "../relations";

const calico = z.strictObject({ kind: z.literal("calico") });

/** The policy agent of the VPC CNI. AWS documents that it skips pods that nobody owns, and user pods are such. */
const vpcCni = z.strictObject({ kind: z.literal("vpc-cni") });

/** Something that enforces NetworkPolicies already, on every pod: nobody here looks. */
const external = z.strictObject({
  kind: z.literal("external"),
  /** What enforces them, and who answers for that: words for the posture. */
  enforcedBy: filledIn("Cilium, run by the platform team"),
});

/** What makes NetworkPolicies real. Default in a cluster of the hub's own: Calico. */
export const networkPolicyEngine = z.discriminatedUnion("kind", [calico, vpcCni, external]).optional();

type Engine = z.output<typeof networkPolicyEngine>;

/** The engine of settings that were accepted. */
export function engineKind({ networkPolicyEngine }: { networkPolicyEngine?: Engine }): NonNullable<Engine>["kind"] {
  return networkPolicyEngine?.kind ?? "calico";
}

/** "Amazon EKS User Guide, Limit Pod traffic with Kubernetes network policies". */
const skipsUserPods = "the VPC CNI does not dependably enforce policies on user pods, which no Deployment owns";

export const networkPolicyEngineRelations: readonly Relation[] = [
  {
    path: ["networkPolicyEngine"],
    broken: ({ networkPolicyEngine, cluster } = {}) =>
      networkPolicyEngine === undefined &&
      cluster !== undefined &&
      cluster.kind !== "create" &&
      `cluster.kind is ${cluster.kind}, and what enforces NetworkPolicies there is not known: expected {"kind": "external", "enforcedBy": "Cilium, run by the platform team"}, or {"kind": "calico"} to have Calico installed`,
  },
  {
    path: ["networkPolicyEngine", "kind"],
    broken: ({ networkPolicyEngine, cluster } = {}) =>
      networkPolicyEngine?.kind === "vpc-cni" &&
      cluster !== undefined &&
      cluster.kind !== "create" &&
      `cluster.kind is ${cluster.kind}, and the VPC CNI of that cluster is not ours to change: expected calico or external`,
  },
  {
    path: ["networkPolicyEngine", "kind"],
    broken: ({ networkPolicyEngine, users } = {}) =>
      networkPolicyEngine?.kind === "vpc-cni" &&
      users?.trust === "untrusted" &&
      `users.trust is untrusted, and ${skipsUserPods}: expected calico, or external with an engine that holds for every pod`,
  },
  {
    path: ["networkPolicyEngine", "kind"],
    broken: ({ networkPolicyEngine, users } = {}) =>
      networkPolicyEngine?.kind === "vpc-cni" &&
      users?.egress !== undefined &&
      users.egress.kind !== "internet" &&
      `users.egress.kind is ${users.egress.kind}, and ${skipsUserPods}: expected calico, or external with an engine that holds for every pod`,
  },
];
