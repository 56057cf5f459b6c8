import { z } from "zod";
import { cidr, eachOnce, orOutput, prefixOf, webAclArn } from "../formats";
import { isLess, type KnownSettings, type Relation } from "../relations";
import { wholeNumber } from "./numbers";

const source = cidr.refine((range) => !prefixOf(range, (prefix) => prefix < 8), {
  error:
    "that is everybody, or nearly; leave the list empty for that, or name who may connect, for example 203.0.113.0/24",
});

/** Who can reach the hub, by what kind of load balancer, and what is noted of it. */
export const exposure = z
  .strictObject({
    /** `internet`: a load balancer in public subnets; `internal`: in private ones, for the VPC and what is connected to it. */
    kind: z.enum(["internet", "internal"]).default("internet"),
    /** IPv4 ranges that may connect. Empty: everybody (`internet`), or the private ranges of RFC 1918 (`internal`). */
    sourceCidrs: z.array(source).superRefine(eachOnce).default([]),
    /** Elastic IP addresses, one per zone, that stay the same: for firewalls that know addresses only. */
    fixedAddresses: z.boolean().default(false),
    /** A regional WAFv2 web ACL that looks at each request first. */
    webAclArn: orOutput(webAclArn, "expected the ARN of a WAFv2 web ACL, as text or as an output").optional(),
    /** Who asked for what, written to an encrypted bucket that is closed to everybody else. */
    accessLogs: z
      .strictObject({
        /** Days that access logs are kept. */
        retentionDays: wholeNumber.min(1, "expected at least 1").max(3653, "expected at most 3653").default(90),
      })
      .optional(),
    /**
     * `pulumi`: the load balancer and all that belongs to it are resources of the stack; `service`: the AWS load balancer
     * controller of the cluster makes one for the chart's own service.
     */
    managedBy: z.enum(["pulumi", "service"]).default("pulumi"),
  })
  .prefault({});

/** Whether requests pass through an application load balancer; undefined where that was not understood. */
function throughAlb({ https }: NonNullable<KnownSettings>): boolean | undefined {
  return https?.kind && (https.kind === "offload" ? https.loadBalancer === "alb" : false);
}

/** Inbound rules of a security group ("Amazon VPC quotas"); each source needs one for each port. */
const mostRules = 60;

export const exposureRelations: readonly Relation[] = [
  {
    path: ["exposure", "sourceCidrs"],
    broken: ({ exposure, https } = {}) => {
      if (https?.kind === undefined) return undefined;
      const isAtNlb = https.kind === "offload" && https.loadBalancer === "nlb";
      const [most, rules] = isAtNlb
        ? [mostRules, "a rule for 443"]
        : [mostRules / 2, "a rule for 443 and one for 80, which redirects"];
      return (
        isLess(most, exposure?.sourceCidrs?.length) &&
        `expected at most ${most} ranges, because each takes ${rules}, and a security group takes ${mostRules}; join neighbours, for example 203.0.113.0/24`
      );
    },
  },
  {
    path: ["exposure", "fixedAddresses"],
    broken: ({ exposure, ...settings } = {}) =>
      exposure?.fixedAddresses &&
      throughAlb(settings) &&
      "an application load balancer has no fixed addresses; set https.loadBalancer to nlb",
  },
  {
    path: ["exposure", "fixedAddresses"],
    broken: ({ exposure } = {}) =>
      exposure?.fixedAddresses &&
      exposure.kind === "internal" &&
      "elastic IP addresses are public, but exposure.kind is internal; leave exposure.fixedAddresses false, or set exposure.kind to internet",
  },
  {
    path: ["exposure", "fixedAddresses"],
    broken: ({ exposure } = {}) =>
      exposure?.fixedAddresses &&
      exposure.managedBy === "service" &&
      "the cluster makes the load balancer with exposure.managedBy: service, and its addresses with it; set exposure.managedBy to pulumi",
  },
  {
    path: ["exposure", "webAclArn"],
    broken: ({ exposure, ...settings } = {}) =>
      exposure?.webAclArn !== undefined &&
      throughAlb(settings) === false &&
      `a web ACL reads requests, which only an application load balancer does; set https.kind to offload and https.loadBalancer to alb${exposure.managedBy === "service" ? ", and exposure.managedBy to pulumi" : ""} (https.kind is ${settings.https?.kind})`,
  },
  {
    path: ["exposure", "accessLogs"],
    broken: ({ exposure, https } = {}) =>
      exposure?.accessLogs !== undefined &&
      https?.kind !== undefined &&
      https.kind !== "offload" &&
      `a load balancer that passes TCP through notes nothing, but https.kind is ${https.kind}; set https.kind to offload, or leave exposure.accessLogs out`,
  },
  {
    path: ["exposure", "managedBy"],
    broken: ({ exposure, cluster } = {}) =>
      exposure?.managedBy === "service" &&
      cluster?.kind === "create" &&
      "the AWS load balancer controller has to be in the cluster before the hub, but cluster.kind is create; name a cluster that has it (cluster.kind: existing), or set exposure.managedBy to pulumi",
  },
];
