import { z } from "zod";
import { maximumZones, vpcPrefix } from "../../subnets";
import { eachOnce, overlap, subnetId, vpcId } from "../formats";
import { isLess, type KnownSettings, type Relation } from "../relations";
import { logRetention, wholeNumber } from "./numbers";
import { privateRange } from "./ranges";

/** A VPC of the hub's own. */
const created = z.strictObject({
  kind: z.literal("create").optional().default("create"),
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
});

const subnetIds = z
  .array(
    subnetId,
    'expected a list of subnet ids, as many as are known before anything is deployed, each as text or as an output, for example ["subnet-0a1b2c3d4e5f67890"]',
  )
  .superRefine(eachOnce);

/** A VPC that exists, or that another part of the program makes. */
const existing = z.strictObject({
  kind: z.literal("existing"),
  vpcId,
  /** Subnets of the nodes, with a way out to the internet; the first one is the first zone of every node pool. */
  privateSubnetIds: subnetIds.refine((ids) => ids.length > 0, "expected at least one subnet: nodes live there"),
  /** Subnets of an internet-facing load balancer, in two zones or more. */
  publicSubnetIds: subnetIds.default([]),
});

export const network = z.discriminatedUnion("kind", [created, existing]).prefault({});

/** Docker's own bridge on the nodes. */
const dockerBridge = "172.17.0.0/16";

export const networkRelations: readonly Relation[] = [
  {
    path: ["network", "cidr"],
    broken: (settings) => {
      const serviceCidr = serviceRange(settings);
      return (
        overlap(vpcRange(settings), serviceCidr) &&
        `that overlaps cluster.serviceCidr (${serviceCidr}); choose another, for example ${rangeBeside(serviceCidr)}`
      );
    },
  },
  {
    path: ["network", "cidr"],
    broken: (settings) =>
      overlap(vpcRange(settings), dockerBridge) &&
      `that overlaps the range that Docker uses on nodes (${dockerBridge}); choose another, for example ${rangeBeside(serviceRange(settings))}`,
  },
  {
    path: ["network", "kind"],
    broken: ({ network, cluster, exposure } = {}) => {
      if (network?.kind !== "create" || cluster === undefined || cluster.kind === "create") return;
      // A kubeconfig alone is enough where the load balancer is the cluster's own business.
      if (cluster.kind === "kubeconfig" && exposure?.managedBy !== "pulumi") return;
      return `cluster.kind is ${cluster.kind}, and that cluster has a network already: expected existing, with vpcId, privateSubnetIds and publicSubnetIds of its VPC`;
    },
  },
  {
    path: ["network", "privateSubnetIds"],
    broken: ({ network, cluster } = {}) =>
      network?.kind === "existing" &&
      cluster?.kind === "create" &&
      isLess(network.privateSubnetIds?.length, 2) &&
      "cluster.kind is create: expected at least two, in different zones, because EKS demands it",
  },
  {
    path: ["network", "privateSubnetIds"],
    broken: ({ network, exposure } = {}) =>
      network?.kind === "existing" &&
      exposure?.kind === "internal" &&
      exposure.managedBy === "pulumi" &&
      isLess(network.privateSubnetIds?.length, 2) &&
      "exposure.kind is internal: expected at least two, in different zones, because the load balancer demands it",
  },
  {
    path: ["network", "publicSubnetIds"],
    broken: ({ network, exposure } = {}) =>
      network?.kind === "existing" &&
      exposure?.kind === "internet" &&
      exposure.managedBy === "pulumi" &&
      isLess(network.publicSubnetIds?.length, 2) &&
      "exposure.kind is internet: expected at least two, in different zones, because the load balancer demands it; or set exposure.kind to internal",
  },
];

function vpcRange({ network }: KnownSettings = {}): string | undefined {
  return network?.kind === "create" ? network.cidr : undefined;
}

function serviceRange({ cluster }: KnownSettings = {}): string | undefined {
  return cluster?.kind === "create" ? cluster.serviceCidr : undefined;
}

/** A range for a VPC that the range of the services leaves free. */
function rangeBeside(serviceCidr: string | undefined): string | undefined {
  return ["10.0.0.0/16", "192.168.0.0/16"].find((range) => !overlap(range, serviceCidr));
}
