import { type Cloud, type CloudObject, identifier, keyOf, propertiesOf } from "../cloud";
import { type Problem, type ResourceType, refuse, type Subject } from "../resource-type";
import { isUnknown, type Properties } from "../wire";
import { inside, overlap, parseCidr, prefixLength } from "./addresses";
import { groupType, routeTableType, subnetType, vpcType } from "./network-tokens";
import { zonesOf } from "./regions";
import { accountId, arn, arnOf, awsType, text } from "./service";

const doesNotExist = (what: string) => (id: string) => `The ${what} '${id}' does not exist`;
const inVpc = { vpcId: { to: vpcType } };

/** EC2 takes ranges of 16 to 28 bits. */
function checkRange(inputs: Properties): Problem[] {
  const range = inputs.cidrBlock;
  if (typeof range !== "string" || isUnknown(range)) return [];
  if (parseCidr(range) === undefined) {
    return [
      {
        property: "cidrBlock",
        reason: `"${range}" is not a valid IPv4 CIDR block: the address must be the network's first, for example 10.0.0.0/16`,
      },
    ];
  }
  if (prefixLength(range) >= 16 && prefixLength(range) <= 28) return [];
  return [
    {
      property: "cidrBlock",
      reason: `expected cidr_block to contain a network Value with between 16 and 28 significant bits, got: ${prefixLength(range)}`,
    },
  ];
}

const cidrOf = (object: CloudObject): string => text(object.inputs, "cidrBlock");

function admitSubnet({ inputs, scope, cloud, id }: Subject): void {
  const range = text(inputs, "cidrBlock");
  const vpc = cloud.get(vpcType, scope, inputs.vpcId);
  if (vpc !== undefined && !inside(range, cidrOf(vpc)))
    refuse("InvalidSubnet.Range", `The CIDR '${range}' is invalid.`);
  const siblings = cloud.where(subnetType, scope, { vpcId: inputs.vpcId ?? null });
  const clash = siblings.find((sibling) => sibling.id !== id && overlap(cidrOf(sibling), range));
  if (clash) refuse("InvalidSubnet.Conflict", `The CIDR '${range}' conflicts with another subnet`);
  const zones = zonesOf(scope).map((zone) => zone.name);
  const zone = inputs.availabilityZone;
  if (typeof zone === "string" && !zones.includes(zone)) {
    const offered = zones.join(", ");
    refuse(
      "InvalidParameterValue",
      `Value (${zone}) for parameter availabilityZone is invalid. Subnets can currently only be created in the following availability zones: ${offered}.`,
    );
  }
}

/** What AWS makes with every VPC: its default security group, network ACL and main route table. */
function vpcCompanions(vpc: CloudObject): CloudObject[] {
  const group = text(vpc.computed, "defaultSecurityGroupId");
  const common = { scope: vpc.scope, owner: keyOf(vpc) };
  const inputs = { vpcId: vpc.id };
  return [
    { ...common, type: groupType, id: group, inputs: { ...inputs, name: "default" }, computed: { id: group } },
    { ...common, type: routeTableType, id: text(vpc.computed, "mainRouteTableId"), inputs, computed: {} },
  ];
}

function defaultGroupOf({ inputs, scope, cloud }: Omit<Subject, "id">): string {
  const vpc = cloud.get(vpcType, scope, inputs.vpcId);
  return vpc === undefined ? "" : text(propertiesOf(vpc), "defaultSecurityGroupId");
}

export const networkTypes: Readonly<Record<string, ResourceType>> = {
  [vpcType]: awsType({
    service: "EC2",
    thing: "VPC",
    id: () => `vpc-${identifier(17)}`,
    missing: ["InvalidVpcID.NotFound", (id) => `The vpc ID '${id}' does not exist`],
    inUse: ["DependencyViolation", (vpc) => `The vpc '${vpc.id}' has dependencies and cannot be deleted.`],
    required: ["cidrBlock"],
    check: checkRange,
    replaceOn: ["cidrBlock", "instanceTenancy", "region"],
    defaults: {
      enableDnsSupport: true,
      enableDnsHostnames: false,
      instanceTenancy: "default",
      enableNetworkAddressUsageMetrics: false,
    },
    computed: {
      arn: arnOf("ec2", ({ id }) => `vpc/${id}`),
      defaultSecurityGroupId: () => `sg-${identifier(17)}`,
      defaultNetworkAclId: () => `acl-${identifier(17)}`,
      defaultRouteTableId: () => `rtb-${identifier(17)}`,
      mainRouteTableId: () => `rtb-${identifier(17)}`,
      dhcpOptionsId: () => `dopt-${identifier(17)}`,
      ownerId: accountId,
    },
    companions: vpcCompanions,
  }),

  [subnetType]: awsType({
    service: "EC2",
    thing: "Subnet",
    id: () => `subnet-${identifier(17)}`,
    missing: ["InvalidSubnetID.NotFound", (id) => `The subnet ID '${id}' does not exist`],
    inUse: ["DependencyViolation", (subnet) => `The subnet '${subnet.id}' has dependencies and cannot be deleted.`],
    required: ["vpcId", "cidrBlock"],
    references: inVpc,
    check: checkRange,
    admit: admitSubnet,
    replaceOn: ["vpcId", "cidrBlock", "availabilityZone", "availabilityZoneId", "region"],
    defaults: { mapPublicIpOnLaunch: false, assignIpv6AddressOnCreation: false },
    computed: {
      arn: arnOf("ec2", ({ id }) => `subnet/${id}`),
      availabilityZone: ({ scope }) => zonesOf(scope)[0]?.name ?? "",
      availabilityZoneId: ({ scope, inputs }) =>
        zonesOf(scope).find(({ name }) => name === inputs.availabilityZone)?.id ?? "",
      ownerId: accountId,
    },
  }),

  "aws:ec2/vpcEndpoint:VpcEndpoint": awsType({
    service: "EC2",
    thing: "VPC Endpoint",
    id: () => `vpce-${identifier(17)}`,
    missing: ["InvalidVpcEndpointId.NotFound", doesNotExist("vpc endpoint ID")],
    required: ["vpcId"],
    references: {
      ...inVpc,
      "routeTableIds.*": { to: routeTableType, weak: true },
      "subnetIds.*": { to: subnetType },
      "securityGroupIds.*": { to: groupType },
    },
    replaceOn: ["vpcId", "serviceName", "vpcEndpointType", "region"],
    defaults: { vpcEndpointType: "Gateway" },
    computed: {
      arn: arnOf("ec2", ({ id }) => `vpc-endpoint/${id}`),
      prefixListId: () => `pl-${identifier(8)}`,
      state: () => "available",
      ownerId: accountId,
    },
    admit({ inputs, scope }) {
      const service = text(inputs, "serviceName");
      if (!service.startsWith(`com.amazonaws.${scope}.`) && !service.startsWith("com.amazonaws.vpce.")) {
        refuse("InvalidServiceName", `The Vpc Endpoint Service '${service}' does not exist`);
      }
    },
  }),

  "aws:ec2/flowLog:FlowLog": awsType({
    service: "EC2",
    thing: "Flow Log",
    id: () => `fl-${identifier(17)}`,
    missing: ["InvalidFlowLogId.NotFound", doesNotExist("flow log")],
    references: {
      vpcId: { to: vpcType, weak: true },
      iamRoleArn: { to: "aws:iam/role:Role", by: "arn", scope: "", weak: true },
      logDestination: {
        to: "aws:cloudwatch/logGroup:LogGroup",
        by: "arn",
        weak: true,
        external: (target) => !target.startsWith("arn:aws:logs:"),
      },
    },
    replaceOn: ["vpcId", "subnetId", "logDestination", "iamRoleArn", "trafficType", "maxAggregationInterval", "region"],
    defaults: { logDestinationType: "cloud-watch-logs", maxAggregationInterval: 600 },
    computed: { arn: arnOf("ec2", ({ id }) => `vpc-flow-log/${id}`) },
  }),

  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": awsType({
    service: "EC2",
    thing: "Security Group",
    id: defaultGroupOf,
    missing: ["InvalidGroup.NotFound", (id) => `The security group '${id}' does not exist`],
    required: ["vpcId"],
    references: { vpcId: { to: vpcType, weak: true } },
    replaceOn: ["vpcId", "region"],
    defaults: { ingress: [], egress: [], name: "default" },
    computed: {
      arn: arnOf("ec2", ({ id }) => `security-group/${id}`),
      ownerId: accountId,
      description: () => "default VPC security group",
    },
  }),
};

/** The security group that EKS or a VPC makes by itself. */
export function ownSecurityGroup(
  cloud: Cloud,
  owner: CloudObject,
  vpcId: string,
  name: string,
  id: string,
): CloudObject {
  return {
    type: groupType,
    scope: owner.scope,
    id,
    owner: keyOf(owner),
    inputs: { vpcId, name },
    computed: { arn: arn("ec2", cloud.account, owner.scope, `security-group/${id}`) },
  };
}
