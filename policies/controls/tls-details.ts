import { all, any } from "../../chart/three-valued";
import { at, type Found, own, UNKNOWN, type ValueMap } from "../../chart/values";
import { type Control, describe, type Finding, fail, notApplicable, pass, undecided, unknown } from "../control";
import { toNumber } from "../evidence/aws";
import { type Child, children, type Hub, hubTypes, onHub } from "../evidence/hub";
import { configured } from "../evidence/hub-config";
import { judgeTlsPolicy } from "../evidence/load-balancers";
import type { Resource } from "../evidence/resource";
import { is, isGiven, isTruthy, matches, wordsOf } from "../evidence/truth";
import { type ExampleResource, otherChart } from "../example";

const loadBalancerAnnotation = "service.beta.kubernetes.io/aws-load-balancer-";
const albAnnotation = "alb.ingress.kubernetes.io/";
const acmArn = "arn:aws:acm:eu-west-1:123456789012:certificate/c";
const tls13 = "ELBSecurityPolicy-TLS13-1-2-2021-06";

// ---- Secrets with certificates -------------------------------------------------------------------------------------------

const tlsSecret = (secret: ValueMap): ExampleResource => ({
  type: "kubernetes:core/v1:Secret",
  properties: { metadata: { name: "hub-tls", namespace: "jhub" }, ...secret },
});
const secretValues = { proxy: { https: { enabled: true, type: "secret", secret: { name: "hub-tls" } } } };

export const tlsSecretWellFormed: Control = {
  name: "tls-secret-well-formed",
  title: "The Secret with the certificate has the type and the keys that the proxy reads",
  reference: ["TLS-08"],
  severity: "high",
  pack: "security",
  why: "a proxy that does not find its certificate does not start, or serves one that is not the hub's",
  source: "Zero to JupyterHub, Security: specify certificate through Secret resource",
  remediation:
    "give the Secret type: kubernetes.io/tls with the keys that proxy.https.secret.key and proxy.https.secret.crt name (tls.key and tls.crt)",
  types: hubTypes,
  scope: "stack",
  examples: [
    {
      title: "a TLS Secret",
      verdict: "pass",
      values: secretValues,
      resources: [tlsSecret({ type: "kubernetes.io/tls", stringData: { "tls.key": UNKNOWN, "tls.crt": UNKNOWN } })],
    },
    {
      title: "another type of Secret",
      verdict: "fail",
      values: secretValues,
      resources: [tlsSecret({ type: "Opaque", stringData: { "tls.key": UNKNOWN, "tls.crt": UNKNOWN } })],
    },
    {
      title: "other keys",
      verdict: "fail",
      values: secretValues,
      resources: [tlsSecret({ type: "kubernetes.io/tls", stringData: { key: UNKNOWN, cert: UNKNOWN } })],
    },
    {
      title: "content not known yet",
      verdict: "unknown",
      values: secretValues,
      resources: [tlsSecret({ type: "kubernetes.io/tls", data: UNKNOWN })],
    },
    { title: "a Secret made elsewhere", verdict: "notApplicable", values: secretValues },
    otherChart,
  ],
  evaluate: onHub((hub, { stack }) => {
    const secrets = stack.ofType("kubernetes:core/v1:Secret");
    const findings = tlsSecretNames(hub).flatMap(({ value, path, keys }) =>
      secrets
        .filter((secret) => typeof value === "string" && at(secret.properties, "metadata.name") === value)
        .filter((secret) => inNamespaceOf(hub, secret))
        .flatMap((secret) => judgeSecret(secret, path, keys)),
    );
    return findings.length > 0 ? findings : notApplicable("the stack does not show the Secret of a certificate");
  }),
};

interface NamedSecret {
  readonly path: string;
  readonly value: Found;
  readonly keys: readonly Found[];
}

function tlsSecretNames(hub: Hub): NamedSecret[] {
  const https = at(hub.values, "proxy.https");
  const used = own(https, "enabled") !== false && is(own(https, "type"), "secret") !== false;
  const secret = own(https, "secret");
  const ofProxy: NamedSecret = {
    path: "proxy.https.secret.name",
    value: own(secret, "name"),
    keys: [own(secret, "key") ?? "tls.key", own(secret, "crt") ?? "tls.crt"],
  };
  const tls = at(hub.values, "ingress.enabled") ? children(at(hub.values, "ingress.tls"), "ingress.tls") : [];
  return [
    ...(used ? [ofProxy] : []),
    ...tls.map(
      ({ path, value }): NamedSecret => ({
        path: `${path}.secretName`,
        value: own(value, "secretName"),
        keys: ["tls.key", "tls.crt"],
      }),
    ),
  ];
}

function inNamespaceOf(hub: Hub, resource: Resource): boolean {
  const namespace = at(resource.properties, "metadata.namespace");
  return typeof namespace !== "string" || typeof hub.namespace !== "string" || namespace === hub.namespace;
}

function judgeSecret({ name, properties }: Resource, path: string, keys: readonly Found[]): Finding[] {
  const type = own(properties, "type");
  const content: Found[] = [own(properties, "data"), own(properties, "stringData")];
  const has = all(
    keys.map((key) =>
      key === UNKNOWN
        ? UNKNOWN
        : any(content.map((map) => (map === UNKNOWN ? UNKNOWN : own(map, String(key)) !== undefined))),
    ),
  );
  const expected = "type kubernetes.io/tls with a key and a certificate";
  const typed = is(type, "kubernetes.io/tls");
  if (typed === false) return [fail(path, `the Secret ${name} of another type`, expected)];
  if (has === false) return [fail(path, `the Secret ${name} without the keys that are read`, expected)];
  return [
    typed === true && has === true ? pass(path, `the Secret ${name}`) : unknown(path, describe(UNKNOWN), expected),
  ];
}

// ---- the hub itself ------------------------------------------------------------------------------------------------------

export const hubLeavesTlsToProxy: Control = {
  name: "hub-leaves-tls-to-proxy",
  title: "The hub itself has no TLS settings: what is before it ends TLS",
  reference: ["TLS-12"],
  severity: "medium",
  pack: "security",
  why: "in the chart the proxy serves the hub; ssl_key or ssl_cert, even None, stop the hub or make it serve what nobody reads",
  source: "JupyterHub, Security settings: if SSL termination happens outside of the hub",
  remediation: "remove ssl_key and ssl_cert from hub.config.JupyterHub, null included, and use proxy.https",
  types: hubTypes,
  scope: "resource",
  examples: [
    { title: "chart default", verdict: "pass", values: {} },
    { title: "a key file", verdict: "fail", values: { hub: { config: { JupyterHub: { ssl_key: "/k.pem" } } } } },
    {
      title: "null, which is an error, too",
      verdict: "fail",
      values: { hub: { config: { JupyterHub: { ssl_cert: null } } } },
    },
    { title: "not known yet", verdict: "unknown", values: { hub: { config: { JupyterHub: UNKNOWN } } } },
    otherChart,
  ],
  evaluate: onHub((hub) => ["ssl_key", "ssl_cert"].map((trait) => judgeTrait(hub, trait))),
};

function judgeTrait(hub: Hub, trait: string): Finding {
  const { value, path } = configured(hub, "JupyterHub", trait);
  if (value === UNKNOWN) return unknown(path, describe(value), "no such key");
  // Merging drops nulls, so the given values tell whether there is one.
  const given = at(hub.resource.properties, `values.${path}`);
  const set = value !== undefined || given === null;
  return set ? fail(path, given === null ? "null" : describe(value), "no such key") : pass(path, "no such key");
}

// ---- TLS versions --------------------------------------------------------------------------------------------------------

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

function offloadedWith(annotations: ValueMap): ValueMap {
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
    wordsOf(at(hub.values, path)).map((word) => matches(word, /TLSv1(_0|_1)?(_method)?$|SSLv[23]|^--insecure$/)),
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
  const isAlb = any([
    isGiven(own(annotations, `${albAnnotation}certificate-arn`)),
    is(own(ingress, "ingressClassName"), "alb"),
    is(own(annotations, "kubernetes.io/ingress.class"), "alb"),
  ]);
  const used = all([isTruthy(own(ingress, "enabled")), isAlb]);
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

// ---- websockets ----------------------------------------------------------------------------------------------------------

export const offloadKeepsWebsockets: Control = {
  name: "offload-keeps-websockets",
  title: "A load balancer that ends TLS passes websockets on, also silent ones",
  reference: ["TLS-10", "TLS-09"],
  severity: "low",
  pack: "operations",
  why: "kernels talk over websockets, which an HTTP backend breaks and a timeout of 60 s cuts",
  source: "Zero to JupyterHub, Security: off-loading SSL to a load balancer",
  remediation: `set the annotations ${loadBalancerAnnotation}backend-protocol: "tcp" and ${loadBalancerAnnotation}connection-idle-timeout: "3600"; for an Ingress ${albAnnotation}load-balancer-attributes: idle_timeout.timeout_seconds=3600`,
  types: hubTypes,
  scope: "resource",
  examples: [
    {
      title: "the example of the documentation",
      verdict: "pass",
      values: offloadedWith({ "backend-protocol": "tcp", "connection-idle-timeout": "3600" }),
    },
    {
      title: "a network load balancer, whose timeout is its own",
      verdict: "pass",
      values: offloadedWith({ type: "external", "nlb-target-type": "ip" }),
    },
    { title: "HTTP to the proxy", verdict: "fail", values: offloadedWith({ "backend-protocol": "http" }) },
    { title: "the default timeout", verdict: "fail", values: offloadedWith({ "backend-protocol": "tcp" }) },
    {
      title: "an AWS ingress with the default timeout",
      verdict: "fail",
      values: { ingress: { enabled: true, ingressClassName: "alb" } },
    },
    {
      title: "not known yet",
      verdict: "unknown",
      values: offloadedWith({ "backend-protocol": UNKNOWN, "connection-idle-timeout": "3600" }),
    },
    { title: "TLS ends in the cluster", verdict: "notApplicable", values: { proxy: { https: { enabled: true } } } },
    otherChart,
  ],
  evaluate: onHub((hub) => {
    const findings = [...serviceBackend(hub), ...ingressTimeout(hub)];
    return findings.length > 0 ? findings : notApplicable("no load balancer of AWS ends TLS by annotations");
  }),
};

function serviceBackend(hub: Hub): Finding[] {
  const service = at(hub.values, "proxy.service");
  const annotations = own(service, "annotations");
  const offloads = all([
    is(own(service, "type"), "LoadBalancer"),
    isGiven(own(annotations, `${loadBalancerAnnotation}ssl-cert`)),
  ]);
  if (offloads === false) return [];
  const isNetwork = matches(own(annotations, `${loadBalancerAnnotation}type`), /^(external|nlb|nlb-ip)$/);
  const findings = [judgeProtocol(annotations, isNetwork === true), ...judgeTimeout(annotations, isNetwork)];
  return offloads === true ? findings : findings.map(undecided);
}

function judgeProtocol(annotations: Found, isNetwork: boolean): Finding {
  const key = `${loadBalancerAnnotation}backend-protocol`;
  const path = `proxy.service.annotations["${key}"]`;
  const protocol = own(annotations, key);
  if (protocol === UNKNOWN) return unknown(path, describe(protocol), "tcp");
  if (typeof protocol === "string" && /^(tcp|ssl)$/i.test(protocol.trim())) return pass(path, "tcp or ssl");
  if (protocol === undefined || protocol === null)
    return isNetwork
      ? pass(path, "not set, which is tcp for a network load balancer")
      : unknown(path, "not set, which is http for a classic load balancer", "tcp");
  return fail(path, "a protocol that breaks websockets", "tcp");
}

function judgeTimeout(annotations: Found, isNetwork: ReturnType<typeof matches>): Finding[] {
  if (isNetwork === true) return [];
  const key = `${loadBalancerAnnotation}connection-idle-timeout`;
  const path = `proxy.service.annotations["${key}"]`;
  const finding = longEnough(toNumber(own(annotations, key)), path);
  return [isNetwork === UNKNOWN ? undecided(finding) : finding];
}

function ingressTimeout(hub: Hub): Finding[] {
  const ingress = at(hub.values, "ingress");
  const annotations = own(ingress, "annotations");
  const used = all([
    isTruthy(own(ingress, "enabled")),
    any([
      is(own(ingress, "ingressClassName"), "alb"),
      is(own(annotations, "kubernetes.io/ingress.class"), "alb"),
      isGiven(own(annotations, `${albAnnotation}certificate-arn`)),
    ]),
  ]);
  if (used === false) return [];
  const key = `${albAnnotation}load-balancer-attributes`;
  const path = `ingress.annotations["${key}"]`;
  const attributes = own(annotations, key);
  const seconds =
    typeof attributes === "string" ? /idle_timeout\.timeout_seconds=(\d+)/.exec(attributes)?.[1] : attributes;
  const finding = longEnough(toNumber(seconds), path);
  return [used === true ? finding : undecided(finding)];
}

/** What a network load balancer takes as a matter of course; shorter ones cut kernels that compute. */
const shortestTimeout = 350;

function longEnough(seconds: Found, path: string): Finding {
  if (seconds === UNKNOWN) return unknown(path, describe(seconds), "3600");
  if (typeof seconds === "number" && seconds >= shortestTimeout) return pass(path, `${seconds} s`);
  return fail(path, typeof seconds === "number" ? `${seconds} s` : `${describe(seconds)}, which means 60 s`, "3600");
}
