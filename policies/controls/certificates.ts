import { at, type Found, own, UNKNOWN } from "../../chart/values";
import {
  type Context,
  type Control,
  describe,
  type Finding,
  fail,
  notApplicable,
  pass,
  unknown,
  when,
} from "../control";
import { certificatesIn } from "../evidence/certificates";
import { type Hub, hubTypes, onHub } from "../evidence/hub";
import type { Resource } from "../evidence/resource";
import { is, isFilled, isGiven, isTruthy, matches } from "../evidence/truth";
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

// ---- renewal -----------------------------------------------------------------------------------------------------------

export const certificateRenewsItself: Control = {
  name: "certificate-renews-itself",
  title: "The certificate renews itself",
  reference: ["TLS-06", "TLS-07"],
  severity: "medium",
  pack: "operations",
  why: "a certificate that somebody has to renew expires one day, and users learn to click warnings away",
  source: "Zero to JupyterHub, Security: automatic HTTPS; Setting up JupyterHub Securely on AWS: enabling HTTPS",
  remediation:
    "set proxy.https.type: letsencrypt with its production service, or offload with a certificate that ACM issues (validationMethod: DNS), or secret with one that cert-manager renews",
  types: hubTypes,
  scope: "stack",
  examples: [
    {
      title: "Let's Encrypt",
      verdict: "pass",
      values: {
        proxy: { https: { enabled: true, hosts: ["h.acme.science"], letsencrypt: { contactEmail: "a@b.c" } } },
      },
    },
    {
      title: "a certificate of ACM at the load balancer",
      verdict: "pass",
      values: {
        proxy: {
          https: { enabled: true, type: "offload" },
          service: {
            annotations: {
              "service.beta.kubernetes.io/aws-load-balancer-ssl-cert":
                "arn:aws:acm:eu-west-1:123456789012:certificate/c",
            },
          },
        },
      },
    },
    {
      title: "a Secret that cert-manager fills",
      verdict: "pass",
      values: { proxy: { https: { enabled: true, type: "secret", secret: { name: "hub-tls" } } } },
      resources: [
        {
          type: "kubernetes:cert-manager.io/v1:Certificate",
          properties: { metadata: { namespace: "jhub" }, spec: { secretName: "hub-tls" } },
        },
      ],
    },
    {
      title: "the staging service",
      verdict: "fail",
      values: {
        proxy: {
          https: {
            enabled: true,
            hosts: ["h.acme.science"],
            letsencrypt: { acmeServer: "https://acme-staging-v02.api.letsencrypt.org/directory" },
          },
        },
      },
    },
    {
      title: "a certificate in the values",
      verdict: "fail",
      values: { proxy: { https: { enabled: true, type: "manual", manual: { key: UNKNOWN, cert: UNKNOWN } } } },
    },
    {
      title: "a certificate that was uploaded to IAM",
      verdict: "fail",
      values: {
        proxy: {
          https: { enabled: true, type: "offload" },
          service: {
            annotations: {
              "service.beta.kubernetes.io/aws-load-balancer-ssl-cert": "arn:aws:iam::123456789012:server-certificate/c",
            },
          },
        },
      },
    },
    {
      title: "a Secret that nobody here fills",
      verdict: "unknown",
      values: { proxy: { https: { enabled: true, type: "secret", secret: { name: "hub-tls" } } } },
    },
    { title: "no HTTPS in the proxy", verdict: "notApplicable", values: {} },
    otherChart,
  ],
  evaluate: onHub((hub, context) => {
    const https = at(hub.values, "proxy.https");
    return when(isTruthy(own(https, "enabled")), "the proxy serves no HTTPS", () => judgeRenewal(hub, https, context));
  }),
};

function judgeRenewal(hub: Hub, https: Found, { stack }: Context): Finding {
  const path = "proxy.https.type";
  const type = own(https, "type");
  switch (type) {
    case UNKNOWN:
      return unknown(path, describe(type), "letsencrypt, or a certificate of ACM");
    case "letsencrypt":
      // Without hosts the chart asks for no certificate at all.
      return isGiven(own(https, "hosts")) === false
        ? notApplicable("the proxy serves no HTTPS")
        : judgeIssuer(at(https, "letsencrypt.acmeServer"));
    case "manual":
      return fail(path, "a certificate in the values, which somebody has to renew", "letsencrypt, offload or secret");
    case "secret":
      return judgeSecret(at(https, "secret.name"), stack.resources);
    case "offload":
      return judgeOffloaded(at(hub.values, "proxy.service.annotations"), stack.ofType(...certificateTypes));
    default:
      return notApplicable("the proxy serves no HTTPS");
  }
}

function judgeIssuer(server: Found): Finding {
  const path = "proxy.https.letsencrypt.acmeServer";
  if (server === UNKNOWN) return unknown(path, describe(server), "the production service");
  if (matches(server, /staging/i) === true)
    return fail(path, "Let's Encrypt's staging service", "the production service");
  return matches(server, /^\s*http:/i) === true
    ? fail(path, "an address without TLS", "the production service")
    : pass(path, "renewed by Traefik");
}

function judgeSecret(name: Found, resources: readonly Resource[]): Finding {
  const path = "proxy.https.secret.name";
  const fills = ({ type, properties }: Resource) =>
    /^kubernetes:cert-manager\.io\/v[^:]*:Certificate$/.test(type) && at(properties, "spec.secretName") === name;
  const certificate = typeof name === "string" ? resources.find(fills) : undefined;
  return certificate
    ? pass(path, `renewed by cert-manager (${certificate.name})`)
    : unknown(path, "a Secret of which this stack does not show who renews it", "a Certificate of cert-manager");
}

function judgeOffloaded(annotations: Found, certificates: readonly Resource[]): Finding {
  const key = "service.beta.kubernetes.io/aws-load-balancer-ssl-cert";
  const path = `proxy.service.annotations["${key}"]`;
  const arn = own(annotations, key);
  const expected = "a certificate that ACM issued";
  if (matches(arn, /^arn:aws[a-z-]*:iam:/) === true)
    return fail(path, "a certificate that was uploaded to IAM", expected);
  const uploaded = certificates.find(({ properties }) => isUploaded(properties));
  if (uploaded) return fail(path, `the certificate ${uploaded.name}, which was uploaded to ACM`, expected);
  if (matches(arn, /^arn:aws[a-z-]*:acm:/) === true || certificates.length > 0) return pass(path, "renewed by ACM");
  return unknown(path, describe(arn), expected);
}

function isUploaded(certificate: Found): boolean {
  return ["privateKey", "certificateBody"].some((key) => isTruthy(own(certificate, key)) !== false);
}

// ---- certificates in the values ------------------------------------------------------------------------------------------

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
    {
      title: "PEM texts",
      verdict: "pass",
      values: {
        proxy: {
          https: {
            enabled: true,
            type: "manual",
            manual: {
              key: "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\n-----END PRIVATE KEY-----",
              cert: "-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAw\n-----END CERTIFICATE-----",
            },
          },
        },
      },
    },
    {
      title: "the dots of the documentation",
      verdict: "fail",
      values: {
        proxy: {
          https: {
            enabled: true,
            type: "manual",
            manual: {
              key: "-----BEGIN RSA PRIVATE KEY-----\n...\n-----END RSA PRIVATE KEY-----",
              cert: "-----BEGIN CERTIFICATE-----\n...\n-----END CERTIFICATE-----",
            },
          },
        },
      },
    },
    {
      title: "file names",
      verdict: "fail",
      values: { proxy: { https: { enabled: true, type: "manual", manual: { key: "tls.key", cert: "tls.crt" } } } },
    },
    {
      title: "texts not known yet",
      verdict: "unknown",
      values: { proxy: { https: { enabled: true, type: "manual", manual: { key: UNKNOWN, cert: UNKNOWN } } } },
    },
    { title: "another way to HTTPS", verdict: "notApplicable", values: { proxy: { https: { enabled: true } } } },
    otherChart,
  ],
  evaluate: onHub((hub) =>
    when(served(hub, "manual"), "no certificate in the values", () => [
      judgePem(hub, "key", /^-----BEGIN ([A-Z]+ )?PRIVATE KEY-----/, "a private key"),
      judgePem(hub, "cert", /^-----BEGIN (TRUSTED )?CERTIFICATE-----/, "a certificate"),
    ]),
  ),
};

function judgePem(hub: Hub, key: string, header: RegExp, what: string): Finding {
  const path = `proxy.https.manual.${key}`;
  const value = at(hub.values, path);
  const expected = `${what} as PEM text`;
  if (value === UNKNOWN) return unknown(path, describe(value), expected);
  if (isFilled(value) !== true || typeof value !== "string") return fail(path, describe(value), expected);
  if (!header.test(value.trim())) return fail(path, "a text without the header of PEM", expected);
  return /\.\.\.|<[^>]*>/.test(value)
    ? fail(path, "an excerpt with dots or a placeholder", expected)
    : pass(path, what);
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
      title: "a certificate not known yet",
      verdict: "unknown",
      resources: [{ type: "aws:acm/certificate:Certificate", properties: { certificateBody: UNKNOWN } }],
    },
    otherChart,
  ],
  evaluate: (resource, context) => {
    if (hubTypes.includes(resource.type)) return judgeHubCertificate(resource, context);
    const body = own(resource.properties, "certificateBody");
    if (body === undefined || body === null) return pass(null, "issued by ACM");
    return judgeChain("certificateBody", body, own(resource.properties, "certificateChain"));
  },
};

const judgeHubCertificate = onHub((hub) =>
  when(served(hub, "manual"), "the certificate is not in the values", () =>
    judgeChain("proxy.https.manual.cert", at(hub.values, "proxy.https.manual.cert"), undefined),
  ),
);

function judgeChain(path: string, leaf: Found, chain: Found): Finding {
  const expected = "a certificate of a public authority with its intermediate certificates";
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
