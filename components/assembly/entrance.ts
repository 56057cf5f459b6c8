import * as pulumi from "@pulumi/pulumi";
import { AccessLogs } from "../access-logs";
import type { Settings } from "../config/settings";
import { privateRanges } from "../config/settings/ranges";
import { inRegion } from "../in-region";
import { everybody, LoadBalancer } from "../load-balancer";
import type { Https } from "../values/https";
import type { ProxyService } from "../values/proxy-service";
import { required } from "./cluster";

/** What an entrance is built on. */
export interface Ground {
  /** Where the cluster's nodes are; undefined where nobody knows. */
  readonly network:
    | {
        readonly vpcId: pulumi.Input<string>;
        readonly privateSubnetIds: readonly pulumi.Input<string>[];
        readonly publicSubnetIds: readonly pulumi.Input<string>[];
      }
    | undefined;
  readonly clusterSecurityGroupId: pulumi.Input<string> | undefined;
  /** Autoscaling groups of the core nodes, by names that stay the same. */
  readonly autoscalingGroupNames: Readonly<Record<string, pulumi.Input<string>>>;
  /** The certificate of the load balancer, where TLS ends there. */
  readonly certificateArn: pulumi.Input<string> | undefined;
}

/** How people reach the hub. */
export interface Entrance {
  /** The load balancer, unless the cluster makes one for the chart's own service. */
  readonly loadBalancer: LoadBalancer | undefined;
  readonly https: Https;
  readonly service: ProxyService;
}

/** Makes what lies before the hub, and says what the hub has to know of it. */
export function entrance(
  name: string,
  { https, exposure, hub, tags }: Settings,
  ground: Ground,
  opts: pulumi.ComponentResourceOptions,
): Entrance {
  const { network } = ground;
  const common = {
    exposure: exposure.kind,
    sourceCidrs: sources(exposure),
    subnetIds: exposure.kind === "internal" ? network?.privateSubnetIds : network?.publicSubnetIds,
    accessLogsBucket: exposure.accessLogs && new AccessLogs(name, { ...exposure.accessLogs, tags }, opts).bucketName,
    tags,
  };
  if (exposure.managedBy === "service") {
    const certificateArn = ground.certificateArn && inRegion("certificate", ground.certificateArn, opts);
    return {
      loadBalancer: undefined,
      https: httpsOf(https),
      service: { kind: "load-balancer", ...common, certificateArn },
    };
  }
  const loadBalancer = new LoadBalancer(
    name,
    {
      ...common,
      vpcId: required(network, "network").vpcId,
      subnetIds: required(common.subnetIds, "subnets"),
      clusterSecurityGroupId: required(ground.clusterSecurityGroupId, "security group"),
      tls:
        ground.certificateArn === undefined || https.kind !== "offload"
          ? { endsAt: "cluster" }
          : { endsAt: https.loadBalancer, certificateArn: ground.certificateArn },
      fixedAddresses: exposure.fixedAddresses,
      webAclArn: exposure.webAclArn,
      autoscalingGroupNames: ground.autoscalingGroupNames,
      nodePorts: hub.nodePorts,
    },
    opts,
  );
  return {
    loadBalancer,
    https: httpsOf(https, loadBalancer),
    service: { kind: "node-port", nodePorts: hub.nodePorts },
  };
}

/** Who may connect. */
function sources({ kind, sourceCidrs }: Settings["exposure"]): readonly string[] {
  if (sourceCidrs.length > 0) return sourceCidrs;
  return kind === "internal" ? privateRanges : [everybody];
}

function httpsOf(https: Settings["https"], loadBalancer?: LoadBalancer): Https {
  switch (https.kind) {
    case "offload":
      return { kind: "offload" };
    case "certificate":
      return https;
    case "tls-secret":
      return { kind: "secret", secretName: pulumi.output(https.name) };
    case "letsencrypt":
      if (loadBalancer === undefined)
        throw new Error("Let's Encrypt needs a load balancer that is there before the hub");
      return { ...https, loadBalancerAddress: loadBalancer.address };
  }
}
