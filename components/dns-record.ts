import * as pulumi from "@pulumi/pulumi";

/** A record that the owner of a domain creates by hand, where the domain is hosted elsewhere. */
export interface DnsRecord {
  /** Complete name, without a final dot. */
  readonly name: string;
  readonly type: "CNAME";
  readonly value: string;
  /** What it is good for. */
  readonly purpose: string;
}

/** The record in one line, as it is typed into the form of a DNS provider. */
function inOneLine({ name, type, value, purpose }: DnsRecord): string {
  return `${name} ${type} ${value} (${purpose})`;
}

/** Tells people during `up`, as soon as the records are known, what they have to create. */
export function announce(records: pulumi.Output<readonly DnsRecord[]>, resource: pulumi.Resource): void {
  if (pulumi.runtime.isDryRun()) return;
  records.apply((known) => {
    for (const record of known) pulumi.log.info(`Create where the domain is hosted: ${inOneLine(record)}`, resource);
  });
}
