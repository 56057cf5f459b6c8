import { z } from "zod";
import { liesBelow, liesIn, parentOf } from "../../host-names";
import { hostedZoneId, hostNameSuchAs, orOutput } from "../formats";
import type { Relation } from "../relations";
import { wholeNumber } from "./numbers";

/** The hub's host name, for example `hub.acme.science`. */
export const domain = hostNameSuchAs("hub.acme.science").refine((name) => name.length <= 64, {
  error:
    "expected at most 64 characters, because certificates name no longer host (RFC 5280), for example hub.acme.science",
});

const zoneName = hostNameSuchAs("acme.science");

/** A zone by its name or its id. */
const reference = {
  name: zoneName.optional(),
  id: orOutput(hostedZoneId, "expected the id of a Route 53 zone, as text or as an output").optional(),
};

/** A public zone of the account. Default: the one named like the host without its first label. */
const existing = z.strictObject({ kind: z.literal("existing").optional().default("existing"), ...reference });

/** A new public zone, to which a zone of the account delegates. */
const child = z.strictObject({
  kind: z.literal("child"),
  /** Default: the host name. */
  name: zoneName.optional(),
  /** The zone above. Default: the one named like the new zone without its first label. */
  parent: z.strictObject(reference).default({}),
});

/** A private zone of the account. The hub's own VPC is associated with it; that of somebody else is not. */
const privateZone = z.strictObject({ kind: z.literal("private"), ...reference });

/** No zone of the account: the domain's owner creates the records that the deployment names. */
const elsewhere = z.strictObject({
  kind: z.literal("elsewhere"),
  /** Minutes that a deployment waits until the certificate's record can be seen. */
  validationTimeoutMinutes: wholeNumber
    .min(1, "expected at least 1 minute, for example 30")
    .max(4320, "expected at most 4320 minutes, because ACM gives a certificate up after 72 hours, for example 30")
    .default(30),
});

/** Where the hub's name is kept. */
export const hostedZone = z.discriminatedUnion("kind", [existing, child, privateZone, elsewhere]).prefault({});

export const domainRelations: readonly Relation[] = [
  {
    path: ["hostedZone", "name"],
    broken: ({ domain, hostedZone } = {}) => {
      const zone = hostedZone && "name" in hostedZone ? hostedZone.name : undefined;
      if (domain === undefined || zone === undefined || liesIn(domain, zone)) return;
      return `expected a zone that holds ${domain}, for example ${parentOf(domain).includes(".") ? parentOf(domain) : domain}`;
    },
  },
  {
    path: ["hostedZone", "name"],
    broken: ({ domain, hostedZone } = {}, isRefused) => {
      if (hostedZone?.kind !== "existing" && hostedZone?.kind !== "private") return;
      const isOpen = hostedZone.name !== undefined || hostedZone.id !== undefined || isRefused("hostedZone");
      if (domain === undefined || isOpen || parentOf(domain).includes(".")) return;
      return `domain (${domain}) is the top of a zone: expected the name of that zone, for example by \`pulumi config set --path hostedZone.name ${domain}\``;
    },
  },
  {
    path: ["hostedZone", "id"],
    broken: ({ hostedZone } = {}) => hostedZone && "id" in hostedZone && ambiguous(hostedZone, "hostedZone"),
  },
  {
    path: ["hostedZone", "parent", "id"],
    broken: ({ hostedZone } = {}) => hostedZone?.kind === "child" && ambiguous(hostedZone.parent, "hostedZone.parent"),
  },
  {
    path: ["hostedZone", "kind"],
    broken: ({ domain, hostedZone } = {}, isRefused) => {
      if (hostedZone?.kind !== "child" || isRefused("hostedZone")) return;
      const { name: zone = domain, parent } = hostedZone;
      if (zone === undefined || parentOf(zone).includes(".")) return;
      if (parent?.name !== undefined || parent?.id !== undefined) return;
      return `no zone of yours can delegate to ${zone}; choose existing for a zone that you have, or name one below it by hostedZone.name, for example hub.${zone}`;
    },
  },
  {
    path: ["hostedZone", "parent", "name"],
    broken: ({ domain, hostedZone } = {}) => {
      if (hostedZone?.kind !== "child") return;
      const above = hostedZone.parent?.name;
      const zone = hostedZone.name ?? domain;
      if (zone === undefined || above === undefined || liesBelow(zone, above)) return;
      return `expected a zone above the new one (${zone}), for example ${parentOf(zone)}`;
    },
  },
  {
    path: ["hostedZone", "kind"],
    broken: ({ hostedZone, exposure } = {}) =>
      hostedZone?.kind === "private" &&
      exposure?.kind === "internet" &&
      "nobody on the internet can look up a name in a private zone, but exposure.kind is internet; set exposure.kind to internal, or choose existing, child or elsewhere",
  },
  {
    path: ["hostedZone", "kind"],
    broken: ({ hostedZone, https } = {}) =>
      hostedZone?.kind === "private" &&
      https?.kind === "offload" &&
      https.certificateArn === undefined &&
      "ACM looks for its record in public DNS and issues no certificate for a private zone; name one by https.certificateArn, for example arn:aws:acm:eu-central-1:123456789012:certificate/12345678-90ab-cdef-1234-567890abcdef, or set https.kind to certificate or tls-secret",
  },
];

function ambiguous(zone: { name?: unknown; id?: unknown } | undefined, path: string) {
  return zone?.id !== undefined && zone.name !== undefined && `expected this or ${path}.name, not both; keep the id`;
}
