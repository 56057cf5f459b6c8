import { all, any, not, type Truth } from "../../chart/three-valued";
import { type Found, isList, isMap, own, scalarText, UNKNOWN, type Value } from "../../chart/values";
import { albAnnotation as alb, isCertificateArn, isOff, isOn } from "./aws";
import { matches } from "./truth";

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
  const byAlb = isAlb(annotations, className);
  if (byAlb === UNKNOWN) return { secure: UNKNOWN, reason: "its class is not known yet" };
  if (byAlb) return albListeners(annotations);
  const covers = all([
    hasEntries(tls),
    ...listOf(hosts).map((host) => covered(host, tls)),
    catchAllCovered(hosts, tls),
  ]);
  const redirects = redirectsToTls(annotations);
  if (covers !== false && redirects !== true) {
    const reason =
      redirects === false ? "its redirect from HTTP to HTTPS is turned off" : "its redirect is not known yet";
    return { secure: redirects, reason };
  }
  return { secure: covers, reason: covers === true ? "TLS for every host" : "not every host has TLS" };
}

/** The controller of nginx redirects a host with TLS unless it is told not to. */
function redirectsToTls(annotations: Found): Truth {
  const nginx = "nginx.ingress.kubernetes.io/";
  return any([
    not(isOff(own(annotations, `${nginx}ssl-redirect`))),
    isOn(own(annotations, `${nginx}force-ssl-redirect`)),
  ]);
}

/** Whether the AWS Load Balancer Controller serves the ingress: by its class, else because it is spoken to. */
export function isAlb(annotations: Found, className: Found): Truth {
  const named = className ?? own(annotations, "kubernetes.io/ingress.class");
  const keys = (isMap(annotations) ? Object.keys(annotations) : []).filter((key) => key.startsWith(alb));
  if (named === "alb" || keys.some((key) => [`${alb}certificate-arn`, `${alb}listen-ports`].includes(key))) return true;
  return named === UNKNOWN ? UNKNOWN : keys.length > 0 && scalarText(named) === "";
}

/** It takes certificate and ports from annotations; without both of them it listens on port 80 only. */
function albListeners(annotations: Found): IngressTls {
  const certificate = own(annotations, `${alb}certificate-arn`);
  const ports = own(annotations, `${alb}listen-ports`);
  if (certificate === UNKNOWN || ports === UNKNOWN)
    return { secure: UNKNOWN, reason: "its listeners are not known yet" };
  if (!isCertificateArn(certificate))
    return { secure: false, reason: `no certificate is named (${alb}certificate-arn)` };
  const isSet = ports !== undefined && ports !== null;
  if (isSet && !/"HTTPS"/.test(scalarText(ports)))
    return { secure: false, reason: `no HTTPS port (${alb}listen-ports)` };
  return isSet && /"HTTP"/.test(scalarText(ports))
    ? albRedirect(annotations)
    : { secure: true, reason: "HTTPS with a certificate" };
}

function albRedirect(annotations: Found): IngressTls {
  const port = own(annotations, `${alb}ssl-redirect`);
  if (port === UNKNOWN) return { secure: UNKNOWN, reason: "its redirect is not known yet" };
  if (port) return { secure: true, reason: "HTTPS with a certificate, to which HTTP is redirected" };
  const actions = Object.entries(isMap(annotations) ? annotations : {}).filter(([key]) =>
    key.startsWith(`${alb}actions.`),
  );
  // The controller before 2.2 redirected by an action, which holds for the paths that name it.
  return any(actions.map(([, action]) => matches(action, /redirect.*HTTPS/is))) === false
    ? { secure: false, reason: `HTTP is not redirected (${alb}ssl-redirect)` }
    : { secure: UNKNOWN, reason: "it redirects by an action, of which the order of its paths decides" };
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
