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
import { loadBalancerAnnotation } from "../evidence/aws";
import { type Hub, hubTypes, inNamespaceOf, onHub } from "../evidence/hub";
import { type Resource, type Stack, sourcesOf } from "../evidence/resource";
import { isGiven, isTruthy, matches } from "../evidence/truth";
import { otherChart } from "../example";

const certificateAnnotation = `${loadBalancerAnnotation}ssl-cert`;
const acmType = "aws:acm/certificate:Certificate";
const validationType = "aws:acm/certificateValidation:CertificateValidation";
const iamType = "aws:iam/serverCertificate:ServerCertificate";

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
              [certificateAnnotation]: "arn:aws:acm:eu-west-1:123456789012:certificate/c",
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
              [certificateAnnotation]: "arn:aws:iam::123456789012:server-certificate/c",
            },
          },
        },
      },
    },
    {
      title: "a certificate that was uploaded to ACM",
      verdict: "fail",
      values: {
        proxy: {
          https: { enabled: true, type: "offload" },
          service: { annotations: { [certificateAnnotation]: UNKNOWN } },
        },
      },
      valuesFrom: ["own"],
      resources: [
        { type: acmType, name: "own", properties: { certificateBody: UNKNOWN, privateKey: UNKNOWN } },
        { type: acmType, name: "another", properties: { domainName: "shop.acme.science" } },
      ],
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
      return judgeSecret(at(https, "secret.name"), hub, stack.resources);
    case "offload":
      return judgeOffloaded(hub, stack);
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

function judgeSecret(name: Found, hub: Hub, resources: readonly Resource[]): Finding {
  const path = "proxy.https.secret.name";
  const fills = (resource: Resource) =>
    /^kubernetes:cert-manager\.io\/v[^:]*:Certificate$/.test(resource.type) &&
    at(resource.properties, "spec.secretName") === name &&
    inNamespaceOf(hub, resource);
  const certificate = typeof name === "string" ? resources.find(fills) : undefined;
  return certificate
    ? pass(path, `renewed by cert-manager (${certificate.name})`)
    : unknown(path, "a Secret of which this stack does not show who renews it", "a Certificate of cert-manager");
}

/** The resource that the values were made from tells most, then the ARN itself, then what else the stack has. */
function judgeOffloaded(hub: Hub, stack: Stack): Finding {
  const path = `proxy.service.annotations["${certificateAnnotation}"]`;
  const arn = own(at(hub.values, "proxy.service.annotations"), certificateAnnotation);
  const used = certificatesOf(stack, hub.resource, "values");
  const expected = "a certificate that ACM issued";
  if (matches(arn, /arn:aws[a-z-]*:iam:/) === true)
    return fail(path, "a certificate that was uploaded to IAM", expected);
  if (used.length === 0 && matches(arn, /^\s*arn:aws[a-z-]*:acm:/) === true) return pass(path, "renewed by ACM");
  const candidates = used.length > 0 ? used : stack.ofType(acmType);
  const uploaded = candidates.filter(isUploaded);
  if (uploaded[0] === undefined)
    return candidates.length > 0 ? pass(path, "renewed by ACM") : unknown(path, describe(arn), expected);
  const isSure = uploaded.length === candidates.length && (used.length > 0 || stack.complete);
  return (isSure ? fail : unknown)(path, `the certificate ${uploaded[0].name}, which was uploaded to AWS`, expected);
}

/** Certificates that a property was made from, directly or by way of their validation. */
function certificatesOf(stack: Stack, resource: Resource, property: string): Resource[] {
  const validated = sourcesOf(stack, resource, property, [validationType]).flatMap((validation) =>
    sourcesOf(stack, validation, "certificateArn", [acmType]),
  );
  return [...new Set([...sourcesOf(stack, resource, property, [acmType, iamType]), ...validated])];
}

function isUploaded({ type, properties }: Resource): boolean {
  return type === iamType || ["privateKey", "certificateBody"].some((key) => isGiven(own(properties, key)) !== false);
}
