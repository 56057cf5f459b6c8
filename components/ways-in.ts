import type { NodePorts } from "./values/proxy-service";

/** A port of a load balancer, and what becomes of what arrives there. */
export interface WayIn {
  readonly port: 443 | 80;
  /** What names are made of. */
  readonly name: "https" | "http";
  readonly purpose: string;
  readonly protocol: "HTTPS" | "HTTP" | "TLS" | "TCP";
  /** Where it goes; left out where browsers are sent on to HTTPS. */
  readonly target?: Target;
}

/** A port of the nodes, and how to see that it is well. */
export interface Target {
  readonly nodePort: number;
  readonly protocol: "HTTP" | "TCP";
  readonly healthCheck: { readonly protocol: "HTTP" | "TCP"; readonly path?: string; readonly matcher?: string };
}

/** At an application or a network load balancer, or in the cluster, behind a network load balancer that passes TCP through. */
export type TlsEnd = "alb" | "nlb" | "cluster";

/** The proxy says by itself that it is well. */
const proxyHealth = { protocol: "HTTP", path: "/_chp_healthz", matcher: "200" } as const;

/**
 * How people get in. Plain HTTP never gets further than a redirect: an application load balancer sends it itself, the cluster
 * does where TLS ends there. A network load balancer cannot redirect, nor can the proxy without a certificate of its own, so
 * with TLS at a network load balancer nothing listens on port 80.
 */
export function waysIn(tlsEnd: TlsEnd, nodePorts: NodePorts): readonly WayIn[] {
  const https = { port: 443, name: "https", purpose: "HTTPS" } as const;
  const http = { port: 80, name: "http", purpose: "Redirected to HTTPS" } as const;
  const passedTo = (nodePort: number): Target => ({ nodePort, protocol: "TCP", healthCheck: { protocol: "TCP" } });
  switch (tlsEnd) {
    case "alb":
      return [
        {
          ...https,
          protocol: "HTTPS",
          target: { nodePort: nodePorts.https, protocol: "HTTP", healthCheck: proxyHealth },
        },
        { ...http, protocol: "HTTP" },
      ];
    case "nlb":
      return [
        {
          ...https,
          protocol: "TLS",
          target: { nodePort: nodePorts.https, protocol: "TCP", healthCheck: proxyHealth },
        },
      ];
    case "cluster":
      return [
        { ...https, protocol: "TCP", target: passedTo(nodePorts.https) },
        { ...http, protocol: "TCP", target: passedTo(nodePorts.http) },
      ];
  }
}
