import { parse } from "yaml";
import { clusterType } from "../aws/eks-facts";
import type { Cloud, CloudObject } from "../cloud";
import { type ProviderConfig, refuse } from "../resource-type";
import type { Properties } from "../wire";

/** A cluster that a kubeconfig leads to. */
export interface ReachableCluster {
  /** Scope of its objects. */
  readonly key: string;
  /** For clusters of this account; others simply exist, with everything that they need. */
  readonly eks?: CloudObject;
}

interface Kubeconfig {
  readonly "current-context"?: string;
  readonly contexts?: { readonly name: string; readonly context: { readonly cluster: string } }[];
  readonly clusters?: { readonly name: string; readonly cluster: { readonly server: string } }[];
}

/** The API server's address in a kubeconfig, given as text or as an object; undefined where there is none. */
export function serverOf(config: Properties): string | undefined {
  const given = config.kubeconfig;
  if (given === undefined) return undefined;
  let kubeconfig: Kubeconfig | null;
  try {
    kubeconfig = typeof given === "string" ? parse(given) : (given as Kubeconfig);
  } catch {
    return undefined;
  }
  const wanted = config.context ?? kubeconfig?.["current-context"];
  const context = kubeconfig?.contexts?.find((each) => each.name === wanted) ?? kubeconfig?.contexts?.[0];
  const cluster = kubeconfig?.clusters?.find((each) => each.name === context?.context.cluster);
  return cluster?.cluster.server;
}

const eksEndpoint = /^https:\/\/\S+\.eks\.amazonaws\.com(:443)?\/?$/i;

/** The cluster behind a provider's configuration; refuses where nothing answers. */
export function clusterOf(config: ProviderConfig, cloud: Cloud): ReachableCluster {
  const server = serverOf(config) ?? "https://127.0.0.1:6443";
  const eks = cloud.list(clusterType).find((each) => each.computed.endpoint === server);
  if (eks === undefined && eksEndpoint.test(server)) {
    refuse(
      "unreachable",
      `configured Kubernetes cluster is unreachable: unable to load schema information from the API server: Get "${server}/openapi/v2?timeout=32s": dial tcp: lookup ${new URL(server).hostname}: no such host`,
    );
  }
  return eks === undefined ? { key: server } : { key: `${server} (${eks.id})`, eks };
}
