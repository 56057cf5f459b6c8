import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { trust } from "./cluster";
import { action, type Refusals, type Standing, standing } from "./standing";
import type { Instance, World } from "./world";

describe("the aws stand-in, for values that AWS does not know", () => {
  let world: World;
  let aws: Instance;
  let s: Standing;
  beforeAll(async () => {
    ({ world, aws, s } = await standing());
  });
  afterAll(() => world.end());

  const targetGroup = (more: object) => ({ vpcId: s.vpc.id, port: 80, protocol: "HTTP", ...more });
  const balancer = (more: object) => ({ subnets: s.subnetIds, securityGroups: [s.group.id], ...more });
  const rule = (more: object) => ({
    securityGroupId: s.group.id,
    ipProtocol: "tcp",
    fromPort: 80,
    toPort: 80,
    ...more,
  });
  const cluster = (more: object) => ({
    name: "b",
    roleArn: s.eks.inputs.roleArn,
    vpcConfig: { subnetIds: s.subnetIds },
    ...more,
  });
  const nodes = (more: object) => ({
    clusterName: "hub",
    nodeRoleArn: s.nodeRole.outputs.arn,
    subnetIds: s.subnetIds,
    scalingConfig: { minSize: 1, desiredSize: 1, maxSize: 1 },
    ...more,
  });

  const refusals: Refusals = [
    [
      "a health check without a slash",
      "aws:lb/targetGroup:TargetGroup",
      () => targetGroup({ healthCheck: { path: "health" } }),
      /healthCheck.path/,
    ],
    [
      "a protocol that is none",
      "aws:lb/targetGroup:TargetGroup",
      () => targetGroup({ protocol: "HTTTP" }),
      /protocol.*one of .*HTTPS.*got HTTTP/,
    ],
    [
      "a port beyond 65535",
      "aws:lb/targetGroup:TargetGroup",
      () => targetGroup({ port: 70000 }),
      /range \(1 - 65535\), got 70000/,
    ],
    [
      "an idle timeout beyond 4000 s",
      "aws:lb/loadBalancer:LoadBalancer",
      () => balancer({ idleTimeout: 5000 }),
      /range \(1 - 4000\), got 5000/,
    ],
    [
      "a load balancer with a long name",
      "aws:lb/loadBalancer:LoadBalancer",
      () => balancer({ name: "x".repeat(33) }),
      /at most 32 letters/,
    ],
    [
      "a redirect that is none",
      "aws:lb/listener:Listener",
      () => ({
        loadBalancerArn: s.balancer.id,
        port: 81,
        protocol: "HTTP",
        defaultActions: action("redirect", { redirect: { statusCode: "HTTP_303" } }),
      }),
      /HTTP_301 HTTP_302.*got HTTP_303/,
    ],
    [
      "ports in the wrong order",
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
      () => rule({ cidrIpv4: "10.0.0.0/8", fromPort: 90 }),
      /toPort to be at least fromPort \(90\)/,
    ],
    [
      "a range with three numbers",
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
      () => rule({ cidrIpv4: "10.0.0/8" }),
      /"10.0.0\/8" is not a valid IPv4 CIDR block/,
    ],
    ["a key that waits 5 days", "aws:kms/key:Key", () => ({ deletionWindowInDays: 5 }), /range \(7 - 30\), got 5/],
    ["a key policy that is no JSON", "aws:kms/key:Key", () => ({ policy: "nope" }), /policy/],
    [
      "tags that are neither fixed nor not",
      "aws:ecr/repository:Repository",
      () => ({ name: "hub", imageTagMutability: "FIXED" }),
      /imageTagMutability/,
    ],
    ["a repository in upper case", "aws:ecr/repository:Repository", () => ({ name: "Hub" }), /name/],
    [
      "a life-cycle rule that is no JSON",
      "aws:ecr/lifecyclePolicy:LifecyclePolicy",
      () => ({ repository: "taken", policy: "{" }),
      /JSON/,
    ],
    [
      "a hop limit beyond 64",
      "aws:ec2/launchTemplate:LaunchTemplate",
      () => ({ metadataOptions: { httpPutResponseHopLimit: 65 } }),
      /range \(1 - 64\), got 65/,
    ],
    [
      "metadata tokens that are neither",
      "aws:ec2/launchTemplate:LaunchTemplate",
      () => ({ metadataOptions: { httpTokens: "yes" } }),
      /optional required.*got yes/,
    ],
    [
      "a kind of volume that is none",
      "aws:ec2/launchTemplate:LaunchTemplate",
      () => ({ blockDeviceMappings: [{ ebs: { volumeType: "gp9" } }] }),
      /gp3.*got gp9/,
    ],
    [
      "flow logs of some traffic",
      "aws:ec2/flowLog:FlowLog",
      () => ({ vpcId: s.vpc.id, trafficType: "SOME" }),
      /ACCEPT ALL REJECT.*got SOME/,
    ],
    [
      "a security group that is called like an id",
      "aws:ec2/securityGroup:SecurityGroup",
      () => ({ name: "sg-hub", vpcId: s.vpc.id }),
      /not beginning with sg-/,
    ],
    ["an address in no domain", "aws:ec2/eip:Eip", () => ({ domain: "space" }), /vpc.*got space/],
    [
      "a way to log in to a cluster that is none",
      "aws:eks/cluster:Cluster",
      () => cluster({ accessConfig: { authenticationMode: "ALL" } }),
      /API_AND_CONFIG_MAP.*got ALL/,
    ],
    [
      "a control-plane log that is none",
      "aws:eks/cluster:Cluster",
      () => cluster({ enabledClusterLogTypes: ["apis"] }),
      /apis/,
    ],
    [
      "a taint in the words of Kubernetes",
      "aws:eks/nodeGroup:NodeGroup",
      () => nodes({ taints: [{ key: "a", effect: "NoSchedule" }] }),
      /NO_SCHEDULE.*got NoSchedule/,
    ],
    [
      "a certificate for what is no domain",
      "aws:acm/certificate:Certificate",
      () => ({ domainName: "not a domain", validationMethod: "DNS" }),
      /not a domain/,
    ],
    [
      "an entry for who is no ARN",
      "aws:eks/accessEntry:AccessEntry",
      () => ({ clusterName: "hub", principalArn: "me" }),
      /ARN of an IAM role or user/,
    ],
    [
      "a role policy that is no JSON",
      "aws:iam/rolePolicy:RolePolicy",
      () => ({ role: s.nodeRole.id, policy: "{" }),
      /JSON/,
    ],
    [
      "an address record that holds a name",
      "aws:route53/record:Record",
      () => ({ zoneId: s.zoneId, name: "q", type: "A", ttl: 60, records: ["hub"] }),
      /"hub" is not an address/,
    ],
    [
      "a record without a time to live",
      "aws:route53/record:Record",
      () => ({ zoneId: s.zoneId, name: "q", type: "A", records: ["192.0.2.1"] }),
      /needs ttl and records/,
    ],
    [
      "a tag with a sign that IAM does not take",
      "aws:iam/role:Role",
      () => ({ assumeRolePolicy: trust("ec2.amazonaws.com"), tags: { team: "R&D" } }),
      /tag value "R&D" failed to satisfy constraint/,
    ],
    [
      "tags that are one to IAM",
      "aws:iam/role:Role",
      () => ({ assumeRolePolicy: trust("ec2.amazonaws.com"), tags: { team: "a", Team: "b" } }),
      /Duplicate tag keys found: team/i,
    ],
    [
      "a tag of AWS itself",
      "aws:ec2/vpc:Vpc",
      () => ({ cidrBlock: "10.2.0.0/16", tags: { "aws:team": "a" } }),
      /aws: prefixed tag names/,
    ],
    [
      "more than 50 tags",
      "aws:ec2/vpc:Vpc",
      () => ({
        cidrBlock: "10.2.0.0/16",
        tags: Object.fromEntries(Array.from({ length: 51 }, (_, each) => [`t${each}`, ""])),
      }),
      /51 tags: expected at most 50/,
    ],
  ];

  it.each(refusals)("refuses %s", async (_what, type, inputs, words) => {
    await expect(aws.make(type, "refused", (await inputs()) as never)).rejects.toThrow(words);
  });
});
