import type * as pulumi from "@pulumi/pulumi";
import { type Image, type Mirrors, mirrored, tagOf, text } from "./images";
import { type Profile, profileList } from "./profiles";
import { join, type Values } from "./value";

/** What a user's server is made of, and how long it lives. */
export interface UserServers {
  readonly image: Image;
  /** CPU cores. */
  readonly cpu: { readonly guarantee: number; readonly limit: number };
  /** Memory as KubeSpawner writes it, for example `2G`. */
  readonly memory: { readonly guarantee: string; readonly limit: string };
  /** What users choose between; default: nothing. */
  readonly profiles?: readonly Profile[] | undefined;
  /** How many servers a user may have beside the first one; default: none. */
  readonly namedServers?: { readonly perUser: number } | undefined;
  /** Size of a home directory, for example `10Gi`. */
  readonly homeSize: string;
  /** StorageClass of home directories and of the hub's database. */
  readonly storageClassName: string | pulumi.Output<string>;
  /** Seconds without activity after which a server is stopped. */
  readonly idleTimeoutSeconds: number;
  /** Seconds after which a server is stopped in any case; default: never. */
  readonly maximumAgeSeconds?: number | undefined;
}

export function userServers(servers: UserServers, chartVersion: string, mirrors?: Mirrors): Values {
  const { image, namedServers, maximumAgeSeconds } = servers;
  return join(
    {
      singleuser: {
        image: { name: text(mirrored(image.name, mirrors)), tag: tagOf(image) },
        cpu: { ...servers.cpu },
        memory: { ...servers.memory },
        // A new node and a large image take their time.
        startTimeout: 600,
        storage: {
          type: "dynamic",
          capacity: servers.homeSize,
          dynamic: { storageClass: servers.storageClassName },
        },
      },
      hub: {
        db: { type: "sqlite-pvc", pvc: { storageClassName: servers.storageClassName } },
        ...(namedServers && { allowNamedServers: true, namedServerLimitPerUser: namedServers.perUser }),
      },
      // Servers are stopped, people stay: removing users would remove their rights with them.
      cull: {
        enabled: true,
        users: false,
        timeout: servers.idleTimeoutSeconds,
        ...(maximumAgeSeconds !== undefined && { maxAge: maximumAgeSeconds }),
      },
    },
    profileList(servers.profiles ?? [], chartVersion, mirrors),
  );
}
