import { createHash, createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";

/*
 * Certificates that somebody brings, as PEM text. Messages tell what is wrong and what is expected, and never repeat a text:
 * it could be a key.
 */

/** What a certificate has to be good for. */
export interface CertificateUse {
  readonly host: string;
  /** Whether each user has a host name below. */
  readonly subdomains: boolean;
  readonly now: Date;
}

const day = 24 * 3600 * 1000;
const blocks = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
const example =
  "expected PEM text, the hub's own certificate first and then those that issued it, for example by `pulumi config set --path https.certificate < fullchain.pem`";

/** The certificate and its chain; undefined if the text holds none, or something that is none. */
function readChain(pem: string): readonly [X509Certificate, ...X509Certificate[]] | undefined {
  try {
    const found = pem.match(blocks) ?? [];
    // A block that was cut off: the proxy would not start with it.
    if (found.length < pem.split("-----BEGIN ").length - 1) return undefined;
    const [first, ...others] = found.map((block) => new X509Certificate(block));
    return first && [first, ...others];
  } catch {
    return undefined;
  }
}

/** Why a certificate cannot serve, if it cannot: everything at once. */
export function certificateProblems(pem: string, use: CertificateUse): string[] {
  if (/PRIVATE KEY/.test(pem)) {
    return ["that holds a private key; put it into https.key, and only certificates here"];
  }
  const chain = readChain(pem);
  if (chain === undefined) return [`that holds no certificate: ${example}`];
  return [
    ...hostProblems(chain, use),
    ...dateProblems(chain, use.now),
    ...strengthProblems(chain),
    ...orderProblems(chain),
  ];
}

type Chain = readonly [X509Certificate, ...X509Certificate[]];

function hostProblems([own, ...issuers]: Chain, { host, subdomains }: CertificateUse): string[] {
  const holds = (certificate: X509Certificate) => certificate.checkHost(host, { subject: "never" }) !== undefined;
  if (!holds(own)) {
    return issuers.some(holds)
      ? [`that does not begin with the certificate of ${host}, which comes later: ${example}`]
      : [`that is a certificate for ${list(namesOf(own))}: expected one for ${needed(host, subdomains)}`];
  }
  if (!subdomains || namesOf(own).includes(`*.${host}`)) return [];
  return [
    `that covers ${list(namesOf(own))}, but users.subdomains, or users.trust untrusted, gives each user a host name below ${host}: expected one for ${needed(host, true)}, or https.kind offload`,
  ];
}

const needed = (host: string, subdomains: boolean) => (subdomains ? `${host} and *.${host}` : host);
const list = (names: readonly string[]) => (names.length === 0 ? "no host name" : names.join(", "));

/** Host names of a certificate. Browsers look at no other field. */
function namesOf({ subjectAltName = "" }: X509Certificate): string[] {
  return subjectAltName.split(", ").flatMap((name) => (name.startsWith("DNS:") ? [name.slice(4).toLowerCase()] : []));
}

function dateProblems(chain: Chain, now: Date): string[] {
  return chain.flatMap((certificate, index) => {
    const which = index === 0 ? "that" : `that has an issuer (number ${index + 1}) that`;
    if (Date.parse(certificate.validTo) < now.getTime())
      return [`${which} expired on ${dateOf(certificate.validTo)}: expected one that is valid; renew it`];
    if (Date.parse(certificate.validFrom) > now.getTime())
      return [`${which} is not valid before ${dateOf(certificate.validFrom)}: expected one that is valid today`];
    return [];
  });
}

const dateOf = (text: string) => new Date(text).toISOString().slice(0, 10);

/** What browsers and the proxy speak ("NIST SP 800-52, Guidelines for TLS": RSA from 2048 bits, ECDSA on the NIST curves). */
const curves = ["prime256v1", "secp384r1", "secp521r1"];
const serverAuthentication = ["1.3.6.1.5.5.7.3.1", "2.5.29.37.0"];

function strengthProblems([own]: Chain): string[] {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details = {} } = own.publicKey;
  const isStrong =
    (type === "rsa" && (details.modulusLength ?? 0) >= 2048) ||
    (type === "ec" && curves.includes(details.namedCurve ?? ""));
  const usages = own.keyUsage as readonly string[] | undefined;
  return [
    ...(isStrong
      ? []
      : ["that has a weak or unusual key: expected RSA with at least 2048 bits, or ECDSA on P-256, P-384 or P-521"]),
    ...(usages === undefined || usages.some((usage) => serverAuthentication.includes(usage))
      ? []
      : ["that was issued for another purpose: expected one for servers (extended key usage serverAuth)"]),
  ];
}

function orderProblems(chain: Chain): string[] {
  const broken = chain.findIndex((certificate, index) => {
    const issuer = chain[index + 1];
    return issuer !== undefined && !(certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey));
  });
  return broken < 0
    ? []
    : [`that is out of order: certificate ${broken + 1} was not issued by certificate ${broken + 2}; ${example}`];
}

/** Why a key does not go with a certificate, if it does not. */
export function keyProblem(key: string, certificatePem: string): string | undefined {
  const parsed = readKey(key);
  if (typeof parsed === "string") return parsed;
  const [own] = readChain(certificatePem) ?? [];
  if (own === undefined || own.checkPrivateKey(parsed)) return undefined;
  return "that is the key of another certificate: expected the one that https.certificate was requested with";
}

function readKey(pem: string): KeyObject | string {
  if (/BEGIN ENCRYPTED|ENCRYPTED$/m.test(pem)) {
    return "that is encrypted by a passphrase, which nobody types when the proxy starts: expected it without, for example by `openssl pkey -in key.pem -out plain.pem`";
  }
  try {
    return createPrivateKey(pem);
  } catch {
    return "that is no private key: expected PEM text, for example by `pulumi config set --secret --path https.key < privkey.pem`";
  }
}

/** When the certificate, or one that it depends on, ends; undefined if the text holds none. */
export function expiryOf(pem: string): Date | undefined {
  const ends = readChain(pem)?.map(({ validTo }) => Date.parse(validTo));
  return ends && new Date(Math.min(...ends));
}

/** What to say about a certificate that ends soon. */
export function expiryWarning(pem: string, now: Date): string | undefined {
  const end = expiryOf(pem);
  if (end === undefined || end.getTime() - now.getTime() > 30 * day) return undefined;
  const days = Math.max(0, Math.floor((end.getTime() - now.getTime()) / day));
  return `The certificate of the hub expires on ${end.toISOString().slice(0, 10)}, in ${days} days: renew it, set https.certificate and https.key, and run \`pulumi up\`.`;
}

/** Name of the Secret that holds a certificate: another one for another certificate, so that the proxy starts anew with it. */
export function tlsSecretName(pem: string): string {
  return `hub-tls-${createHash("sha256").update(pem.trim()).digest("hex").slice(0, 10)}`;
}
