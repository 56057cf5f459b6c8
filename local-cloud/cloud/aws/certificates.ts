import { createHash, createPrivateKey, X509Certificate } from "node:crypto";
import { type Cloud, type CloudObject, identifier } from "../cloud";
import { type Problem, type ResourceType, refuse, type Subject } from "../resource-type";
import type { Properties, Value } from "../wire";
import { checkDomain, publicRecords, withoutDot } from "./dns";
import { awsType, text } from "./service";

export const certificateType = "aws:acm/certificate:Certificate";
const validationType = "aws:acm/certificateValidation:CertificateValidation";

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

/** ACM issues the certificate once each of its records can be found in public DNS. */
export function isIssued(cloud: Cloud, certificate: CloudObject): boolean {
  return wantedRecords(certificate).every((wanted) =>
    publicRecords(cloud, withoutDot(wanted.resourceRecordName), wanted.resourceRecordType).some(
      (value) => withoutDot(value) === withoutDot(wanted.resourceRecordValue),
    ),
  );
}

const wantedRecords = (certificate: CloudObject) =>
  (certificate.computed.domainValidationOptions ?? []) as ValidationRecord[];

/** The wait for ACM. Here nothing changes while somebody waits, so what would end in a timeout does so at once. */
function admitValidation({ inputs, cloud, scope, timeoutSeconds }: Subject): void {
  const certificate = cloud.where(certificateType, scope, { arn: inputs.certificateArn ?? null })[0];
  if (certificate === undefined) return;
  if (certificate.computed.type !== "AMAZON_ISSUED")
    refuse("", `ACM Certificate (${certificate.id}) has type ${certificate.computed.type}, no validation necessary`);
  const given = [inputs.validationRecordFqdns ?? []].flat().map((name) => withoutDot(String(name)));
  const missing = wantedRecords(certificate).find((wanted) => !given.includes(withoutDot(wanted.resourceRecordName)));
  if (given.length > 0 && missing !== undefined) {
    const name = withoutDot(missing.resourceRecordName);
    refuse("", `missing ${missing.domainName} DNS validation record: ${name}`);
  }
  if (isIssued(cloud, certificate)) return;
  refuse(
    "",
    `waiting for ACM Certificate (${certificate.id}) to be issued: timeout while waiting for state to become 'ISSUED' (last state: 'PENDING_VALIDATION', timeout: ${inGo(timeoutSeconds ?? defaultTimeoutSeconds)})`,
  );
}

const defaultTimeoutSeconds = 75 * 60;

/** A duration the way Go writes it: 1h15m0s. */
function inGo(seconds: number): string {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  return `${hours > 0 ? `${hours}h` : ""}${hours + minutes > 0 ? `${minutes}m` : ""}${seconds % 60}s`;
}

function checkSource({ domainName, certificateBody, privateKey }: Properties): Problem[] {
  if (certificateBody !== undefined && privateKey === undefined) {
    return [{ property: "privateKey", reason: "all of `certificate_body,private_key` must be specified" }];
  }
  if (certificateBody !== undefined || domainName !== undefined) return [];
  return [{ property: "domainName", reason: "one of `certificate_body,domain_name` must be specified" }];
}

/** The first name has to fit into a field of 64 characters ("ACM API reference, RequestCertificate"; "ACM quotas"). */
function admitNames({ inputs }: Subject): void {
  const first = text(inputs, "domainName");
  if (first.length > 64)
    refuse(
      "InvalidDomainValidationOptionsException",
      `The first domain name can be no longer than 64 characters: ${first}`,
    );
  const names = new Set([first, ...[inputs.subjectAlternativeNames ?? []].flat()]);
  if (names.size > 10) refuse("LimitExceededException", `Cannot request more than 10 domain names: ${names.size}`);
}

/** A certificate that somebody brings is readable, belongs to its key, and has not expired. */
function admitImport({ inputs }: Subject): void {
  if (inputs.certificateBody === undefined) return;
  const certificate = readOrRefuse("certificate", () => new X509Certificate(text(inputs, "certificateBody")));
  const key = readOrRefuse("private key", () => createPrivateKey(text(inputs, "privateKey")));
  if (!certificate.checkPrivateKey(key))
    refuse("ValidationException", "The private key does not match the certificate.");
  if (Date.parse(certificate.validTo) < Date.now())
    refuse("ValidationException", "The certificate has expired and cannot be imported.");
}

function readOrRefuse<Read>(what: string, read: () => Read): Read {
  try {
    return read();
  } catch {
    return refuse("ValidationException", `Could not parse the ${what}: it is not in PEM format.`);
  }
}

/** The names of a certificate that somebody brought. */
function importedNames(inputs: Properties): string[] {
  const names = new X509Certificate(text(inputs, "certificateBody")).subjectAltName ?? "";
  return names.split(", ").flatMap((name) => (name.startsWith("DNS:") ? [name.slice(4)] : []));
}

const isImported = (inputs: Properties): boolean => inputs.certificateBody !== undefined;

/** Certificates, and the wait until they are issued. */
export const certificateTypes: Readonly<Record<string, ResourceType>> = {
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
    check: (inputs) => [
      ...checkSource(inputs),
      ...checkDomain("domainName")(inputs),
      ...checkDomain("subjectAlternativeNames")(inputs),
    ],
    admit(subject) {
      admitNames(subject);
      admitImport(subject);
    },
    replaceOn: ["domainName", "subjectAlternativeNames", "validationMethod", "keyAlgorithm", "region"],
    defaults: { keyAlgorithm: "RSA_2048" },
    computed: {
      arn: ({ id }) => id,
      domainName: ({ inputs }): Value => importedNames(inputs)[0] ?? "",
      domainValidationOptions: (subject) =>
        subject.inputs.validationMethod === "DNS" ? validationRecords(subject) : [],
      status: ({ inputs }) => (isImported(inputs) ? "ISSUED" : "PENDING_VALIDATION"),
      type: ({ inputs }) => (isImported(inputs) ? "IMPORTED" : "AMAZON_ISSUED"),
      renewalEligibility: () => "INELIGIBLE",
      subjectAlternativeNames: ({ inputs }): Value =>
        isImported(inputs) ? importedNames(inputs) : [inputs.domainName ?? ""],
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
    // The wait is no call of AWS: its errors are the provider's own.
    describe: (_operation, _subject, { message }) => message,
    replaceOn: ["certificateArn", "validationRecordFqdns", "region"],
  }),
};
