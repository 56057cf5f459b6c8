import { type Cloud, type CloudObject, identifier } from "../cloud";
import { type ResourceType, refuse, type Subject } from "../resource-type";
import type { Properties } from "../wire";
import { balancerType, eipType, gatewayType, natType, routeTableType, subnetType, vpcType } from "./network-tokens";
import { accountId, arnOf, awsType, text } from "./service";

/** Addresses of a VPC that the internet reaches keep its gateway from going. */
function releaseGateway(gateway: CloudObject, cloud: Cloud): void {
  const vpcId = gateway.inputs.vpcId ?? null;
  const subnets = cloud.where(subnetType, gateway.scope, { vpcId }).map((subnet) => subnet.id);
  const mapped =
    cloud.list(natType).find((nat) => subnets.includes(text(nat.inputs, "subnetId"))) ??
    cloud.list(balancerType).find((balancer) => balancer.inputs.internal !== true && liesIn(balancer, subnets));
  if (mapped) {
    refuse(
      "DependencyViolation",
      `Network ${text(gateway.inputs, "vpcId")} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.`,
    );
  }
}

function liesIn({ inputs }: CloudObject, subnets: readonly string[]): boolean {
  const mappings = [inputs.subnetMappings ?? []].flat() as Properties[];
  return [...[inputs.subnets ?? []].flat(), ...mappings.map(({ subnetId }) => subnetId)].some((subnet) =>
    subnets.includes(String(subnet)),
  );
}

function admitRoute({ inputs, scope, cloud }: Subject): void {
  const table = cloud.get(routeTableType, scope, inputs.routeTableId);
  const targets = [
    "gatewayId",
    "natGatewayId",
    "vpcEndpointId",
    "networkInterfaceId",
    "transitGatewayId",
    "vpcPeeringConnectionId",
  ];
  if (!targets.some((target) => inputs[target]))
    refuse("InvalidParameterCombination", "The request must contain exactly one target of the route.");
  const gateway = cloud.get(gatewayType, scope, inputs.gatewayId);
  if (gateway && gateway.inputs.vpcId !== table?.inputs.vpcId) {
    refuse(
      "InvalidParameterValue",
      `route table ${table?.id} and network gateway ${gateway.id} belong to different networks`,
    );
  }
}

function admitAssociation({ inputs, scope, cloud }: Subject): void {
  const subnet = cloud.get(subnetType, scope, inputs.subnetId);
  const table = cloud.get(routeTableType, scope, inputs.routeTableId);
  if (subnet && subnet.inputs.vpcId !== table?.inputs.vpcId) {
    refuse("InvalidParameterValue", `Route table ${table?.id} and subnet ${subnet.id} belong to different networks`);
  }
}

/** Can an instance in this subnet reach the internet: itself, or through NAT? */
export function wayOut(cloud: Cloud, region: string, subnetId: string): "direct" | "nat" | "none" {
  const association = cloud.where("aws:ec2/routeTableAssociation:RouteTableAssociation", region, { subnetId })[0];
  const routeTableId = association?.inputs.routeTableId ?? null;
  const standard = cloud.where("aws:ec2/route:Route", region, { routeTableId, destinationCidrBlock: "0.0.0.0/0" })[0];
  if (standard?.inputs.gatewayId) return "direct";
  return standard?.inputs.natGatewayId ? "nat" : "none";
}

/** Ways in and out of a network. */
export const routingTypes: Readonly<Record<string, ResourceType>> = {
  [gatewayType]: awsType({
    service: "EC2",
    thing: "Internet Gateway",
    id: () => `igw-${identifier(17)}`,
    missing: ["InvalidInternetGatewayID.NotFound", (id) => `The internetGateway ID '${id}' does not exist`],
    inUse: [
      "DependencyViolation",
      (gateway) => `The internetGateway '${gateway.id}' has dependencies and cannot be deleted.`,
    ],
    references: { vpcId: { to: vpcType } },
    release: releaseGateway,
    computed: { arn: arnOf("ec2", ({ id }) => `internet-gateway/${id}`), ownerId: accountId },
    admit({ inputs, scope, cloud, id }) {
      const other = cloud.where(gatewayType, scope, { vpcId: inputs.vpcId ?? null })[0];
      if (inputs.vpcId && other && other.id !== id) {
        refuse("InvalidParameterValue", `Network ${text(inputs, "vpcId")} already has an internet gateway attached`);
      }
    },
  }),

  [eipType]: awsType({
    service: "EC2",
    thing: "Address",
    id: () => `eipalloc-${identifier(17)}`,
    missing: ["InvalidAllocationID.NotFound", (id) => `The allocation ID '${id}' does not exist`],
    inUse: [
      "AuthFailure",
      (address) => `You do not have permission to access the specified resource: ${address.id} is associated.`,
    ],
    replaceOn: ["domain", "networkBorderGroup", "publicIpv4Pool", "region"],
    computed: {
      allocationId: ({ id }) => id,
      arn: arnOf("ec2", ({ id }) => `elastic-ip/${id}`),
      publicIp: documentationAddress,
      publicDns: (address) =>
        `ec2-${documentationAddress(address).replaceAll(".", "-")}.${address.scope}.compute.amazonaws.com`,
      networkBorderGroup: ({ scope }) => scope,
    },
  }),

  [natType]: awsType({
    service: "EC2",
    thing: "NAT Gateway",
    id: () => `nat-${identifier(17)}`,
    missing: ["NatGatewayNotFound", (id) => `The Nat Gateway ${id} was not found`],
    required: ["subnetId"],
    references: { subnetId: { to: subnetType }, allocationId: { to: eipType } },
    replaceOn: ["subnetId", "allocationId", "connectivityType", "region"],
    defaults: { connectivityType: "public" },
    computed: {
      networkInterfaceId: () => `eni-${identifier(17)}`,
      privateIp: () => "10.0.0.4",
      publicIp: ({ cloud, scope, inputs }) => cloud.get(eipType, scope, inputs.allocationId)?.computed.publicIp ?? "",
    },
    admit({ inputs, scope, cloud, id }) {
      const holder = cloud.where(natType, scope, { allocationId: inputs.allocationId ?? null })[0];
      if (inputs.allocationId && holder && holder.id !== id) {
        refuse(
          "Resource.AlreadyAssociated",
          `Elastic IP address [${text(inputs, "allocationId")}] is already associated`,
        );
      }
      if (inputs.connectivityType === "private") return;
      if (!inputs.allocationId)
        refuse("MissingParameter", "The request must contain the parameter AllocationId for a public NAT gateway");
      const subnet = cloud.get(subnetType, scope, inputs.subnetId);
      const gateway = cloud.where(gatewayType, scope, { vpcId: subnet?.inputs.vpcId ?? null })[0];
      if (!gateway)
        refuse(
          "Gateway.NotAttached",
          `Network ${text(subnet?.inputs ?? {}, "vpcId")} has no Internet gateway attached`,
        );
    },
  }),

  [routeTableType]: awsType({
    service: "EC2",
    thing: "Route Table",
    id: () => `rtb-${identifier(17)}`,
    missing: ["InvalidRouteTableID.NotFound", (id) => `The routeTable ID '${id}' does not exist`],
    inUse: ["DependencyViolation", (table) => `The routeTable '${table.id}' has dependencies and cannot be deleted.`],
    required: ["vpcId"],
    references: { vpcId: { to: vpcType } },
    replaceOn: ["vpcId", "region"],
    computed: { arn: arnOf("ec2", ({ id }) => `route-table/${id}`), ownerId: accountId },
  }),

  "aws:ec2/route:Route": awsType({
    service: "EC2",
    thing: "Route",
    id: ({ inputs }) => `r-${text(inputs, "routeTableId")}${text(inputs, "destinationCidrBlock")}`,
    missing: ["InvalidRoute.NotFound", (id) => `no route ${id}`],
    exists: ["RouteAlreadyExists", () => "The route identified by that destination already exists."],
    required: ["routeTableId"],
    references: {
      // A table that goes takes its routes along.
      routeTableId: { to: routeTableType, weak: true },
      gatewayId: { to: gatewayType, weak: true },
      natGatewayId: { to: natType, weak: true },
    },
    admit: admitRoute,
    replaceOn: ["routeTableId", "destinationCidrBlock", "region"],
    computed: { origin: () => "CreateRoute", state: () => "active" },
  }),

  "aws:ec2/routeTableAssociation:RouteTableAssociation": awsType({
    service: "EC2",
    thing: "Route Table Association",
    id: () => `rtbassoc-${identifier(17)}`,
    missing: ["InvalidAssociationID.NotFound", (id) => `The association ID '${id}' does not exist`],
    exists: [
      "Resource.AlreadyAssociated",
      (subnet) => `the specified association for subnet ${subnet} conflicts with an existing association`,
    ],
    required: ["routeTableId"],
    unique: ["subnetId"],
    references: { routeTableId: { to: routeTableType }, subnetId: { to: subnetType, weak: true } },
    admit: admitAssociation,
    replaceOn: ["subnetId", "gatewayId", "region"],
  }),
};

/** An address of the block that RFC 5737 reserves for examples. */
function documentationAddress({ id }: Subject): string {
  return `203.0.113.${(Number.parseInt(id.slice(-2), 16) % 254) + 1}`;
}
