import { all, any } from "../../chart/three-valued";
import { at, type Found, own, UNKNOWN, type ValueMap } from "../../chart/values";
import { type Control, describe, type Finding, fail, notApplicable, pass, unknown } from "../control";
import { children, type Hub, hubTypes, inNamespaceOf, onHub, onHubProcess } from "../evidence/hub";
import { configured } from "../evidence/hub-config";
import type { Resource } from "../evidence/resource";
import { is, isGiven, isTruthy } from "../evidence/truth";
import { type ExampleResource, otherChart } from "../example";

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
  const used = all([isTruthy(own(https, "enabled")), is(own(https, "type"), "secret")]) !== false;
  const secret = own(https, "secret");
  const ofProxy: NamedSecret = {
    path: "proxy.https.secret.name",
    value: own(secret, "name"),
    keys: [own(secret, "key") ?? "tls.key", own(secret, "crt") ?? "tls.crt"],
  };
  const tls =
    isTruthy(at(hub.values, "ingress.enabled")) !== false ? children(at(hub.values, "ingress.tls"), "ingress.tls") : [];
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

function judgeSecret({ name, properties }: Resource, path: string, keys: readonly Found[]): Finding[] {
  const type = own(properties, "type");
  const content: Found[] = [own(properties, "data"), own(properties, "stringData")];
  const has = all(
    keys.map((key) =>
      key === UNKNOWN
        ? UNKNOWN
        : any(content.map((map) => (map === UNKNOWN ? UNKNOWN : isGiven(own(map, String(key))) !== false))),
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
    {
      title: "settings in a Secret that is not shown",
      verdict: "unknown",
      values: { hub: { existingSecret: "mine" } },
    },
    otherChart,
  ],
  evaluate: onHubProcess((hub) => ["ssl_key", "ssl_cert"].map((trait) => judgeTrait(hub, trait))),
};

function judgeTrait(hub: Hub, trait: string): Finding {
  const { value, path } = configured(hub, "JupyterHub", trait);
  if (value === UNKNOWN) return unknown(path, describe(value), "no such key");
  // Merging drops nulls, so the given values tell whether there is one.
  const given = at(hub.resource.properties, `values.${path}`);
  const set = value !== undefined || given === null;
  return set ? fail(path, given === null ? "null" : describe(value), "no such key") : pass(path, "no such key");
}
