import * as autoscaling from "@pulumi/aws/autoscaling";
import * as ec2 from "@pulumi/aws/ec2";
import { getRegionOutput } from "@pulumi/aws/getRegion";
import * as lb from "@pulumi/aws/lb";
import * as vpc from "@pulumi/aws/vpc";
import * as pulumi from "@pulumi/pulumi";
import { named, type Tags } from "./tags";

/** Arguments of {@link LoadBalancer}. */
export interface LoadBalancerArgs {
  /** ARN of an ACM certificate in the load balancer's region. */
  readonly certificateArn: pulumi.Input<string>;
  readonly vpcId: pulumi.Input<string>;
  /** Public subnets in at least two zones. */
  readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /** The cluster's security group: it gets one rule, from this load balancer to the node port. */
  readonly clusterSecurityGroupId: pulumi.Input<string>;
  /** Autoscaling groups of the nodes that take the traffic, by a name that stays the same: the core pools. */
  readonly autoscalingGroupNames: Readonly<Record<string, pulumi.Input<string>>>;
  /** Port of every node that leads to the proxy, 30000 to 32767. */
  readonly nodePort: number;
  /** Tags for everything that can be tagged. */
  readonly tags?: Tags | undefined;
}

/** TLS 1.2 and 1.3 with forward secrecy ("Elastic Load Balancing, Security policies for your Application Load Balancer"). */
const tlsPolicy = "ELBSecurityPolicy-TLS13-1-2-2021-06";
/** A kernel that computes says nothing for a long time; the default of 60 s would cut its websocket. */
const idleTimeoutSeconds = 3600;

/**
 * An internet-facing application load balancer in front of the hub's proxy: HTTPS with the given certificate, and a redirect
 * from port 80. `AddressRecords` lead people to it.
 */
export class LoadBalancer extends pulumi.ComponentResource {
  /** The load balancer's own host name. */
  readonly address: pulumi.Output<string>;
  /** AWS's own zone of that host name, for alias records. */
  readonly zoneId: pulumi.Output<string>;

  constructor(name: string, args: LoadBalancerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jupyterhub-eks:index:LoadBalancer", name, args, opts);
    const child = { parent: this };
    const certificateArn = pulumi
      .all([args.certificateArn, getRegionOutput({}, child).region])
      .apply(([arn, region]) => certificateIn(region, arn));

    const securityGroup = new ec2.SecurityGroup(
      name,
      { description: "Load balancer of the hub", vpcId: args.vpcId, tags: named(name, args.tags) },
      child,
    );
    for (const port of [80, 443]) {
      new vpc.SecurityGroupIngressRule(
        `${name}-${port}`,
        {
          securityGroupId: securityGroup.id,
          description: port === 443 ? "HTTPS" : "Redirected to HTTPS",
          cidrIpv4: "0.0.0.0/0",
          ipProtocol: "tcp",
          fromPort: port,
          toPort: port,
          tags: named(`${name}-${port}`, args.tags),
        },
        child,
      );
    }
    const toNodes = { ipProtocol: "tcp", fromPort: args.nodePort, toPort: args.nodePort };
    new vpc.SecurityGroupEgressRule(
      `${name}-nodes`,
      {
        securityGroupId: securityGroup.id,
        description: "To the proxy on the nodes",
        referencedSecurityGroupId: args.clusterSecurityGroupId,
        ...toNodes,
        tags: named(`${name}-nodes`, args.tags),
      },
      child,
    );
    new vpc.SecurityGroupIngressRule(
      `${name}-nodes`,
      {
        securityGroupId: args.clusterSecurityGroupId,
        description: "From the load balancer to the proxy",
        referencedSecurityGroupId: securityGroup.id,
        ...toNodes,
        tags: named(`${name}-nodes`, args.tags),
      },
      child,
    );

    const loadBalancer = new lb.LoadBalancer(
      name,
      {
        loadBalancerType: "application",
        internal: false,
        subnets: args.subnetIds,
        securityGroups: [securityGroup.id],
        idleTimeout: idleTimeoutSeconds,
        dropInvalidHeaderFields: true,
        tags: named(name, args.tags),
      },
      child,
    );
    const targetGroup = new lb.TargetGroup(
      name,
      {
        vpcId: args.vpcId,
        targetType: "instance",
        protocol: "HTTP",
        port: args.nodePort,
        healthCheck: { path: "/_chp_healthz", matcher: "200", interval: 15, healthyThreshold: 2 },
        deregistrationDelay: 30,
        tags: named(name, args.tags),
      },
      child,
    );
    for (const [pool, autoscalingGroupName] of Object.entries(args.autoscalingGroupNames)) {
      new autoscaling.Attachment(`${name}-${pool}`, { autoscalingGroupName, lbTargetGroupArn: targetGroup.arn }, child);
    }

    new lb.Listener(
      `${name}-https`,
      {
        loadBalancerArn: loadBalancer.arn,
        port: 443,
        protocol: "HTTPS",
        sslPolicy: tlsPolicy,
        certificateArn,
        defaultActions: [{ type: "forward", targetGroupArn: targetGroup.arn }],
        tags: named(`${name}-https`, args.tags),
      },
      child,
    );
    new lb.Listener(
      `${name}-http`,
      {
        loadBalancerArn: loadBalancer.arn,
        port: 80,
        protocol: "HTTP",
        defaultActions: [{ type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } }],
        tags: named(`${name}-http`, args.tags),
      },
      child,
    );

    this.address = loadBalancer.dnsName;
    this.zoneId = loadBalancer.zoneId;
    this.registerOutputs({ address: this.address, zoneId: this.zoneId });
  }
}

/** @throws if the certificate lies in another region: a load balancer cannot use it, and AWS would say so minutes later. */
function certificateIn(region: string, arn: string): string {
  const certificateRegion = arn.split(":")[3];
  if (certificateRegion !== region) {
    throw new pulumi.RunError(
      `The certificate ${arn} lies in ${certificateRegion || "no region"}, the load balancer in ${region}: a load balancer uses certificates of its own region only. Request the certificate in ${region}, or let Domain do it.`,
    );
  }
  return arn;
}
