import { any, type Truth } from "../../chart/three-valued";
import { at, type Found, own, UNKNOWN, type ValueMap } from "../../chart/values";
import { type Control, describe, type Finding, fail, notApplicable, pass, undecided, unknown, when } from "../control";
import { certificatesIn } from "../evidence/certificates";
import { hostOf, parseUrl } from "../evidence/host-names";
import { type Hub, hubTypes, onHub } from "../evidence/hub";
import { configured } from "../evidence/hub-config";
import type { Stack } from "../evidence/resource";
import { is, isGiven, isTruthy, listOf } from "../evidence/truth";
import { userPods } from "../evidence/user-pods";
import { type ExampleResource, otherChart } from "../example";
import type { Settings } from "../settings";

const source = "JupyterHub, Security Overview: protecting users from each other";
const untrusted: ValueMap = { settings: { profile: "untrusted-users" } };
const trusting = "users trust each other in the profile baseline";
const subdomains: ValueMap = { hub: { config: { JupyterHub: { subdomain_host: "https://hub.acme.science" } } } };
const certificate = (...names: readonly string[]): ExampleResource => ({
  type: "aws:acm/certificate:Certificate",
  properties: { domainName: "hub.acme.science", subjectAlternativeNames: names },
});

/** Whether users are protected from each other beyond the hub's own login. */
function isUntrusting({ profile }: Settings): boolean {
  return profile !== "baseline";
}

export const usersHaveOwnSubdomains: Control = {
  name: "users-have-own-subdomains",
  title: "Every user's server has a host name of its own",
  reference: ["USR-02"],
  severity: "high",
  pack: "security",
  why: "on one host name the page of one user acts in the browser of another with that user's rights",
  source,
  remediation:
    'set hub.config.JupyterHub.subdomain_host: "https://<host of the hub>", with a record and a certificate for "*.<host of the hub>"',
  types: hubTypes,
  scope: "stack",
  examples: [
    { title: "users trust each other", verdict: "notApplicable", values: {} },
    {
      title: "host names of their own",
      verdict: "pass",
      values: { ...subdomains, ingress: { enabled: true, hosts: ["hub.acme.science", "*.hub.acme.science"] } },
      configuration: untrusted,
    },
    { title: "one host name for all", verdict: "fail", values: {}, configuration: untrusted },
    {
      title: "host names without TLS",
      verdict: "fail",
      values: { hub: { config: { JupyterHub: { subdomain_host: "http://hub.acme.science" } } } },
    },
    {
      title: "nothing shows a name for all of them",
      verdict: "unknown",
      values: subdomains,
      configuration: untrusted,
    },
    otherChart,
  ],
  evaluate: onHub((hub, { settings, stack }) => {
    const { value, path } = configured(hub, "JupyterHub", "subdomain_host");
    const expected = "the hub's https address";
    if (value === UNKNOWN) return unknown(path, describe(value), expected);
    if (isGiven(value) !== true)
      return isUntrusting(settings)
        ? fail(path, "not set, so that users share one host name", expected)
        : notApplicable(trusting);
    const url = typeof value === "string" ? parseUrl(value.includes("://") ? value : `https://${value}`) : undefined;
    if (url?.protocol !== "https:") return fail(path, "no https address", expected);
    if (!isUntrusting(settings)) return pass(path, "host names of their own");
    const host = hostOf(value) ?? "";
    const shown = any([...wildcardsIn(hub, host), ...wildcardRecords(stack, host)]);
    return shown === true
      ? pass(path, "host names of their own")
      : unknown(path, "host names for which this stack shows neither record nor host with a wildcard", expected);
  }),
};

/** Host names of the values that stand for all names below the hub's. */
function wildcardsIn(hub: Hub, host: string): Truth[] {
  const names = ["ingress.hosts", "httpRoute.hostnames"].map((path) => at(hub.values, path));
  return names.flatMap((list) => (list === UNKNOWN ? [UNKNOWN] : listOf(list).map((name) => is(name, `*.${host}`))));
}

function wildcardRecords(stack: Stack, host: string): Truth[] {
  const records = stack
    .ofType("aws:route53/record:Record")
    .map(({ properties }) => is(own(properties, "name"), `*.${host}`, `*.${host}.`));
  return [...records, ...certificatesFor(stack, host)];
}

function certificatesFor(stack: Stack, host: string): Truth[] {
  return stack.ofType("aws:acm/certificate:Certificate").map(({ properties }) => {
    const names = own(properties, "subjectAlternativeNames");
    return any([
      is(own(properties, "domainName"), `*.${host}`),
      names === UNKNOWN ? UNKNOWN : any(listOf(names).map((name) => is(name, `*.${host}`))),
    ]);
  });
}

export const subdomainsHaveWildcardCertificate: Control = {
  name: "subdomains-have-wildcard-certificate",
  title: "The certificate also holds for the host names of users",
  reference: ["USR-03"],
  severity: "medium",
  pack: "security",
  why: "Let's Encrypt as the chart asks it gives no wildcard, so that users' servers have no valid certificate",
  source,
  remediation:
    'use proxy.https.type: offload with a certificate of ACM that names "*.<host of the hub>", or secret with one that is validated by DNS',
  types: hubTypes,
  scope: "stack",
  examples: [
    {
      title: "a certificate with the wildcard",
      verdict: "pass",
      values: subdomains,
      resources: [certificate("*.hub.acme.science")],
    },
    {
      title: "a certificate without",
      verdict: "fail",
      values: subdomains,
      resources: [certificate("www.acme.science")],
    },
    {
      title: "Let's Encrypt",
      verdict: "fail",
      values: { ...subdomains, proxy: { https: { enabled: true, hosts: ["hub.acme.science"] } } },
    },
    { title: "a certificate made elsewhere", verdict: "unknown", values: subdomains },
    { title: "no host names for users", verdict: "notApplicable", values: {} },
    otherChart,
  ],
  evaluate: onHub((hub, { stack }) => {
    const { value } = configured(hub, "JupyterHub", "subdomain_host");
    return when(isGiven(value), "users have no host names of their own", () =>
      judgeCertificate(hub, hostOf(value), stack),
    );
  }),
};

function judgeCertificate(hub: Hub, host: string | undefined, stack: Stack): Finding {
  const https = at(hub.values, "proxy.https");
  const expected = "a certificate with a wildcard for users";
  const path = "proxy.https.type";
  const letsEncrypt = [isTruthy(own(https, "enabled")), is(own(https, "type"), "letsencrypt")];
  if (!letsEncrypt.includes(false)) {
    const finding = fail(path, "letsencrypt, whose HTTP challenge gives no wildcard", expected);
    return letsEncrypt.includes(UNKNOWN) ? undecided(finding) : finding;
  }
  if (host === undefined) return unknown(path, describe(UNKNOWN), expected);
  const tls = at(hub.values, "ingress.tls");
  const byIngress =
    isTruthy(at(hub.values, "ingress.enabled")) === true &&
    listOf(tls).some((entry) => listOf(own(entry, "hosts")).includes(`*.${host}`));
  if (byIngress) return pass("ingress.tls", "a certificate with the wildcard");
  const certificates = [...certificatesFor(stack, host), ...secretsOf(hub, stack).map((pem) => covers(pem, host))];
  const covered = any(certificates);
  if (covered === true) return pass(path, "a certificate with the wildcard");
  return certificates.length > 0 && covered === false
    ? fail(path, "a certificate without the wildcard", expected)
    : unknown(path, "a certificate that this stack does not show", expected);
}

/** What the stack shows of the certificate that the proxy reads from a Secret. */
function secretsOf(hub: Hub, stack: Stack): Found[] {
  const https = at(hub.values, "proxy.https");
  const name = at(https, "secret.name");
  if (is(own(https, "type"), "secret") !== true || typeof name !== "string") return [];
  return stack
    .ofType("kubernetes:core/v1:Secret")
    .filter(({ properties }) => at(properties, "metadata.name") === name)
    .map(({ properties }) => own(own(properties, "stringData"), "tls.crt"));
}

function covers(pem: Found, host: string): Truth {
  const [certificate] = certificatesIn(pem) ?? [];
  if (certificate === undefined) return UNKNOWN;
  return (certificate.subjectAltName ?? "").toLowerCase().split(", ").includes(`DNS:*.${host}`.toLowerCase());
}

// ---- users' own configuration --------------------------------------------------------------------------------------------

const disabled: ValueMap = { hub: { config: { Spawner: { disable_user_config: true } } } };

export const userConfigDisabled: Control = {
  name: "user-config-disabled",
  title: "Servers ignore configuration that their users wrote",
  reference: ["USR-04"],
  severity: "medium",
  pack: "security",
  why: "a user's own configuration can take away what protects other users who open a page of that server",
  source,
  remediation: "set hub.config.Spawner.disable_user_config: true, and do not take it back in a profile",
  types: hubTypes,
  scope: "resource",
  examples: [
    { title: "disabled", verdict: "pass", values: disabled },
    { title: "left on for users who trust each other", verdict: "notApplicable", values: {} },
    { title: "left on for others", verdict: "fail", values: {}, configuration: untrusted },
    {
      title: "turned on explicitly",
      verdict: "fail",
      values: { hub: { config: { Spawner: { disable_user_config: false } } } },
    },
    {
      title: "taken back by the section that wins",
      verdict: "fail",
      values: {
        hub: { config: { Spawner: { disable_user_config: true }, KubeSpawner: { disable_user_config: false } } },
      },
    },
    {
      title: "taken back in a profile",
      verdict: "fail",
      values: {
        ...disabled,
        singleuser: { profileList: [{ kubespawner_override: { disable_user_config: false } }] },
      },
    },
    {
      title: "not known yet",
      verdict: "unknown",
      values: { hub: { config: { Spawner: { disable_user_config: UNKNOWN } } } },
    },
    otherChart,
  ],
  evaluate: onHub((hub, { settings }) => {
    const pods = userPods(hub).map((pod) => pod.setting("disable_user_config"));
    const wanted = isUntrusting(settings) || pods.some(({ value }) => value !== undefined && value !== null);
    if (!wanted) return notApplicable(trusting);
    return pods.map(({ value, path }) =>
      judgeDisabled(
        value,
        path === "hub.config.KubeSpawner.disable_user_config" && value === undefined
          ? "hub.config.Spawner.disable_user_config"
          : path,
      ),
    );
  }),
};

function judgeDisabled(value: Found, path: string): Finding {
  if (value === UNKNOWN) return unknown(path, describe(value), "true");
  return value === true ? pass(path, "true") : fail(path, describe(value), "true");
}
