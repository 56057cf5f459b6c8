import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Refusals, type Standing, standing } from "./standing";
import type { Instance, World } from "./world";

describe("the aws stand-in, for networks", () => {
  let world: World;
  let aws: Instance;
  let s: Standing;
  beforeAll(async () => {
    ({ world, aws, s } = await standing());
  });
  afterAll(() => world.end());

  const refusals: Refusals = [
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

  it("wants a region that exists", async () => {
    const fresh = await world.instance("aws");
    expect(await fresh.checkConfig({ region: "eu-central-1" })).toEqual([]);
    expect(await fresh.checkConfig({ region: "eu-center-1" })).toEqual(["invalid AWS Region: eu-center-1"]);
  });
});
