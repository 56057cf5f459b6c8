import * as acm from "@pulumi/aws/acm";
import * as route53 from "@pulumi/aws/route53";
import type * as pulumi from "@pulumi/pulumi";
import { announce, type DnsRecord } from "./dns-record";
import { first } from "./first";
import type { Zone } from "./hosted-zone";
import { named, type Tags } from "./tags";

interface CertificateContext {
  /** Begins the names of what is made. */
  readonly name: string;
  readonly host: string;
  readonly subdomains: boolean;
  readonly tags: Tags | undefined;
  readonly parent: pulumi.Resource;
}

/** An ACM certificate that AWS validates by a DNS record, and renews by itself as long as the record is there. */
function requested({ name, host, subdomains, tags, parent }: CertificateContext) {
  const certificate = new acm.Certificate(
    name,
    {
      domainName: host,
      ...(subdomains && { subjectAlternativeNames: [`*.${host}`] }),
      validationMethod: "DNS",
      tags: named(name, tags),
    },
    { parent },
  );
  // ACM asks for the same record for a name and its wildcard, so the first option stands for both.
  return { certificate, validation: first(certificate.domainValidationOptions) };
}

/** The ARN of a certificate that is validated by a record in a zone of the account. */
export function certificateIn(zone: Zone, context: CertificateContext): pulumi.Output<string> {
  const { name, parent } = context;
  const { certificate, validation } = requested(context);
  const record = new route53.Record(
    `${name}-validation`,
    {
      zoneId: zone.id,
      name: validation.resourceRecordName,
      type: validation.resourceRecordType,
      records: [validation.resourceRecordValue],
      ttl: 300,
      // ACM asks an account for the same record again and again: one that an earlier certificate left has the same content.
      allowOverwrite: true,
    },
    { parent, deleteBeforeReplace: true },
  );
  const validated = new acm.CertificateValidation(
    name,
    { certificateArn: certificate.arn, validationRecordFqdns: [record.fqdn] },
    { parent, dependsOn: [...zone.reachable] },
  );
  return validated.certificateArn;
}

/**
 * The ARN of a certificate whose record the domain's owner creates by hand. The deployment waits for that; one that
 * gave up has named the records, and the next goes on where it ended.
 */
export function certificateElsewhere(timeoutMinutes: number, context: CertificateContext) {
  const { name, parent } = context;
  const { certificate, validation } = requested(context);
  const records = validation.apply((option): DnsRecord[] => [
    {
      name: withoutDot(option.resourceRecordName),
      type: "CNAME",
      value: withoutDot(option.resourceRecordValue),
      purpose: `proves the domain to ACM, which is waited for up to ${timeoutMinutes} minutes; keep it for renewals`,
    },
  ]);
  announce(records, parent);
  const validated = new acm.CertificateValidation(
    name,
    { certificateArn: certificate.arn },
    { parent, customTimeouts: { create: `${timeoutMinutes}m` } },
  );
  return { arn: validated.certificateArn, records };
}

function withoutDot(name: string): string {
  return name.replace(/\.$/, "");
}
