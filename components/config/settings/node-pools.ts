import { z } from "zod";
import { maximumZones } from "../../subnets";
import { filledIn, instanceType, orOutput } from "../formats";
import { isLess, type KnownSettings, type Relation } from "../relations";
import { wholeNumber } from "./numbers";

const noAutoscaler = (purpose: string) =>
  `expected at least 1, because there is no autoscaler that would start the first ${purpose} node`;

const nodePool = (purpose: string, defaults: { instanceType: string; maxSize: number }) =>
  z
    .strictObject({
      /** EC2 instance type of the nodes, with x86-64 processors. */
      instanceType: instanceType.default(defaults.instanceType),
      /** How many zones get a pool. Volumes cannot leave their zone, so each zone keeps at least `minSize` nodes of its own. */
      zones: wholeNumber.min(1).max(maximumZones).default(1),
      /** Fewest nodes per zone. */
      minSize: wholeNumber.min(1, noAutoscaler(purpose)).default(1),
      /** Most nodes per zone. */
      maxSize: wholeNumber.min(1).max(450).default(defaults.maxSize),
      /** Disk of a node, in GiB: images live there. */
      diskSizeGiB: wholeNumber.min(20, "expected at least 20, because images need the space").max(16_384).default(80),
    })
    .prefault({});

/** Node groups of the hub's own, in whichever EKS cluster. */
const created = z.strictObject({
  kind: z.literal("create").optional().default("create"),
  core: nodePool("core", { instanceType: "t3.large", maxSize: 2 }),
  user: nodePool("user", { instanceType: "t3.xlarge", maxSize: 5 }),
});

/** Nodes that exist, labelled as the chart expects: `hub.jupyter.org/node-purpose: core` and `user`. */
const existing = z.strictObject({
  kind: z.literal("existing"),
  /** Autoscaling groups of the core nodes: targets of the load balancer. */
  autoscalingGroupNames: z
    .array(
      orOutput(
        filledIn("eks-core-0a1b2c3d"),
        "expected the name of an autoscaling group, as text or as an output, for example eks-core-0a1b2c3d",
      ),
    )
    .default([]),
});

export const nodePools = z.discriminatedUnion("kind", [created, existing]).prefault({});

const relationsOf = (purpose: "core" | "user"): Relation[] => [
  {
    path: ["nodePools", purpose, "maxSize"],
    broken: (settings) => {
      const { minSize, maxSize } = poolOf(settings, purpose) ?? {};
      return isLess(maxSize, minSize) && `expected at least minSize (${minSize})`;
    },
  },
  {
    path: ["nodePools", purpose, "zones"],
    broken: (settings) => {
      const { network } = settings ?? {};
      const existing = network?.kind === "existing";
      const zones = existing
        ? network.privateSubnetIds?.length
        : network?.kind === "create"
          ? network.zones
          : undefined;
      const setting = existing ? "the number of network.privateSubnetIds" : "network.zones";
      return (
        isLess(zones, poolOf(settings, purpose)?.zones) &&
        `expected at most ${setting} (${zones}); raise that, or ask for fewer pools`
      );
    },
  },
];

export const nodePoolRelations: readonly Relation[] = [
  ...relationsOf("core"),
  ...relationsOf("user"),
  {
    path: ["nodePools", "kind"],
    broken: ({ nodePools, cluster } = {}) =>
      nodePools?.kind === "create" &&
      cluster?.kind === "kubeconfig" &&
      "cluster.kind is kubeconfig, which does not tell the cluster's name in EKS, to which node groups belong: expected existing; or set cluster.kind to existing, with the cluster's name",
  },
  {
    path: ["nodePools", "kind"],
    broken: ({ nodePools, cluster } = {}) =>
      nodePools?.kind === "existing" &&
      cluster?.kind === "create" &&
      "cluster.kind is create, and a new cluster has no nodes: expected create",
  },
  {
    path: ["nodePools", "autoscalingGroupNames"],
    broken: ({ nodePools, exposure } = {}) =>
      nodePools?.kind === "existing" &&
      nodePools.autoscalingGroupNames?.length === 0 &&
      exposure?.managedBy === "pulumi" &&
      'exposure.managedBy is pulumi, so the load balancer needs targets: expected the autoscaling groups of the core nodes, for example ["eks-core-0a1b2c3d"]; or set exposure.managedBy to service',
  },
];

function poolOf({ nodePools }: KnownSettings = {}, purpose: "core" | "user") {
  return nodePools?.kind === "create" ? nodePools[purpose] : undefined;
}
