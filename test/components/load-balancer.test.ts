import { describe, expect, test } from "vitest";
import { LoadBalancer, type LoadBalancerArgs } from "../../components";
import { awsAnswers } from "../support/aws-answers";
import { record } from "../support/recorded-program";
import { remembered } from "../support/remembered";
import { all, inputsOf } from "../support/wire";

const certificateArn = "arn:aws:acm:eu-central-1:123456789012:certificate/mine";
const args: LoadBalancerArgs = {
  tls: { endsAt: "alb", certificateArn },
  vpcId: "vpc-1",
  subnetIds: ["subnet-3", "subnet-4"],
  clusterSecurityGroupId: "sg-cluster",
  autoscalingGroupNames: { "core-0": "eks-core-a", "core-1": "eks-core-b" },
  nodePorts: { https: 31_000, http: 31_001 },
};
const recorded = remembered((changes: Partial<LoadBalancerArgs> = {}, options: { preview?: boolean } = {}) =>
  record(
    () => {
      const { address, zoneId, fixedAddresses } = new LoadBalancer("hub", { ...args, ...changes });
      return { address, zoneId, fixedAddresses };
    },
    { answers: awsAnswers, ...options },
  ),
);

const targetGroupArn = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/hub/1";
const ingressRule = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const listener = "aws:lb/listener:Listener";
const balancer = "aws:lb/loadBalancer:LoadBalancer";
const targetGroup = "aws:lb/targetGroup:TargetGroup";

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
      certificateArn,
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
        ["hub-id", "0.0.0.0/0", 443, 443],
        ["hub-id", "0.0.0.0/0", 80, 80],
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
    fixedAddresses: [],
  }));

describe("what lies in another region is refused with both regions named", () => {
  test.each([
    ["certificate", true],
    ["certificate", false],
    ["web ACL", false],
  ])("a %s (preview: %s)", async (what, preview) => {
    const elsewhere = "arn:aws:acm:us-east-1:123456789012:certificate/mine";
    const changes: Partial<LoadBalancerArgs> =
      what === "certificate" ? { tls: { endsAt: "alb", certificateArn: elsewhere } } : { webAclArn: elsewhere };
    await expect(recorded(changes, { preview })).rejects.toThrow(
      `The ${what} ${elsewhere} lies in us-east-1, the load balancer in eu-central-1: a load balancer uses what lies in its own region only. Name a ${what} in eu-central-1.`,
    );
  });

  test("also text that is no ARN", async () =>
    expect(recorded({ tls: { endsAt: "nlb", certificateArn: "mine" } })).rejects.toThrow(
      /The certificate mine lies in no region, the load balancer in eu-central-1/,
    ));
});

test("an internal one has no public address", async () =>
  expect(inputsOf(await recorded({ exposure: "internal" }), balancer)).toMatchObject({ internal: true }));

test("only who is named gets in, at each port", async () => {
  const program = await recorded({ sourceCidrs: ["203.0.113.0/24", "198.51.100.7/32"] });
  const open = all(program, ingressRule).filter(({ inputs }) => inputs.cidrIpv4 !== undefined);
  expect(open.map(({ inputs }) => [inputs.fromPort, inputs.cidrIpv4])).toEqual([
    [443, "203.0.113.0/24"],
    [443, "198.51.100.7/32"],
    [80, "203.0.113.0/24"],
    [80, "198.51.100.7/32"],
  ]);
});

test("a web ACL looks at requests", async () => {
  const webAclArn = "arn:aws:wafv2:eu-central-1:123456789012:regional/webacl/hub/1";
  expect(inputsOf(await recorded({ webAclArn }), "aws:wafv2/webAclAssociation:WebAclAssociation")).toEqual({
    webAclArn,
    resourceArn: "arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/hub/1",
  });
});

test("access logs go to the bucket", async () =>
  expect(inputsOf(await recorded({ accessLogsBucket: "logs" }), balancer)).toMatchObject({
    accessLogs: { enabled: true, bucket: "logs" },
  }));

describe("TLS at a network load balancer", () => {
  const nlb = (changes: Partial<LoadBalancerArgs> = {}) =>
    recorded({ tls: { endsAt: "nlb", certificateArn }, ...changes });

  // "Elastic Load Balancing, Network Load Balancers": listeners forward, they do not redirect.
  test("nothing listens on port 80, and nobody is let in there", async () => {
    const program = await nlb();
    expect(inputsOf(program, listener)).toMatchObject({
      port: 443,
      protocol: "TLS",
      sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
      certificateArn,
      defaultActions: [{ type: "forward", targetGroupArn }],
    });
    const open = all(program, ingressRule).filter(({ inputs }) => inputs.cidrIpv4 !== undefined);
    expect(open.map(({ inputs }) => inputs.fromPort)).toEqual([443]);
  });

  test("what only application load balancers know is not asked for; zones help each other out", async () => {
    const inputs = inputsOf(await nlb(), balancer);
    expect(inputs).toMatchObject({ loadBalancerType: "network", enableCrossZoneLoadBalancing: true });
    for (const property of ["idleTimeout", "dropInvalidHeaderFields"]) expect(inputs).not.toHaveProperty(property);
  });

  test("the nodes see the load balancer's address, and its health check the proxy's answer", async () =>
    expect(inputsOf(await nlb(), targetGroup)).toMatchObject({
      protocol: "TCP",
      port: 31_000,
      preserveClientIp: "false",
      healthCheck: { protocol: "HTTP", path: "/_chp_healthz" },
    }));

  test("fixed addresses: one per subnet, that stay while load balancers come and go", async () => {
    const program = await nlb({ fixedAddresses: true });
    expect(all(program, "aws:ec2/eip:Eip").map(({ name, inputs }) => [name, inputs.domain])).toEqual([
      ["hub-address-0", "vpc"],
      ["hub-address-1", "vpc"],
    ]);
    const inputs = inputsOf(program, balancer);
    expect(inputs.subnetMappings).toEqual([
      { subnetId: "subnet-3", allocationId: "hub-address-0-id" },
      { subnetId: "subnet-4", allocationId: "hub-address-1-id" },
    ]);
    expect(inputs).not.toHaveProperty("subnets");
    expect(program.outputs.fixedAddresses).toEqual(["203.0.113.10", "203.0.113.11"]);
  });
});

describe("TLS in the cluster", () => {
  const cluster = () => recorded({ tls: { endsAt: "cluster" } });

  test("TCP passes through: 443 to the port with TLS, 80 to the one that redirects", async () => {
    const program = await cluster();
    const groups = new Map(all(program, targetGroup).map(({ name, inputs }) => [name, inputs]));
    expect([...groups].map(([name, { protocol, port }]) => [name, protocol, port])).toEqual([
      ["hub", "TCP", 31_000],
      ["hub-http", "TCP", 31_001],
    ]);
    expect(
      all(program, listener).map(({ inputs }) => [inputs.port, inputs.protocol, inputs.tcpIdleTimeoutSeconds]),
    ).toEqual([
      [443, "TCP", 3600],
      [80, "TCP", 3600],
    ]);
    for (const { inputs } of all(program, listener))
      for (const property of ["sslPolicy", "certificateArn"]) expect(inputs).not.toHaveProperty(property);
  });

  test("nodes let the load balancer in at both ports, and each pool stands behind both", async () => {
    const program = await cluster();
    const rules = all(program, ingressRule).filter(({ inputs }) => inputs.securityGroupId === "sg-cluster");
    expect(rules.map(({ inputs }) => [inputs.referencedSecurityGroupId, inputs.fromPort, inputs.toPort])).toEqual([
      ["hub-id", 31_000, 31_000],
      ["hub-id", 31_001, 31_001],
    ]);
    expect(all(program, "aws:autoscaling/attachment:Attachment").map(({ name }) => name)).toEqual([
      "hub-core-0",
      "hub-core-1",
      "hub-http-core-0",
      "hub-http-core-1",
    ]);
  });
});

// "Elastic Load Balancing API reference, CreateTargetGroup": 32 characters; a name that Pulumi makes ends in a hyphen and seven
// random ones, a prefix has six at most.
test.each(["alb", "cluster"] as const)(
  "names fit for the longest name that a hub can have (TLS ends at: %s)",
  async (endsAt) => {
    const tls = endsAt === "cluster" ? { endsAt } : { endsAt, certificateArn };
    const program = await record(() => ({ address: new LoadBalancer("h".repeat(24), { ...args, tls }).address }), {
      answers: awsAnswers,
    });
    for (const { name, inputs } of [...all(program, balancer), ...all(program, targetGroup)]) {
      if (inputs.namePrefix === undefined) expect(name.length + 8).toBeLessThanOrEqual(32);
      else expect(String(inputs.namePrefix)).toMatch(/^[a-z][a-z-]{0,5}$/);
    }
  },
);
