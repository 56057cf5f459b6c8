import { type Cloud, type CloudObject, identifier, keyOf, propertiesOf } from "../cloud";
import type { ProviderFunction } from "../provider";
import { type Problem, type ResourceType, refuse, type Subject } from "../resource-type";
import { isProperties, type Properties, type Value, valuesAt } from "../wire";
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

const isGiven = (value: Value | undefined) => value !== undefined && value !== null;

function checkPlaces({ subnets, subnetMappings }: Properties): Problem[] {
  if (!isGiven(subnets) || !isGiven(subnetMappings)) return [];
  return [{ property: "subnets", reason: '"subnet_mapping": conflicts with subnets' }];
}

/** What the provider itself refuses of a target group. */
function checkTargets(inputs: Properties): Problem[] {
  const type = text(inputs, "targetType") || "instance";
  const needed = type === "lambda" ? [] : ["port", "protocol", "vpcId"];
  const { protocol } = (isProperties(inputs.healthCheck) ? inputs.healthCheck : {}) as Properties;
  const foreign = protocol === "TCP" ? ["path", "matcher"] : [];
  return [
    ...needed
      .filter((property) => !isGiven(inputs[property]))
      .map((property) => ({
        property,
        reason: `Attribute "${property}" must be specified when "target_type" is "${type}"`,
      })),
    ...foreign
      .filter((property) => valuesAt(inputs, `healthCheck.${property}`).length > 0)
      .map((property) => ({
        property: `healthCheck.${property}`,
        reason: `Attribute "health_check.${property}" cannot be specified when "health_check.protocol" is "TCP"`,
      })),
  ];
}

function admitHealthCheck({ inputs }: Subject): void {
  const [timeout] = valuesAt(inputs, "healthCheck.timeout");
  const interval = Number(valuesAt(inputs, "healthCheck.interval")[0] ?? 30);
  if (timeout !== undefined && Number(timeout) >= interval)
    refuse("ValidationError", `Health check interval must be greater than the timeout: ${interval} and ${timeout}`);
  const passesTcp = !["HTTP", "HTTPS"].includes(text(inputs, "protocol"));
  if (isGiven(inputs.preserveClientIp) && !passesTcp)
    refuse("InvalidConfigurationRequest", "Target group attribute key 'preserve_client_ip.enabled' is not recognized");
}

/** Instances of a group become targets where the target group takes instances, and in its VPC. */
function admitAttachment({ inputs, cloud, scope }: Subject): void {
  const [target] = cloud.where(targetGroupType, scope, { arn: inputs.lbTargetGroupArn ?? null });
  const group = cloud.get(autoscalingGroupType, scope, inputs.autoscalingGroupName);
  if (target === undefined || group === undefined) return;
  if ((text(target.inputs, "targetType") || "instance") !== "instance")
    refuse("ValidationError", `Provided Target Groups may not be valid: ${target.id} does not take instances`);
  const vpcs = valuesAt(group.inputs, "vpcZoneIdentifiers.*").map(
    (id) => cloud.get("aws:ec2/subnet:Subnet", scope, id)?.inputs.vpcId,
  );
  if (vpcs.some((vpc) => vpc !== target.inputs.vpcId))
    refuse(
      "ValidationError",
      `Provided Target Groups may not be valid: ${target.id} is of another VPC than ${group.id}`,
    );
}

function admitBalancer(subject: Subject): void {
  admitSubnets(subject);
  admitGroups(subject);
  admitAddresses(subject);
  admitAccessLogs(subject);
}

function admitSubnets({ inputs, cloud, scope }: Subject): void {
  const ids = [inputs.subnets ?? []].flat();
  const wanted = [...ids, ...mappingsOf(inputs).map((mapping) => mapping.subnetId ?? null)];
  const subnets = wanted.flatMap((id) => cloud.get("aws:ec2/subnet:Subnet", scope, id) ?? []);
  if (new Set(subnets.map((subnet) => subnet.inputs.vpcId)).size > 1)
    refuse("InvalidConfigurationRequest", "All subnets must belong to the same VPC");
  const zones = new Set(subnets.map((subnet) => propertiesOf(subnet).availabilityZone));
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

/** A load balancer and its security groups lie in one VPC. */
function admitGroups({ inputs, cloud, scope }: Subject): void {
  const vpcId = vpcOf(inputs, cloud, scope);
  const groups = [inputs.securityGroups ?? []].flat();
  const foreign = groups.find(
    (id) => cloud.get("aws:ec2/securityGroup:SecurityGroup", scope, id)?.inputs.vpcId !== vpcId,
  );
  if (foreign) refuse("InvalidConfigurationRequest", `One or more security groups are invalid: '${String(foreign)}'`);
}

function vpcOf(inputs: Properties, cloud: Cloud, scope: string): string {
  const [first] = [...[inputs.subnets ?? []].flat(), ...mappingsOf(inputs).map(({ subnetId }) => subnetId ?? null)];
  return text(cloud.get("aws:ec2/subnet:Subnet", scope, first)?.inputs ?? {}, "vpcId");
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
    check: (inputs) => [...checkName(inputs), ...checkPlaces(inputs)],
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
      vpcId: ({ cloud, scope, inputs }) => vpcOf(inputs, cloud, scope),
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
    check: (inputs) => [...checkName(inputs), ...checkTargets(inputs)],
    admit: admitHealthCheck,
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
    admit: admitAttachment,
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
