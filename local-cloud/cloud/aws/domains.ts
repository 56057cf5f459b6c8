import { createHash } from "node:crypto";
import { isIPv4, isIPv6 } from "node:net";
import { type Cloud, type CloudObject, identifier, propertiesOf } from "../cloud";
import type { ProviderFunction } from "../provider";
import { type Problem, type ResourceType, refuse, type Subject } from "../resource-type";
import { isUnknown, type Properties, type Value, valuesAt } from "../wire";
import { awsType, text } from "./service";

const zoneType = "aws:route53/zone:Zone";
const recordType = "aws:route53/record:Record";
export const certificateType = "aws:acm/certificate:Certificate";
const validationType = "aws:acm/certificateValidation:CertificateValidation";

const withoutDot = (name: string): string => name.replace(/\.$/, "").toLowerCase();
const liesIn = (name: string, zone: string): boolean => name === zone || name.endsWith(`.${zone}`);

const domainPattern = /^(\*\.)?([a-z0-9_]([a-z0-9-]*[a-z0-9])?\.)+[a-z]([a-z0-9-]*[a-z0-9])?\.?$/i;

function checkDomain(property: string) {
  return (inputs: Properties): Problem[] => {
    const names = [inputs[property] ?? []].flat();
    const bad = names.filter((name) => typeof name === "string" && !isUnknown(name) && !domainPattern.test(name));
    return bad.map((name) => ({ property, reason: `"${name}" is not a domain name` }));
  };
}

/** A record has values with a time to live, or is an alias; an address record holds addresses. */
function checkRecord({ type, records, aliases, ttl }: Properties): Problem[] {
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
  const balancers = cloud.list("aws:lb/loadBalancer:LoadBalancer").map((balancer) => balancer.computed.dnsName);
  for (const target of valuesAt(inputs, "aliases.*.name")) {
    const name = withoutDot(String(target)).replace(/^dualstack\./, "");
    if (!name.endsWith(".elb.amazonaws.com") || balancers.includes(name)) continue;
    refuse(
      "InvalidChangeBatch",
      `[Tried to create an alias that targets ${name}., type ${text(inputs, "type")}, but that target was not found]`,
    );
  }
}

interface ValidationRecord extends Properties {
  domainName: string;
  resourceRecordName: string;
  resourceRecordType: string;
  resourceRecordValue: string;
}

/** ACM wants one CNAME per domain, the same for every certificate of an account; a wildcard shares its parent's. */
function validationRecords({ inputs, cloud }: Subject): ValidationRecord[] {
  const names = [inputs.domainName ?? [], inputs.subjectAlternativeNames ?? []].flat().map(String);
  return [...new Set(names)].map((domainName) => {
    const domain = domainName.replace(/^\*\./, "");
    const proof = createHash("sha256").update(`${cloud.account.id} ${domain}`).digest("hex");
    return {
      domainName,
      resourceRecordName: `_${proof.slice(0, 32)}.${domain}.`,
      resourceRecordType: "CNAME",
      resourceRecordValue: `_${proof.slice(32)}.acm-validations.aws.`,
    };
  });
}

/** ACM issues the certificate once each of its records can be found in a public zone. */
export function isIssued(cloud: Cloud, certificate: CloudObject): boolean {
  return missingRecords(cloud, certificate).length === 0;
}

function missingRecords(cloud: Cloud, certificate: CloudObject): string[] {
  const wanted = (certificate.computed.domainValidationOptions ?? []) as ValidationRecord[];
  const found = new Map(
    cloud.list(recordType).map((record) => [text(record.computed, "fqdn"), [record.inputs.records ?? []].flat()]),
  );
  return wanted
    .filter((option) => {
      const values = found.get(withoutDot(option.resourceRecordName)) ?? [];
      return !values.some((value) => withoutDot(String(value)) === withoutDot(option.resourceRecordValue));
    })
    .map((option) => option.domainName);
}

function admitValidation({ inputs, cloud, scope }: Subject): void {
  const certificate = cloud.where(certificateType, scope, { arn: inputs.certificateArn ?? null })[0];
  if (certificate === undefined) return;
  const missing = missingRecords(cloud, certificate);
  if (missing.length > 0) {
    refuse(
      "PENDING_VALIDATION",
      `waiting for ACM Certificate (${certificate.id}) to be issued: timeout while waiting for state to become 'ISSUED' (last state: 'PENDING_VALIDATION', timeout: 1h15m0s): the validation records of ${missing.join(", ")} are in no public zone`,
    );
  }
}

/** Names, certificates and the records that prove them. */
export const domainTypes: Readonly<Record<string, ResourceType>> = {
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

  [certificateType]: awsType({
    service: "ACM",
    thing: "Certificate",
    id: ({ cloud, inputs, config }) =>
      `arn:aws:acm:${text(inputs, "region") || text(config, "region")}:${cloud.account.id}:certificate/${[8, 4, 4, 4, 12].map(identifier).join("-")}`,
    missing: ["ResourceNotFoundException", (id) => `Could not find certificate ${id}.`],
    inUse: [
      "ResourceInUseException",
      (certificate, user) => `Certificate ${certificate.id} in account is in use by ${user.id}.`,
    ],
    check: (inputs) => [...checkDomain("domainName")(inputs), ...checkDomain("subjectAlternativeNames")(inputs)],
    replaceOn: ["domainName", "subjectAlternativeNames", "validationMethod", "keyAlgorithm", "region"],
    defaults: { keyAlgorithm: "RSA_2048" },
    computed: {
      arn: ({ id }) => id,
      domainValidationOptions: (subject) =>
        subject.inputs.validationMethod === "DNS" ? validationRecords(subject) : [],
      status: () => "PENDING_VALIDATION",
      type: () => "AMAZON_ISSUED",
      renewalEligibility: () => "INELIGIBLE",
      subjectAlternativeNames: ({ inputs }): Value => [inputs.domainName ?? ""],
    },
  }),

  [validationType]: awsType({
    service: "ACM",
    thing: "Certificate Validation",
    id: () => new Date().toISOString(),
    missing: ["ResourceNotFoundException", (id) => `no validation ${id}`],
    required: ["certificateArn"],
    references: { certificateArn: { to: certificateType, by: "arn", weak: true } },
    admit: admitValidation,
    replaceOn: ["certificateArn", "validationRecordFqdns", "region"],
  }),
};

/** Looks a hosted zone up by name or id; fails at preview already where there is none. */
export const getZone: ProviderFunction = (args, _config, cloud) => {
  const name = withoutDot(text(args, "name"));
  const id = text(args, "zoneId");
  const zones = cloud
    .list(zoneType)
    .filter((zone) => (id ? zone.id === id : withoutDot(text(zone.inputs, "name")) === name));
  const wantsPrivate = args.privateZone === true;
  const matching = zones.filter((zone) => (zone.inputs.vpcs !== undefined) === wantsPrivate);
  const [zone, another] = matching;
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
    privateZone: wantsPrivate,
    resourceRecordSetCount: cloud.list(recordType).filter((record) => record.inputs.zoneId === zone.id).length + 2,
    linkedServiceDescription: "",
    linkedServicePrincipal: "",
    tags: properties.tags ?? {},
  };
};
