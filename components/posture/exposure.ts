import type { Settings } from "../config/settings";
import { list } from "./words";

type Exposure = Settings["exposure"];

/** Who can reach the hub, through what, and what is noted of it. */
export function exposureInWords({ domain, exposure, https, network }: Settings): string {
  const { sourceCidrs, fixedAddresses, webAclArn, accessLogs } = exposure;
  return [
    `${exposure.kind === "internal" ? "internal" : "internet-facing"} ${kindOf(https)} for ${domain}${madeBy(exposure)}`,
    `open to ${sourceCidrs.length > 0 ? list(sourceCidrs) : exposure.kind === "internal" ? "private ranges" : "everybody"}`,
    fixedAddresses ? "fixed addresses" : "",
    webAclArn === undefined ? "" : "requests looked at by a web ACL",
    accessLogs === undefined ? "" : `access logs kept for ${accessLogs.retentionDays} days`,
    network.kind === "create" ? "nodes in private subnets" : "",
  ]
    .filter(Boolean)
    .join("; ");
}

function kindOf(https: Settings["https"]): string {
  return https.kind === "offload" && https.loadBalancer === "alb"
    ? "application load balancer"
    : "network load balancer";
}

function madeBy({ managedBy }: Exposure): string {
  return managedBy === "service" ? ", made by the cluster for the hub's service" : "";
}

/** Where TLS ends, and what becomes of plain HTTP. */
export function encryptionInTransit({ https }: Settings): string {
  const tls = "TLS 1.2 or newer";
  if (https.kind !== "offload") return `${tls}, ends in the cluster; port 80 redirects to HTTPS`;
  return https.loadBalancer === "alb"
    ? `${tls}, ends at the load balancer; port 80 redirects to HTTPS`
    : `${tls}, ends at the load balancer; port 80 is closed`;
}
