import type * as pulumi from "@pulumi/pulumi";
import { bucketPolicy } from "../bucket-access";
import type { Settings } from "../config/settings";
import { hasSubdomains } from "../config/settings/users";
import { PodRole } from "../pod-role";
import type { HubSettings } from "../values/hub-values";
import { type Image, type Mirrors, sampleImage } from "../values/images";
import { type HubCluster, required } from "./cluster";

/** The account that stands for users in AWS. */
const userServiceAccount = "user-server";

/** What the hub's users need that other resources make. */
export interface MadeForUsers {
  /** The repository of images that are named by their tag alone. */
  readonly repositoryUrl: pulumi.Input<string>;
  readonly storageClassName: string | pulumi.Output<string>;
  /** Copies of published images. */
  readonly mirrors?: Mirrors | undefined;
}

/** What the chart's values depend on as far as users are concerned. */
export function hubUsers(
  { users, images, hub }: Pick<Settings, "users" | "images" | "hub">,
  made: MadeForUsers,
): Pick<HubSettings, "servers" | "isolation" | "people" | "images"> {
  const named = (image: SettingsImage): Image => ({ ...image, name: image.name ?? made.repositoryUrl });
  return {
    servers: {
      ...users,
      image: users.image ? named(users.image) : sampleImage(hub.chartVersion),
      profiles: users.profiles.map(({ image, ...profile }) => ({ ...profile, ...(image && { image: named(image) }) })),
      storageClassName: made.storageClassName,
    },
    isolation: {
      untrusted: users.trust === "untrusted",
      subdomains: hasSubdomains(users),
      serverCommand: users.serverCommand,
      egress: users.egress,
      serviceAccountName: users.awsAccess && userServiceAccount,
    },
    people: { groups: users.groups, roles: users.roles },
    images: { mirrors: made.mirrors, pullSecret: images.pullSecret },
  };
}

type SettingsImage = NonNullable<Settings["users"]["image"]>;

/** The role of user pods in AWS, if they have one. */
export function userAwsRole(
  name: string,
  { users, hub, tags }: Pick<Settings, "users" | "hub" | "tags">,
  cluster: HubCluster["cluster"],
  child: { readonly parent: pulumi.Resource },
): pulumi.Resource[] {
  const { awsAccess } = users;
  if (awsAccess === undefined) return [];
  return [
    new PodRole(
      `${name}-users`,
      {
        clusterName: required(cluster.clusterName, "name of the cluster"),
        namespace: hub.namespace,
        serviceAccount: userServiceAccount,
        policyArns: awsAccess.policyArns,
        policy: bucketPolicy(awsAccess.buckets),
        tags,
      },
      child,
    ),
  ];
}
