import type { Settings } from "../config/settings";
import { usesCache } from "../config/settings/images";
import { isPrivate } from "../config/settings/ranges";
import { hasSubdomains } from "../config/settings/users";
import { list } from "./words";

export function trustInWords(users: Settings["users"]): string {
  const place = hasSubdomains(users) ? "a host name for each user" : "one host name for all";
  return users.trust === "untrusted"
    ? `untrusted: ${place}, servers that their users cannot change, no sharing`
    : `semi-trusted: ${place}`;
}

export function userEgressInWords(egress: Settings["users"]["egress"]): string {
  switch (egress.kind) {
    case "internet":
      return "names, the hub, and the public internet; no private address";
    case "allow-list":
      return `names, the hub, and ${list(egress.to.map(({ cidr, ports }) => `${cidr} (${isPrivate(cidr) ? "private, " : ""}TCP ${ports.join(", ")})`))}`;
    case "none":
      return "names and the hub, nothing else";
  }
}

export function userAwsAccessInWords(access: Settings["users"]["awsAccess"]): string {
  if (access === undefined) return "none";
  const buckets = access.buckets.map(({ name, prefix = "", perUser, ...bucket }) => {
    const where = typeof name === "string" ? `${name}/${prefix}` : `a bucket of the program/${prefix}`;
    return `${bucket.access} ${where}${perUser ? ", each server below its pod's name" : ""}`;
  });
  return `one role for all user servers, by Pod Identity: ${list([...buckets, ...access.policyArns])}`;
}

export function imagesInWords(settings: Settings): string {
  const { users } = settings;
  return `users: ${userImage(users.image)}; public images ${usesCache(settings) ? "through a scanned cache in the account" : "from their registries"}`;
}

function userImage(image: Settings["users"]["image"]): string {
  if (image === undefined) return "the chart's public sample image, pinned";
  const { name = "the hub's repository", tag, digest } = image;
  return [name, tag && `:${tag}`, digest && `@${digest}`].join("");
}
