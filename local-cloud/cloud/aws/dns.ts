import { isIPv4, isIPv6 } from "node:net";
import { type Cloud, type CloudObject, identifier, propertiesOf } from "../cloud";
import type { ProviderFunction } from "../provider";
import { type Problem, type ResourceType, refuse, type Subject } from "../resource-type";
import { isUnknown, type Properties, valuesAt } from "../wire";
import { balancerType } from "./network-tokens";
import { accountId, awsType, text } from "./service";

const zoneType = "aws:route53/zone:Zone";
const recordType = "aws:route53/record:Record";
const associationType = "aws:route53/zoneAssociation:ZoneAssociation";

export const withoutDot = (name: string): string => name.replace(/\.$/, "").toLowerCase();
const liesIn = (name: string, zone: string): boolean => name === zone || name.endsWith(`.${zone}`);

const domainPattern = /^(\*\.)?([a-z0-9_]([a-z0-9-]*[a-z0-9])?\.)+[a-z]([a-z0-9-]*[a-z0-9])?\.?$/i;

/** A check that a property holds domain names. */
export function checkDomain(property: string) {
  return (inputs: Properties): Problem[] => {
    const names = [inputs[property] ?? []].flat();
    const bad = names.filter((name) => typeof name === "string" && !isUnknown(name) && !domainPattern.test(name));
    return bad.map((name) => ({ property, reason: `"${name}" is not a domain name` }));
  };
}

/** A record has values with a time to live, or is an alias; an address record holds addresses. */
function checkRecord({ type, records, aliases, ttl }: Properties): Problem[] {
  if (aliases !== undefined && (records !== undefined || ttl !== undefined))
    return [{ property: "aliases", reason: '"alias": conflicts with records and ttl' }];
  if (aliases === undefined && ttl === undefined) {
    return [{ property: "ttl", reason: "a record that is no alias needs ttl and records" }];
  }
  const isAddress = { A: isIPv4, AAAA: isIPv6 }[String(type)];
  const bad = isAddress === undefined ? [] : valuesAt(records, "*").filter((each) => !isAddress(String(each)));
  return bad.map((each) => ({
    property: "records",
    reason: `"${each}" is not an address for a record of type ${type}`,
  }));
}

/** The name as Route 53 keeps it: complete, within the zone. */
function fullName({ inputs, cloud }: Pick<Subject, "inputs" | "cloud">): string {
  const zone = withoutDot(text(cloud.get(zoneType, "", inputs.zoneId)?.inputs ?? {}, "name"));
  const name = withoutDot(text(inputs, "name"));
  return name === "" ? zone : liesIn(name, zone) ? name : `${name}.${zone}`;
}

function admitRecord(subject: Subject): void {
  const { inputs, cloud, id, before } = subject;
  const zone = withoutDot(text(cloud.get(zoneType, "", inputs.zoneId)?.inputs ?? {}, "name"));
  const name = fullName(subject);
  const type = text(inputs, "type");
  if (name.length > 255 || name.split(".").some((label) => label.length > 63))
    refuse(
      "InvalidChangeBatch",
      `[FATAL problem: DomainLabelTooLong (Domain label is too long) encountered with '${name}']`,
    );
  if (!inputs.aliases && !inputs.records)
    refuse("InvalidInput", "Invalid XML ; a record needs either records with a TTL, or an alias target");
  admitAlias(subject);
  const others = cloud
    .list(recordType)
    .filter(
      (each) =>
        (before === undefined || each.id !== id) && each.inputs.zoneId === inputs.zoneId && each.computed.fqdn === name,
    );
  if (others.some((each) => each.inputs.type === type) && !inputs.allowOverwrite) {
    refuse(
      "InvalidChangeBatch",
      `[Tried to create resource record set [name='${name}.', type='${type}'] but it already exists]`,
    );
  }
  if (others.some((each) => each.inputs.type === "CNAME" || type === "CNAME")) {
    refuse(
      "InvalidChangeBatch",
      `[RRSet of type ${type} with DNS name ${name}. is not permitted because a conflicting RRSet with the same DNS name already exists in zone ${zone}.]`,
    );
  }
  if (type === "CNAME" && name === zone)
    refuse(
      "InvalidChangeBatch",
      `[RRSet of type CNAME with DNS name ${name}. is not permitted at apex in zone ${zone}.]`,
    );
}

/** An alias leads to a load balancer that exists. */
function admitAlias({ inputs, cloud }: Subject): void {
  const made = cloud.list(balancerType);
  // Those that a cluster has made for its services.
  const services = cloud
    .list("kubernetes:core/v1:Service")
    .flatMap((service) => valuesAt(service.computed, "status.loadBalancer.ingress.*.hostname"));
  for (const alias of valuesAt(inputs, "aliases.*") as Properties[]) {
    const name = withoutDot(text(alias, "name")).replace(/^dualstack\./, "");
    if (!/\.elb\.([a-z0-9-]+\.)?amazonaws\.com$/.test(name) || services.includes(name)) continue;
    const balancer = made.find((each) => each.computed.dnsName === name);
    if (balancer !== undefined && balancer.computed.zoneId !== alias.zoneId)
      refuse(
        "InvalidChangeBatch",
        `[Tried to create an alias that targets ${name}., type ${text(inputs, "type")} in zone ${text(alias, "zoneId")}, but the alias target name does not lie within the target zone]`,
      );
    if (balancer !== undefined) continue;
    refuse(
      "InvalidChangeBatch",
      `[Tried to create an alias that targets ${name}., type ${text(inputs, "type")}, but that target was not found]`,
    );
  }
}

const zoneName = (zone: CloudObject): string => withoutDot(text(zone.inputs, "name"));
const nameServersOf = (zone: CloudObject): string[] => [zone.computed.nameServers ?? []].flat().map(String);
const isPrivate = (zone: CloudObject): boolean => valuesAt(zone.inputs, "vpcs.*").length > 0;

/**
 * What the world finds in public DNS under a name: in the zone that is asked about it, beginning with those that the account
 * owns from the start and following delegations from there; else among the records that others keep.
 */
export function publicRecords(cloud: Cloud, name: string, type: string): string[] {
  const zone = authority(cloud, name);
  if (zone === undefined) {
    return (cloud.account.records ?? [])
      .filter((record) => withoutDot(record.name) === name && record.type === type)
      .map((record) => record.value);
  }
  return recordsOf(cloud, zone, type)
    .filter((record) => record.computed.fqdn === name)
    .flatMap((record) => [record.inputs.records ?? []].flat().map(String));
}

const recordsOf = (cloud: Cloud, zone: CloudObject, type: string): CloudObject[] =>
  cloud.list(recordType).filter((record) => record.inputs.zoneId === zone.id && record.inputs.type === type);

/** The zone that answers for a name; undefined if that is none of the account's. */
function authority(cloud: Cloud, name: string): CloudObject | undefined {
  const zones = cloud.list(zoneType).filter((zone) => !isPrivate(zone));
  const [start] = zones
    .filter((zone) => zone.permanent && liesIn(name, zoneName(zone)))
    .sort((one, other) => zoneName(other).length - zoneName(one).length);
  let zone = start;
  while (zone !== undefined) {
    const delegation = recordsOf(cloud, zone, "NS").find(
      (record) => record.computed.fqdn !== zoneName(zone as CloudObject) && liesIn(name, text(record.computed, "fqdn")),
    );
    if (delegation === undefined) return zone;
    const servers = [delegation.inputs.records ?? []].flat().map((server) => withoutDot(String(server)));
    zone = zones.find(
      (each) =>
        zoneName(each) === delegation.computed.fqdn && nameServersOf(each).some((server) => servers.includes(server)),
    );
  }
  return undefined;
}

/** A zone is private to VPCs that exist. */
function admitZone({ inputs, cloud }: Subject): void {
  const vpcs = cloud.list("aws:ec2/vpc:Vpc").map(({ id }) => id);
  const missing = valuesAt(inputs, "vpcs.*.vpcId").find((id) => !vpcs.includes(String(id)));
  if (missing !== undefined)
    refuse("InvalidVPCId", `The VPC: ${String(missing)} you provided is not authorized to make the association.`);
}

/** A private zone is associated with VPCs, none of which knows another zone of that name. */
function admitAssociation({ inputs, cloud }: Subject): void {
  const zone = cloud.get(zoneType, "", inputs.zoneId) as CloudObject;
  const vpcId = text(inputs, "vpcId");
  if (!isPrivate(zone))
    refuse(
      "PublicZoneVPCAssociation",
      `The hosted zone ${zone.id} is a public hosted zone. You can't associate an Amazon VPC with a public hosted zone.`,
    );
  const other = cloud
    .list(zoneType)
    .find((each) => zoneName(each) === zoneName(zone) && vpcsOf(cloud, each).includes(vpcId));
  if (other !== undefined)
    refuse(
      "ConflictingDomainExists",
      `The VPC ${vpcId} has already been associated with the hosted zone ${other.id} with the same domain name.`,
    );
}

function vpcsOf(cloud: Cloud, zone: CloudObject): string[] {
  const associated = cloud.list(associationType).filter(({ inputs }) => inputs.zoneId === zone.id);
  return [...valuesAt(zone.inputs, "vpcs.*.vpcId"), ...associated.map(({ inputs }) => inputs.vpcId)].map(String);
}

/** Zones, who knows the private ones, and what is in them. */
export const dnsTypes: Readonly<Record<string, ResourceType>> = {
  [zoneType]: awsType({
    service: "Route 53",
    thing: "Hosted Zone",
    global: true,
    id: () => `Z${identifier(20).toUpperCase()}`,
    missing: ["NoSuchHostedZone", (id) => `No hosted zone found with ID: ${id}`],
    inUse: [
      "HostedZoneNotEmpty",
      () => "The specified hosted zone contains non-required resource record sets and so cannot be deleted.",
    ],
    required: ["name"],
    check: checkDomain("name"),
    admit: admitZone,
    replaceOn: ["name", "delegationSetId"],
    defaults: { comment: "Managed by Pulumi", forceDestroy: false },
    computed: {
      zoneId: ({ id }) => id,
      arn: ({ id }) => `arn:aws:route53:::hostedzone/${id}`,
      nameServers: ({ id }) =>
        ["com", "net", "org", "co.uk"].map(
          (end, index) => `ns-${index}${id.slice(1, 4).toLowerCase()}.awsdns-0${index}.${end}`,
        ),
      primaryNameServer: ({ id }) => `ns-0${id.slice(1, 4).toLowerCase()}.awsdns-00.com`,
    },
  }),

  [recordType]: awsType({
    service: "Route 53",
    thing: "Record",
    global: true,
    id: (subject) =>
      [
        text(subject.inputs, "zoneId"),
        fullName(subject),
        text(subject.inputs, "type"),
        text(subject.inputs, "setIdentifier"),
      ]
        .filter(Boolean)
        .join("_"),
    missing: ["NoSuchRecord", (id) => `no record ${id}`],
    required: ["zoneId", "name", "type"],
    references: { zoneId: { to: zoneType } },
    exists: ["InvalidChangeBatch", (id) => `[Tried to create resource record set [${id}] but it already exists]`],
    check: checkRecord,
    admit: admitRecord,
    replaceOn: ["zoneId", "name", "type", "setIdentifier"],
    computed: { fqdn: (subject) => fullName(subject) },
  }),

  [associationType]: awsType({
    service: "Route 53",
    thing: "Zone Association",
    global: true,
    scope: ({ vpcRegion }, config) => String(vpcRegion ?? config.region),
    id: ({ inputs }) => `${text(inputs, "zoneId")}:${text(inputs, "vpcId")}`,
    missing: ["VPCAssociationNotFound", (id) => `no association ${id}`],
    required: ["zoneId", "vpcId"],
    references: {
      zoneId: { to: zoneType, scope: "", weak: true },
      vpcId: { to: "aws:ec2/vpc:Vpc" },
    },
    admit: admitAssociation,
    release({ inputs }, cloud) {
      const zone = cloud.get(zoneType, "", inputs.zoneId);
      if (zone !== undefined && vpcsOf(cloud, zone).length === 1)
        refuse("LastVPCAssociation", `The VPC ${text(inputs, "vpcId")} is the last one associated with ${zone.id}.`);
    },
    replaceOn: ["zoneId", "vpcId", "vpcRegion"],
    computed: { owningAccount: accountId, vpcRegion: ({ scope }) => scope },
  }),
};

/** Looks a hosted zone up by name or id; fails at preview already where there is none. */
export const getZone: ProviderFunction = (args, _config, cloud) => {
  const name = withoutDot(text(args, "name"));
  const id = text(args, "zoneId");
  if (id !== "" && name !== "") throw new Error('"zone_id": conflicts with name');
  const zones = cloud
    .list(zoneType)
    .filter((zone) =>
      id ? zone.id === id : zoneName(zone) === name && isPrivate(zone) === (args.privateZone === true),
    )
    .filter((zone) => args.vpcId === undefined || vpcsOf(cloud, zone).includes(text(args, "vpcId")));
  const [zone, another] = zones;
  if (zone === undefined) throw new Error("reading Route 53 Hosted Zone: no matching Route 53 Hosted Zone found");
  if (another !== undefined)
    throw new Error(
      "reading Route 53 Hosted Zone: multiple Route 53 Hosted Zones matched; use additional constraints to reduce matches to a single Route 53 Hosted Zone",
    );
  const properties = propertiesOf(zone);
  return {
    id: zone.id,
    zoneId: zone.id,
    arn: properties.arn ?? "",
    name: withoutDot(text(properties, "name")),
    nameServers: properties.nameServers ?? [],
    primaryNameServer: [properties.nameServers ?? []].flat()[0] ?? "",
    callerReference: "",
    comment: properties.comment ?? "",
    privateZone: isPrivate(zone),
    resourceRecordSetCount: cloud.list(recordType).filter((record) => record.inputs.zoneId === zone.id).length + 2,
    linkedServiceDescription: "",
    linkedServicePrincipal: "",
    tags: properties.tags ?? {},
  };
};
