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
  {
    path: ["https", "kind"],
    broken: ({ https, hub } = {}) =>
      https?.kind === "tls-secret" &&
      hub?.createNamespace === true &&
      "the Secret has to be in the hub's namespace before the hub, but hub.createNamespace is true: nothing can be in it; set that to false for a namespace that exists, or choose https.kind certificate",
  },
];
