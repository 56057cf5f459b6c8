import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as ec2 from "@pulumi/aws/ec2";
import { getAvailabilityZonesOutput } from "@pulumi/aws/getAvailabilityZones";
import { getRegionOutput } from "@pulumi/aws/getRegion";
import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import { assumeRolePolicy, policyDocument } from "./iam-documents";
import { splitNetwork } from "./subnets";
import { named, type Tags } from "./tags";

/** Arguments of {@link Network}. */
export interface NetworkArgs {
  /**
   * IPv4 range of the VPC, a /16 to /21, for example `10.0.0.0/16`. Private (RFC 1918), because the chart's NetworkPolicies
   * protect those ranges only.
   */
  readonly cidr: string;
  /** How many availability zones get a private and a public subnet. At least 2, because EKS and the load balancer demand it. */
  readonly zones: number;
  /** One NAT gateway for all zones (cheap; a zone's failure cuts everybody off), or one per zone. */
  readonly natGateways: "single" | "per-zone";
  /** Name of the EKS cluster that will live here; the subnets are tagged for it. */
  readonly clusterName: string;
  /** Days that flow logs are kept: a number that CloudWatch knows, for example 30. */
  readonly flowLogRetentionDays: number;
  /** Tags for everything that can be tagged. */
  readonly tags?: Tags | undefined;
}

/** Zones in which EKS does not place control planes ("Amazon EKS user guide, VPC and subnet requirements"). */
const zonesWithoutEks = ["use1-az3", "usw1-az2", "cac1-az3"];

/**
 * A VPC for a hub: nodes in private subnets, the load balancer in public ones, flow logs, a closed default security group
 * and an S3 gateway endpoint (image layers come from S3: they do not pay for NAT).
 *
 * @example
 * const network = new Network("hub", {
 *   cidr: "10.0.0.0/16", zones: 2, natGateways: "single", clusterName: "hub", flowLogRetentionDays: 30,
 * });
 */
export class Network extends pulumi.ComponentResource {
  readonly vpcId: pulumi.Output<string>;
  /** One per zone, in the order of the zones. */
  readonly privateSubnetIds: pulumi.Output<string>[];
  /** One per zone, in the order of the zones. */
  readonly publicSubnetIds: pulumi.Output<string>[];

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jupyterhub-eks:index:Network", name, args, opts);
    const child = { parent: this };
    const ranges = splitNetwork(args.cidr, args.zones);
    const zoneNames = getAvailabilityZonesOutput(
      {
        state: "available",
        excludeZoneIds: zonesWithoutEks,
        filters: [{ name: "zone-type", values: ["availability-zone"] }],
      },
      child,
    ).names.apply((names) => firstZones(names, args.zones));

    const vpc = new ec2.Vpc(
      name,
      { cidrBlock: args.cidr, enableDnsHostnames: true, enableDnsSupport: true, tags: named(name, args.tags) },
      child,
    );
    new ec2.DefaultSecurityGroup(name, { vpcId: vpc.id, tags: named(`${name}-closed`, args.tags) }, child);
    const internetGateway = new ec2.InternetGateway(name, { vpcId: vpc.id, tags: named(name, args.tags) }, child);

    const subnet = (kind: "public" | "private", zone: number, cidrBlock: string) =>
      new ec2.Subnet(
        `${name}-${kind}-${zone}`,
        {
          vpcId: vpc.id,
          cidrBlock,
          availabilityZone: zoneNames.apply((names) => names[zone] as string),
          mapPublicIpOnLaunch: false,
          tags: {
            ...named(`${name}-${kind}-${zone}`, args.tags),
            [`kubernetes.io/cluster/${args.clusterName}`]: "shared",
            [kind === "public" ? "kubernetes.io/role/elb" : "kubernetes.io/role/internal-elb"]: "1",
          },
        },
        child,
      );
    const publicSubnets = ranges.public.map((range, zone) => subnet("public", zone, range));
    const privateSubnets = ranges.private.map((range, zone) => subnet("private", zone, range));

    const routeTable = (suffix: string, subnets: ec2.Subnet[], defaultRoute: Partial<ec2.RouteArgs>) => {
      const routeTableName = `${name}-${suffix}`;
      const table = new ec2.RouteTable(
        routeTableName,
        { vpcId: vpc.id, tags: named(routeTableName, args.tags) },
        child,
      );
      new ec2.Route(
        routeTableName,
        { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", ...defaultRoute },
        child,
      );
      const associations = subnets.map(
        (each, index) =>
          new ec2.RouteTableAssociation(
            `${routeTableName}-${index}`,
            { routeTableId: table.id, subnetId: each.id },
            child,
          ),
      );
      return { table, associations };
    };
    const publicRoutes = routeTable("public", publicSubnets, { gatewayId: internetGateway.id });

    const natGateway = (zone: number, publicSubnet: ec2.Subnet) => {
      const gatewayName = `${name}-${zone}`;
      const address = new ec2.Eip(
        gatewayName,
        { domain: "vpc", tags: named(gatewayName, args.tags) },
        { ...child, dependsOn: internetGateway },
      );
      return new ec2.NatGateway(
        gatewayName,
        { subnetId: publicSubnet.id, allocationId: address.id, tags: named(gatewayName, args.tags) },
        { ...child, dependsOn: publicRoutes.associations },
      );
    };
    // Subnets per NAT gateway: all of them behind one, or each behind its own.
    const groups = args.natGateways === "single" ? [privateSubnets] : privateSubnets.map((each) => [each]);
    const privateRouteTables = publicSubnets.slice(0, groups.length).map((publicSubnet, zone) => {
      const gateway = natGateway(zone, publicSubnet);
      return routeTable(`private-${zone}`, groups[zone] ?? [], { natGatewayId: gateway.id }).table;
    });

    new ec2.VpcEndpoint(
      `${name}-s3`,
      {
        vpcId: vpc.id,
        serviceName: pulumi.interpolate`com.amazonaws.${getRegionOutput({}, child).region}.s3`,
        vpcEndpointType: "Gateway",
        routeTableIds: privateRouteTables.map((table) => table.id),
        tags: named(`${name}-s3`, args.tags),
      },
      child,
    );

    const logGroup = new cloudwatch.LogGroup(
      `${name}-flow`,
      { retentionInDays: args.flowLogRetentionDays, tags: named(`${name}-flow`, args.tags) },
      child,
    );
    const logWriter = new iam.Role(
      `${name}-flow`,
      { assumeRolePolicy: assumeRolePolicy("vpc-flow-logs.amazonaws.com"), tags: named(`${name}-flow`, args.tags) },
      child,
    );
    new iam.RolePolicy(
      `${name}-flow`,
      {
        role: logWriter.id,
        policy: policyDocument(
          ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogGroups", "logs:DescribeLogStreams"],
          pulumi.interpolate`${logGroup.arn}:*`,
        ),
      },
      child,
    );
    new ec2.FlowLog(
      name,
      {
        vpcId: vpc.id,
        trafficType: "ALL",
        logDestination: logGroup.arn,
        iamRoleArn: logWriter.arn,
        tags: named(name, args.tags),
      },
      child,
    );

    this.vpcId = vpc.id;
    this.privateSubnetIds = privateSubnets.map((each) => each.id);
    this.publicSubnetIds = publicSubnets.map((each) => each.id);
    this.registerOutputs({
      vpcId: this.vpcId,
      privateSubnetIds: this.privateSubnetIds,
      publicSubnetIds: this.publicSubnetIds,
    });
  }
}

/** @throws if the region has fewer. */
function firstZones(names: string[], zones: number): string[] {
  if (names.length < zones) {
    throw new pulumi.RunError(
      `network.zones is ${zones}: the region offers ${names.length} availability zones to this account (${names.join(", ")}). Ask for fewer, for example \`pulumi config set --path network.zones ${names.length}\`.`,
    );
  }
  return names.slice(0, zones);
}
