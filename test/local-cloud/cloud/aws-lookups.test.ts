import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Standing, standing } from "./standing";
import type { Instance, World } from "./world";

describe("the aws stand-in looks up what was made", () => {
  let world: World;
  let aws: Instance;
  let s: Standing;
  beforeAll(async () => {
    ({ world, aws, s } = await standing());
    await aws.make("aws:eks/addon:Addon", "cni", {
      clusterName: "hub",
      addonName: "vpc-cni",
      addonVersion: "v1.21.1-eksbuild.3",
    });
  });
  afterAll(() => world.end());

  it("a cluster by its name, with what leads to it", async () => {
    const { outputs } = s.eks;
    expect(await aws.invoke("aws:eks/getCluster:getCluster", { name: "hub" })).toMatchObject({
      name: "hub",
      arn: outputs.arn,
      endpoint: outputs.endpoint,
      version: outputs.version,
      status: "ACTIVE",
      certificateAuthorities: [outputs.certificateAuthority],
      vpcConfig: {
        vpcId: s.vpc.id,
        subnetIds: s.subnetIds,
        clusterSecurityGroupId: expect.stringMatching(/^sg-[0-9a-f]{17}$/),
      },
    });
  });

  it("an add-on of a cluster", async () => {
    const args = { clusterName: "hub", addonName: "vpc-cni" };
    expect(await aws.invoke("aws:eks/getAddon:getAddon", args)).toMatchObject({
      ...args,
      addonVersion: "v1.21.1-eksbuild.3",
    });
  });

  it("a subnet by its id", async () => {
    const [id] = s.subnetIds;
    expect(await aws.invoke("aws:ec2/getSubnet:getSubnet", { id: id as string })).toMatchObject({
      id,
      vpcId: s.vpc.id,
      mapPublicIpOnLaunch: false,
      availabilityZone: expect.stringMatching(/^eu-central-1[abc]$/),
    });
  });

  it.each([
    ["a cluster", "aws:eks/getCluster:getCluster", { name: "nowhere" }, "reading EKS Cluster (nowhere): couldn't find"],
    [
      "an add-on",
      "aws:eks/getAddon:getAddon",
      { clusterName: "hub", addonName: "aws-ebs-csi-driver" },
      "ResourceNotFoundException: No addon: aws-ebs-csi-driver found.",
    ],
    [
      "the add-on of a cluster",
      "aws:eks/getAddon:getAddon",
      { clusterName: "nowhere", addonName: "vpc-cni" },
      "No cluster found for name: nowhere.",
    ],
    ["a subnet", "aws:ec2/getSubnet:getSubnet", { id: "subnet-0" }, "no matching EC2 Subnet found"],
    ["a subnet by what it does not look at", "aws:ec2/getSubnet:getSubnet", { cidrBlock: "10.0.0.0/24" }, "by id"],
  ])("and says that %s is not there", async (_, token, args, words) => {
    await expect(aws.invoke(token, args)).rejects.toThrow(words);
  });
});
