import * as route53 from "@pulumi/aws/route53";
import * as pulumi from "@pulumi/pulumi";
import { announce, type DnsRecord } from "./dns-record";

/** Arguments of {@link AddressRecords}. */
export interface AddressRecordsArgs {
  /** The names, and the zone that holds them: a `Domain`, or its parts. */
  readonly domain: {
    /** The hub's host name. */
    readonly host: string;
    /** Whether the names below the host lead to the same place: one for each user. Default: false. */
    readonly subdomains?: boolean | undefined;
    /** The Route 53 zone. Left out where the domain is hosted elsewhere: nothing is made then, `records` says what to create. */
    readonly zone?: { readonly id: pulumi.Input<string>; readonly name: pulumi.Input<string> } | undefined;
  };
  /** Where the names lead to: a `LoadBalancer`, or its parts. */
  readonly target: {
    /** Host name of the load balancer. */
    readonly address: pulumi.Input<string>;
    /** AWS's own zone of that host name. With it the records are aliases; without it they are CNAMEs, which no zone has at its top. */
    readonly zoneId?: pulumi.Input<string> | undefined;
  };
}

/** The records by which people find the hub, and each user's sub-domain if there are any. */
export class AddressRecords extends pulumi.ComponentResource {
  /** What the domain's owner has to create by hand; empty where the zone is in Route 53. */
  readonly records: pulumi.Output<DnsRecord[]>;

  constructor(name: string, args: AddressRecordsArgs, opts?: pulumi.ComponentResourceOptions) {
    const { host, subdomains, zone } = args.domain;
    const { address, zoneId } = args.target;
    const names = subdomains ? [host, `*.${host}`] : [host];
    super(
      "jupyterhub-eks:index:AddressRecords",
      name,
      { domain: { host, subdomains, zone: zone && { id: zone.id, name: zone.name } }, target: { address, zoneId } },
      opts,
    );
    const child = { parent: this };

    if (zone === undefined) {
      this.records = pulumi.output(address).apply((value) => names.map((each) => leadingTo(value, each)));
      announce(this.records, this);
    } else {
      for (const [index, each] of names.entries()) {
        new route53.Record(
          index === 0 ? name : `${name}-wildcard`,
          {
            zoneId: zone.id,
            name: each,
            ...(zoneId === undefined
              ? { type: "CNAME", ttl: 300, records: [notAtTheTop(host, zone.name, address)] }
              : { type: "A", aliases: [{ name: address, zoneId, evaluateTargetHealth: false }] }),
          },
          child,
        );
      }
      this.records = pulumi.output([]);
    }
    this.registerOutputs({ records: this.records });
  }
}

function leadingTo(value: string, name: string): DnsRecord {
  const purpose = name.startsWith("*.") ? "leads users to their sub-domains" : "leads people to the hub";
  return { name, type: "CNAME", value, purpose };
}

/** @throws if the host is the zone itself: DNS knows no CNAME beside the records that every zone has. */
function notAtTheTop(
  host: string,
  zoneName: pulumi.Input<string>,
  address: pulumi.Input<string>,
): pulumi.Output<string> {
  return pulumi.all([zoneName, address]).apply(([zone, value]) => {
    if (zone !== host) return value;
    throw new pulumi.RunError(
      `${host} is the top of its zone, which can hold no CNAME to ${value}: name the load balancer's own zone for an alias, or choose a name below, for example hub.${host}.`,
    );
  });
}
