import { Provider } from "@pulumi/aws/provider";
import { describe, expect, test } from "vitest";
import { Network, type NetworkArgs } from "../../components";
import { awsAnswers } from "../support/aws-answers";
import { record } from "../support/recorded-program";
import { remembered } from "../support/remembered";
import { all, inputsOf, madeBefore, only } from "../support/wire";

const args: NetworkArgs = {
  cidr: "10.0.0.0/16",
  zones: 3,
  natGateways: "per-zone",
  clusterName: "lab",
  flowLogRetentionDays: 90,
};
const recorded = remembered((changes: Partial<NetworkArgs> = {}) =>
  record(() => ({ net: new Network("net", { ...args, ...changes }).vpcId }), { answers: awsAnswers }),
);

const subnet = "aws:ec2/subnet:Subnet";
const route = "aws:ec2/route:Route";

test("subnets are spread over the zones of the region, one of each kind per zone", async () => {
  const program = await recorded();
  const zones = ["eu-central-1a", "eu-central-1b", "eu-central-1c"];
  for (const kind of ["private", "public"])
    expect(zones.map((_, zone) => inputsOf(program, subnet, `net-${kind}-${zone}`).availabilityZone)).toEqual(zones);
  expect(all(program, subnet)).toHaveLength(6);
  for (const { inputs } of all(program, subnet))
    expect(inputs).toMatchObject({ vpcId: "net-id", mapPublicIpOnLaunch: false });
});

test("zones that EKS does not use, and local zones, are never asked for", async () => {
  const { calls } = await recorded();
  const inputs = calls.find(({ token }) => token.endsWith(":getAvailabilityZones"))?.inputs;
  // "Amazon EKS user guide, Subnet requirements": the three zones without control planes.
  expect(inputs).toMatchObject({ state: "available", excludeZoneIds: ["use1-az3", "usw1-az2", "cac1-az3"] });
  expect(inputs?.filters).toEqual([{ name: "zone-type", values: ["availability-zone"] }]);
});

test("a zone that the region does not have is refused with what to ask for instead", async () => {
  await expect(recorded({ zones: 4 })).rejects.toThrow(
    /network\.zones is 4: the region offers 3 availability zones to this account \(eu-central-1a, eu-central-1b, eu-central-1c\)\. Ask for fewer, for example `pulumi config set --path network\.zones 3`/,
  );
});

// "Amazon EKS user guide, VPC and subnet requirements": what load balancers look for.
test("subnets are tagged for the cluster and the kind of load balancer they take", async () => {
  const program = await recorded();
  expect(inputsOf(program, subnet, "net-public-0").tags).toMatchObject({
    "kubernetes.io/cluster/lab": "shared",
    "kubernetes.io/role/elb": "1",
  });
  expect(inputsOf(program, subnet, "net-private-0").tags).toMatchObject({
    "kubernetes.io/cluster/lab": "shared",
    "kubernetes.io/role/internal-elb": "1",
  });
});

/** Where traffic from a subnet to the internet goes: the input of its default route. */
function defaultRouteOf(program: Awaited<ReturnType<typeof recorded>>, subnetId: string) {
  const table = all(program, "aws:ec2/routeTableAssociation:RouteTableAssociation").find(
    ({ inputs }) => inputs.subnetId === subnetId,
  )?.inputs.routeTableId;
  const routes = all(program, route).filter(({ inputs }) => inputs.routeTableId === table);
  expect(routes).toHaveLength(1);
  expect(routes[0]?.inputs.destinationCidrBlock).toBe("0.0.0.0/0");
  return routes[0]?.inputs;
}

describe("the way to the internet", () => {
  test("public subnets have one, private ones have a NAT gateway of their own zone", async () => {
    const program = await recorded();
    for (const zone of [0, 1, 2]) {
      expect(defaultRouteOf(program, `net-public-${zone}-id`)).toMatchObject({ gatewayId: "net-id" });
      const gateway = defaultRouteOf(program, `net-private-${zone}-id`)?.natGatewayId;
      expect(gateway).toBe(`net-${zone}-id`);
      expect(inputsOf(program, "aws:ec2/natGateway:NatGateway", `net-${zone}`).subnetId).toBe(`net-public-${zone}-id`);
    }
  });

  test("or one NAT gateway for all of them", async () => {
    const program = await recorded({ natGateways: "single" });
    only(program, "aws:ec2/natGateway:NatGateway", "net-0");
    only(program, "aws:ec2/eip:Eip", "net-0");
    for (const zone of [0, 1, 2])
      expect(defaultRouteOf(program, `net-private-${zone}-id`)?.natGatewayId).toBe("net-0-id");
  });

  test("a NAT gateway is made after the route that it needs itself, and destroyed before it", async () => {
    const program = await recorded();
    const before = madeBefore(program, only(program, "aws:ec2/natGateway:NatGateway", "net-1"));
    expect(before).toContain("aws:ec2/internetGateway:InternetGateway net");
    expect(before).toContain("aws:ec2/routeTableAssociation:RouteTableAssociation net-public-1");
  });
});

test.each([
  ["per-zone", ["net-private-0-id", "net-private-1-id", "net-private-2-id"]],
  ["single", ["net-private-0-id"]],
] as const)("every private route table leads to S3 without NAT (%s)", async (natGateways, routeTableIds) => {
  const program = await recorded({ natGateways });
  expect(inputsOf(program, "aws:ec2/vpcEndpoint:VpcEndpoint")).toMatchObject({
    serviceName: "com.amazonaws.eu-central-1.s3",
    vpcEndpointType: "Gateway",
    routeTableIds,
  });
});

test("the default security group allows nothing", async () => {
  const group = inputsOf(await recorded(), "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup");
  expect(group.vpcId).toBe("net-id");
  expect(group).not.toHaveProperty("ingress");
  expect(group).not.toHaveProperty("egress");
});

test("flow logs tell all traffic, are kept as long as asked, and may write to their own group alone", async () => {
  const program = await recorded();
  expect(inputsOf(program, "aws:ec2/flowLog:FlowLog")).toMatchObject({
    vpcId: "net-id",
    trafficType: "ALL",
    logDestination: "arn:aws:logs:eu-central-1:123456789012:log-group:net-flow",
    iamRoleArn: "arn:aws:iam::123456789012:role/net-flow",
  });
  expect(inputsOf(program, "aws:cloudwatch/logGroup:LogGroup").retentionInDays).toBe(90);
  const trust = JSON.parse(inputsOf(program, "aws:iam/role:Role").assumeRolePolicy);
  expect(trust.Statement).toEqual([
    { Effect: "Allow", Principal: { Service: "vpc-flow-logs.amazonaws.com" }, Action: "sts:AssumeRole" },
  ]);
  const [statement, ...others] = JSON.parse(inputsOf(program, "aws:iam/rolePolicy:RolePolicy").policy).Statement;
  expect(others).toEqual([]);
  expect(statement.Resource).toBe("arn:aws:logs:eu-central-1:123456789012:log-group:net-flow:*");
  expect(statement.Action).toEqual(expect.arrayContaining(["logs:CreateLogStream", "logs:PutLogEvents"]));
});

test("names resolve in the VPC, as EKS demands", async () =>
  expect(inputsOf(await recorded(), "aws:ec2/vpc:Vpc")).toMatchObject({
    cidrBlock: "10.0.0.0/16",
    enableDnsHostnames: true,
    enableDnsSupport: true,
  }));

test("the aws provider is the component's", async () => {
  const program = await record(
    () => {
      const provider = new Provider("elsewhere", { region: "eu-west-1" });
      new Network("net", args, { provider });
      return {};
    },
    { answers: awsAnswers },
  );
  const { urn } = only(program, "pulumi:providers:aws");
  for (const each of program.registrations.filter(({ type }) => type.startsWith("aws:")))
    expect(each.provider.startsWith(`${urn}::`), each.type).toBe(true);
});
