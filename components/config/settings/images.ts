import { z } from "zod";
import { filledIn, kubernetesName, orOutput } from "../formats";
import { imageDigest, imageName, imageTag, registryHost, repositoryUrl } from "../image-formats";
import type { Relation } from "../relations";
import { secret } from "./secret";

/** A user image. Without a name it is one that was pushed to the hub's own repository. */
export const userImage = z
  .strictObject(
    {
      /** The repository, with its registry, for example `quay.io/jupyter/scipy-notebook`. Default: the hub's own repository. */
      name: imageName.optional(),
      /** The image's tag. */
      tag: imageTag.optional(),
      /** The image's digest: the one name that can never stand for another image. */
      digest: imageDigest.optional(),
    },
    'expected an object, for example {"name": "quay.io/jupyter/scipy-notebook", "tag": "2026-11-02"}',
  )
  .refine(({ tag, digest }) => tag !== undefined || digest !== undefined, {
    error: "expected a tag, a digest or both, for example {tag: 2026-11-02}",
  });

const pullSecret = z.discriminatedUnion(
  "kind",
  [
    z.strictObject({
      kind: z.literal("existing"),
      /** An existing Secret of type `kubernetes.io/dockerconfigjson` in the hub's namespace. */
      name: orOutput(kubernetesName, "expected the name of a Secret, as text or as an output"),
    }),
    z.strictObject({
      kind: z.literal("create"),
      /** Host of the registry. ECR needs none: nodes pull from it with their role. */
      registry: registryHost.refine((host) => !ecrHost.test(host), {
        error:
          "nodes pull from ECR with their role, and a password for it dies after 12 hours; leave images.pullSecret out, or name another registry, for example registry.acme.science",
      }),
      username: filledIn("hub-puller"),
      password: secret("images.pullSecret.password"),
    }),
  ],
  "expected kind existing with name, or kind create with registry, username and password",
);

const ecrHost = /\.dkr[.-]ecr(-fips)?\./;

const registry = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("create").optional().default("create") }),
    z.strictObject({
      kind: z.literal("existing"),
      /** A repository for user images, for example `123456789012.dkr.ecr.eu-central-1.amazonaws.com/hub`. */
      repositoryUrl: orOutput(repositoryUrl, "expected the repository's URL without scheme, as text or as an output"),
    }),
  ])
  .prefault({});

/** Where images come from. */
export const images = z
  .strictObject({
    /**
     * Whether images of quay.io, registry.k8s.io and public.ecr.aws come through repositories of the account, scanned when they
     * arrive. Default: with node pools of the stack's own; other nodes need a role that may `ecr:BatchImportUpstreamImage`.
     */
    pullThroughCache: z.boolean().optional(),
    /** The login for a registry of somebody else's, given to every pod of the hub. */
    pullSecret: pullSecret.optional(),
    /** The repository for user images. */
    registry,
  })
  .prefault({});

export const imageRelations: readonly Relation[] = [
  {
    path: ["images", "pullSecret"],
    broken: ({ images, hub } = {}) =>
      images?.pullSecret?.kind === "existing" &&
      hub?.createNamespace === true &&
      "the Secret has to be there before the hub, but hub.createNamespace makes its namespace together with the hub; set that to false for a namespace that exists, or choose images.pullSecret.kind create",
  },
];

/** Whether public images come through the account's cache. */
export function usesCache({ images, nodePools }: CacheSettings): boolean {
  return images.pullThroughCache ?? nodePools.kind === "create";
}

interface CacheSettings {
  readonly images: { readonly pullThroughCache?: boolean | undefined };
  readonly nodePools: { readonly kind: string };
}
