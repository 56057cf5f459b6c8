import { z } from "zod";
import { acmCertificateArn, emailAddress, kubernetesName, orOutput } from "../formats";
import type { KnownSettings, Relation } from "../relations";
import { secret } from "./secret";
import { hasSubdomains } from "./users";

/** TLS ends at the load balancer, with a certificate of AWS Certificate Manager. */
const offload = z.strictObject({
  kind: z.literal("offload").optional().default("offload"),
  /** `alb`: an application load balancer; `nlb`: a network load balancer, which can have fixed addresses. */
  loadBalancer: z.enum(["alb", "nlb"]).default("alb"),
  /** An ACM certificate of the stack's region. Default: one is requested, and validated by DNS. */
  certificateArn: orOutput(
    acmCertificateArn,
    "expected the ARN of an ACM certificate, as text or as an output",
  ).optional(),
});

/** TLS ends in the cluster, with certificates that Let's Encrypt issues and the hub renews. */
const letsEncrypt = z.strictObject({
  kind: z.literal("letsencrypt"),
  /** Of the account at Let's Encrypt. It sends no reminders since June 2025: renewal is the cluster's affair. */
  contactEmail: emailAddress,
  /** `staging` for trials: no browser trusts its certificates, but its rate limits are wide. */
  server: z.enum(["production", "staging"]).default("production"),
});

/** TLS ends in the cluster, with a certificate of one's own. */
const certificate = z.strictObject({
  kind: z.literal("certificate"),
  /** PEM text: the certificate, then its chain. */
  certificate: orOutput(
    z.string(),
    "expected PEM text, as text or as an output, for example by `pulumi config set --path https.certificate < fullchain.pem`",
  ),
  /** PEM text: the certificate's private key. */
  key: secret("https.key"),
});

/** TLS ends in the cluster, with a certificate that somebody else puts there and renews. */
const tlsSecret = z.strictObject({
  kind: z.literal("tls-secret"),
  /** An existing Secret of type `kubernetes.io/tls` in the hub's namespace. */
  name: orOutput(kubernetesName, "expected the name of a Secret, as text or as an output"),
});

/** Where TLS ends, and whose certificate it is. */
export const https = z.discriminatedUnion("kind", [offload, letsEncrypt, certificate, tlsSecret]).prefault({});

const otherCertificates =
  "choose https.kind offload (a certificate of ACM), or certificate or tls-secret (one of your own)";

/** Let's Encrypt proves who owns a name by asking it over HTTP, from anywhere ("Let's Encrypt, Challenge Types: HTTP-01"). */
function reachedByLetsEncrypt(clash: (settings: KnownSettings) => string | false | undefined): Relation {
  return {
    path: ["https", "kind"],
    broken: (settings) => {
      const reason = settings?.https?.kind === "letsencrypt" && clash(settings);
      return reason && `${reason}; ${otherCertificates}`;
    },
  };
}

export const httpsRelations: readonly Relation[] = [
  reachedByLetsEncrypt(
    ({ exposure } = {}) =>
      exposure?.kind === "internal" &&
      "Let's Encrypt has to reach the hub from the internet, but exposure.kind is internal",
  ),
  reachedByLetsEncrypt(
    ({ exposure } = {}) =>
      (exposure?.sourceCidrs?.length ?? 0) > 0 &&
      "Let's Encrypt asks from addresses that it does not tell, and exposure.sourceCidrs would keep it out",
  ),
  reachedByLetsEncrypt(
    ({ exposure } = {}) =>
      exposure?.managedBy === "service" &&
      "the certificate needs a name that leads to the load balancer already, but with exposure.managedBy: service that comes with the hub itself",
  ),
  reachedByLetsEncrypt(
    ({ hostedZone } = {}) =>
      hostedZone?.kind === "private" &&
      "Let's Encrypt has to look up the name from the internet, but hostedZone.kind is private",
  ),
  reachedByLetsEncrypt(
    ({ domain, users } = {}) =>
      hasSubdomains(users ?? {}) &&
      `users.subdomains ${users?.subdomains ? "is true" : "comes with users.trust untrusted"} and needs a certificate for *.${domain}, but Let's Encrypt asks over HTTP and issues no wildcards for that`,
  ),
  {
    path: ["https", "loadBalancer"],
    broken: ({ https, exposure } = {}) =>
      https?.kind === "offload" &&
      https.loadBalancer === "alb" &&
      exposure?.managedBy === "service" &&
      "with exposure.managedBy: service the cluster makes a network load balancer; set https.loadBalancer to nlb",
  },
];
