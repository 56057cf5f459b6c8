import { certificateProblems } from "../../own-certificate";
import type { Relation } from "../relations";
import { hasSubdomains } from "./users";

/** What a certificate of one's own has to be good for is said by other settings. */
export const certificateRelations: readonly Relation[] = [
  {
    path: ["https", "certificate"],
    broken: ({ domain, https, users } = {}) => {
      if (domain === undefined || https?.kind !== "certificate" || typeof https.certificate !== "string") return;
      const subdomains = users !== undefined && hasSubdomains(users);
      return certificateProblems(https.certificate, { host: domain, subdomains, now: new Date() }).join("; ");
    },
  },
];
