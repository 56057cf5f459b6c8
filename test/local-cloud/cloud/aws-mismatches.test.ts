import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cluster, network, role, trust } from "./cluster";
import { action, type Refusals, type Standing, standing } from "./standing";
import { type Instance, type Made, World } from "./world";

const eksCluster = "aws:eks/cluster:Cluster";
const nodeGroup = "aws:eks/nodeGroup:NodeGroup";
const record = "aws:route53/record:Record";

describe("the aws stand-in, for things that do not go together", () => {
  let world: World;
  let aws: Instance;
  let s: Standing;
  let foreignSubnet: Made;
  let foreignGroup: Made;
  beforeAll(async () => {
    ({ world, aws, s } = await standing());
    foreignSubnet = await aws.make("aws:ec2/subnet:Subnet", "foreign", {
      vpcId: s.otherVpc.id,
      cidrBlock: "10.1.1.0/24",
      availabilityZone: "eu-central-1c",
    });
    foreignGroup = await aws.make("aws:ec2/securityGroup:SecurityGroup", "foreign", { vpcId: s.otherVpc.id });
  });
  afterAll(() => world.end());

  const targetGroup = (more: object) => ({ vpcId: s.vpc.id, port: 80, protocol: "HTTP", ...more });
  const listener = (more: object) => ({ loadBalancerArn: s.balancer.id, port: 81, protocol: "HTTP", ...more });
  const forward = (group: Made) => ({ defaultActions: action("forward", { targetGroupArn: group.id }) });
  const nodes = (more: object) => ({
    clusterName: "hub",
    nodeRoleArn: s.nodeRole.outputs.arn,
    subnetIds: s.subnetIds.slice(0, 1),
    scalingConfig: { minSize: 1, desiredSize: 1, maxSize: 1 },
    ...more,
  });
  const withTemplate = async (template: object, more: object) => {
    const made = await aws.make("aws:ec2/launchTemplate:LaunchTemplate", "t", template as never);
    return nodes({ launchTemplate: { id: made.id, version: "1" }, ...more });
  };
  const alias = (more: object) => ({
    zoneId: s.zoneId,
    name: "hub",
    type: "A",
    aliases: [{ name: s.balancer.outputs.dnsName, zoneId: "ZWRONG", evaluateTargetHealth: false }],
    ...more,
  });

  const refusals: Refusals = [
    [
      "a load balancer in two networks",
      "aws:lb/loadBalancer:LoadBalancer",
      () => ({ internal: true, subnets: [...s.subnetIds, foreignSubnet.id] }),
      /must belong to the same VPC/,
    ],
    [
      "a load balancer with a group of another network",
      "aws:lb/loadBalancer:LoadBalancer",
      () => ({ subnets: s.subnetIds, securityGroups: [foreignGroup.id] }),
      /One or more security groups are invalid/,
    ],
    [
      "a load balancer that is placed twice",
      "aws:lb/loadBalancer:LoadBalancer",
      () => ({ subnets: s.subnetIds, subnetMappings: [{ subnetId: s.subnetIds[0] }] }),
      /conflicts with subnets/,
    ],
    [
      "a target group without a network",
      "aws:lb/targetGroup:TargetGroup",
      () => ({ port: 80, protocol: "HTTP" }),
      /Attribute "vpcId" must be specified when "target_type" is "instance"/,
    ],
    [
      "a path for a health check that only connects",
      "aws:lb/targetGroup:TargetGroup",
      () => targetGroup({ protocol: "TCP", healthCheck: { protocol: "TCP", path: "/" } }),
      /"health_check.path" cannot be specified/,
    ],
    [
      "health checks that overtake each other",
      "aws:lb/targetGroup:TargetGroup",
      () => targetGroup({ healthCheck: { interval: 10, timeout: 10 } }),
      /interval must be greater than the timeout/,
    ],
    [
      "clients' addresses where requests are passed on",
      "aws:lb/targetGroup:TargetGroup",
      () => targetGroup({ preserveClientIp: "false" }),
      /'preserve_client_ip.enabled' is not recognized/,
    ],
    [
      "one target group behind two load balancers",
      "aws:lb/listener:Listener",
      async () => {
        const second = await aws.make("aws:lb/loadBalancer:LoadBalancer", "second", { subnets: s.subnetIds });
        return listener({ loadBalancerArn: second.id, ...forward(s.targetGroup) });
      },
      /TargetGroupAssociationLimit/,
    ],
    [
      "a target group of another network",
      "aws:lb/listener:Listener",
      async () => {
        const inputs = targetGroup({ vpcId: s.otherVpc.id });
        return listener(forward(await aws.make("aws:lb/targetGroup:TargetGroup", "foreign", inputs)));
      },
      /of another VPC than the load balancer/,
    ],
    [
      "a TLS policy without TLS",
      "aws:lb/listener:Listener",
      () => listener({ sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06", ...forward(s.targetGroup) }),
      /An SSL policy cannot be specified for HTTP listeners/,
    ],
    ["an alias into another zone of AWS", record, () => alias({}), /does not lie within the target zone/],
    ["an alias with a time to live", record, () => alias({ ttl: 60 }), /conflicts with records and ttl/],
    [
      "a label of 64 letters",
      record,
      () => ({ zoneId: s.zoneId, name: "a".repeat(64), type: "A", ttl: 60, records: ["192.0.2.1"] }),
      /DomainLabelTooLong/,
    ],
    [
      "a zone for a network that is not there",
      "aws:route53/zone:Zone",
      () => ({ name: "acme.internal", vpcs: [{ vpcId: "vpc-0" }] }),
      /InvalidVPCId: The VPC: vpc-0/,
    ],
    [
      "a certificate whose first name is too long",
      "aws:acm/certificate:Certificate",
      () => ({ domainName: `${"a".repeat(50)}.hub.local-cloud.test`, validationMethod: "DNS" }),
      /no longer than 64 characters/,
    ],
    [
      "a cluster that 41 ranges reach",
      eksCluster,
      () => ({
        name: "b",
        roleArn: s.eks.inputs.roleArn,
        vpcConfig: {
          subnetIds: s.subnetIds,
          publicAccessCidrs: Array.from({ length: 41 }, (_, each) => `203.0.113.${each}/32`),
        },
      }),
      /at most 40 ranges, got 41/,
    ],
    [
      "a cluster with a group of another network",
      eksCluster,
      () => ({
        name: "b",
        roleArn: s.eks.inputs.roleArn,
        vpcConfig: { subnetIds: s.subnetIds, securityGroupIds: [foreignGroup.id] },
      }),
      /is not in the VPC of the subnets/,
    ],
    [
      "ARM nodes with images for x86",
      nodeGroup,
      () => nodes({ instanceTypes: ["m7g.large"] }),
      /\[m7g.large\] Instance types are not supported for amiType/,
    ],
    [
      "x86 nodes with images for ARM",
      nodeGroup,
      () => nodes({ instanceTypes: ["g5.xlarge"], amiType: "AL2023_ARM_64_STANDARD" }),
      /\[g5.xlarge\] Instance types are not supported for amiType AL2023_ARM_64_STANDARD/,
    ],
    ["nodes with images that are none", nodeGroup, () => nodes({ amiType: "AL2023" }), /amiType/],
    ["a label of Kubernetes' own", nodeGroup, () => nodes({ labels: { "k8s.io/a": "b" } }), /reserved prefixes/],
    [
      "a label with a space",
      nodeGroup,
      () => nodes({ labels: { purpose: "for users" } }),
      /"for users" is no valid value/,
    ],
    [
      "a disk beside a template",
      nodeGroup,
      () => withTemplate({}, { diskSize: 80 }),
      /Disk size must be specified within the launch template/,
    ],
    [
      "an instance type in template and node group",
      nodeGroup,
      () => withTemplate({ instanceType: "t3.large" }, { instanceTypes: ["t3.large"] }),
      /either within the launch template or the node group/,
    ],
    [
      "an add-on whose configuration is no object",
      "aws:eks/addon:Addon",
      () => ({ clusterName: "hub", addonName: "vpc-cni", configurationValues: "[]" }),
      /expected a JSON or YAML object/,
    ],
    [
      "an access policy that is none",
      "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
      () => ({
        clusterName: "hub",
        principalArn: "arn:aws:iam::123456789012:role/admin",
        policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSAdministratorPolicy",
        accessScope: { type: "cluster" },
      }),
      /cluster-access-policy\/AmazonEKSClusterAdminPolicy/,
    ],
    [
      "an entry in a group of Kubernetes' own",
      "aws:eks/accessEntry:AccessEntry",
      () => ({
        clusterName: "hub",
        principalArn: "arn:aws:iam::123456789012:role/admin",
        kubernetesGroups: ["system:masters"],
      }),
      /cannot start with system:/,
    ],
    [
      "a role that pods may assume, but not with the tags of their sessions",
      "aws:eks/podIdentityAssociation:PodIdentityAssociation",
      async () => {
        const assumeRolePolicy = trust("pods.eks.amazonaws.com").replace(',"sts:TagSession"', "");
        const made = await aws.make("aws:iam/role:Role", "untagged", { assumeRolePolicy });
        return { clusterName: "hub", namespace: "hub", serviceAccount: "user", roleArn: made.outputs.arn };
      },
      /sts:AssumeRole and sts:TagSession/,
    ],
  ];

  it.each(refusals)("refuses %s", async (_what, type, inputs, words) => {
    await expect(aws.make(type, "refused", (await inputs()) as never)).rejects.toThrow(words);
  });

  it("attaches instances to target groups that take instances, in one network", async () => {
    const attach = (group: Made) =>
      aws.make("aws:autoscaling/attachment:Attachment", "a", {
        autoscalingGroupName: "core",
        lbTargetGroupArn: group.id,
      });
    await aws.make("aws:autoscaling/group:Group", "core", {
      name: "core",
      minSize: 1,
      maxSize: 1,
      vpcZoneIdentifiers: s.subnetIds,
    });
    const addresses = await aws.make("aws:lb/targetGroup:TargetGroup", "ip", targetGroup({ targetType: "ip" }));
    const foreign = await aws.make("aws:lb/targetGroup:TargetGroup", "far", targetGroup({ vpcId: s.otherVpc.id }));
    await expect(attach(addresses)).rejects.toThrow(/does not take instances/);
    await expect(attach(foreign)).rejects.toThrow(/of another VPC/);
    await attach(s.targetGroup);
  });
});

describe("the aws stand-in, for what a region or a network lacks", () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start();
  });
  afterAll(() => world.end());

  it("refuses control planes in zones where EKS places none", async () => {
    const aws = await world.aws("us-east-1");
    const zones = await aws.invoke("aws:index/getAvailabilityZones:getAvailabilityZones", {
      excludeZoneIds: ["use1-az3"],
    });
    expect(zones.names).toEqual(["us-east-1a", "us-east-1b", "us-east-1d", "us-east-1e", "us-east-1f"]);
    const vpc = await aws.make("aws:ec2/vpc:Vpc", "vpc", { cidrBlock: "10.0.0.0/16" });
    const subnet = (letter: string, index: number) =>
      aws.make("aws:ec2/subnet:Subnet", letter, {
        vpcId: vpc.id,
        cidrBlock: `10.0.${index}.0/24`,
        availabilityZone: `us-east-1${letter}`,
      });
    const subnets = [await subnet("a", 0), await subnet("c", 1)];
    await expect(
      cluster(
        aws,
        subnets.map(({ id }) => id),
      ),
    ).rejects.toThrow(/UnsupportedAvailabilityZoneException.*us-east-1c/);
  });

  it("lets no node join from a network without names", async () => {
    const aws = await world.aws();
    const { vpc, subnetIds } = await network(aws);
    await cluster(aws, subnetIds);
    await aws.update(vpc, { cidrBlock: "10.0.0.0/16", enableDnsHostnames: false });
    const policies = ["AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly", "AmazonEKS_CNI_Policy"];
    const nodeRole = await role(aws, "nodes", "ec2.amazonaws.com", policies);
    const inputs = {
      clusterName: "hub",
      nodeRoleArn: nodeRole.outputs.arn ?? null,
      subnetIds: subnetIds.slice(0, 1),
      scalingConfig: { minSize: 1, desiredSize: 1, maxSize: 1 },
    };
    await expect(aws.make(nodeGroup, "n", inputs)).rejects.toThrow(/NodeCreationFailure.*enableDnsHostnames/);
    await aws.update(vpc, { cidrBlock: "10.0.0.0/16", enableDnsHostnames: true });
    await aws.make(nodeGroup, "n", inputs);
  });
});
