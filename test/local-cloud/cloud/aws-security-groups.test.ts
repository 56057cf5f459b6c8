import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Instance, type Made, World } from "./world";

const groupToken = "aws:ec2/securityGroup:SecurityGroup";
const ingress = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";

describe("the aws stand-in, for security groups", () => {
  let world: World;
  let aws: Instance;
  let group: Made;
  let foreign: Made;
  beforeAll(async () => {
    world = await World.start();
    aws = await world.aws();
    const vpc = await aws.make("aws:ec2/vpc:Vpc", "a", { cidrBlock: "10.0.0.0/16" });
    const other = await aws.make("aws:ec2/vpc:Vpc", "b", { cidrBlock: "10.1.0.0/16" });
    group = await aws.make(groupToken, "a", { vpcId: vpc.id });
    foreign = await aws.make(groupToken, "b", { vpcId: other.id });
  });
  afterAll(() => world.end());

  const rule = (more: object) => ({
    securityGroupId: group.id,
    ipProtocol: "tcp",
    fromPort: 443,
    toPort: 443,
    ...more,
  });

  const refusals: [what: string, inputs: () => object, words: RegExp][] = [
    ["an address without a prefix length", () => rule({ cidrIpv4: "203.0.113.7" }), /not a valid IPv4 CIDR block/],
    ["a range that begins in its middle", () => rule({ cidrIpv4: "203.0.113.7/24" }), /must be the network's first/],
    [
      "a range and a group at once",
      () => rule({ cidrIpv4: "203.0.113.0/24", referencedSecurityGroupId: group.id }),
      /2 attributes specified when one \(and only one\)/,
    ],
    [
      "no ports for TCP",
      () => ({ securityGroupId: group.id, ipProtocol: "tcp", cidrIpv4: "203.0.113.0/24" }),
      /Must specify both from and to ports/,
    ],
    [
      "a group of another network",
      () => rule({ referencedSecurityGroupId: foreign.id }),
      /two resources that belong to different networks/,
    ],
    [
      "an apostrophe in its description",
      () => rule({ cidrIpv4: "203.0.113.0/24", description: "the hub's users" }),
      /no valid description/,
    ],
  ];
  it.each(refusals)("refuses a rule with %s", async (_what, inputs, words) => {
    await expect(aws.make(ingress, "refused", inputs() as never)).rejects.toThrow(words);
  });

  it("refuses a group with an apostrophe in its description", async () => {
    const inputs = { vpcId: group.inputs.vpcId ?? null, description: "the hub's" };
    await expect(aws.make(groupToken, "refused", inputs)).rejects.toThrow(/no valid description/);
  });

  it("takes sixty rules in a direction, and no more", async () => {
    const full = await aws.make(groupToken, "full", { vpcId: group.inputs.vpcId ?? null });
    const make = (number: number, type = ingress) =>
      aws.make(type, `r${number}`, {
        securityGroupId: full.id,
        ipProtocol: "tcp",
        fromPort: 443,
        toPort: 443,
        cidrIpv4: `203.0.113.${number}/32`,
      });
    for (let number = 0; number < 60; number++) await make(number);
    await expect(make(60)).rejects.toThrow(/RulesPerSecurityGroupLimitExceeded/);
    await make(60, "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule");
  });
});
