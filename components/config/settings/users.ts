import { posix } from "node:path";
import { z } from "zod";
import { bytes, kubernetesName, memory, orOutput, storageSize } from "../formats";
import { isLess, type Relation } from "../relations";
import { awsAccess } from "./aws-access";
import { egress, egressRelations } from "./egress";
import { userImage } from "./images";
import { wholeNumber, wholeNumberSuchAs } from "./numbers";
import { cores, profileRelations, profiles } from "./profiles";
import { groups, roleRelations, roles } from "./roles";

const ownProgram = "for example /opt/jupyterhub/bin/jupyterhub-singleuser";

const absolutePath = z
  .string()
  .refine((path) => /^(\/[\w.+-]+)+$/.test(path) && posix.normalize(path) === path, {
    error: `expected an absolute path, ${ownProgram}`,
  })
  .refine((path) => !/^\/(home|tmp)\//.test(path), {
    error: `that lies where users write; expected the path of a program that the image alone brings, ${ownProgram}`,
  });

/** Who users are to each other, and what their servers are made of. */
export const users = z
  .strictObject({
    /**
     * `untrusted`: nobody vouches for users, so each is protected from all others ("JupyterHub, Security Overview"): a host
     * name for each, a server that its user cannot change, no sharing.
     */
    trust: z.enum(["semi-trusted", "untrusted"]).default("semi-trusted"),
    /** A host name below the hub's for each user, which needs a wildcard record and certificate. Default: for untrusted users. */
    subdomains: z.boolean().optional(),
    /** The image of user servers. Default: the chart's public sample image, at the chart's version. */
    image: userImage.optional(),
    /** Absolute path of `jupyterhub-singleuser` in the images. Default: it is looked up in PATH, for untrusted users never. */
    serverCommand: absolutePath.optional(),
    cpu: z.strictObject({ guarantee: cores.default(0.25), limit: cores.default(2) }).prefault({}),
    memory: z.strictObject({ guarantee: memory.default("1G"), limit: memory.default("4G") }).prefault({}),
    /** What users choose between. Empty: everybody gets the same. */
    profiles,
    /** Servers beside the first one. */
    namedServers: z
      .strictObject(
        { perUser: wholeNumberSuchAs(3).min(1, "expected at least 1").max(100, "expected at most 100") },
        'expected perUser, for example {"perUser": 3}',
      )
      .optional(),
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
    /** Seconds after which a server is stopped even where it is busy; its home stays. Default: never. */
    maximumAgeSeconds: wholeNumberSuchAs(86_400).optional(),
    groups,
    roles,
    egress,
    awsAccess,
  })
  .prefault({});

/** Whether each user has a host name of their own. */
export function hasSubdomains({
  trust,
  subdomains,
}: {
  trust?: string | undefined;
  subdomains?: boolean | undefined;
}): boolean {
  return subdomains ?? trust === "untrusted";
}

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
    path: ["users", "awsAccess"],
    broken: ({ users, cluster } = {}) =>
      cluster?.kind === "kubeconfig" &&
      users?.awsAccess !== undefined &&
      "cluster.kind is kubeconfig, and Pod Identity needs the cluster's name in EKS; leave this out, or name the cluster: cluster.kind existing",
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
  {
    path: ["users", "maximumAgeSeconds"],
    broken: ({ users } = {}) =>
      isLess(users?.maximumAgeSeconds, users?.idleTimeoutSeconds) &&
      `expected at least users.idleTimeoutSeconds (${users?.idleTimeoutSeconds})`,
  },
  {
    path: ["users", "subdomains"],
    broken: ({ users } = {}) =>
      users?.trust === "untrusted" &&
      users.subdomains === false &&
      "users.trust is untrusted, and on one host name the page of one user acts in the browser of another; leave this out, or set users.trust to semi-trusted",
  },
  {
    path: ["users", "serverCommand"],
    broken: ({ users } = {}) => {
      const ownImage = users?.image !== undefined || users?.profiles?.some((each) => each?.image !== undefined);
      return (
        users?.trust === "untrusted" &&
        ownImage === true &&
        users.serverCommand === undefined &&
        "users.trust is untrusted, so the server's program is not looked up in PATH; expected its absolute path in your images, for example /opt/jupyterhub/bin/jupyterhub-singleuser"
      );
    },
  },
  ...profileRelations,
  ...roleRelations,
  ...egressRelations,
];
