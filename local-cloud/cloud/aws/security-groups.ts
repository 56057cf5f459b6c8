import { type Cloud, identifier } from "../cloud";
import { type Problem, type ResourceType, refuse, type Subject } from "../resource-type";
import { isUnknown, type Properties } from "../wire";
import { parseCidr } from "./addresses";
import { accountId, arnOf, awsType, matches, text } from "./service";

const groupType = "aws:ec2/securityGroup:SecurityGroup";

const ruleReferences = {
  securityGroupId: { to: groupType, weak: true },
  sourceSecurityGroupId: { to: groupType },
  referencedSecurityGroupId: { to: groupType },
};

const badRange = (range: unknown) => typeof range === "string" && !isUnknown(range) && parseCidr(range) === undefined;

const text255 = /^[\w .:/()#,@[\]+=&;{}!$*-]{0,255}$/;
const checkDescription = matches(
  "description",
  text255,
  "at most 255 of the characters a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*",
);

function checkPorts(inputs: Properties): Problem[] {
  const ports = ["fromPort", "toPort"].flatMap((property): Problem[] => {
    const port = inputs[property];
    if (typeof port !== "number" || (port >= -1 && port <= 65535)) return [];
    return [{ property, reason: `expected ${property} to be in the range (-1 - 65535), got ${port}` }];
  });
  const ranges = [inputs.cidrIpv4, ...(Array.isArray(inputs.cidrBlocks) ? inputs.cidrBlocks : [])];
  const bad = ranges.filter(badRange).map((range): Problem => {
    return {
      property: inputs.cidrIpv4 ? "cidrIpv4" : "cidrBlocks",
      reason: `"${range}" is not a valid IPv4 CIDR block: the address must be the network's first, for example 203.0.113.0/24`,
    };
  });
  return [...ports, ...backwards(inputs), ...bad, ...checkDescription(inputs)];
}

function backwards({ fromPort, toPort }: Properties): Problem[] {
  if (typeof fromPort !== "number" || typeof toPort !== "number" || fromPort <= toPort) return [];
  return [{ property: "toPort", reason: `expected toPort to be at least fromPort (${fromPort}), got ${toPort}` }];
}

const sources = [
  "cidrIpv4",
  "cidrIpv6",
  "prefixListId",
  "referencedSecurityGroupId",
  "cidrBlocks",
  "ipv6CidrBlocks",
  "prefixListIds",
  "sourceSecurityGroupId",
  "self",
];

/** A rule that is a resource of its own has one peer. */
function checkPeer(inputs: Properties): Problem[] {
  const peers = ["cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"];
  const given = peers.filter((peer) => (inputs[peer] ?? null) !== null);
  if (given.length < 2) return [];
  return [
    {
      property: given[1] ?? "",
      reason: `${given.length} attributes specified when one (and only one) of [${peers.join(",")}] is required`,
    },
  ];
}

const identity = ["securityGroupId", "type", "ipProtocol", "protocol", "fromPort", "toPort", ...sources];

/** Two rules that say the same about the same group. */
function admitRule(type: string) {
  return ({ inputs, scope, cloud, id }: Subject): void => {
    if (!sources.some((source) => inputs[source])) {
      refuse(
        "MissingParameter",
        "A security group rule needs a source or destination: a CIDR, a prefix list or another group",
      );
    }
    const protocol = text(inputs, "ipProtocol") || text(inputs, "protocol");
    const isOpen = inputs.fromPort === undefined || inputs.toPort === undefined;
    if (["tcp", "udp", "6", "17"].includes(protocol) && isOpen)
      refuse(
        "InvalidParameterValue",
        "Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange.",
      );
    admitPeer({ inputs, cloud, scope });
    admitAnother(type, { inputs, cloud, scope, id });
    const words = (properties: Properties) => JSON.stringify(identity.map((name) => properties[name] ?? null));
    const twin = cloud
      .list(type)
      .find((rule) => rule.id !== id && rule.scope === scope && words(rule.inputs) === words(inputs));
    if (twin)
      refuse(
        "InvalidPermission.Duplicate",
        `the specified rule "peer: ${text(inputs, "cidrIpv4") || text(inputs, "referencedSecurityGroupId")}, ports ${text(inputs, "fromPort")}-${text(inputs, "toPort")}, ALLOW" already exists`,
      );
  };
}

/** Groups know each other within a VPC. */
function admitPeer({ inputs, cloud, scope }: Pick<Subject, "inputs" | "cloud" | "scope">): void {
  const vpcOf = (group: unknown) => cloud.get(groupType, scope, String(group))?.inputs.vpcId;
  const peer = inputs.referencedSecurityGroupId ?? inputs.sourceSecurityGroupId;
  if (peer && vpcOf(peer) !== vpcOf(inputs.securityGroupId))
    refuse("InvalidGroup.NotFound", "You have specified two resources that belong to different networks.");
}

/** Rules of a group in one direction ("Amazon VPC quotas"). */
const mostRules = 60;

function admitAnother(type: string, { inputs, cloud, scope, id }: Pick<Subject, "inputs" | "cloud" | "scope" | "id">) {
  const others = rulesOf(cloud, scope, String(inputs.securityGroupId)).filter((each) => each.id !== id);
  const direction = directionOf(type, inputs);
  if (others.filter((each) => directionOf(each.type, each.inputs) === direction).length >= mostRules)
    refuse("RulesPerSecurityGroupLimitExceeded", "The maximum number of rules per security group has been reached.");
}

const rulesOf = (cloud: Cloud, scope: string, securityGroupId: string) =>
  [ingress, egress, plainRule].flatMap((type) => cloud.where(type, scope, { securityGroupId }));

const directionOf = (type: string, inputs: Properties): string =>
  type === plainRule ? text(inputs, "type") : type === ingress ? "ingress" : "egress";

const rule = (thing: string, type: string): ResourceType =>
  awsType({
    service: "EC2",
    thing,
    id: () => `sgr-${identifier(17)}`,
    missing: ["InvalidSecurityGroupRuleId.NotFound", (id) => `The security group rule ID '${id}' does not exist`],
    required: ["securityGroupId", "ipProtocol"],
    references: ruleReferences,
    check: (inputs) => [...checkPorts(inputs), ...checkPeer(inputs)],
    admit: admitRule(type),
    replaceOn: ["securityGroupId", "region"],
    computed: {
      arn: arnOf("ec2", ({ id }) => `security-group-rule/${id}`),
      securityGroupRuleId: ({ id }) => id,
    },
  });

const ingress = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const egress = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
const plainRule = "aws:ec2/securityGroupRule:SecurityGroupRule";

export const securityGroupTypes: Readonly<Record<string, ResourceType>> = {
  [groupType]: awsType({
    service: "EC2",
    thing: "Security Group",
    id: () => `sg-${identifier(17)}`,
    missing: ["InvalidGroup.NotFound", (id) => `The security group '${id}' does not exist`],
    exists: ["InvalidGroup.Duplicate", (name) => `The security group '${name}' already exists for this VPC`],
    inUse: ["DependencyViolation", (group) => `resource ${group.id} has a dependent object`],
    autoName: { property: "name", max: 255 },
    unique: ["name", "vpcId"],
    check: (inputs) => [
      ...matches(
        "name",
        /^(?!sg-)[\w .:/()#,@[\]+=&;{}!$*-]{1,255}$/,
        "at most 255 characters, not beginning with sg-",
      )(inputs),
      ...checkDescription(inputs),
    ],
    references: {
      vpcId: { to: "aws:ec2/vpc:Vpc" },
      "ingress.*.securityGroups.*": { to: groupType },
      "egress.*.securityGroups.*": { to: groupType },
    },
    replaceOn: ["name", "namePrefix", "description", "vpcId", "region"],
    defaults: { description: "Managed by Pulumi", revokeRulesOnDelete: false },
    computed: { arn: arnOf("ec2", ({ id }) => `security-group/${id}`), ownerId: accountId },
  }),
  [ingress]: rule("Security Group Ingress", ingress),
  [egress]: rule("Security Group Egress", egress),
  [plainRule]: awsType({
    service: "EC2",
    thing: "Security Group Rule",
    id: () => `sgrule-${Number.parseInt(identifier(8), 16)}`,
    missing: ["InvalidSecurityGroupRuleId.NotFound", (id) => `The security group rule ID '${id}' does not exist`],
    required: ["securityGroupId", "type", "protocol", "fromPort", "toPort"],
    references: ruleReferences,
    check: checkPorts,
    admit: admitRule(plainRule),
    replaceOn: [
      "securityGroupId",
      "type",
      "protocol",
      "fromPort",
      "toPort",
      "cidrBlocks",
      "ipv6CidrBlocks",
      "prefixListIds",
      "self",
      "sourceSecurityGroupId",
      "region",
    ],
    defaults: { self: false },
    computed: { securityGroupRuleId: () => `sgr-${identifier(17)}` },
  }),
};
