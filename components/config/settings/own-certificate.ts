import { certificateProblems } from "../../own-certificate";
import type { Relation } from "../relations";

/** What a certificate of one's own has to be good for is said by other settings. */
export const certificateRelations: readonly Relation[] = [
  {
    path: ["https", "certificate"],
    broken: ({ domain, https } = {}) => {
      if (domain === undefined || https?.kind !== "certificate" || typeof https.certificate !== "string") return;
      return certificateProblems(https.certificate, { host: domain, subdomains: false, now: new Date() }).join("; ");
    },
  },
];
