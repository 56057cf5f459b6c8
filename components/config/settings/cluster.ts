import { z } from "zod";
import { defaultKubernetesVersion, kubernetesVersions } from "../../kubernetes-versions";
import { eachOnce, iamPrincipal, orOutput, securityGroupId } from "../formats";
import type { Relation } from "../relations";
import { logRetention } from "./numbers";
import { privateRange, publicRange } from "./ranges";
import { secret } from "./secret";

const apiAccess =
  'expected at least your own public address, because the deploying machine must reach the Kubernetes API, for example ["203.0.113.7/32"]';

/** Prefix lengths that EKS accepts for services ("Amazon EKS API reference, KubernetesNetworkConfigRequest"). */
const servicePrefix = { largest: 12, smallest: 24 };

/** A cluster of the hub's own. */
const created = z.strictObject({
  kind: z.literal("create").optional().default("create"),
  /** Kubernetes version. */
  version: z.enum(kubernetesVersions).default(defaultKubernetesVersion),
  /** IPv4 ranges that may reach the Kubernetes API; the deploying machine's must be among them. */
  publicAccessCidrs: z
    .array(publicRange, apiAccess)
    .min(1, apiAccess)
    .max(40, "expected at most 40 ranges, because EKS takes no more; join neighbours, for example 203.0.113.0/24"),
  /** IAM roles and users that administer the cluster beside its creator; EKS refuses the creator's own ARN here. */
  adminArns: z.array(iamPrincipal).superRefine(eachOnce).default([]),
  /** Days that control-plane logs are kept. */
  logRetentionDays: logRetention.default(30),
  /** Addresses of Kubernetes services. */
  serviceCidr: privateRange(servicePrefix, "172.20.0.0/16").default("172.20.0.0/16"),
});

/** An EKS cluster that exists, or that another part of the program makes. What it needs: docs/bring-your-own.md. */
const existing = z.strictObject({
  kind: z.literal("existing"),
  /** Its name in EKS; everything else is looked up. */
  name: orOutput(
    z.string().regex(/^[0-9A-Za-z][0-9A-Za-z_-]{0,99}$/, "expected the name of an EKS cluster, for example research"),
    "expected the name of an EKS cluster, as text or as an output, for example research",
  ),
});

/** Any cluster that a kubeconfig leads to. Nothing is looked up, so what needs to know AWS has to be told. */
const byKubeconfig = z.strictObject({
  kind: z.literal("kubeconfig"),
  /** The kubeconfig, as YAML or JSON. */
  kubeconfig: secret("cluster.kubeconfig"),
  /** The security group of the nodes, for a load balancer of ours. */
  securityGroupId: securityGroupId.optional(),
});

export const cluster = z.discriminatedUnion("kind", [created, existing, byKubeconfig], {
  error: ({ input }) =>
    typeof input !== "object" || input === null
      ? "expected who may reach the Kubernetes API, for example by `pulumi config set --path 'cluster.publicAccessCidrs[0]' 203.0.113.7/32`, or a cluster that exists: kind and name"
      : undefined,
});

export const clusterRelations: readonly Relation[] = [
  {
    path: ["cluster", "securityGroupId"],
    broken: ({ cluster, exposure } = {}) =>
      cluster?.kind === "kubeconfig" &&
      cluster.securityGroupId === undefined &&
      exposure?.managedBy === "pulumi" &&
      "exposure.managedBy is pulumi, so the load balancer needs a way to the nodes: expected the id of their security group, for example sg-0a1b2c3d4e5f67890; or set exposure.managedBy to service",
  },
];
