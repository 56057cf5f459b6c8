import * as pulumi from "@pulumi/pulumi";
import { certificateElsewhere, certificateIn } from "./acm-certificate";
import type { DnsRecord } from "./dns-record";
import { type HostedZone, zoneFor } from "./hosted-zone";
import type { Tags } from "./tags";

/** Arguments of {@link Domain}. */
export interface DomainArgs {
  /** The hub's host name, at most 64 characters, for example `hub.acme.science`. */
  readonly host: string;
  /** Whether each user gets a sub-domain below the host: the certificate covers these names, too. Default: false. */
  readonly subdomains?: boolean | undefined;
  /** The Route 53 zone that holds the host. Default: the existing public one named like the host without its first label. */
  readonly hostedZone?: HostedZone | undefined;
  /**
   * `request`: an ACM certificate, validated by DNS; `existing`: an ACM certificate by its ARN; `none`: TLS ends elsewhere.
   * Default: `request`.
   */
  readonly certificate?: DomainCertificate | undefined;
  /** The VPC that gets to know the names of a private zone. Left out: those that know it already are enough. */
  readonly vpcId?: pulumi.Input<string> | undefined;
  /** Tags for everything that can be tagged. */
  readonly tags?: Tags | undefined;
}

export type DomainCertificate =
  | { readonly kind: "request" }
  | { readonly kind: "existing"; readonly arn: pulumi.Input<string> }
  | { readonly kind: "none" };

/**
 * The hub's name: its hosted zone, and an ACM certificate for it. `AddressRecords` lead from the name to a load balancer.
 *
 * @throws RunError if a certificate is to be requested in a private zone: ACM looks for its record in public DNS.
 */
export class Domain extends pulumi.ComponentResource {
  readonly host: string;
  readonly subdomains: boolean;
  /** The zone that holds the host; undefined where it is hosted elsewhere. */
  readonly zone: { readonly id: pulumi.Output<string>; readonly name: pulumi.Output<string> } | undefined;
  /** ARN of the certificate, known once it can be used; undefined if there is none. */
  readonly certificateArn: pulumi.Output<string> | undefined;
  /** What the domain's owner has to create by hand for the certificate; empty where the zone is in Route 53. */
  readonly records: pulumi.Output<DnsRecord[]>;

  constructor(name: string, args: DomainArgs, opts?: pulumi.ComponentResourceOptions) {
    const { host, subdomains = false, hostedZone = {}, certificate = { kind: "request" } } = args;
    if (hostedZone.kind === "private" && certificate.kind === "request") {
      throw new pulumi.RunError(
        `ACM looks for the record that proves ${host} in public DNS and finds none in a private zone: name a certificate by its ARN.`,
      );
    }
    super("jupyterhub-eks:index:Domain", name, args, opts);
    const context = { name, host, subdomains, vpcId: args.vpcId, tags: args.tags, parent: this };
    const zone = zoneFor(hostedZone, context);

    this.host = host;
    this.subdomains = subdomains;
    this.zone = zone && { id: zone.id, name: zone.name };
    this.records = pulumi.output([]);
    if (certificate.kind === "existing") {
      this.certificateArn = pulumi.output(certificate.arn);
    } else if (certificate.kind === "request" && zone !== undefined) {
      this.certificateArn = certificateIn(zone, context);
    } else if (certificate.kind === "request") {
      const { arn, records } = certificateElsewhere(validationTimeout(hostedZone), context);
      this.certificateArn = arn;
      this.records = records;
    }
    this.registerOutputs({
      host: this.host,
      subdomains: this.subdomains,
      zone: this.zone,
      certificateArn: this.certificateArn,
      records: this.records,
    });
  }
}

/** Minutes that the owner of a domain has to create the record that proves it. */
function validationTimeout(hostedZone: HostedZone): number {
  return (hostedZone.kind === "elsewhere" ? hostedZone.validationTimeoutMinutes : undefined) ?? 30;
}
