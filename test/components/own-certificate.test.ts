import { describe, expect, test } from "vitest";
import {
  type CertificateUse,
  certificateProblems,
  expiryOf,
  expiryWarning,
  keyProblem,
  tlsSecretName,
} from "../../components/own-certificate";
import { type CertificateRequest, encrypted, endOf, makeCertificate } from "../support/certificates";

const host = "hub.acme.science";
const day = 24 * 3600 * 1000;
/** A little later than the certificates below are made. */
const today = new Date(Date.now() + 3600 * 1000);
const inDays = (days: number) => new Date(today.getTime() + days * day);

const root = makeCertificate({ names: ["root.acme.science"] });
const issue = (request: Partial<CertificateRequest> = {}) =>
  makeCertificate({ names: [host], issuer: root, ...request });
const shortRoot = makeCertificate({ names: ["root.acme.science"], days: 1 });
const own = issue();
const chain = `${own.certificate}${root.certificate}`;

const problems = (pem: string, use: Partial<CertificateUse> = {}) =>
  certificateProblems(pem, { host, subdomains: false, now: today, ...use });

describe("a certificate of one's own is accepted", () => {
  test.each<[what: string, pem: () => string, use?: Partial<CertificateUse>]>([
    ["with its chain", () => chain],
    ["alone", () => own.certificate],
    [
      "with words around it, as tools print them",
      () => `subject=CN = hub\n${own.certificate}\nissuer:\n${root.certificate}`,
    ],
    ["with Windows line ends", () => chain.replaceAll("\n", "\r\n")],
    ["for a wildcard that holds the host", () => issue({ names: ["*.acme.science"] }).certificate],
    ["for the host and its sub-domains", () => issue({ names: [host, `*.${host}`] }).certificate, { subdomains: true }],
    [
      "with RSA 2048",
      () => issue({ algorithm: ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"] }).certificate,
    ],
    ["for servers", () => issue({ usage: "serverAuth,clientAuth" }).certificate],
    ["on its last day", () => own.certificate, { now: inDays(89) }],
    ["self-signed", () => makeCertificate({ names: [host] }).certificate],
  ])("%s", (_, pem, use) => expect(problems(pem(), use)).toEqual([]));
});

describe("a certificate of one's own is refused", () => {
  test.each<[what: string, pem: () => string, words: RegExp, use?: Partial<CertificateUse>]>([
    ["that is no certificate", () => "hello", /^that holds no certificate: expected PEM text.*fullchain\.pem/],
    ["that is damaged", () => own.certificate.replace(/[A-Z]{3}/, "!!!"), /^that holds no certificate/],
    ["with its key", () => `${own.certificate}${own.key}`, /^that holds a private key; put it into https\.key/],
    [
      "of another host",
      () => issue({ names: ["lab.acme.science", "x.acme.science"] }).certificate,
      /^that is a certificate for lab\.acme\.science, x\.acme\.science: expected one for hub\.acme\.science$/,
    ],
    // Browsers have not looked at the common name since 2017 (RFC 6125, Chrome 58).
    [
      "that names the host as common name only",
      () => issue({ names: [] }).certificate,
      /for no host name: expected one/,
    ],
    [
      "without the sub-domains that users get",
      () => chain,
      /^that covers hub\.acme\.science, but users\.subdomains, or users\.trust untrusted, gives each user a host name .* expected one for hub\.acme\.science and \*\.hub\.acme\.science, or https\.kind offload$/,
      { subdomains: true },
    ],
    [
      "whose wildcard is one level too high",
      () => issue({ names: [host, "*.acme.science"] }).certificate,
      /expected one for hub\.acme\.science and \*\.hub\.acme\.science/,
      { subdomains: true },
    ],
    [
      "that expired",
      () => own.certificate,
      new RegExp(`^that expired on ${endOf(own)}: .*renew it$`),
      { now: inDays(91) },
    ],
    [
      "whose issuer expired",
      () => `${issue({ issuer: shortRoot }).certificate}${shortRoot.certificate}`,
      /an issuer \(number 2\) that expired on/,
      { now: inDays(2) },
    ],
    [
      "whose chain is cut off",
      () => `${own.certificate}${root.certificate.slice(0, 200)}`,
      /^that holds no certificate: expected PEM text/,
    ],
    ["that is not valid yet", () => own.certificate, /^that is not valid before/, { now: inDays(-2) }],
    [
      "with RSA 1024",
      () => issue({ algorithm: ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"] }).certificate,
      /weak or unusual key: expected RSA with at least 2048 bits, or ECDSA/,
    ],
    [
      "with a key that browsers do not speak",
      () => issue({ algorithm: ["-algorithm", "ED25519"] }).certificate,
      /unusual key/,
    ],
    ["for clients", () => issue({ usage: "clientAuth" }).certificate, /another purpose: expected one for servers/],
    [
      "after its issuer",
      () => `${root.certificate}${own.certificate}`,
      /^that does not begin with the certificate of hub\.acme\.science/,
    ],
    [
      "with the wrong issuer",
      () => `${own.certificate}${makeCertificate({ names: ["root.acme.science"] }).certificate}`,
      /^that is out of order: certificate 1 was not issued by certificate 2/,
    ],
  ])("%s", (_, pem, words, use) => expect(problems(pem(), use)[0]).toMatch(words));

  test("with all that is wrong at once", () =>
    expect(
      problems(issue({ names: ["x.acme.science"], usage: "clientAuth" }).certificate, { now: inDays(91) }),
    ).toHaveLength(3));
});

describe("a key", () => {
  test("that goes with the certificate is accepted", () => expect(keyProblem(own.key, chain)).toBeUndefined());

  test.each<[what: string, key: () => string, words: RegExp]>([
    ["of another certificate", () => root.key, /^that is the key of another certificate/],
    ["behind a passphrase", () => encrypted(own.key), /^that is encrypted by a passphrase.*openssl pkey -in/],
    ["that is none", () => "hello", /^that is no private key: expected PEM text.*--secret --path https\.key/],
    ["that is a certificate", () => own.certificate, /^that is no private key/],
  ])("%s is refused, and not shown", (_, key, words) => {
    const problem = keyProblem(key(), chain) ?? "";
    expect(problem).toMatch(words);
    for (const line of key().split("\n")) if (line.length > 20) expect(problem).not.toContain(line);
  });
});

describe("the end of a certificate", () => {
  test("is that of the first of the chain to end", () => {
    expect(expiryOf(`${own.certificate}${shortRoot.certificate}`)?.toISOString().slice(0, 10)).toBe(endOf(shortRoot));
    expect(expiryOf("hello")).toBeUndefined();
  });

  test("is warned of in its last 30 days", () => {
    expect(expiryWarning(own.certificate, inDays(59))).toBeUndefined();
    expect(expiryWarning(own.certificate, inDays(61))).toMatch(
      new RegExp(`expires on ${endOf(own)}, in (28|29) days: renew it`),
    );
  });
});

test("another certificate has another Secret, the same one the same", () => {
  expect(tlsSecretName(chain)).toMatch(/^hub-tls-[0-9a-f]{10}$/);
  expect(tlsSecretName(`${chain}\n`)).toBe(tlsSecretName(chain));
  expect(tlsSecretName(issue().certificate)).not.toBe(tlsSecretName(chain));
});
