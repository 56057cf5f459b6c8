import { certificateProblems } from "../../own-certificate";
import type { Relation } from "../relations";
import { hasSubdomains } from "./users";

/** What a certificate has to be good for is said by other settings. */
export const certificateRelations: readonly Relation[] = [
  {
    path: ["https", "certificate"],
    broken: ({ domain: host, https, users } = {}) => {
      if (host === undefined || https?.kind !== "certificate" || typeof https.certificate !== "string") return;
      const subdomains = hasSubdomains(users ?? {});
      return certificateProblems(https.certificate, { host, subdomains, now: new Date() }).join("; ");
    },
  },
];
