import * as route53 from "@pulumi/aws/route53";
import * as pulumi from "@pulumi/pulumi";
import { liesBelow, liesIn, parentOf } from "./host-names";
import { lookUp } from "./look-up";
import { named, type Tags } from "./tags";

/** A zone that exists, by its name or its id. Neither: the name is derived from the host. */
export interface ZoneReference {
  /** For example `acme.science`. */
  readonly name?: string | undefined;
  /** For example `Z0123456789ABCDEFGHIJ`: where several zones have one name, and where another resource is the zone. */
  readonly id?: pulumi.Input<string> | undefined;
}

/** A public zone of the account. Default: the one named like the host without its first label. */
export interface ExistingZone extends ZoneReference {
  readonly kind?: "existing" | undefined;
}

/** A new public zone, to which a zone of the account delegates. */
export interface ChildZone {
  readonly kind: "child";
  /** Default: the host itself. */
  readonly name?: string | undefined;
  /** The zone above. Default: the one named like the new zone without its first label. */
  readonly parent?: ZoneReference | undefined;
}

/** A private zone of the account: only VPCs that are associated with it know its names. */
export interface PrivateZone extends ZoneReference {
  readonly kind: "private";
}

/** No zone of the account: the domain's owner creates the records by hand. */
export interface ZoneElsewhere {
  readonly kind: "elsewhere";
  /** Minutes that a deployment waits for the certificate's validation. Default: 30. */
  readonly validationTimeoutMinutes?: number | undefined;
}

export type HostedZone = ExistingZone | ChildZone | PrivateZone | ZoneElsewhere;

/** A Route 53 zone that holds the host. */
export interface Zone {
  readonly id: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;
  /** What has to exist before its names can be looked up. */
  readonly reachable: readonly pulumi.Resource[];
}

interface ZoneContext {
  /** Begins the names of what is made. */
  readonly name: string;
  readonly host: string;
  /** The VPC that gets to know a private zone. */
  readonly vpcId: pulumi.Input<string> | undefined;
  readonly tags: Tags | undefined;
  readonly parent: pulumi.Resource;
}

/** Finds the zone of the host, or makes it; undefined where it is hosted elsewhere. */
export function zoneFor(hostedZone: HostedZone, context: ZoneContext): Zone | undefined {
  switch (hostedZone.kind) {
    case undefined:
    case "existing":
      return { ...existing(hostedZone, context, { isPrivate: false }), reachable: [] };
    case "child":
      return child(hostedZone, context);
    case "private":
      return known(existing(hostedZone, context, { isPrivate: true }), context);
    case "elsewhere":
      return undefined;
  }
}

function existing(reference: ZoneReference, { host, parent }: ZoneContext, { isPrivate }: { isPrivate: boolean }) {
  const zone = zoneOf(reference, parentOf(host), isPrivate, parent);
  const holding = zone.apply(({ zoneId, name }) => {
    if (liesIn(host, name)) return { id: zoneId, name };
    throw new pulumi.RunError(`The hosted zone ${name} does not hold ${host}: name the zone that does.`);
  });
  return { id: holding.id, name: holding.name };
}

/** A zone below one of the account, delegated to in the same pass. */
function child({ name: zoneName, parent: above = {} }: ChildZone, { name, host, tags, parent }: ZoneContext): Zone {
  const opts = { parent };
  const ownName = zoneName ?? host;
  const parentZone = zoneOf(above, parentOf(ownName), false, parent).apply((found) => {
    if (liesBelow(ownName, found.name)) return found;
    throw new pulumi.RunError(
      `The zone ${ownName} cannot be made below ${found.name}: name the zone above it, for example ${parentOf(ownName)}.`,
    );
  });
  const zone = new route53.Zone(name, { name: ownName, comment: `Names of ${host}`, tags: named(name, tags) }, opts);
  const delegation = new route53.Record(
    `${name}-delegation`,
    // Resolvers remember the delegation: a zone that is made anew is found after five minutes, not after two days.
    { zoneId: parentZone.zoneId, name: ownName, type: "NS", ttl: 300, records: zone.nameServers },
    opts,
  );
  return { id: zone.zoneId, name: pulumi.output(ownName), reachable: [delegation] };
}

/** A private zone, made known to a VPC if one is given. */
function known(zone: Omit<Zone, "reachable">, { name, vpcId, parent }: ZoneContext): Zone {
  if (vpcId === undefined) return { ...zone, reachable: [] };
  return { ...zone, reachable: [new route53.ZoneAssociation(name, { zoneId: zone.id, vpcId }, { parent })] };
}

/** @throws during preview, if the account owns no such zone. */
function zoneOf(
  { name, id }: ZoneReference,
  defaultName: string,
  isPrivate: boolean,
  parent: pulumi.Resource,
): pulumi.Output<route53.GetZoneResult> {
  const kind = isPrivate ? "private" : "public";
  const wanted = id === undefined ? { name: name ?? defaultName } : { zoneId: id };
  const found = lookUp(
    pulumi.output<{ name?: string; zoneId?: pulumi.Input<string> }>(wanted),
    (query) => route53.getZone({ ...query, privateZone: isPrivate }, { parent }),
    (query, reason) =>
      `The ${kind} hosted zone ${query.name ?? query.zoneId} cannot be used (${reason}). Create it in Route 53, or name another: \`pulumi config set --path hostedZone.name acme.science\`, or hostedZone.id where several have one name.`,
  );
  return found.apply((zone) => {
    if (Boolean(zone.privateZone) === isPrivate) return zone;
    throw new pulumi.RunError(
      `The hosted zone ${zone.name} (${zone.zoneId}) is ${isPrivate ? "public" : "private"}, but a ${kind} one is expected: name another, or choose another hostedZone.kind.`,
    );
  });
}
