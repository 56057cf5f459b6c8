import { type CloudObject, identifier, keyOf } from "../cloud";
import { type Problem, type ResourceType, refuse, type Subject } from "../resource-type";
import type { Properties } from "../wire";
import { certificateType, isIssued } from "./certificates";
import { wayOut } from "./routing";
import { arn, arnOf, awsType, matches, text } from "./service";

const balancerType = "aws:lb/loadBalancer:LoadBalancer";
const targetGroupType = "aws:lb/targetGroup:TargetGroup";
const listenerType = "aws:lb/listener:Listener";
const autoscalingGroupType = "aws:autoscaling/group:Group";

const checkName = (inputs: Properties): Problem[] => [
  ...matches(
    "name",
    /^(?!internal-)(?!-)[a-zA-Z0-9-]{1,32}(?<!-)$/,
    "at most 32 letters, digits or hyphens, no hyphen at the ends, not beginning with internal-",
  )(inputs),
  ...matches("namePrefix", /^[a-zA-Z0-9-]{1,6}$/, "at most 6 letters, digits or hyphens")(inputs),
];

function admitBalancer({ inputs, cloud, scope }: Subject): void {
  const ids = [inputs.subnets ?? []].flat();
  const mappings = [inputs.subnetMappings ?? []].flat() as Properties[];
  const wanted = [...ids, ...mappings.map((mapping) => mapping.subnetId ?? null)];
  const subnets = wanted.flatMap((id) => cloud.get("aws:ec2/subnet:Subnet", scope, id) ?? []);
  const zones = new Set(subnets.map((subnet) => subnet.inputs.availabilityZone));
  const application = (inputs.loadBalancerType ?? "application") === "application";
  if (application && zones.size < 2) {
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

/** Policies that the load balancer knows ("Application Load Balancers, security policies", 2026-11-22). */
const securityPolicy =
  /^ELBSecurityPolicy-(2016-08|TLS-1-[012]-(Ext-)?(2015-04|2017-01|2018-06)|FS-.+|TLS13-1-[0123](-FIPS)?(-(Res|Ext[0-2]))?(-PQ)?-20\d\d-\d\d)$/;

function admitListener({ inputs, cloud, scope, id }: Subject): void {
  const port = inputs.port;
  const other = cloud.where(listenerType, scope, {
    loadBalancerArn: inputs.loadBalancerArn ?? null,
    port: port ?? null,
  })[0];
  if (other && other.id !== id)
    refuse("DuplicateListener", "A listener already exists on this port for this load balancer");
  const encrypted = ["HTTPS", "TLS"].includes(text(inputs, "protocol"));
  const certificateArn = text(inputs, "certificateArn");
  if (encrypted && !certificateArn)
    refuse("CertificateNotFound", "A certificate must be specified for HTTPS listeners");
  if (!encrypted && certificateArn)
    refuse("ValidationError", `A certificate cannot be specified for ${text(inputs, "protocol")} listeners`);
  if (certificateArn && certificateArn.split(":")[3] !== scope) {
    refuse(
      "CertificateNotFound",
      `Certificate ARN '${certificateArn}' is not valid: it is of another region than the load balancer (${scope})`,
    );
  }
  const certificate = cloud.where(certificateType, scope, { arn: certificateArn })[0];
  if (certificateArn.startsWith("arn:aws:acm:") && certificate === undefined) {
    refuse("CertificateNotFound", `Certificate '${certificateArn}' not found`);
  }
  if (certificate && !isIssued(cloud, certificate)) {
    refuse(
      "UnsupportedCertificate",
      `The certificate '${certificateArn}' must have a fully-qualified domain name, a supported signature, and a supported key size, and must be issued: its status is PENDING_VALIDATION`,
    );
  }
  const policy = text(inputs, "sslPolicy");
  if (policy && !securityPolicy.test(policy)) refuse("SSLPolicyNotFound", `SSL policy '${policy}' not found`);
}

function checkActions({ defaultActions }: Properties): Problem[] {
  const actions = (Array.isArray(defaultActions) ? defaultActions : []) as Properties[];
  const lacking = {
    forward: ["targetGroupArn", "forward"],
    redirect: ["redirect"],
    "fixed-response": ["fixedResponse"],
  } as Record<string, string[]>;
  return actions.flatMap((action, index): Problem[] => {
    const needs = lacking[text(action, "type")];
    if (needs === undefined || needs.some((name) => action[name] !== undefined)) return [];
    return [
      {
        property: `defaultActions[${index}]`,
        reason: `an action of type ${text(action, "type")} needs ${needs.join(" or ")}`,
      },
    ];
  });
}

const autoName = { property: "name", max: 32 };

/** Load balancers, where they forward to, and who stands behind. */
export const loadBalancingTypes: Readonly<Record<string, ResourceType>> = {
  [balancerType]: awsType({
    service: "ELBv2",
    thing: "Load Balancer",
    id: (subject) =>
      arn(
        "elasticloadbalancing",
        subject.cloud.account,
        subject.scope,
        `loadbalancer/app/${text(subject.inputs, "name")}/${identifier(16)}`,
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
    },
    admit: admitBalancer,
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
      idleTimeout: 60,
      enableDeletionProtection: false,
      enableHttp2: true,
      ipAddressType: "ipv4",
    },
    computed: {
      arn: ({ id }) => id,
      arnSuffix: ({ id }) => id.slice(id.indexOf("app/")),
      dnsName: ({ id, inputs, scope }) =>
        `${text(inputs, "name")}-${Number.parseInt(id.slice(-7), 16)}.${scope}.elb.amazonaws.com`.toLowerCase(),
      // That of eu-central-1; nobody asks which one it is.
      zoneId: () => "Z215JYRZR1TBD5",
      vpcId: ({ cloud, scope, inputs }) =>
        text(cloud.get("aws:ec2/subnet:Subnet", scope, [inputs.subnets ?? []].flat()[0])?.inputs ?? {}, "vpcId"),
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
        `targetgroup/${text(subject.inputs, "name")}/${identifier(16)}`,
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

  [listenerType]: awsType({
    service: "ELBv2",
    thing: "Listener",
    id: ({ inputs }) => `${text(inputs, "loadBalancerArn").replace(":loadbalancer/", ":listener/")}/${identifier(16)}`,
    missing: ["ListenerNotFound", (id) => `Listener '${id}' not found`],
    required: ["loadBalancerArn", "defaultActions"],
    check: checkActions,
    // A load balancer that goes takes its listeners along.
    references: {
      loadBalancerArn: { to: balancerType, by: "arn", weak: true },
      "defaultActions.*.targetGroupArn": { to: targetGroupType, by: "arn" },
      "defaultActions.*.forward.targetGroups.*.arn": { to: targetGroupType, by: "arn" },
      // Whether it exists is said in the load balancer's own words.
      certificateArn: { to: certificateType, by: "arn", external: () => true },
    },
    admit: admitListener,
    replaceOn: ["loadBalancerArn", "region"],
    known: ({ protocol, sslPolicy }) =>
      protocol === "HTTPS" && !sslPolicy ? { sslPolicy: "ELBSecurityPolicy-2016-08" } : {},
    computed: { arn: ({ id }) => id },
  }),

  "aws:lb/listenerRule:ListenerRule": awsType({
    service: "ELBv2",
    thing: "Rule",
    id: ({ inputs }) => `${text(inputs, "listenerArn").replace(":listener/", ":listener-rule/")}/${identifier(16)}`,
    missing: ["RuleNotFound", (id) => `Rule '${id}' not found`],
    required: ["listenerArn", "actions", "conditions"],
    references: {
      listenerArn: { to: listenerType, by: "arn", weak: true },
      "actions.*.targetGroupArn": { to: targetGroupType, by: "arn" },
    },
    replaceOn: ["listenerArn", "region"],
    computed: { arn: ({ id }) => id },
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
