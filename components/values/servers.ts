import type { Output } from "@pulumi/pulumi";
import type { Values } from "./value";

/** What a user's server is made of. */
export interface UserServers {
  /** The image, by tag. */
  readonly image: { readonly name: string; readonly tag: string };
  /** CPU cores. */
  readonly cpu: { readonly guarantee: number; readonly limit: number };
  /** Memory as KubeSpawner writes it, for example `2G`. */
  readonly memory: { readonly guarantee: string; readonly limit: string };
  /** Size of a home directory, for example `10Gi`. */
  readonly homeSize: string;
  /** StorageClass of home directories and of the hub's database. */
  readonly storageClassName: string | Output<string>;
  /** Seconds without activity after which a server is stopped. */
  readonly idleTimeoutSeconds: number;
}

/** The user image as long as nobody names one: the chart's public sample, at the chart's own version. */
export function sampleImage(chartVersion: string): UserServers["image"] {
  return { name: "quay.io/jupyterhub/k8s-singleuser-sample", tag: chartVersion };
}

export function userServers(servers: UserServers): Values {
  return {
    singleuser: {
      image: { ...servers.image },
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
    hub: { db: { type: "sqlite-pvc", pvc: { storageClassName: servers.storageClassName } } },
    // Servers are stopped, people stay: removing users would remove their rights with them.
    cull: { enabled: true, users: false, timeout: servers.idleTimeoutSeconds },
  };
}

/** The hub image without compilers and debugging tools ("Zero to JupyterHub, Security"). */
export function hubImage(chartVersion: string): Values {
  return { hub: { image: { name: "quay.io/jupyterhub/k8s-hub-slim", tag: chartVersion } } };
}
