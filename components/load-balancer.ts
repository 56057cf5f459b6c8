import * as autoscaling from "@pulumi/aws/autoscaling";
import * as ec2 from "@pulumi/aws/ec2";
import * as lb from "@pulumi/aws/lb";
import * as vpc from "@pulumi/aws/vpc";
import * as wafv2 from "@pulumi/aws/wafv2";
import * as pulumi from "@pulumi/pulumi";
import { inRegion } from "./in-region";
import { named, type Tags } from "./tags";
import { healthChecks } from "./values/health-checks";
import type { NodePorts } from "./values/proxy-service";
import { idleTimeoutSeconds, tlsPolicy } from "./values/tls-policy";
import { type Target, type WayIn, waysIn } from "./ways-in";

/** Every IPv4 address. */
export const everybody = "0.0.0.0/0";

/** Arguments of {@link LoadBalancer}. */
export interface LoadBalancerArgs {
  /**
   * Where TLS ends: at an application (`alb`) or network load balancer (`nlb`) with an ACM certificate of its region, or in
   * the cluster, behind a network load balancer that passes TCP through.
   */
  readonly tls:
    | { readonly endsAt: "alb" | "nlb"; readonly certificateArn: pulumi.Input<string> }
    | { readonly endsAt: "cluster" };
  /** `internal`: reached from the VPC and what is connected to it. Default: `internet`. */
  readonly exposure?: "internet" | "internal";
  /** IPv4 ranges that may connect. Default: everybody. */
  readonly sourceCidrs?: readonly string[];
  /** An elastic IP address per subnet: network load balancers on the internet only. Default: false. */
  readonly fixedAddresses?: boolean;
  /** A regional WAFv2 web ACL that looks at each request first: application load balancers only. */
  readonly webAclArn?: pulumi.Input<string> | undefined;
  /** A bucket that the load balancer may write access logs to: `AccessLogs.bucketName`. */
  readonly accessLogsBucket?: pulumi.Input<string> | undefined;
  readonly vpcId: pulumi.Input<string>;
  /** Subnets in at least two zones: public ones on the internet, private ones for an internal load balancer. */
  readonly subnetIds: readonly pulumi.Input<string>[];
  /** The cluster's security group: it lets this load balancer in at the node ports. */
  readonly clusterSecurityGroupId: pulumi.Input<string>;
  /** Autoscaling groups of the nodes that take the traffic, by a name that stays the same: the core pools. */
  readonly autoscalingGroupNames: Readonly<Record<string, pulumi.Input<string>>>;
  /** Ports of every node that lead to the proxy, 30000 to 32767. */
  readonly nodePorts: NodePorts;
  /** Tags for everything that can be tagged. */
  readonly tags?: Tags | undefined;
}

/**
 * A load balancer in front of the hub's proxy: HTTPS, and plain HTTP that gets no further than a redirect. `AddressRecords`
 * lead people to it.
 */
export class LoadBalancer extends pulumi.ComponentResource {
  /** The load balancer's own host name. */
  readonly address: pulumi.Output<string>;
  /** AWS's own zone of that host name, for alias records. */
  readonly zoneId: pulumi.Output<string>;
  /** Elastic IP addresses; empty without `fixedAddresses`. */
  readonly fixedAddresses: pulumi.Output<string[]>;

  constructor(name: string, args: LoadBalancerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jupyterhub-eks:index:LoadBalancer", name, args, opts);
    const child = { parent: this };
    const { tls, subnetIds } = args;
    const ways = waysIn(tls.endsAt, args.nodePorts);
    const certificateArn = tls.endsAt === "cluster" ? undefined : inRegion("certificate", tls.certificateArn, child);

    const securityGroup = securityGroupFor(name, ways, args, child);
    const fixed = subnetIds
      .filter(() => args.fixedAddresses)
      .map((subnetId, zone) => {
        const addressName = `${name}-address-${zone}`;
        return {
          subnetId,
          address: new ec2.Eip(addressName, { domain: "vpc", tags: named(addressName, args.tags) }, child),
        };
      });
    const loadBalancer = new lb.LoadBalancer(
      name,
      {
        internal: args.exposure === "internal",
        ...(args.fixedAddresses
          ? { subnetMappings: fixed.map(({ subnetId, address }) => ({ subnetId, allocationId: address.id })) }
          : { subnets: [...subnetIds] }),
        securityGroups: [securityGroup.id],
        ...(tls.endsAt === "alb"
          ? { loadBalancerType: "application", idleTimeout: idleTimeoutSeconds, dropInvalidHeaderFields: true }
          : // Nodes of the core pool may lie in one zone only.
            { loadBalancerType: "network", enableCrossZoneLoadBalancing: true }),
        ...(args.accessLogsBucket && { accessLogs: { enabled: true, bucket: args.accessLogsBucket } }),
        tags: named(name, args.tags),
      },
      child,
    );
    for (const way of ways) {
      const targetGroup = way.target && targetGroupFor(nameOf(name, way), way.target, args, child);
      const listenerName = `${name}-${way.name}`;
      new lb.Listener(
        listenerName,
        {
          loadBalancerArn: loadBalancer.arn,
          port: way.port,
          protocol: way.protocol,
          ...(isEncrypted(way) && { sslPolicy: tlsPolicy, certificateArn: certificateArn as pulumi.Output<string> }),
          ...(way.protocol === "TCP" && { tcpIdleTimeoutSeconds: idleTimeoutSeconds }),
          defaultActions: [
            targetGroup
              ? { type: "forward", targetGroupArn: targetGroup.arn }
              : { type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } },
          ],
          tags: named(listenerName, args.tags),
        },
        child,
      );
    }
    if (args.webAclArn !== undefined) {
      new wafv2.WebAclAssociation(
        name,
        { resourceArn: loadBalancer.arn, webAclArn: inRegion("web ACL", args.webAclArn, child) },
        child,
      );
    }

    this.address = loadBalancer.dnsName;
    this.zoneId = loadBalancer.zoneId;
    this.fixedAddresses = pulumi.all(fixed.map(({ address }) => address.publicIp));
    this.registerOutputs({ address: this.address, zoneId: this.zoneId, fixedAddresses: this.fixedAddresses });
  }
}

/** HTTPS is the ordinary way: what belongs to it has the load balancer's own name. */
function nameOf(name: string, way: WayIn): string {
  return way.name === "https" ? name : `${name}-${way.name}`;
}

function isEncrypted({ protocol }: WayIn): boolean {
  return protocol === "HTTPS" || protocol === "TLS";
}

/** Lets in who may connect, and the load balancer to the node ports, and nobody anywhere else. */
function securityGroupFor(
  name: string,
  ways: readonly WayIn[],
  { vpcId, sourceCidrs, clusterSecurityGroupId, tags }: LoadBalancerArgs,
  child: pulumi.CustomResourceOptions,
): ec2.SecurityGroup {
  const group = new ec2.SecurityGroup(
    name,
    { description: "Load balancer of the hub", vpcId, tags: named(name, tags) },
    child,
  );
  for (const way of ways) {
    for (const source of sourceCidrs ?? [everybody]) {
      const ruleName = source === everybody ? `${name}-${way.port}` : `${name}-${way.port}-${source.replace("/", "-")}`;
      new vpc.SecurityGroupIngressRule(
        ruleName,
        {
          securityGroupId: group.id,
          description: way.purpose,
          cidrIpv4: source,
          ipProtocol: "tcp",
          fromPort: way.port,
          toPort: way.port,
          tags: named(ruleName, tags),
        },
        child,
      );
    }
    if (way.target === undefined) continue;
    const ruleName = `${nameOf(name, way)}-nodes`;
    const toNodes = { ipProtocol: "tcp", fromPort: way.target.nodePort, toPort: way.target.nodePort };
    new vpc.SecurityGroupEgressRule(
      ruleName,
      {
        securityGroupId: group.id,
        description: "To the proxy on the nodes",
        referencedSecurityGroupId: clusterSecurityGroupId,
        ...toNodes,
        tags: named(ruleName, tags),
      },
      child,
    );
    new vpc.SecurityGroupIngressRule(
      ruleName,
      {
        securityGroupId: clusterSecurityGroupId,
        description: "From the load balancer to the proxy",
        referencedSecurityGroupId: group.id,
        ...toNodes,
        tags: named(ruleName, tags),
      },
      child,
    );
  }
  return group;
}

/** The nodes of the given groups, at one of their ports. */
function targetGroupFor(
  name: string,
  { nodePort, protocol, healthCheck }: Target,
  { vpcId, autoscalingGroupNames, tags }: LoadBalancerArgs,
  child: pulumi.CustomResourceOptions,
): lb.TargetGroup {
  const group = new lb.TargetGroup(
    name,
    {
      // AWS allows 32 characters, too few for a long name, a suffix and what makes names unique. The tag has the whole name.
      namePrefix: "hub-",
      vpcId,
      targetType: "instance",
      protocol,
      port: nodePort,
      healthCheck: { ...healthCheck, ...healthChecks },
      deregistrationDelay: 30,
      // Nodes pass traffic on to each other under their own addresses anyway; with the client's address a pod could not
      // reach a load balancer that sends it back to its own node.
      ...(protocol === "TCP" && { preserveClientIp: "false" }),
      tags: named(name, tags),
    },
    child,
  );
  for (const [pool, autoscalingGroupName] of Object.entries(autoscalingGroupNames)) {
    new autoscaling.Attachment(`${name}-${pool}`, { autoscalingGroupName, lbTargetGroupArn: group.arn }, child);
  }
  return group;
}
