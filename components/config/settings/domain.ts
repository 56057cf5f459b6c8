import { z } from "zod";
import { hostName } from "../formats";
import type { Relation } from "../relations";

/** The hub's host name, for example `hub.acme.science`. */
export const domain = hostName.refine((name) => name.length <= 64, {
  error:
    "expected at most 64 characters, because certificates name no longer host (RFC 5280), for example hub.acme.science",
});

/** The public Route 53 zone of the host name. Default: the host name without its first label. */
export const hostedZone = z.strictObject({ name: hostName }).optional();

export const domainRelations: readonly Relation[] = [
  {
    path: ["hostedZone", "name"],
    broken: ({ domain, hostedZone } = {}) => {
      const zone = hostedZone?.name;
      if (domain === undefined || zone === undefined || domain === zone || domain.endsWith(`.${zone}`)) return;
      return `expected a zone that holds ${domain}, for example ${domain.split(".").slice(1).join(".")}`;
    },
  },
];
