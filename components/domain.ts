import * as acm from "@pulumi/aws/acm";
import * as route53 from "@pulumi/aws/route53";
import * as pulumi from "@pulumi/pulumi";
import { first } from "./first";
import { named, type Tags } from "./tags";

/** Arguments of {@link Domain}. */
export interface DomainArgs {
  /** The hub's host name, at most 64 characters, for example `hub.example.org`. */
  readonly host: string;
  /** The public Route 53 zone that holds the host name, for example `example.org`. It must exist. */
  readonly hostedZone: { readonly name: string };
  /** Tags for everything that can be tagged. */
  readonly tags?: Tags | undefined;
}

/**
 * The hub's name: its hosted zone, and an ACM certificate that AWS validates by a DNS record and renews by itself. The
 * certificate also covers the names below the host, so that users can get sub-domains without a new one.
 */
export class Domain extends pulumi.ComponentResource {
  readonly host: string;
  /** The zone that holds it. */
  readonly zone: { readonly id: pulumi.Output<string>; readonly name: string };
  /** ARN of the certificate, known once it is validated. */
  readonly certificateArn: pulumi.Output<string>;

  constructor(name: string, args: DomainArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jupyterhub-eks:index:Domain", name, args, opts);
    const child = { parent: this };
    const zone = publicZone(args.hostedZone.name, child);

    const certificate = new acm.Certificate(
      name,
      {
        domainName: args.host,
        subjectAlternativeNames: [`*.${args.host}`],
        validationMethod: "DNS",
        tags: named(name, args.tags),
      },
      child,
    );
    // ACM asks for the same record for a name and its wildcard, so the first option stands for both.
    const validation = first(certificate.domainValidationOptions);
    const record = new route53.Record(
      `${name}-validation`,
      {
        zoneId: zone,
        name: validation.resourceRecordName,
        type: validation.resourceRecordType,
        records: [validation.resourceRecordValue],
        ttl: 300,
        // ACM asks an account for the same record again and again: one that an earlier certificate left has the same content.
        allowOverwrite: true,
      },
      { ...child, deleteBeforeReplace: true },
    );
    const validated = new acm.CertificateValidation(
      name,
      { certificateArn: certificate.arn, validationRecordFqdns: [record.fqdn] },
      child,
    );

    this.host = args.host;
    this.zone = { id: zone, name: args.hostedZone.name };
    this.certificateArn = validated.certificateArn;
    this.registerOutputs({ host: this.host, zone: this.zone, certificateArn: this.certificateArn });
  }
}

/**
 * The id of an existing public zone.
 * @throws during preview, if the account owns no such zone.
 */
function publicZone(name: string, options: pulumi.InvokeOptions): pulumi.Output<string> {
  const found = route53.getZone({ name, privateZone: false }, options).catch((error: Error) => {
    throw new pulumi.RunError(
      `The public hosted zone ${name} cannot be used (${error.message}). Create it in Route 53, or name the one that holds the hub's domain: \`pulumi config set --path hostedZone.name acme.science\`.`,
    );
  });
  return pulumi.output(found).zoneId;
}
