import type { Settings } from "../config/settings";
import { engineKind } from "../config/settings/network-policy-engine";
import { leafPaths } from "../values/value";
import { certificateInWords, domainInWords } from "./domain";
import { encryptionInTransit, exposureInWords } from "./exposure";
import { loginInWords } from "./login";
import { imagesInWords, trustInWords, userAwsAccessInWords, userEgressInWords } from "./users";
import { list } from "./words";

/** What stands between the hub and its attackers, in words that an auditor can check against the deployment. */
export interface Posture {
  readonly exposure: string;
  readonly domain: string;
  readonly certificate: string;
  readonly encryptionInTransit: string;
  readonly encryptionAtRest: string;
  readonly login: string;
  readonly kubernetesApi: string;
  readonly cloudMetadata: string;
  readonly networkPolicies: string;
  readonly podSecurity: string;
  readonly users: string;
  readonly userEgress: string;
  readonly userAwsAccess: string;
  readonly images: string;
  readonly chart: string;
  /** Values of the chart that were set past the settings. */
  readonly extraValues: string;
}

/** Sums up what a hub with these settings is protected by. Nothing in it is secret. */
export function posture(settings: Settings): Posture {
  const { auth, cluster, users, hub } = settings;
  return {
    exposure: exposureInWords(settings),
    domain: domainInWords(settings),
    certificate: certificateInWords(settings),
    encryptionInTransit: encryptionInTransit(settings),
    encryptionAtRest: encryptionAtRest(settings),
    login: loginInWords(auth),
    kubernetesApi: kubernetesApi(cluster),
    cloudMetadata: cloudMetadata(settings),
    networkPolicies: networkPolicies(settings),
    podSecurity: `${podSecurity(hub)}; user pods carry no API credentials`,
    users: trustInWords(users),
    userEgress: userEgressInWords(users.egress),
    userAwsAccess: userAwsAccessInWords(users.awsAccess),
    images: imagesInWords(settings),
    chart: `JupyterHub chart ${hub.chartVersion}`,
    extraValues: list(leafPaths(settings.extraValues).sort(), "none"),
  };
}

/** Answered for by whoever made the cluster. */
const byItsOwner = "as the cluster's owner set it up";

function kubernetesApi(cluster: Settings["cluster"]): string {
  if (cluster.kind !== "create") return byItsOwner;
  return `private, and public for ${list(cluster.publicAccessCidrs)}; administered by ${list(["its creator", ...cluster.adminArns])}`;
}

function encryptionAtRest({ cluster, nodePools, users }: Settings): string {
  return [
    `Kubernetes secrets ${cluster.kind === "create" ? "by an own rotating KMS key" : byItsOwner}`,
    nodePools.kind === "create" ? "node disks encrypted" : "node disks as their owner set them up",
    users.storageClass === undefined ? "home volumes encrypted" : "home volumes as their StorageClass says",
    "images by KMS",
  ].join("; ");
}

function cloudMetadata(settings: Settings): string {
  const enforced = engineKind(settings) !== "vpc-cni";
  const blocks = [
    settings.nodePools.kind === "create" ? "hop limit 1 on every node" : "",
    enforced ? "the enforced NetworkPolicy" : "",
  ].filter(Boolean);
  return `blocked for user pods by ${blocks.join(" and by ")}`;
}

function networkPolicies({ networkPolicyEngine }: Settings): string {
  switch (networkPolicyEngine?.kind) {
    case "vpc-cni":
      return "hub and proxy, enforced by the VPC CNI; not dependably on user servers: AWS documents that it skips pods that nobody owns";
    case "external":
      return `hub, proxy and user servers, enforced, as its owner asserts, by ${networkPolicyEngine.enforcedBy}`;
    default:
      return "hub, proxy and user servers, enforced by Calico";
  }
}

function podSecurity({ createNamespace }: Settings["hub"]): string {
  return createNamespace
    ? "restricted, enforced on the hub's namespace"
    : "user pods fit restricted; what the namespace enforces is its owner's choice";
}
