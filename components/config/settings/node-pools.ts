import { z } from "zod";
import { maximumZones } from "../../subnets";
import { instanceType } from "../formats";
import { isLess, type Relation } from "../relations";
import { wholeNumber } from "./numbers";

const noAutoscaler = (purpose: string) =>
  `expected at least 1, because there is no autoscaler that would start the first ${purpose} node`;

const nodePool = (purpose: string, defaults: { instanceType: string; maxSize: number }) =>
  z
    .strictObject({
      /** EC2 instance type of the nodes. */
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

export const nodePools = z
  .strictObject({
    core: nodePool("core", { instanceType: "t3.large", maxSize: 2 }),
    user: nodePool("user", { instanceType: "t3.xlarge", maxSize: 5 }),
  })
  .prefault({});

const relationsOf = (purpose: "core" | "user"): Relation[] => [
  {
    path: ["nodePools", purpose, "maxSize"],
    broken: (settings) => {
      const { minSize, maxSize } = settings?.nodePools?.[purpose] ?? {};
      return isLess(maxSize, minSize) && `expected at least minSize (${minSize})`;
    },
  },
  {
    path: ["nodePools", purpose, "zones"],
    broken: (settings) => {
      const zones = settings?.network?.zones;
      return (
        isLess(zones, settings?.nodePools?.[purpose]?.zones) &&
        `expected at most network.zones (${zones}); raise that, or ask for fewer pools`
      );
    },
  },
];

export const nodePoolRelations: readonly Relation[] = [...relationsOf("core"), ...relationsOf("user")];
