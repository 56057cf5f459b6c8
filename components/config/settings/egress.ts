import { z } from "zod";
import { cidr, inside, overlap } from "../formats";
import type { Relation } from "../relations";
import { wholeNumber } from "./numbers";
import { privateRanges } from "./ranges";

/** Instance metadata and its neighbours: credentials are what lies there. */
const linkLocal = "169.254.0.0/16";

const port = "expected a port, 1 to 65535, for example 443";

const destination = z.strictObject({
  /** An IPv4 range. A private one is opened like any other: list it only where users need what lies there. */
  cidr: cidr
    .refine((range) => !overlap(range, linkLocal), {
      error:
        "that holds the instance metadata (169.254.169.254), whose credentials no user may have; list the ranges that users need, for example 198.51.100.0/24",
    })
    .refine((range) => inside(range, privateRanges) !== false || !privateRanges.some((each) => overlap(range, each)), {
      error: `that also opens private addresses; list what is meant of ${privateRanges.join(", ")} by itself, for example 10.0.7.0/24`,
    })
    .refine((range) => !privateRanges.includes(range), {
      error:
        "that opens a whole private network: the API server, databases, other users' pods; list the part that users need, for example 10.0.7.0/24",
    }),
  /** TCP ports. */
  ports: z.array(wholeNumber.min(1, port).max(65_535, port)).min(1, port).default([443]),
});

/** What user servers reach outside of the hub. They resolve names in each case. */
export const egress = z
  .discriminatedUnion("kind", [
    /** The public internet: no private address, no instance metadata. */
    z.strictObject({ kind: z.literal("internet").optional().default("internet") }),
    /** Listed ranges and ports, and nothing else. */
    z.strictObject({
      kind: z.literal("allow-list"),
      to: z.array(destination).min(1, "expected at least one destination, or kind none for none at all"),
    }),
    z.strictObject({ kind: z.literal("none") }),
  ])
  .prefault({});

export const egressRelations: readonly Relation[] = [
  {
    path: ["users", "egress", "to"],
    broken: ({ users, network } = {}) => {
      const vpc = network?.kind === "create" ? network.cidr : undefined;
      const destinations = users?.egress?.kind === "allow-list" ? users.egress.to : undefined;
      const wide = destinations?.find((each) => vpc && each?.cidr && inside(vpc, [each.cidr]))?.cidr;
      return (
        wide &&
        `${wide} opens the hub's whole network (network.cidr is ${vpc}): the API server, databases, other users' pods; list the part that users need, for example ${vpc?.replace(/\/.*/, "/28")}`
      );
    },
  },
  {
    path: ["users", "egress", "kind"],
    broken: ({ users } = {}) =>
      users?.egress?.kind === "none" &&
      users.awsAccess !== undefined &&
      "users.awsAccess is set, and servers without a way out reach no AWS service; choose internet, or allow-list with the addresses of that service",
  },
];
