import { z } from "zod";
import { bytes, filledIn, kubernetesName, memory, orOutput, storageSize } from "../formats";
import { isLess, type Relation } from "../relations";
import { wholeNumber } from "./numbers";

const cores = z.number().positive("expected a number of CPU cores above 0");

/** A user's server. */
export const users = z
  .strictObject({
    /** The image of user servers. Default: the chart's public sample image, at the chart's version. */
    image: z.strictObject({ name: filledIn("quay.io/jupyter/scipy-notebook"), tag: filledIn("2026-11-02") }).optional(),
    cpu: z.strictObject({ guarantee: cores.default(0.25), limit: cores.default(2) }).prefault({}),
    memory: z.strictObject({ guarantee: memory.default("1G"), limit: memory.default("4G") }).prefault({}),
    /** Size of a home directory. */
    homeSize: storageSize.default("10Gi"),
    /** A StorageClass that exists, for homes and the hub's database. Default: encrypted gp3 volumes that outlive their claims. */
    storageClass: orOutput(
      kubernetesName,
      "expected the name of a StorageClass, as text or as an output, for example gp3-encrypted",
    ).optional(),
    /** Seconds without activity after which a server is stopped; its home stays. */
    idleTimeoutSeconds: wholeNumber
      .min(300, "expected at least 300, because people lose what they compute")
      .default(3600),
  })
  .prefault({});

export const userRelations: readonly Relation[] = [
  {
    path: ["users", "storageClass"],
    broken: ({ users, cluster } = {}) =>
      cluster?.kind === "kubeconfig" &&
      users !== undefined &&
      users.storageClass === undefined &&
      "cluster.kind is kubeconfig, so nobody knows what makes volumes there: expected the name of a StorageClass of that cluster, for example gp3-encrypted",
  },
  {
    path: ["users", "cpu", "limit"],
    broken: ({ users } = {}) =>
      isLess(users?.cpu?.limit, users?.cpu?.guarantee) && `expected at least guarantee (${users?.cpu?.guarantee})`,
  },
  {
    path: ["users", "memory", "limit"],
    broken: ({ users } = {}) => {
      const { guarantee, limit } = users?.memory ?? {};
      return (
        isLess(limit && bytes(limit), guarantee && bytes(guarantee)) && `expected at least guarantee (${guarantee})`
      );
    },
  },
];
