import { type CloudObject, identifier, keyOf } from "../cloud";
import type { ProviderFunction } from "../provider";
import { type Problem, type ResourceType, refuse, type Subject } from "../resource-type";
import type { Properties } from "../wire";
import { accessLogFiles, admitAccessLogs } from "./buckets";
import { balancerType, eipType, natType, targetGroupType } from "./network-tokens";
import { wayOut } from "./routing";
import { arn, arnOf, awsType, matches, regionOf, text } from "./service";

const autoscalingGroupType = "aws:autoscaling/group:Group";

const checkName = (inputs: Properties): Problem[] => [
  ...matches(
    "name",
    /^(?!internal-)(?!-)[a-zA-Z0-9-]{1,32}(?<!-)$/,
    "at most 32 letters, digits or hyphens, no hyphen at the ends, not beginning with internal-",
  )(inputs),
  ...matches("namePrefix", /^[a-zA-Z0-9-]{1,6}$/, "at most 6 letters, digits or hyphens")(inputs),
];

function admitBalancer(subject: Subject): void {
  admitSubnets(subject);
  admitAddresses(subject);
  admitAccessLogs(subject);
}

function admitSubnets({ inputs, cloud, scope }: Subject): void {
  const ids = [inputs.subnets ?? []].flat();
  const wanted = [...ids, ...mappingsOf(inputs).map((mapping) => mapping.subnetId ?? null)];
  const subnets = wanted.flatMap((id) => cloud.get("aws:ec2/subnet:Subnet", scope, id) ?? []);
  const zones = new Set(subnets.map((subnet) => subnet.inputs.availabilityZone));
  if (isApplication(inputs) && zones.size < 2) {
    refuse("ValidationError", "At least two subnets in two different Availability Zones must be specified");
  }
  if (zones.size < subnets.length) {
    refuse(
      "InvalidConfigurationRequest",
      "A load balancer cannot be attached to multiple subnets in the same Availability Zone",
    );
  }
  const closed = subnets.find((subnet) => wayOut(cloud, scope, subnet.id) !== "direct");
  if (closed && !inputs.internal) {
    refuse(
      "InvalidSubnet",
      `VPC ${text(closed.inputs, "vpcId")} has no internet gateway: the route table of ${closed.id} has no route to one`,
    );
  }
}

/** Elastic IP addresses: of network load balancers on the internet, each of one thing at a time. */
function admitAddresses({ inputs, cloud, scope, id }: Subject): void {
  const allocations = mappingsOf(inputs).flatMap(({ allocationId }) => allocationId ?? []);
  if (allocations.length === 0) return;
  if (isApplication(inputs))
    refuse("ValidationError", "Elastic IPs are not supported for load balancers with type 'application'");
  if (inputs.internal === true)
    refuse("InvalidConfigurationRequest", "Elastic IPs cannot be specified for an internal load balancer");
  const others = cloud.list(balancerType).filter((other) => other.scope === scope && other.id !== id);
  const taken = others.flatMap((other) => mappingsOf(other.inputs).flatMap(({ allocationId }) => allocationId ?? []));
  const natted = cloud.list(natType).flatMap((nat) => nat.inputs.allocationId ?? []);
  if (allocations.some((allocation) => [...taken, ...natted].includes(allocation)))
    refuse("ResourceInUse", "The allocation IDs are not available for use");
}

const mappingsOf = (inputs: Properties) => [inputs.subnetMappings ?? []].flat() as Properties[];
export const isApplication = (inputs: Properties) => (inputs.loadBalancerType ?? "application") === "application";

/** AWS's own zones of the load balancers' host names: those of eu-central-1, because nobody asks which one it is. */
const hostedZones: Readonly<Record<string, string>> = { application: "Z215JYRZR1TBD5", network: "Z3F0SRJ5LGBH90" };

export const getHostedZoneId: ProviderFunction = (args, config) => ({
  ...args,
  id: hostedZones[text(args, "loadBalancerType") || "application"] ?? "",
  region: regionOf(args, config),
});

const autoName = { property: "name", max: 32 };

/** Load balancers, the groups of targets behind them, and who is in these. */
export const loadBalancingTypes: Readonly<Record<string, ResourceType>> = {
  [balancerType]: awsType({
    service: "ELBv2",
    thing: "Load Balancer",
    id: (subject) =>
      arn(
        "elasticloadbalancing",
        subject.cloud.account,
        subject.scope,
        `loadbalancer/${isApplication(subject.inputs) ? "app" : "net"}/${text(subject.inputs, "name")}/${identifier(16)}`,
      ),
    missing: ["LoadBalancerNotFound", (id) => `Load balancer '${id}' not found`],
    exists: [
      "DuplicateLoadBalancerName",
      (name) => `A load balancer with the same name '${name}' exists, but with different settings`,
    ],
    autoName,
    unique: ["name"],
    check: checkName,
    references: {
      "subnets.*": { to: "aws:ec2/subnet:Subnet" },
      "securityGroups.*": { to: "aws:ec2/securityGroup:SecurityGroup" },
      "subnetMappings.*.subnetId": { to: "aws:ec2/subnet:Subnet" },
      "subnetMappings.*.allocationId": { to: eipType },
    },
    admit: admitBalancer,
    companions: accessLogFiles,
    release(balancer) {
      if (balancer.inputs.enableDeletionProtection)
        refuse(
          "OperationNotPermitted",
          `Load balancer '${balancer.id}' cannot be deleted because deletion protection is enabled`,
        );
    },
    replaceOn: ["name", "namePrefix", "internal", "loadBalancerType", "region"],
    defaults: {
      loadBalancerType: "application",
      internal: false,
      enableDeletionProtection: false,
      ipAddressType: "ipv4",
    },
    computed: {
      arn: ({ id }) => id,
      arnSuffix: ({ id }) => id.slice(id.indexOf("loadbalancer/") + "loadbalancer/".length),
      dnsName: ({ id, inputs, scope }) => {
        const name = `${inputs.internal === true ? "internal-" : ""}${text(inputs, "name")}`.toLowerCase();
        return isApplication(inputs)
          ? `${name}-${Number.parseInt(id.slice(-7), 16)}.${scope}.elb.amazonaws.com`
          : `${text(inputs, "name").toLowerCase()}-${id.slice(-16)}.elb.${scope}.amazonaws.com`;
      },
      zoneId: ({ inputs }) => hostedZones[text(inputs, "loadBalancerType") || "application"] ?? "",
      vpcId: ({ cloud, scope, inputs }) => {
        const [first] = [
          ...[inputs.subnets ?? []].flat(),
          ...mappingsOf(inputs).map(({ subnetId }) => subnetId ?? null),
        ];
        return text(cloud.get("aws:ec2/subnet:Subnet", scope, first)?.inputs ?? {}, "vpcId");
      },
    },
  }),

  [targetGroupType]: awsType({
    service: "ELBv2",
    thing: "Target Group",
    id: (subject) =>
      arn(
        "elasticloadbalancing",
        subject.cloud.account,
        subject.scope,
        `targetgroup/${text(subject.inputs, "name") || `${text(subject.inputs, "namePrefix")}${identifier(26)}`}/${identifier(16)}`,
      ),
    missing: ["TargetGroupNotFound", (id) => `Target groups '${id}' not found`],
    exists: [
      "DuplicateTargetGroupName",
      (name) => `A target group with the same name '${name}' exists, but with different settings`,
    ],
    inUse: ["ResourceInUse", (group) => `Target group '${group.id}' is currently in use by a listener or a rule`],
    autoName,
    unique: ["name"],
    check: checkName,
    references: { vpcId: { to: "aws:ec2/vpc:Vpc", weak: true } },
    replaceOn: ["name", "namePrefix", "port", "protocol", "protocolVersion", "targetType", "vpcId", "region"],
    defaults: {
      targetType: "instance",
      deregistrationDelay: 300,
      protocolVersion: "HTTP1",
      loadBalancingAlgorithmType: "round_robin",
    },
    computed: {
      arn: ({ id }) => id,
      arnSuffix: ({ id }) => id.slice(id.indexOf("targetgroup/")),
      loadBalancerArns: () => [],
    },
  }),

  "aws:autoscaling/attachment:Attachment": awsType({
    service: "AutoScaling",
    thing: "Attachment",
    id: ({ inputs }) => `${text(inputs, "autoscalingGroupName")}-${identifier(16)}`,
    missing: ["ValidationError", (id) => `no attachment ${id}`],
    required: ["autoscalingGroupName"],
    references: {
      autoscalingGroupName: { to: autoscalingGroupType, weak: true },
      lbTargetGroupArn: { to: targetGroupType, by: "arn", weak: true },
    },
    replaceOn: ["autoscalingGroupName", "lbTargetGroupArn", "elb", "region"],
  }),

  [autoscalingGroupType]: awsType({
    service: "AutoScaling",
    thing: "Group",
    id: ({ inputs }) => text(inputs, "name"),
    missing: ["ValidationError", (name) => `AutoScalingGroup name not found - no such group: ${name}`],
    autoName: { property: "name", max: 255 },
    required: ["minSize", "maxSize"],
    replaceOn: ["name", "namePrefix", "region"],
    references: { "vpcZoneIdentifiers.*": { to: "aws:ec2/subnet:Subnet" } },
    computed: { arn: arnOf("autoscaling", ({ id }) => `autoScalingGroup:${identifier(8)}:autoScalingGroupName/${id}`) },
  }),
};

/** The autoscaling group that EKS makes for a node group. */
export const autoscalingGroupOf = (nodeGroup: CloudObject, name: string): CloudObject => ({
  type: autoscalingGroupType,
  scope: nodeGroup.scope,
  id: name,
  owner: keyOf(nodeGroup),
  inputs: { name, vpcZoneIdentifiers: nodeGroup.inputs.subnetIds ?? [] },
  computed: {},
});
