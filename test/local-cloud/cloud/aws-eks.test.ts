import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nodePolicies, role } from "./cluster";
import { type Refusals, type Standing, standing } from "./standing";
import type { Instance, World } from "./world";

describe("the aws stand-in, for clusters and nodes", () => {
  let world: World;
  let aws: Instance;
  let s: Standing;
  beforeAll(async () => {
    ({ world, aws, s } = await standing());
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

  const refusals: Refusals = [
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
});
