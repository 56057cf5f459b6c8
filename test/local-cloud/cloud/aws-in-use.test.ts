import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { valueAt } from "../../../local-cloud/cloud/wire";
import { cluster, network, nodeGroup, role, trust } from "./cluster";
import { action } from "./standing";
import { type Instance, type Made, World } from "./world";

describe("the aws stand-in, when something is deleted that is in use", () => {
  let world: World;
  let aws: Instance;
  let net: Awaited<ReturnType<typeof network>>;

  beforeAll(async () => {
    world = await World.start();
    aws = await world.aws();
    net = await network(aws);
  });
  afterAll(() => world.end());

  it("keeps a VPC with subnets, and lets an empty one go", async () => {
    await expect(aws.remove(net.vpc)).rejects.toThrow(
      /DependencyViolation: The vpc 'vpc-\w+' has dependencies and cannot be deleted/,
    );
    const empty = await aws.make("aws:ec2/vpc:Vpc", "empty", { cidrBlock: "10.2.0.0/16" });
    await aws.remove(empty);
    expect((await aws.read(empty.type, "empty", empty.id)).id).toBe("");
  });

  it("keeps a route table with associations", async () => {
    await expect(aws.remove(net.table)).rejects.toThrow(/DependencyViolation: The routeTable/);
  });

  it("keeps an internet gateway while public addresses are mapped", async () => {
    const address = await aws.make("aws:ec2/eip:Eip", "nat", { domain: "vpc" });
    const nat = await aws.make("aws:ec2/natGateway:NatGateway", "nat", {
      subnetId: net.subnetIds[0] ?? "",
      allocationId: address.id,
    });
    await expect(aws.remove(net.gateway)).rejects.toThrow(/has some mapped public address\(es\)/);
    await expect(aws.remove(address)).rejects.toThrow(/associated/);
    await aws.remove(nat);
    await aws.remove(address);
  });

  it("keeps a security group that a rule of another names, and takes its own rules along", async () => {
    const named = await aws.make("aws:ec2/securityGroup:SecurityGroup", "named", { vpcId: net.vpc.id });
    const naming = await aws.make("aws:ec2/securityGroup:SecurityGroup", "naming", { vpcId: net.vpc.id });
    const rule = { ipProtocol: "tcp", fromPort: 80, toPort: 80 };
    const type = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
    const made = await aws.make(type, "r", {
      ...rule,
      securityGroupId: naming.id,
      referencedSecurityGroupId: named.id,
    });
    await expect(aws.remove(named)).rejects.toThrow(/DependencyViolation: resource sg-\w+ has a dependent object/);
    await aws.remove(made);
    await aws.remove(named);
    await aws.remove(naming);
  });

  it("keeps a cluster whose security group a rule of another names", async () => {
    const eks = await cluster(aws, net.subnetIds, { name: "named" });
    const own = valueAt(eks.outputs, "vpcConfig.clusterSecurityGroupId") ?? null;
    const group = await aws.make("aws:ec2/securityGroup:SecurityGroup", "lb", { vpcId: net.vpc.id });
    const rule = await aws.make("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "r", {
      securityGroupId: group.id,
      referencedSecurityGroupId: own,
      ipProtocol: "tcp",
      fromPort: 30443,
      toPort: 30443,
    });
    await expect(aws.remove(eks)).rejects.toThrow(/is in use by sgr-/);
    await aws.remove(rule);
    await aws.remove(eks);
    await aws.remove(group);
  });

  it("keeps a target group and a certificate that a listener uses", async () => {
    const balancer = await aws.make("aws:lb/loadBalancer:LoadBalancer", "lb", { subnets: net.subnetIds });
    const group = await aws.make("aws:lb/targetGroup:TargetGroup", "tg", {
      vpcId: net.vpc.id,
      port: 80,
      protocol: "HTTP",
    });
    const inputs = {
      loadBalancerArn: balancer.id,
      port: 80,
      protocol: "HTTP",
      defaultActions: action("forward", { targetGroupArn: group.id }),
    };
    const listener = await aws.make("aws:lb/listener:Listener", "http", inputs);
    await expect(aws.remove(group)).rejects.toThrow(
      /ResourceInUse: Target group .* is currently in use by a listener or a rule/,
    );
    await aws.remove(listener);
    await aws.remove(group);
    await aws.remove(balancer);
  });

  it("keeps a role with policies, unless it may detach them", async () => {
    const plain = await role(aws, "plain", "ec2.amazonaws.com", ["AmazonEKSWorkerNodePolicy"]);
    await expect(aws.remove(plain)).rejects.toThrow(
      /DeleteConflict: Cannot delete entity, must detach all policies first/,
    );
    const policy = JSON.stringify({ Statement: [{ Effect: "Allow", Action: "s3:ListAllMyBuckets", Resource: "*" }] });
    const forced = await aws.make("aws:iam/role:Role", "forced", {
      assumeRolePolicy: trust("ec2.amazonaws.com"),
      forceDetachPolicies: true,
    });
    await aws.make("aws:iam/rolePolicy:RolePolicy", "inline", { role: forced.id, policy });
    await aws.remove(forced);
  });

  it("keeps a zone with records", async () => {
    const zone = await aws.make("aws:route53/zone:Zone", "z", { name: "science.test" });
    const record = await aws.make("aws:route53/record:Record", "r", {
      zoneId: zone.id,
      name: "hub",
      type: "A",
      ttl: 60,
      records: ["192.0.2.1"],
    });
    await expect(aws.remove(zone)).rejects.toThrow(/HostedZoneNotEmpty/);
    await aws.remove(record);
    await aws.remove(zone);
  });

  it("keeps a cluster with node groups, and the subnets of both", async () => {
    const eks = await cluster(aws, net.subnetIds);
    const pool = await nodeGroup(aws, net.subnetIds);
    await expect(aws.remove(eks)).rejects.toThrow(/ResourceInUseException: Cluster has nodegroups attached/);
    await expect(aws.remove(net.subnets[0] as Made)).rejects.toThrow(/DependencyViolation/);
    await aws.remove(pool);
    await aws.remove(eks);
    expect((await aws.read(eks.type, "hub", "hub")).id).toBe("");
  });
});
