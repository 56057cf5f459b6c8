import { all, any } from "../../chart/three-valued";
import { at, type Found, own, UNKNOWN, type ValueMap } from "../../chart/values";
import { type Control, describe, type Finding, fail, notApplicable, pass, undecided, unknown } from "../control";
import { albAnnotation, loadBalancerAnnotation } from "../evidence/aws";
import { type Child, children, type Hub, hubTypes, onHub } from "../evidence/hub";
import { isAlb } from "../evidence/ingress";
import { judgeTlsPolicy } from "../evidence/load-balancers";
import { is, isGiven, isTruthy, matches, wordsOf } from "../evidence/truth";
import { otherChart } from "../example";

const acmArn = "arn:aws:acm:eu-west-1:123456789012:certificate/c";
const tls13 = "ELBSecurityPolicy-TLS13-1-2-2021-06";

export const tlsModern: Control = {
  name: "tls-modern",
  title: "Nothing below TLS 1.2 is spoken",
  reference: ["TLS-15", "EKS-26"],
  severity: "medium",
  pack: "security",
  why: "TLS 1.0 and 1.1 have known breaks, and a load balancer without a policy still speaks them",
  source:
    "JupyterHub, Security Overview: SSL Labs; Zero to JupyterHub, Security: confirm that your domain is running HTTPS",
  remediation: `set the annotation ${loadBalancerAnnotation}ssl-negotiation-policy (Service) or ${albAnnotation}ssl-policy (Ingress) to "${tls13}", and leave minVersion of proxy.traefik.extraDynamicConfig at VersionTLS12`,
  types: hubTypes,
  scope: "resource",
  examples: [
    {
      title: "a modern policy at the load balancer",
      verdict: "pass",
      values: offloadedWith({ "ssl-negotiation-policy": tls13 }),
    },
    {
      title: "the example of the documentation, which names no policy",
      verdict: "fail",
      values: offloadedWith({ "backend-protocol": "tcp", "connection-idle-timeout": "3600" }),
    },
    {
      title: "an old policy",
      verdict: "fail",
      values: offloadedWith({ "ssl-negotiation-policy": "ELBSecurityPolicy-TLS-1-1-2017-01" }),
    },
    {
      title: "Traefik lowered",
      verdict: "fail",
      values: {
        proxy: {
          https: { enabled: true, hosts: ["h.acme.science"] },
          traefik: { extraDynamicConfig: { tls: { options: { default: { minVersion: "VersionTLS10" } } } } },
        },
      },
    },
    {
      title: "an AWS ingress without a policy",
      verdict: "fail",
      values: { ingress: { enabled: true, annotations: { [`${albAnnotation}certificate-arn`]: acmArn } } },
    },
    {
      title: "Let's Encrypt",
      verdict: "pass",
      values: { proxy: { https: { enabled: true, hosts: ["h.acme.science"] } } },
    },
    {
      title: "a policy not known yet",
      verdict: "unknown",
      values: offloadedWith({ "ssl-negotiation-policy": UNKNOWN }),
    },
    { title: "no TLS at all", verdict: "notApplicable", values: {} },
    otherChart,
  ],
  evaluate: onHub((hub) => {
    const findings = [...inTraefik(hub), ...inProxy(hub), ...atService(hub), ...atIngress(hub)];
    return findings.length > 0 ? findings : notApplicable("neither the proxy nor an annotation sets up TLS");
  }),
};

export function offloadedWith(annotations: ValueMap): ValueMap {
  const named = Object.entries(annotations).map(([key, value]) => [`${loadBalancerAnnotation}${key}`, value]);
  return {
    proxy: {
      https: { enabled: true, type: "offload" },
      service: {
        disableHttpPort: true,
        annotations: {
          [`${loadBalancerAnnotation}ssl-cert`]: acmArn,
          [`${loadBalancerAnnotation}ssl-ports`]: "https",
          ...Object.fromEntries(named),
        },
      },
    },
  };
}

const atLeastTls12 = "TLS 1.2 or newer";

function inTraefik(hub: Hub): Finding[] {
  const https = at(hub.values, "proxy.https");
  const used = all([
    isTruthy(own(https, "enabled")),
    is(own(https, "type"), "letsencrypt"),
    isGiven(own(https, "hosts")),
  ]);
  if (used === false) return [];
  const path = "proxy.traefik.extraDynamicConfig.tls.options";
  const options = at(hub.values, path);
  if (options === UNKNOWN) return [unknown(path, describe(options), atLeastTls12)];
  const lowered = children(options, path).flatMap(({ path: at, value }: Child): Finding[] => {
    const version = own(value, "minVersion");
    if (version === UNKNOWN || value === UNKNOWN)
      return [unknown(`${at}.minVersion`, describe(UNKNOWN), "VersionTLS12")];
    return matches(version, /^VersionTLS1[01]$|^VersionSSL/i) === true
      ? [fail(`${at}.minVersion`, "a version below TLS 1.2", "VersionTLS12")]
      : [];
  });
  const findings = lowered.length > 0 ? lowered : [pass(path, "TLS 1.2 or newer by the chart's own options")];
  return used === true ? findings : findings.map(undecided);
}

/** The proxy's own command line counts for certificates of the values or of a Secret. */
function inProxy(hub: Hub): Finding[] {
  const path = "proxy.chp.extraCommandLineFlags";
  const old = any(
    wordsOf(at(hub.values, path)).map((word) =>
      matches(word, /TLSv1([._][01])?(_method)?$|SSLv[23]|^--(insecure|ssl-allow-rc4)$/),
    ),
  );
  if (old === UNKNOWN) return [unknown(path, describe(UNKNOWN), atLeastTls12)];
  if (old === true) return [fail(path, "a flag that allows less than TLS 1.2, or no verification", atLeastTls12)];
  const https = at(hub.values, "proxy.https");
  const used = own(https, "enabled") === true && ["manual", "secret"].includes(own(https, "type") as string);
  return used ? [pass(path, "TLS 1.2 or newer by the proxy's defaults")] : [];
}

function atService(hub: Hub): Finding[] {
  const service = at(hub.values, "proxy.service");
  const annotations = own(service, "annotations");
  const certificate = own(annotations, `${loadBalancerAnnotation}ssl-cert`);
  const balanced = all([is(own(service, "type"), "LoadBalancer"), isGiven(certificate)]);
  if (balanced === false) return [];
  const key = `${loadBalancerAnnotation}ssl-negotiation-policy`;
  const finding = judgePolicy(own(annotations, key), `proxy.service.annotations["${key}"]`);
  return [balanced === true ? finding : undecided(finding)];
}

function atIngress(hub: Hub): Finding[] {
  const ingress = at(hub.values, "ingress");
  const annotations = own(ingress, "annotations");
  const speaksTls = any([
    isGiven(own(annotations, `${albAnnotation}certificate-arn`)),
    matches(own(annotations, `${albAnnotation}listen-ports`), /"HTTPS"/),
  ]);
  const used = all([
    isTruthy(own(ingress, "enabled")),
    isAlb(annotations, own(ingress, "ingressClassName")),
    speaksTls,
  ]);
  if (used === false) return [];
  const key = `${albAnnotation}ssl-policy`;
  const finding = judgePolicy(own(annotations, key), `ingress.annotations["${key}"]`);
  return [used === true ? finding : undecided(finding)];
}

function judgePolicy(policy: Found, path: string): Finding {
  const { secure, reason } = judgeTlsPolicy(policy);
  if (secure === UNKNOWN) return unknown(path, describe(policy), tls13);
  return secure
    ? pass(path, reason)
    : fail(
        path,
        policy ? "a policy that allows less than TLS 1.2" : "no policy, and AWS's default speaks TLS 1.0",
        tls13,
      );
}
