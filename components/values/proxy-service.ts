import * as pulumi from "@pulumi/pulumi";
import { idleTimeoutSeconds, tlsPolicy } from "./tls-policy";
import type { Values } from "./value";

/** Ports of every node that lead to the proxy, 30000 to 32767. */
export interface NodePorts {
  readonly https: number;
  /** Used where TLS ends in the cluster: it does nothing but redirect. */
  readonly http: number;
}

/** A load balancer in front of the nodes, which is a resource of its own. */
export interface NodePortService {
  readonly kind: "node-port";
  readonly nodePorts: NodePorts;
}

/** A network load balancer that the AWS load balancer controller (2.6 or newer) makes for the chart's service. */
export interface LoadBalancerService {
  readonly kind: "load-balancer";
  /** `internal`: reached from the VPC and what is connected to it. */
  readonly exposure: "internet" | "internal";
  /** IPv4 ranges that may connect. */
  readonly sourceCidrs: readonly string[];
  /** The load balancer's subnets, in at least two zones. Default: those that are tagged for it. */
  readonly subnetIds?: readonly pulumi.Input<string>[] | undefined;
  /** ARN of an ACM certificate, where TLS ends at the load balancer. */
  readonly certificateArn?: pulumi.Input<string> | undefined;
  /** Bucket for access logs, where TLS ends at the load balancer. */
  readonly accessLogsBucket?: pulumi.Input<string> | undefined;
  /** Tags of the load balancer. */
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

/** How traffic reaches the proxy. */
export type ProxyService = NodePortService | LoadBalancerService;

/**
 * The chart's service in front of the proxy. It has a port 80 only where the proxy can redirect from there, in TLS of its own.
 * @param tlsInCluster whether TLS ends at the proxy, not at a load balancer before it.
 */
export function proxyService(service: ProxyService, tlsInCluster: boolean): Values {
  return { proxy: { service: { disableHttpPort: !tlsInCluster, ...wayIn(service, tlsInCluster) } } };
}

function wayIn(service: ProxyService, tlsInCluster: boolean): Values {
  if (service.kind === "node-port") {
    const { https, http } = service.nodePorts;
    return { type: "NodePort", nodePorts: tlsInCluster ? { https, http } : { https } };
  }
  return {
    type: "LoadBalancer",
    loadBalancerSourceRanges: [...service.sourceCidrs],
    annotations: annotations(service, tlsInCluster),
  };
}

/** "AWS Load Balancer Controller, Service annotations". Without them the controller makes an internal load balancer. */
function annotations(service: LoadBalancerService, tlsInCluster: boolean): Values {
  const tags = Object.entries(service.tags ?? {}).map(([key, value]) => `${key}=${value}`);
  return Object.fromEntries(
    Object.entries({
      type: "external",
      scheme: service.exposure === "internet" ? "internet-facing" : "internal",
      "nlb-target-type": "ip",
      ...(service.subnetIds && { subnets: joined(service.subnetIds) }),
      attributes: joined([
        // The proxy is one pod in one zone.
        "load_balancing.cross_zone.enabled=true",
        ...(service.accessLogsBucket === undefined
          ? []
          : ["access_logs.s3.enabled=true", pulumi.interpolate`access_logs.s3.bucket=${service.accessLogsBucket}`]),
      ]),
      ...(tags.length > 0 && { "additional-resource-tags": tags.join(",") }),
      ...(tlsInCluster
        ? { "listener-attributes.TCP-443": `tcp.idle_timeout.seconds=${idleTimeoutSeconds}` }
        : withTls(service.certificateArn)),
    }).map(([name, value]) => [`service.beta.kubernetes.io/aws-load-balancer-${name}`, value]),
  );
}

/** TLS at the load balancer, HTTP to the proxy. The controller's own policy allows TLS 1.0. */
function withTls(certificateArn: pulumi.Input<string> | undefined): Values {
  if (certificateArn === undefined) throw new Error("TLS at a load balancer needs a certificate");
  return {
    "ssl-cert": pulumi.output(certificateArn),
    "ssl-ports": "443",
    "ssl-negotiation-policy": tlsPolicy,
    "backend-protocol": "tcp",
    "healthcheck-protocol": "http",
    "healthcheck-path": "/_chp_healthz",
  };
}

/** As text where all of it is known, so that whoever looks at the values sees it. */
function joined(parts: readonly pulumi.Input<string>[]): string | pulumi.Output<string> {
  const plain = parts.filter((part) => typeof part === "string");
  return plain.length === parts.length ? plain.join(",") : pulumi.all([...parts]).apply((known) => known.join(","));
}
