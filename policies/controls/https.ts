import { at, type Found, isList, own, scalarText, UNKNOWN, type Value } from "../../chart/values";
import {
  type Context,
  type Control,
  describe,
  type Finding,
  fail,
  notApplicable,
  pass,
  undecided,
  unknown,
} from "../control";
import { isCertificateArn, loadBalancerAnnotation, toNumber } from "../evidence/aws";
import { answersInTls, type Child, children, type Hub, hubTypes, onHub } from "../evidence/hub";
import { configured } from "../evidence/hub-config";
import { type ListenerJudgement, listenersTo } from "../evidence/load-balancers";
import { nodesFaceTheInternet } from "../evidence/nodes";
import { type Stack, sourcesOf } from "../evidence/resource";
import { isGiven } from "../evidence/truth";
import { httpsEffectiveExamples } from "./https-examples";
import { besideChart, throughIngress, throughRoute } from "./https-routes";

export const httpsEffective: Control = {
  name: "https-effective",
  title: "Every way to the hub is HTTPS in effect, not only by a flag",
  reference: ["TLS-01", "TLS-05", "TLS-08", "TLS-09", "TLS-11"],
  severity: "critical",
  pack: "security",
  why: "without TLS everybody on the way reads passwords and cookies and takes sessions over",
  source: "Zero to JupyterHub, Security: HTTPS; JupyterHub, Security settings: enabling SSL encryption",
  remediation:
    "set proxy.https.enabled: true with type letsencrypt, hosts and letsencrypt.contactEmail (or manual, secret, offload with all they need); behind an own load balancer use proxy.service.type: NodePort, a fixed proxy.service.nodePorts.https, and HTTPS listeners with a TLS >= 1.2 policy",
  types: hubTypes,
  scope: "stack",
  examples: httpsEffectiveExamples,
  evaluate: onHub((hub, context) => {
    const findings = [
      ...throughService(hub, context),
      ...throughIngress(hub),
      ...throughRoute(hub),
      ...besideChart(hub, context.stack),
      ...publishedWithoutTls(hub),
    ];
    return findings.length > 0 ? findings : notApplicable("nothing exposes the proxy's service");
  }),
};

/** The hub's cookies are for HTTPS alone as long as its own address says so. */
function publishedWithoutTls(hub: Hub): Finding[] {
  const { value, path } = configured(hub, "JupyterHub", "public_url");
  const plain = typeof value === "string" && /^\s*http:/i.test(value);
  return plain
    ? [fail(path, "an address without TLS, for which cookies are sent in clear", "an https:// address")]
    : [];
}

// ---- the proxy's own service --------------------------------------------------------------------------------------------

function throughService(hub: Hub, context: Context): Finding[] {
  const path = "proxy.service.type";
  const type = at(hub.values, path);
  switch (type) {
    case UNKNOWN: {
      const finding = judgeTermination(hub, context.stack);
      return [finding.verdict === "pass" ? finding : unknown(path, describe(type), "ClusterIP, or effective HTTPS")];
    }
    case undefined:
    case null:
    case "ClusterIP":
      return throughExternalAddresses(hub, context);
    case "LoadBalancer":
      return [judgeTermination(hub, context.stack)];
    case "NodePort":
      return [judgeNodePort(hub, context)];
    default:
      return [unknown(path, describe(type), "LoadBalancer, NodePort or ClusterIP")];
  }
}

/** Nodes answer at external addresses whatever the service's type. */
function throughExternalAddresses(hub: Hub, { stack }: Context): Finding[] {
  const given = isGiven(at(hub.values, "proxy.service.externalIPs"));
  if (given === false) return [];
  const finding = judgeTermination(hub, stack);
  return [given === true ? finding : undecided(finding)];
}

/** What the chart does for TLS: see its template for the service of the proxy. */
function judgeTermination(hub: Hub, stack: Stack): Finding {
  const https = at(hub.values, "proxy.https");
  const enabled = own(https, "enabled");
  const path = "proxy.https.enabled";
  if (enabled === UNKNOWN) return unknown(path, describe(enabled), "true");
  if (enabled !== true) return fail(path, describe(enabled), "true, else the hub answers in plain HTTP");
  const type = own(https, "type");
  switch (type) {
    case "letsencrypt":
      return judgeLetsEncrypt(https);
    case "manual":
      return required(https, "manual", ["key", "cert"]);
    case "secret":
      return required(https, "secret", ["name"]);
    case "offload":
      return judgeOffload(hub, stack);
    case UNKNOWN:
      return unknown("proxy.https.type", describe(type), "letsencrypt, manual, secret or offload");
    default:
      return fail(
        "proxy.https.type",
        describe(type),
        "letsencrypt, manual, secret or offload, else the hub answers in plain HTTP",
      );
  }
}

function judgeLetsEncrypt(https: Found): Finding {
  const hosts = own(https, "hosts");
  const path = "proxy.https.hosts";
  if (hosts === UNKNOWN) return unknown(path, describe(hosts), "the hub's host names");
  if (!areFilled(hosts)) {
    return fail(
      path,
      describe(hosts),
      "the hub's host names, else the chart serves plain HTTP",
      'set proxy.https.hosts: ["hub.example.org"] with the hub\'s own name',
    );
  }
  const issuer = own(https, "letsencrypt");
  const email = own(issuer, "contactEmail");
  const server = own(issuer, "acmeServer");
  if (email !== UNKNOWN && !(typeof email === "string" && /^[^@\s<>]+@[^@\s<>]+$/.test(email.trim())))
    return fail("proxy.https.letsencrypt.contactEmail", describe(email), "an e-mail address");
  if (typeof server === "string" && /staging/i.test(server)) {
    return fail(
      "proxy.https.letsencrypt.acmeServer",
      "Let's Encrypt's staging service, whose certificates no browser trusts",
      "the production service",
    );
  }
  if (server === UNKNOWN)
    return unknown("proxy.https.letsencrypt.acmeServer", describe(server), "the production service");
  return pass("proxy.https", "certificates of Let's Encrypt");
}

function required(https: Found, section: string, keys: readonly string[]): Finding {
  const holder = own(https, section);
  for (const key of keys) {
    const value = own(holder, key);
    const path = `proxy.https.${section}.${key}`;
    if (value !== UNKNOWN && !isFilled(value ?? null))
      return fail(path, describe(value), `a value, which type ${section} needs`);
  }
  const open = keys.find((key) => own(holder, key) === UNKNOWN);
  return open === undefined
    ? pass(`proxy.https.${section}`, "a certificate of its own")
    : unknown(`proxy.https.${section}.${open}`, describe(UNKNOWN), "a value");
}

function areFilled(hosts: Found): boolean {
  return isList(hosts) && hosts.some(isFilled);
}

/** A placeholder such as `<your-domain>` fills nothing in. An unknown text does: that it is given is what counts. */
function isFilled(value: Value): boolean {
  return value === UNKNOWN || (typeof value === "string" && value.trim() !== "" && !/^<.*>$/.test(value.trim()));
}

// ---- TLS at a load balancer that Kubernetes makes ---------------------------------------------------------------------------

const annotationPrefix = `${loadBalancerAnnotation}ssl-`;
const certificateTypes = ["aws:acm/certificate:Certificate", "aws:acm/certificateValidation:CertificateValidation"];

function judgeOffload(hub: Hub, stack: Stack): Finding {
  const service = at(hub.values, "proxy.service");
  const annotations = own(service, "annotations");
  const where = "proxy.service.annotations";
  const ports = own(annotations, `${annotationPrefix}ports`);
  const httpOff = httpPortOff(hub);
  const expected = "the ARN of a certificate, else port 443 carries plain HTTP";
  if (annotations === UNKNOWN) return unknown(where, describe(annotations), expected);
  const certificate = own(annotations, `${annotationPrefix}cert`);
  if (certificate !== UNKNOWN && !isCertificateArn(certificate))
    return fail(`${where}["${annotationPrefix}cert"]`, describe(certificate), expected);
  if (ports !== UNKNOWN && !isListed(ports, "https", 443)) {
    return fail(`${where}["${annotationPrefix}ports"]`, describe(ports), 'a text that lists "https" or "443"');
  }
  if (httpOff !== UNKNOWN && httpOff !== true) {
    return fail(
      "proxy.service.disableHttpPort",
      describe(httpOff),
      "true (chart 1.0 or newer), else port 80 stays open",
    );
  }
  const extra = extraPlainPorts(hub).find(({ value }) => !isListed(ports, own(value, "name"), own(value, "port")));
  if (extra !== undefined) {
    const finding = [ports, own(extra.value, "targetPort")].includes(UNKNOWN) ? unknown : fail;
    return finding(
      extra.path,
      "one more port of the proxy without TLS",
      "no such port, or its name among the ssl-ports",
    );
  }
  if (ports === UNKNOWN) return unknown(`${where}["${annotationPrefix}ports"]`, describe(ports), '"https"');
  if (httpOff === UNKNOWN) return unknown("proxy.service.disableHttpPort", describe(httpOff), "true");
  if (certificate === UNKNOWN && sourcesOf(stack, hub.resource, "values", certificateTypes).length === 0) {
    return unknown(`${where}["${annotationPrefix}cert"]`, describe(certificate), expected);
  }
  return pass("proxy.service.annotations", "TLS ends at the load balancer, and port 80 is closed");
}

/** Charts before 1.0 do not know the key: their port 80 stays. */
function httpPortOff(hub: Hub): Found {
  return hub.since("1.0.0") ? at(hub.values, "proxy.service.disableHttpPort") : undefined;
}

/** Whether TLS ends at a port, by its name or number. */
function isListed(ports: Found, ...names: readonly Found[]): boolean {
  const wanted = ["*", ...names.map((name) => scalarText(name).toLowerCase()).filter((name) => name !== "")];
  return typeof ports === "string" && ports.split(",").some((port) => wanted.includes(port.trim().toLowerCase()));
}

/** Ports beside the chart's own that lead to those of the proxy which speak plain HTTP; or of which nobody can say yet. */
function extraPlainPorts(hub: Hub): Child[] {
  const path = "proxy.service.extraPorts";
  const ports = at(hub.values, path);
  if (ports === UNKNOWN) return [{ path, value: ports }];
  return children(ports, path).filter(({ value }) => {
    const target = own(value, "targetPort") ?? own(value, "port");
    return target === UNKNOWN || ["http", "api", "8000", "8001"].includes(scalarText(target));
  });
}

// ---- TLS at a load balancer of the stack, in front of a node port ------------------------------------------------------------

function judgeNodePort(hub: Hub, context: Context): Finding {
  const { stack } = context;
  const terminated = judgeTermination(hub, stack);
  if (answersInTls(hub) === true) {
    if (terminated.verdict === "fail") return terminated;
    const port = toNumber(at(hub.values, "proxy.service.nodePorts.https"));
    const judged = typeof port === "number" ? listenersTo(stack, [port], "tls") : [];
    return wrongListener(judged, "TCP listeners that pass TLS through, or HTTPS and TLS ones") ?? terminated;
  }
  if (!stack.complete) return unknown("proxy.service.type", "a node port", "HTTPS listeners in front of it");

  const judged = listenersTo(stack, plainNodePorts(hub));
  const wrong = wrongListener(judged, "only HTTPS or TLS listeners");
  if (wrong) return wrong;
  const path = "proxy.service.nodePorts";
  if (judged.length > 0) return pass(path, `TLS ends at ${judged.map(({ listener }) => listener.name).join(", ")}`);
  if (nodesFaceTheInternet(stack))
    return fail(path, "a node port on nodes in public subnets", "an HTTPS load balancer in front of private nodes");
  return unknown(path, "no listener in this stack that forwards to the node port", "HTTPS listeners in front of it");
}

/** The first listener that is not safe, or of which nobody can say yet. */
function wrongListener(judged: readonly ListenerJudgement[], expected: string): Finding | undefined {
  const wrong = judged.find(({ secure }) => secure === false) ?? judged.find(({ secure }) => secure === UNKNOWN);
  if (wrong === undefined) return undefined;
  const finding = wrong.secure === false ? fail : unknown;
  return finding(
    "proxy.service.nodePorts",
    `listener ${wrong.listener.name} in front of the node port: ${wrong.reason}`,
    `${expected} with a TLS >= 1.2 policy, and redirects to HTTPS`,
    `set on listener ${wrong.listener.name} protocol: "HTTPS" and sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06", and let port 80 only redirect to HTTPS`,
  );
}

/** Node ports that carry plain HTTP: the one of port 443 when TLS is offloaded, and the one of port 80 unless it is off. */
function plainNodePorts(hub: Hub): number[] {
  const service = at(hub.values, "proxy.service");
  const mayBe = (path: string, wanted: Value) => [wanted, UNKNOWN].includes(at(hub.values, path) as Value);
  const mayOffload = mayBe("proxy.https.enabled", true) && mayBe("proxy.https.type", "offload");
  const ports: Found[] = [];
  if (mayOffload) ports.push(at(service, "nodePorts.https"));
  if (httpPortOff(hub) !== true) ports.push(at(service, "nodePorts.http"));
  ports.push(...extraPlainPorts(hub).map(({ value }) => own(value, "nodePort")));
  return ports.map(toNumber).filter((port): port is number => typeof port === "number");
}
