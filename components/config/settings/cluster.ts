import { z } from "zod";
import { defaultKubernetesVersion, kubernetesVersions } from "../../kubernetes-versions";
import { iamPrincipal } from "../formats";
import { logRetention } from "./numbers";
import { privateRange, publicRange } from "./ranges";

const apiAccess =
  'expected at least your own public address, because the deploying machine must reach the Kubernetes API, for example ["203.0.113.7/32"]';

/** Prefix lengths that EKS accepts for services ("Amazon EKS API reference, KubernetesNetworkConfigRequest"). */
const servicePrefix = { largest: 12, smallest: 24 };

export const cluster = z.strictObject(
  {
    /** Kubernetes version. */
    version: z.enum(kubernetesVersions).default(defaultKubernetesVersion),
    /** IPv4 ranges that may reach the Kubernetes API; the deploying machine's must be among them. */
    publicAccessCidrs: z.array(publicRange, apiAccess).min(1, apiAccess),
    /** IAM roles and users that administer the cluster beside its creator; EKS refuses the creator's own ARN here. */
    adminArns: z.array(iamPrincipal).default([]),
    /** Days that control-plane logs are kept. */
    logRetentionDays: logRetention.default(30),
    /** Addresses of Kubernetes services. */
    serviceCidr: privateRange(servicePrefix, "172.20.0.0/16").default("172.20.0.0/16"),
  },
  "expected who may reach the Kubernetes API, for example by `pulumi config set --path 'cluster.publicAccessCidrs[0]' 203.0.113.7/32`",
);
