import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cluster, network, nodeGroup, nodePolicies, role, trust } from "./cluster";
import { type Instance, type Made, World } from "./world";

/** Things that exist while the tables below ask for what AWS refuses. */
interface Standing {
  vpc: Made;
  otherVpc: Made;
  table: Made;
  subnetIds: string[];
  group: Made;
  targetGroup: Made;
  balancer: Made;
  certificate: Made;
  eks: Made;
  nodeRole: Made;
  zoneId: string;
}

const action = (type: string, more: object) => [{ type, ...more }] as never;

describe("the aws stand-in", () => {
  let world: World;
  let aws: Instance;
  let s: Standing;

  beforeAll(async () => {
    world = await World.start();
    aws = await world.aws();
    const { vpc, table, subnetIds } = await network(aws);
    const group = await aws.make("aws:ec2/securityGroup:SecurityGroup", "lb", { vpcId: vpc.id });
    const balancer = await aws.make("aws:lb/loadBalancer:LoadBalancer", "lb", {
      subnets: subnetIds,
      securityGroups: [group.id],
    });
    const targetGroup = await aws.make("aws:lb/targetGroup:TargetGroup", "tg", {
      vpcId: vpc.id,
      port: 80,
      protocol: "HTTP",
    });
    await aws.make("aws:lb/listener:Listener", "http", {
      loadBalancerArn: balancer.id,
      port: 80,
      protocol: "HTTP",
      defaultActions: action("forward", { targetGroupArn: targetGroup.id }),
    });
    const zone = await aws.invoke("aws:route53/getZone:getZone", { name: "local-cloud.test" });
    s = {
      vpc,
      table,
      subnetIds,
      group,
      balancer,
      targetGroup,
      zoneId: String(zone.zoneId),
      otherVpc: await aws.make("aws:ec2/vpc:Vpc", "other", { cidrBlock: "10.1.0.0/16" }),
      certificate: await aws.make("aws:acm/certificate:Certificate", "c", {
        domainName: "hub.local-cloud.test",
        validationMethod: "DNS",
      }),
      eks: await cluster(aws, subnetIds, { enabledClusterLogTypes: ["api"] }),
      nodeRole: await role(aws, "nodes", "ec2.amazonaws.com", nodePolicies),
    };
    await aws.make("aws:route53/record:Record", "a", {
      zoneId: s.zoneId,
      name: "a",
      type: "A",
      ttl: 60,
      records: ["192.0.2.1"],
    });
    await aws.make("aws:ecr/repository:Repository", "taken", { name: "taken" });
  });
  afterAll(() => world.end());

  const nodes = (more: object) => ({
    clusterName: "hub",
    nodeRoleArn: s.nodeRole.outputs.arn ?? null,
    subnetIds: s.subnetIds,
    scalingConfig: { minSize: 1, desiredSize: 1, maxSize: 1 },
    ...more,
  });
  const eksWith = async (more: object) => ({
    roleArn: s.eks.inputs.roleArn ?? null,
    vpcConfig: { subnetIds: s.subnetIds },
    ...more,
  });
  const addOn = (addonName: string, addonVersion: string) => ({ clusterName: "hub", addonName, addonVersion });
  const https = (more: object) => ({
    loadBalancerArn: s.balancer.id,
    port: 443,
    protocol: "HTTPS",
    defaultActions: action("forward", { targetGroupArn: s.targetGroup.id }),
    ...more,
  });

  /** What is asked for, and the words of the refusal. */
  const refusals: [what: string, type: string, inputs: () => object | Promise<object>, words: RegExp][] = [
    [
      "a subnet in a VPC that is not there",
      "aws:ec2/subnet:Subnet",
      () => ({ vpcId: "vpc-0", cidrBlock: "10.0.9.0/24" }),
      /api error InvalidVpcID\.NotFound: The vpc ID 'vpc-0' does not exist/,
    ],
    [
      "a subnet outside its VPC",
      "aws:ec2/subnet:Subnet",
      () => ({ vpcId: s.vpc.id, cidrBlock: "10.9.0.0/24" }),
      /InvalidSubnet\.Range: The CIDR '10\.9\.0\.0\/24' is invalid/,
    ],
    [
      "a subnet over another",
      "aws:ec2/subnet:Subnet",
      () => ({ vpcId: s.vpc.id, cidrBlock: "10.0.0.128/25" }),
      /InvalidSubnet\.Conflict: The CIDR '10\.0\.0\.128\/25' conflicts with another subnet/,
    ],
    [
      "a subnet in a zone of another region",
      "aws:ec2/subnet:Subnet",
      () => ({ vpcId: s.vpc.id, cidrBlock: "10.0.9.0/24", availabilityZone: "us-east-1a" }),
      /us-east-1a.*availabilityZone is invalid.*eu-central-1a, eu-central-1b, eu-central-1c/,
    ],
    [
      "a VPC larger than /16",
      "aws:ec2/vpc:Vpc",
      () => ({ cidrBlock: "10.0.0.0/15" }),
      /between 16 and 28 significant bits, got: 15/,
    ],
    [
      "a VPC with host bits set",
      "aws:ec2/vpc:Vpc",
      () => ({ cidrBlock: "10.0.0.1/16" }),
      /"10\.0\.0\.1\/16" is not a valid IPv4 CIDR block/,
    ],
    ["a VPC without a range", "aws:ec2/vpc:Vpc", () => ({}), /The argument "cidrBlock" is required/],
    [
      "a second internet gateway",
      "aws:ec2/internetGateway:InternetGateway",
      () => ({ vpcId: s.vpc.id }),
      /already has an internet gateway attached/,
    ],
    [
      "a second route to the same range",
      "aws:ec2/route:Route",
      () => ({ routeTableId: s.table.id, destinationCidrBlock: "0.0.0.0/0", gatewayId: s.vpc.id }),
      /InvalidInternetGatewayID\.NotFound/,
    ],
    [
      "a public NAT gateway where there is no internet gateway",
      "aws:ec2/natGateway:NatGateway",
      async () => {
        const subnet = await aws.make("aws:ec2/subnet:Subnet", "lonely", {
          vpcId: s.otherVpc.id,
          cidrBlock: "10.1.0.0/24",
        });
        const eip = await aws.make("aws:ec2/eip:Eip", "lonely", { domain: "vpc" });
        return { subnetId: subnet.id, allocationId: eip.id };
      },
      /Gateway\.NotAttached: Network vpc-\w+ has no Internet gateway attached/,
    ],
    [
      "a gateway endpoint of another region",
      "aws:ec2/vpcEndpoint:VpcEndpoint",
      () => ({ vpcId: s.vpc.id, serviceName: "com.amazonaws.us-east-1.s3" }),
      /The Vpc Endpoint Service 'com\.amazonaws\.us-east-1\.s3' does not exist/,
    ],
    [
      "a rule for a security group that is not there",
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
      () => ({ securityGroupId: "sg-0", ipProtocol: "tcp", fromPort: 443, toPort: 443, cidrIpv4: "0.0.0.0/0" }),
      /InvalidGroup\.NotFound: The security group 'sg-0' does not exist/,
    ],
    [
      "a rule from nowhere",
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
      () => ({ securityGroupId: s.group.id, ipProtocol: "tcp", fromPort: 443, toPort: 443 }),
      /needs a source or destination/,
    ],
    [
      "a port beyond 65535",
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
      () => ({ securityGroupId: s.group.id, ipProtocol: "tcp", fromPort: 443, toPort: 70000, cidrIpv4: "0.0.0.0/0" }),
      /got 70000/,
    ],
    [
      "a target group with a long name",
      "aws:lb/targetGroup:TargetGroup",
      () => ({ name: "x".repeat(33), port: 80, protocol: "HTTP", vpcId: s.vpc.id }),
      /at most 32 letters/,
    ],
    [
      "a load balancer in one zone",
      "aws:lb/loadBalancer:LoadBalancer",
      () => ({ subnets: s.subnetIds.slice(0, 1) }),
      /At least two subnets in two different Availability Zones must be specified/,
    ],
    [
      "a listener on a target group that is not there",
      "aws:lb/listener:Listener",
      () => ({
        loadBalancerArn: s.balancer.id,
        port: 81,
        protocol: "HTTP",
        defaultActions: action("forward", { targetGroupArn: "arn:aws:elasticloadbalancing:x" }),
      }),
      /TargetGroupNotFound/,
    ],
    [
      "a second listener on a port",
      "aws:lb/listener:Listener",
      () => ({
        loadBalancerArn: s.balancer.id,
        port: 80,
        protocol: "HTTP",
        defaultActions: action("redirect", { redirect: { statusCode: "HTTP_301" } }),
      }),
      /DuplicateListener/,
    ],
    [
      "HTTPS without a certificate",
      "aws:lb/listener:Listener",
      () => https({}),
      /CertificateNotFound: A certificate must be specified for HTTPS listeners/,
    ],
    [
      "HTTPS with a certificate that is not validated",
      "aws:lb/listener:Listener",
      () => https({ certificateArn: s.certificate.id }),
      /UnsupportedCertificate.*PENDING_VALIDATION/,
    ],
    [
      "HTTPS with a certificate of another region",
      "aws:lb/listener:Listener",
      async () => {
        const certificate = await (await world.aws("us-east-1")).make("aws:acm/certificate:Certificate", "far", {
          domainName: "x.local-cloud.test",
          validationMethod: "DNS",
        });
        return https({ certificateArn: certificate.id });
      },
      /CertificateNotFound/,
    ],
    [
      "a TLS policy that ELB does not know",
      "aws:lb/listener:Listener",
      async () => {
        const certificate = await aws.make("aws:acm/certificate:Certificate", "valid", {
          domainName: "v.local-cloud.test",
          validationMethod: "DNS",
        });
        const [option] = certificate.outputs.domainValidationOptions as {
          resourceRecordName: string;
          resourceRecordValue: string;
        }[];
        await aws.make("aws:route53/record:Record", "valid", {
          zoneId: s.zoneId,
          name: option?.resourceRecordName ?? "",
          type: "CNAME",
          ttl: 60,
          records: [option?.resourceRecordValue ?? ""],
        });
        return https({ certificateArn: certificate.id, sslPolicy: "ELBSecurityPolicy-TLS-9-9" });
      },
      /SSLPolicyNotFound/,
    ],
    [
      "waiting for a validation whose record is missing",
      "aws:acm/certificateValidation:CertificateValidation",
      () => ({ certificateArn: s.certificate.id }),
      /PENDING_VALIDATION.*hub\.local-cloud\.test/,
    ],
    [
      "a record in a zone that is not there",
      "aws:route53/record:Record",
      () => ({ zoneId: "Z0", name: "a", type: "A", ttl: 60, records: ["192.0.2.1"] }),
      /NoSuchHostedZone: No hosted zone found with ID: Z0/,
    ],
    [
      "a record that exists, by its full name",
      "aws:route53/record:Record",
      () => ({ zoneId: s.zoneId, name: "a.local-cloud.test.", type: "A", ttl: 60, records: ["192.0.2.2"] }),
      /Tried to create resource record set \[name='a\.local-cloud\.test\.', type='A'\] but it already exists/,
    ],
    [
      "a CNAME beside an address",
      "aws:route53/record:Record",
      () => ({ zoneId: s.zoneId, name: "a", type: "CNAME", ttl: 60, records: ["x.example"] }),
      /conflicting RRSet/,
    ],
    ["a repository name in capitals", "aws:ecr/repository:Repository", () => ({ name: "Hub/User" }), /lower-case/],
    [
      "a repository name that is taken",
      "aws:ecr/repository:Repository",
      () => ({ name: "taken" }),
      /RepositoryAlreadyExistsException: The repository with name 'taken' already exists/,
    ],
    [
      "a log group that EKS made before us",
      "aws:cloudwatch/logGroup:LogGroup",
      () => ({ name: "/aws/eks/hub/cluster" }),
      /ResourceAlreadyExistsException: The specified log group already exists/,
    ],
    [
      "a retention that CloudWatch does not offer",
      "aws:cloudwatch/logGroup:LogGroup",
      () => ({ name: "x", retentionInDays: 31 }),
      /got 31/,
    ],
    [
      "a role whose trust is no JSON",
      "aws:iam/role:Role",
      () => ({ assumeRolePolicy: "nobody" }),
      /invalid JSON policy/,
    ],
    [
      "a role with a name of 65 letters",
      "aws:iam/role:Role",
      () => ({ name: "r".repeat(65), assumeRolePolicy: trust("ec2.amazonaws.com") }),
      /1 to 64/,
    ],
    [
      "a prefix of a role's name with 39 letters",
      "aws:iam/role:Role",
      () => ({ namePrefix: "r".repeat(39), assumeRolePolicy: trust("ec2.amazonaws.com") }),
      /1 to 38/,
    ],
    [
      "a policy that AWS does not keep",
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
      () => ({ role: s.nodeRole.id, policyArn: "arn:aws:iam::aws:policy/AmazonEKSWorkerPolicy" }),
      /NoSuchEntity/,
    ],
    [
      "an alias for a key that is not there",
      "aws:kms/alias:Alias",
      () => ({ name: "alias/x", targetKeyId: "nope" }),
      /NotFoundException: Key 'nope' does not exist/,
    ],
    [
      "a Kubernetes version that EKS does not offer",
      "aws:eks/cluster:Cluster",
      () => eksWith({ name: "old", version: "1.20" }),
      /unsupported Kubernetes version: 1\.20/,
    ],
    [
      "a cluster in one zone",
      "aws:eks/cluster:Cluster",
      () => eksWith({ name: "one", vpcConfig: { subnetIds: s.subnetIds.slice(0, 1) } }),
      /at least two different AZs/,
    ],
    [
      "an endpoint for private ranges",
      "aws:eks/cluster:Cluster",
      () => eksWith({ name: "p", vpcConfig: { subnetIds: s.subnetIds, publicAccessCidrs: ["10.0.0.0/8"] } }),
      /invalid in publicAccessCidrs: \[10\.0\.0\.0\/8\]/,
    ],
    [
      "an endpoint for no range at all",
      "aws:eks/cluster:Cluster",
      () => eksWith({ name: "p", vpcConfig: { subnetIds: s.subnetIds, publicAccessCidrs: ["my-office"] } }),
      /"my-office" is not a valid IPv4 CIDR block/,
    ],
    [
      "services in the VPC's own range",
      "aws:eks/cluster:Cluster",
      () => eksWith({ name: "s", kubernetesNetworkConfig: { serviceIpv4Cidr: "10.0.128.0/20" } }),
      /must not overlap the VPC's 10\.0\.0\.0\/16/,
    ],
    [
      "a cluster whose role trusts somebody else",
      "aws:eks/cluster:Cluster",
      () => eksWith({ name: "t", roleArn: s.nodeRole.outputs.arn }),
      /could not be assumed because it does not exist or the trusted entity is not correct/,
    ],
    [
      "a cluster whose name is taken",
      "aws:eks/cluster:Cluster",
      () => eksWith({ name: "hub" }),
      /ResourceInUseException: Cluster already exists with name: hub/,
    ],
    [
      "an add-on for a cluster that is not there",
      "aws:eks/addon:Addon",
      () => ({ clusterName: "nope", addonName: "vpc-cni" }),
      /No cluster found for name: nope/,
    ],
    [
      "an add-on that does not exist",
      "aws:eks/addon:Addon",
      () => addOn("calico", "v1.0.0-eksbuild.1"),
      /Addon calico specified is not supported/,
    ],
    [
      "a kube-proxy for another Kubernetes",
      "aws:eks/addon:Addon",
      () => addOn("kube-proxy", "v1.33.0-eksbuild.2"),
      /Addon version specified is not supported/,
    ],
    [
      "coredns where no node is",
      "aws:eks/addon:Addon",
      () => addOn("coredns", "v1.13.2-eksbuild.1"),
      /DEGRADED.*InsufficientNumberOfReplicas|InsufficientNumberOfReplicas.*DEGRADED/,
    ],
    [
      "an association whose role pods cannot assume",
      "aws:eks/podIdentityAssociation:PodIdentityAssociation",
      () => ({
        clusterName: "hub",
        namespace: "kube-system",
        serviceAccount: "aws-node",
        roleArn: s.nodeRole.outputs.arn,
      }),
      /pods\.eks\.amazonaws\.com/,
    ],
    [
      "nodes without a role",
      "aws:eks/nodeGroup:NodeGroup",
      () => nodes({ nodeRoleArn: "arn:aws:iam::123456789012:role/nope" }),
      /role\/nope cannot be found/,
    ],
    [
      "nodes from a template that is not there",
      "aws:eks/nodeGroup:NodeGroup",
      () => nodes({ launchTemplate: { id: "lt-0", version: "1" } }),
      /InvalidLaunchTemplateId\.NotFound/,
    ],
    [
      "nodes from a version of a template that is not there",
      "aws:eks/nodeGroup:NodeGroup",
      async () => {
        const template = await aws.make("aws:ec2/launchTemplate:LaunchTemplate", "t", {});
        return nodes({ launchTemplate: { id: template.id, version: "2" } });
      },
      /Launch template version 2 of lt-\w+ does not exist/,
    ],
    [
      "nodes of a type that is none",
      "aws:eks/nodeGroup:NodeGroup",
      () => nodes({ instanceTypes: ["large"] }),
      /instance types do not exist: \[large\]/,
    ],
    [
      "more nodes wanted than allowed",
      "aws:eks/nodeGroup:NodeGroup",
      () => nodes({ scalingConfig: { minSize: 1, desiredSize: 3, maxSize: 2 } }),
      /desired capacity 3 <= maximum capacity 2/,
    ],
    [
      "nodes outside the cluster's VPC",
      "aws:eks/nodeGroup:NodeGroup",
      async () => {
        const subnet = await aws.make("aws:ec2/subnet:Subnet", "foreign", {
          vpcId: s.otherVpc.id,
          cidrBlock: "10.1.1.0/24",
        });
        return nodes({ subnetIds: [subnet.id] });
      },
      /is not in the VPC/,
    ],
    [
      "nodes without a way to the internet",
      "aws:eks/nodeGroup:NodeGroup",
      async () => {
        const subnet = await aws.make("aws:ec2/subnet:Subnet", "closed", {
          vpcId: s.vpc.id,
          cidrBlock: "10.0.77.0/24",
        });
        return nodes({ subnetIds: [subnet.id] });
      },
      /NodeCreationFailure.*Instances failed to join the kubernetes cluster/,
    ],
    [
      "nodes whose network add-on has no rights",
      "aws:eks/nodeGroup:NodeGroup",
      async () => {
        const poor = await role(
          aws,
          "poor",
          "ec2.amazonaws.com",
          nodePolicies.filter((policy) => policy !== "AmazonEKS_CNI_Policy"),
        );
        return nodes({ nodeRoleArn: poor.outputs.arn });
      },
      /NodeCreationFailure.*AmazonEKS_CNI_Policy/,
    ],
  ];

  it.each(refusals)("refuses %s", async (_what, type, inputs, words) => {
    await expect(aws.make(type, "refused", (await inputs()) as never)).rejects.toThrow(words);
  });

  it("names what it does not know", async () => {
    await expect(aws.make("aws:sqs/queue:Queue", "q", {})).rejects.toThrow(
      "the local cloud does not know aws:sqs/queue:Queue",
    );
    await expect(aws.invoke("aws:ec2/getAmi:getAmi", {})).rejects.toThrow(
      "does not know the function aws:ec2/getAmi:getAmi",
    );
  });

  it("fails a look-up of a zone that is not there", async () => {
    await expect(aws.invoke("aws:route53/getZone:getZone", { name: "nowhere.test" })).rejects.toThrow(
      "no matching Route 53 Hosted Zone found",
    );
  });

  it("wants a region that exists", async () => {
    const fresh = await world.instance("aws");
    expect(await fresh.checkConfig({ region: "eu-central-1" })).toEqual([]);
    expect(await fresh.checkConfig({ region: "eu-center-1" })).toEqual(["invalid AWS Region: eu-center-1"]);
  });
});

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
    const forced = await aws.make("aws:iam/role:Role", "forced", {
      assumeRolePolicy: trust("ec2.amazonaws.com"),
      forceDetachPolicies: true,
    });
    await aws.make("aws:iam/rolePolicy:RolePolicy", "inline", { role: forced.id, policy: trust("ec2.amazonaws.com") });
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
