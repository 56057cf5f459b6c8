import { z } from "zod";
import { maximumZones, vpcPrefix } from "../../subnets";
import { overlap } from "../formats";
import type { Relation } from "../relations";
import { logRetention, wholeNumber } from "./numbers";
import { privateRange } from "./ranges";

export const network = z
  .strictObject({
    /** IPv4 range of the VPC. */
    cidr: privateRange(vpcPrefix, "10.0.0.0/16").default("10.0.0.0/16"),
    /** Availability zones with subnets. */
    zones: wholeNumber
      .min(2, "expected at least 2, because EKS and the load balancer demand two zones")
      .max(maximumZones)
      .default(2),
    /** `single`: one NAT gateway for all zones; `per-zone`: one in each. */
    natGateways: z.enum(["single", "per-zone"]).default("single"),
    /** Days that VPC flow logs are kept. */
    flowLogRetentionDays: logRetention.default(30),
  })
  .prefault({});

/** Docker's own bridge on the nodes. */
const dockerBridge = "172.17.0.0/16";

export const networkRelations: readonly Relation[] = [
  {
    path: ["network", "cidr"],
    broken: ({ network, cluster } = {}) =>
      overlap(network?.cidr, cluster?.serviceCidr) &&
      `that overlaps cluster.serviceCidr (${cluster?.serviceCidr}); choose another, for example ${rangeBeside(cluster?.serviceCidr)}`,
  },
  {
    path: ["network", "cidr"],
    broken: ({ network, cluster } = {}) =>
      overlap(network?.cidr, dockerBridge) &&
      `that overlaps the range that Docker uses on nodes (${dockerBridge}); choose another, for example ${rangeBeside(cluster?.serviceCidr)}`,
  },
];

/** A range for a VPC that the range of the services leaves free. */
function rangeBeside(serviceCidr: string | undefined): string | undefined {
  return ["10.0.0.0/16", "192.168.0.0/16"].find((range) => !overlap(range, serviceCidr));
}
