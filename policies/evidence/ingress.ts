import { all, any, type Truth } from "../../chart/three-valued";
import { type Found, isList, isMap, own, UNKNOWN, type Value } from "../../chart/values";

/** How an Ingress, the chart's own or a separate one, serves its hosts. */
export interface IngressTls {
  readonly secure: Truth;
  readonly reason: string;
}

/** What decides about TLS, as an Ingress or the chart's values have it. */
export interface IngressSettings {
  readonly hosts: Found;
  readonly tls: Found;
  readonly annotations: Found;
  readonly className: Found;
}

/** Whether every host of an ingress is served by TLS and never in clear text. */
export function judgeIngress({ hosts, tls, annotations, className }: IngressSettings): IngressTls {
  if ([hosts, tls, annotations].includes(UNKNOWN))
    return { secure: UNKNOWN, reason: "what it serves is not known yet" };
  if (isAlb(annotations, className)) return albListeners(annotations);
  if (className === UNKNOWN) return { secure: UNKNOWN, reason: "its class is not known yet" };
  if (annotation(annotations, "nginx.ingress.kubernetes.io/ssl-redirect") === "false") {
    const forced = annotation(annotations, "nginx.ingress.kubernetes.io/force-ssl-redirect") === "true";
    if (!forced) return { secure: false, reason: "its redirect from HTTP to HTTPS is turned off" };
  }
  const secure = all([
    hasEntries(tls),
    ...listOf(hosts).map((host) => covered(host, tls)),
    catchAllCovered(hosts, tls),
  ]);
  return { secure, reason: secure === true ? "TLS for every host" : "not every host has TLS" };
}

/** Whether the AWS Load Balancer Controller serves the ingress. */
function isAlb(annotations: Found, className: Found): boolean {
  const named = [className, annotation(annotations, "kubernetes.io/ingress.class")].includes("alb");
  const own = isMap(annotations) ? Object.keys(annotations) : [];
  return named || own.some((key) => /^alb\.ingress\.kubernetes\.io\/(certificate-arn|listen-ports)$/.test(key));
}

/** It takes certificate and ports from annotations; without both of them it listens on port 80 only. */
function albListeners(annotations: Found): IngressTls {
  const certificate = annotation(annotations, "alb.ingress.kubernetes.io/certificate-arn");
  const ports = annotation(annotations, "alb.ingress.kubernetes.io/listen-ports");
  if (certificate === UNKNOWN || ports === UNKNOWN)
    return { secure: UNKNOWN, reason: "its listeners are not known yet" };
  if (!certificate)
    return { secure: false, reason: "no certificate is named (alb.ingress.kubernetes.io/certificate-arn)" };
  const plain = typeof ports === "string" && /"HTTP"/.test(ports);
  const tls = typeof ports === "string" ? /"HTTPS"/.test(ports) : true;
  if (!tls) return { secure: false, reason: "no HTTPS port (alb.ingress.kubernetes.io/listen-ports)" };
  const redirect = annotation(annotations, "alb.ingress.kubernetes.io/ssl-redirect");
  if (plain && redirect === UNKNOWN) return { secure: UNKNOWN, reason: "its redirect is not known yet" };
  if (plain && !redirect)
    return { secure: false, reason: "HTTP is not redirected (alb.ingress.kubernetes.io/ssl-redirect)" };
  return { secure: true, reason: "HTTPS with a certificate" };
}

function annotation(annotations: Found, key: string): Found {
  return own(annotations, key);
}

function hasEntries(tls: Found): Truth {
  return listOf(tls).length > 0;
}

function covered(host: Value, tls: Found): Truth {
  if (host === UNKNOWN) return any(listOf(tls).map((entry) => (coversAll(entry) ? true : UNKNOWN)));
  return any(listOf(tls).map((entry) => entryCovers(entry, host)));
}

function entryCovers(entry: Value, host: Value): Truth {
  if (entry === UNKNOWN) return UNKNOWN;
  if (coversAll(entry)) return true;
  const names = own(entry, "hosts");
  if (names === UNKNOWN) return UNKNOWN;
  return any(listOf(names).map((name) => nameCovers(name, host)));
}

function nameCovers(name: Value, host: Value): Truth {
  if (name === UNKNOWN) return UNKNOWN;
  if (typeof name !== "string" || typeof host !== "string") return false;
  const [wanted, given] = [normal(host), normal(name)];
  return given === wanted || (given.startsWith("*.") && given.slice(1) === wanted.slice(wanted.indexOf(".")));
}

function normal(name: string): string {
  return name.trim().toLowerCase().replace(/\.$/, "");
}

/** An entry without hosts holds the certificate for every host. */
function coversAll(entry: Value): boolean {
  const hosts = own(entry, "hosts");
  return isMap(entry) && (hosts === undefined || hosts === null || (isList(hosts) && hosts.length === 0));
}

/** Without hosts an ingress answers to every name, so its certificate must, too. */
function catchAllCovered(hosts: Found, tls: Found): Truth {
  return listOf(hosts).length > 0 || any(listOf(tls).map((entry) => (entry === UNKNOWN ? UNKNOWN : coversAll(entry))));
}

function listOf(value: Found): readonly Value[] {
  return isList(value) ? value : [];
}
