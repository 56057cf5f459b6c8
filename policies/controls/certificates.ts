import { at, type Found, own, UNKNOWN, type Value, type ValueMap } from "../../chart/values";
import { type Control, describe, type Finding, fail, pass, unknown, when } from "../control";
import { certificatesIn } from "../evidence/certificates";
import { type Hub, hubTypes, onHub } from "../evidence/hub";
import type { Resource } from "../evidence/resource";
import { is, isFilled, isGiven, isTruthy } from "../evidence/truth";
import { otherChart } from "../example";

const certificateTypes = ["aws:acm/certificate:Certificate"];
const serverCertificateTypes = ["aws:iam/serverCertificate:ServerCertificate"];

/** Whether the proxy serves HTTPS by the given type of `proxy.https`. */
function served(hub: Hub, ...types: readonly string[]) {
  const https = at(hub.values, "proxy.https");
  const enabled = isTruthy(own(https, "enabled"));
  const type = is(own(https, "type"), ...types);
  return enabled === false || type === false ? false : enabled === true && type === true ? true : UNKNOWN;
}

const manual = (key: Value, cert: Value): ValueMap => ({
  proxy: { https: { enabled: true, type: "manual", manual: { key, cert } } },
});
const pem = (label: string, content = "MIIEvQIBADANBg") =>
  `-----BEGIN ${label}-----\n${content}\n-----END ${label}-----`;

export const manualCertificateWellFormed: Control = {
  name: "manual-certificate-well-formed",
  title: "A certificate in the values is one, with its key",
  reference: ["TLS-07"],
  severity: "medium",
  pack: "security",
  why: "with an excerpt or a placeholder for a certificate the proxy does not start, or serves no HTTPS",
  source: "Zero to JupyterHub, Security: manual HTTPS",
  remediation:
    "set proxy.https.manual.key and proxy.https.manual.cert to the whole PEM texts; better keep them in a Secret of type kubernetes.io/tls and set proxy.https.type: secret",
  types: hubTypes,
  scope: "resource",
  examples: [
    { title: "PEM texts", verdict: "pass", values: manual(pem("PRIVATE KEY"), pem("CERTIFICATE")) },
    {
      title: "the dots of the documentation",
      verdict: "fail",
      values: manual(pem("RSA PRIVATE KEY", "..."), pem("CERTIFICATE", "...")),
    },
    {
      title: "a key that only a password opens",
      verdict: "fail",
      values: manual(pem("ENCRYPTED PRIVATE KEY"), pem("CERTIFICATE")),
    },
    { title: "file names", verdict: "fail", values: manual("tls.key", "tls.crt") },
    { title: "texts not known yet", verdict: "unknown", values: manual(UNKNOWN, UNKNOWN) },
    { title: "another way to HTTPS", verdict: "notApplicable", values: { proxy: { https: { enabled: true } } } },
    otherChart,
  ],
  evaluate: onHub((hub) =>
    when(served(hub, "manual"), "no certificate in the values", () => [
      judgePem(hub, "key", "([A-Z]+ )?PRIVATE KEY", "a private key"),
      judgePem(hub, "cert", "(TRUSTED )?CERTIFICATE", "a certificate"),
    ]),
  ),
};

function judgePem(hub: Hub, key: string, label: string, what: string): Finding {
  const path = `proxy.https.manual.${key}`;
  const value = at(hub.values, path);
  const expected = `${what} as PEM text`;
  if (value === UNKNOWN) return unknown(path, describe(value), expected);
  if (isFilled(value) !== true || typeof value !== "string") return fail(path, describe(value), expected);
  if (/\.\.\.|…|<[^>]*>/.test(value)) return fail(path, "an excerpt with dots or a placeholder", expected);
  if (/-----BEGIN ENCRYPTED |^Proc-Type: .*ENCRYPTED/m.test(value))
    return fail(path, "a key that only a password opens", expected);
  // Tools write other blocks and remarks around the one that counts.
  return new RegExp(`-----BEGIN ${label}-----[^]+-----END ${label}-----`).test(value)
    ? pass(path, what)
    : fail(path, `a text without a whole block of PEM with ${what}`, expected);
}

/** Made for the example: nobody keeps its key. */
const selfSigned = [
  "-----BEGIN CERTIFICATE-----",
  "MIIBjTCCATOgAwIBAgIUeKIVwVFyBtxAsltj6LHVGwh2oXAwCgYIKoZIzj0EAwIw",
  "GzEZMBcGA1UEAwwQaHViLmFjbWUuc2NpZW5jZTAgFw0yNjExMjIwNzU2MDVaGA8y",
  "MTI2MTAyOTA3NTYwNVowGzEZMBcGA1UEAwwQaHViLmFjbWUuc2NpZW5jZTBZMBMG",
  "ByqGSM49AgEGCCqGSM49AwEHA0IABDxcSFKtfIJmMucdzft8CkJOexR5xcZmMzZR",
  "sJENnGA4mMPSt41v65BEMeQbSHLsgKg3aKBCoOXjsiWS+SnCCsqjUzBRMB0GA1Ud",
  "DgQWBBQzgbpz+SZGuLiJHIOI3OuhNxB55DAfBgNVHSMEGDAWgBQzgbpz+SZGuLiJ",
  "HIOI3OuhNxB55DAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUCIFi2",
  "YqYbSo5V/XZ2omxlK7pVl6uC95nI0/Vksd5ex3DxAiEA36JVkycrhfBXfAxassIS",
  "5PGUkrmFJKswNjUrJ9WyaMo=",
  "-----END CERTIFICATE-----",
].join("\n");

export const certificateTrusted: Control = {
  name: "certificate-trusted",
  title: "The certificate is one that browsers trust, with its whole chain",
  reference: ["TLS-14"],
  severity: "medium",
  pack: "operations",
  why: "users who are used to warnings do not notice somebody in the middle",
  source: "JupyterHub, Security settings: enabling SSL encryption",
  remediation:
    "use a certificate of a public authority (Let's Encrypt, ACM) and give it together with its intermediate certificates",
  types: [...hubTypes, ...certificateTypes, ...serverCertificateTypes],
  scope: "resource",
  examples: [
    { title: "Let's Encrypt", verdict: "notApplicable", values: { proxy: { https: { enabled: true } } } },
    {
      title: "a certificate that ACM issues",
      verdict: "pass",
      resources: [{ type: "aws:acm/certificate:Certificate", properties: { domainName: "hub.acme.science" } }],
    },
    {
      title: "a self-signed certificate",
      verdict: "fail",
      resources: [
        { type: "aws:acm/certificate:Certificate", properties: { certificateBody: selfSigned, privateKey: UNKNOWN } },
      ],
    },
    {
      title: "a certificate of a private authority",
      verdict: "unknown",
      resources: [
        {
          type: "aws:acm/certificate:Certificate",
          properties: {
            domainName: "hub.acme.science",
            certificateAuthorityArn: "arn:aws:acm-pca:eu-west-1:123456789012:certificate-authority/a",
          },
        },
      ],
    },
    {
      title: "a certificate not known yet",
      verdict: "unknown",
      resources: [{ type: "aws:acm/certificate:Certificate", properties: { certificateBody: UNKNOWN } }],
    },
    otherChart,
  ],
  evaluate: (resource, context) => {
    if (hubTypes.includes(resource.type)) return judgeHubCertificate(resource, context);
    const body = own(resource.properties, "certificateBody");
    if (body === undefined || body === null) return judgeIssued(resource);
    return judgeChain("certificateBody", body, own(resource.properties, "certificateChain"));
  },
};

const publicly = "a certificate of a public authority with its intermediate certificates";

function judgeIssued({ properties }: Resource): Finding {
  const path = "certificateAuthorityArn";
  return isGiven(own(properties, path)) === false
    ? pass(null, "issued by ACM")
    : unknown(path, "issued by an authority of one's own, which browsers do not know by themselves", publicly);
}

const judgeHubCertificate = onHub((hub) =>
  when(served(hub, "manual"), "the certificate is not in the values", () =>
    judgeChain("proxy.https.manual.cert", at(hub.values, "proxy.https.manual.cert"), undefined),
  ),
);

function judgeChain(path: string, leaf: Found, chain: Found): Finding {
  const expected = publicly;
  if (leaf === UNKNOWN) return unknown(path, describe(leaf), expected);
  const certificates = certificatesIn(leaf);
  const first = certificates?.[0];
  if (first === undefined || certificates === undefined)
    return unknown(path, "a text that is no readable certificate", expected);
  if (first.issuer === first.subject) return fail(path, "a self-signed certificate", expected);
  if (Date.parse(first.validTo) < Date.now()) return fail(path, "a certificate that has expired", expected);
  if (certificates.length > 1 || chain === UNKNOWN || isTruthy(chain) === true)
    return pass(path, "a certificate with its chain");
  return unknown(path, "a single certificate without its chain", expected);
}
