import type { Settings } from "./config/settings";

/** What stands between the hub and its attackers, in words that an auditor can check against the deployment. */
export interface Posture {
  readonly exposure: string;
  readonly encryptionInTransit: string;
  readonly encryptionAtRest: string;
  readonly login: string;
  readonly kubernetesApi: string;
  readonly cloudMetadata: string;
  readonly networkPolicies: string;
  readonly podSecurity: string;
  readonly images: string;
  readonly chart: string;
}

/** Sums up what a hub with these settings is protected by. Nothing in it is secret. */
export function posture(settings: Settings): Posture {
  const { auth, cluster, users, hub } = settings;
  return {
    exposure: `internet-facing load balancer for ${settings.domain}; nodes in private subnets`,
    encryptionInTransit: "TLS 1.2 or newer, ACM certificate renewed by AWS; port 80 redirects to HTTPS",
    encryptionAtRest:
      "Kubernetes secrets by an own rotating KMS key; node disks and home volumes encrypted; images by KMS",
    login: `${auth.provider}: ${allowRule(auth)}; administrators: ${list(auth.adminUsers)}`,
    kubernetesApi: `private, and public for ${list(cluster.publicAccessCidrs)}; administered by ${list(["its creator", ...cluster.adminArns])}`,
    cloudMetadata: "blocked for pods by hop limit 1 on every node and by the enforced NetworkPolicy",
    networkPolicies: "hub, proxy and user servers, enforced by Calico",
    podSecurity: "restricted, enforced on the hub's namespace; user pods carry no API credentials",
    images: users.image
      ? `users: ${users.image.name}:${users.image.tag}`
      : "users: the chart's public sample image, pinned; a private registry is ready",
    chart: `JupyterHub chart ${hub.chartVersion}`,
  };
}

function allowRule(auth: Settings["auth"]): string {
  const rules = [
    auth.allowedOrganizations.length > 0 ? `members of ${list(auth.allowedOrganizations)}` : "",
    auth.allowedUsers.length > 0 ? `users ${list(auth.allowedUsers)}` : "",
  ];
  return rules.filter(Boolean).join(" and ");
}

function list(items: readonly string[]): string {
  return items.length === 0 ? "none named" : items.join(", ");
}
