import { describe, expect, test } from "vitest";
import { LoadBalancer, type LoadBalancerArgs } from "../../components";
import { awsAnswers } from "../support/aws-answers";
import { record } from "../support/recorded-program";
import { remembered } from "../support/remembered";
import { all, inputsOf } from "../support/wire";

const args: LoadBalancerArgs = {
  certificateArn: "arn:aws:acm:eu-central-1:123456789012:certificate/mine",
  vpcId: "vpc-1",
  subnetIds: ["subnet-3", "subnet-4"],
  clusterSecurityGroupId: "sg-cluster",
  autoscalingGroupNames: { "core-0": "eks-core-a", "core-1": "eks-core-b" },
  nodePort: 31_000,
};
const recorded = remembered((changes: Partial<LoadBalancerArgs> = {}, options: { preview?: boolean } = {}) =>
  record(
    () => {
      const { address, zoneId } = new LoadBalancer("hub", { ...args, ...changes });
      return { address, zoneId };
    },
    { answers: awsAnswers, ...options },
  ),
);

const targetGroupArn = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/hub/1";
const ingressRule = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const listener = "aws:lb/listener:Listener";

test("it faces the internet, survives idle websockets and drops malformed headers", async () =>
  expect(inputsOf(await recorded(), "aws:lb/loadBalancer:LoadBalancer")).toMatchObject({
    loadBalancerType: "application",
    internal: false,
    idleTimeout: 3600,
    dropInvalidHeaderFields: true,
    subnets: ["subnet-3", "subnet-4"],
    securityGroups: ["hub-id"],
  }));

describe("listeners", () => {
  // "Elastic Load Balancing, Security policies for your Application Load Balancer": TLS 1.2 and 1.3 only.
  test("HTTPS with the given certificate and TLS 1.2 or newer leads to the proxy", async () =>
    expect(inputsOf(await recorded(), listener, "hub-https")).toMatchObject({
      port: 443,
      protocol: "HTTPS",
      sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
      certificateArn: args.certificateArn,
      defaultActions: [{ type: "forward", targetGroupArn }],
    }));

  test("HTTP does nothing but redirect, for good", async () =>
    expect(inputsOf(await recorded(), listener, "hub-http")).toMatchObject({
      port: 80,
      protocol: "HTTP",
      defaultActions: [{ type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } }],
    }));

  test("there are no others", async () => expect(all(await recorded(), listener)).toHaveLength(2));
});

test("traffic reaches the node port of the core pools, where the proxy says that it is well", async () => {
  const program = await recorded();
  expect(inputsOf(program, "aws:lb/targetGroup:TargetGroup")).toMatchObject({
    vpcId: "vpc-1",
    targetType: "instance",
    protocol: "HTTP",
    port: 31_000,
    healthCheck: { path: "/_chp_healthz", matcher: "200" },
  });
  expect(all(program, "aws:autoscaling/attachment:Attachment").map(({ name, inputs }) => [name, inputs])).toEqual([
    ["hub-core-0", { autoscalingGroupName: "eks-core-a", lbTargetGroupArn: targetGroupArn }],
    ["hub-core-1", { autoscalingGroupName: "eks-core-b", lbTargetGroupArn: targetGroupArn }],
  ]);
});

describe("security groups", () => {
  test("everybody gets to 80 and 443 of the load balancer, and to nothing else", async () => {
    const open = all(await recorded(), ingressRule).filter(({ inputs }) => inputs.cidrIpv4 !== undefined);
    expect(open.map(({ inputs }) => [inputs.securityGroupId, inputs.cidrIpv4, inputs.fromPort, inputs.toPort])).toEqual(
      [
        ["hub-id", "0.0.0.0/0", 80, 80],
        ["hub-id", "0.0.0.0/0", 443, 443],
      ],
    );
  });

  test("the cluster's group lets in the load balancer's group at the node port, and nobody else", async () => {
    const rules = all(await recorded(), ingressRule).filter(({ inputs }) => inputs.securityGroupId === "sg-cluster");
    expect(rules).toHaveLength(1);
    expect(rules[0]?.inputs).toMatchObject({
      referencedSecurityGroupId: "hub-id",
      ipProtocol: "tcp",
      fromPort: 31_000,
      toPort: 31_000,
    });
    expect(rules[0]?.inputs).not.toHaveProperty("cidrIpv4");
  });

  test("the load balancer itself gets to the nodes at the node port only", async () => {
    const program = await recorded();
    expect(inputsOf(program, "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")).toMatchObject({
      securityGroupId: "hub-id",
      referencedSecurityGroupId: "sg-cluster",
      ipProtocol: "tcp",
      fromPort: 31_000,
      toPort: 31_000,
    });
    // Rules in the group itself and rules of their own would fight.
    expect(Object.keys(inputsOf(program, "aws:ec2/securityGroup:SecurityGroup"))).not.toContain("ingress");
    expect(Object.keys(inputsOf(program, "aws:ec2/securityGroup:SecurityGroup"))).not.toContain("egress");
  });
});

test("what alias records need to know of it is told", async () =>
  expect((await recorded()).outputs).toEqual({
    address: "hub-1.eu-central-1.elb.amazonaws.com",
    zoneId: "Z215JYRZR1TBD5",
  }));

describe("a certificate of another region", () => {
  const certificateArn = "arn:aws:acm:us-east-1:123456789012:certificate/mine";

  test.each([true, false])("is refused with both regions named (preview: %s)", async (preview) =>
    expect(recorded({ certificateArn }, { preview })).rejects.toThrow(
      /The certificate arn:aws:acm:us-east-1:\S+ lies in us-east-1, the load balancer in eu-central-1: .*Request the certificate in eu-central-1, or let Domain do it\./,
    ),
  );

  test("is told from text that is no ARN", async () =>
    expect(recorded({ certificateArn: "mine" })).rejects.toThrow(
      /The certificate mine lies in no region, the load balancer in eu-central-1/,
    ));
});
