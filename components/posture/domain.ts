import type { Settings } from "../config/settings";
import { parentOf } from "../host-names";
import { expiryOf } from "../own-certificate";

/** Under which name the hub is found, and who keeps that. */
export function domainInWords({ domain, hostedZone }: Settings): string {
  switch (hostedZone.kind) {
    case "existing":
      return `${domain} in the public zone ${zoneInWords(hostedZone, domain)}`;
    case "child":
      return `${domain} in the new public zone ${hostedZone.name ?? domain}, to which ${zoneInWords(hostedZone.parent, hostedZone.name ?? domain)} delegates`;
    case "private":
      return `${domain} in the private zone ${zoneInWords(hostedZone, domain)}: known in its VPCs only`;
    case "elsewhere":
      return `${domain}, hosted elsewhere: its owner keeps the records`;
  }
}

function zoneInWords({ name, id }: { name?: string | undefined; id?: unknown }, below: string): string {
  if (typeof id === "string") return id;
  return id === undefined ? (name ?? parentOf(below)) : "of another resource";
}

/** Whose certificate it is, and who renews it. */
export function certificateInWords({ https, hostedZone }: Settings): string {
  switch (https.kind) {
    case "offload":
      if (https.certificateArn !== undefined) {
        const name = typeof https.certificateArn === "string" ? https.certificateArn : "of another resource";
        return `ACM certificate ${name}: renewed by AWS if AWS issued it, else by its owner`;
      }
      return `ACM certificate, renewed by AWS as long as its record is in DNS${hostedZone.kind === "elsewhere" ? ", which its owner sees to" : ""}`;
    case "letsencrypt":
      return https.server === "production"
        ? "Let's Encrypt certificate, renewed by the hub"
        : "Let's Encrypt certificate of the staging service, which no browser trusts";
    case "certificate":
      return `certificate of one's own${endInWords(https.certificate)}: renewed by its owner`;
    case "tls-secret":
      return `certificate of the Secret ${typeof https.name === "string" ? https.name : "of another resource"}: renewed by its owner`;
  }
}

function endInWords(certificate: unknown): string {
  const end = typeof certificate === "string" ? expiryOf(certificate) : undefined;
  return end === undefined ? "" : `, valid until ${end.toISOString().slice(0, 10)}`;
}
