import { any } from "../../chart/three-valued";
import { at, type Found, isMap, own, UNKNOWN } from "../../chart/values";
import { type Control, describe, type Finding, fail, notApplicable, pass, unknown } from "../control";
import { type Child, children, type Hub, hubTypes, onHub } from "../evidence/hub";
import { decoded, secretsIn, textOf, type Variable, variablesIn, variablesOf } from "../evidence/pod-secrets";
import { is, isGiven, isTruthy, matches, someMatch } from "../evidence/truth";
import { type Setting, userPods } from "../evidence/user-pods";
import { otherChart } from "../example";

const hex = "9f2c4e81b7d05a3386f1c2d94be07a6510e8f3b29cd7461a5b83e0f4972d6c1b";

// ---- keys of certificates ------------------------------------------------------------------------------------------------

export const tlsKeyNotInUserPods: Control = {
  name: "tls-key-not-in-user-pods",
  title: "The key of the hub's certificate is in no user pod",
  reference: ["TLS-13"],
  severity: "high",
  pack: "security",
  why: "every user who can read the key can pose as the hub and read what others send",
  source: "JupyterHub, Security settings: key and certificate must not be readable by regular users",
  remediation:
    "remove the Secret of the certificate from singleuser.storage.extraVolumes, singleuser.extraEnv and every profile, and private keys from singleuser.extraFiles",
  types: hubTypes,
  scope: "resource",
  examples: [
    {
      title: "a Secret for the proxy alone",
      verdict: "pass",
      values: { proxy: { https: { enabled: true, type: "secret", secret: { name: "hub-tls" } } } },
    },
    {
      title: "the Secret as a volume of every user",
      verdict: "fail",
      values: {
        proxy: { https: { enabled: true, type: "secret", secret: { name: "hub-tls" } } },
        singleuser: { storage: { extraVolumes: [{ name: "tls", secret: { secretName: "hub-tls" } }] } },
      },
    },
    {
      title: "the Secret in one profile",
      verdict: "fail",
      values: {
        ingress: { enabled: true, tls: [{ secretName: "ingress-tls", hosts: ["h.acme.science"] }] },
        singleuser: {
          profileList: [
            {
              display_name: "a",
              kubespawner_override: { volumes: [{ name: "v", secret: { secretName: "ingress-tls" } }] },
            },
          ],
        },
      },
    },
    {
      title: "a private key as a file",
      verdict: "fail",
      values: {
        proxy: { https: { enabled: true, hosts: ["h.acme.science"] } },
        singleuser: {
          extraFiles: {
            key: { mountPath: "/k", stringData: "-----BEGIN PRIVATE KEY-----\nMII\n-----END PRIVATE KEY-----" },
          },
        },
      },
    },
    {
      title: "volumes not known yet",
      verdict: "unknown",
      values: {
        proxy: { https: { enabled: true, type: "secret", secret: { name: "hub-tls" } } },
        singleuser: { storage: { extraVolumes: UNKNOWN } },
      },
    },
    { title: "no key in the cluster", verdict: "notApplicable", values: {} },
    otherChart,
  ],
  evaluate: onHub((hub) => {
    const keys = tlsSecrets(hub);
    const files = keyFiles(hub);
    if (keys.length === 0 && files.length === 0) return notApplicable("no key of a certificate is in the cluster");
    const found = userPods(hub).flatMap((pod) =>
      secretsIn(pod).map((secret) => judgeSecret(secret, keys, "the Secret with the hub's key")),
    );
    return [...files, ...found, pass("singleuser", "no key in user pods")];
  }),
};

/** Names of the Secrets that hold keys; unknown ones included. */
function tlsSecrets(hub: Hub): Found[] {
  const https = at(hub.values, "proxy.https");
  const on = isTruthy(own(https, "enabled"));
  const ofType = (type: string) => on !== false && is(own(https, "type"), type) !== false;
  const tls = isTruthy(at(hub.values, "ingress.enabled")) === false ? undefined : at(hub.values, "ingress.tls");
  const names: Found[] = [
    ofType("secret") ? at(https, "secret.name") : undefined,
    ofType("manual") ? "proxy-public-manual-tls" : undefined,
    ofType("letsencrypt") ? "proxy-public-tls-acme" : undefined,
    tls === UNKNOWN ? UNKNOWN : undefined,
    ...children(tls, "").map(({ value }) => own(value, "secretName")),
  ];
  return names.filter((name) => name !== undefined && name !== null && name !== "");
}

function judgeSecret({ path, value }: Child, names: readonly Found[], what: string): Finding {
  const expected = "no such Secret in a user pod";
  const text = typeof value === "string" ? value.replace(/^.*-(?=proxy-public-(manual-tls|tls-acme)$)/, "") : value;
  if (names.some((name) => name !== UNKNOWN && name === text)) return fail(path, what, expected);
  return value === UNKNOWN || names.includes(UNKNOWN)
    ? unknown(path, describe(UNKNOWN), expected)
    : pass(path, "another Secret");
}

function keyFiles(hub: Hub): Finding[] {
  return children(at(hub.values, "singleuser.extraFiles"), "singleuser.extraFiles").flatMap(({ path, value }) => {
    const texts: Found[] = [own(value, "stringData"), decoded(own(value, "binaryData"))];
    const isKey = any(texts.map((text) => matches(text, /-----BEGIN ([A-Z]+ )?PRIVATE KEY-----/)));
    const expected = "no key in user pods";
    if (isKey === UNKNOWN) return [unknown(path, "a file whose content is not known yet", expected)];
    return isKey ? [fail(path, "a file with a private key", expected)] : [];
  });
}

// ---- secrets of the hub --------------------------------------------------------------------------------------------------

export const hubSecretsNotInUserPods: Control = {
  name: "hub-secrets-not-in-user-pods",
  title: "Secrets of hub and proxy are in no user pod, and in no plain variable",
  reference: ["SEC-04", "K8S-20"],
  severity: "high",
  pack: "security",
  why: "with the proxy's token or the cookie secret a user takes every other user's session over",
  source: "JupyterHub, Security settings: proxy authentication token, cookie secret",
  remediation:
    "remove CONFIGPROXY_AUTH_TOKEN, JPY_COOKIE_SECRET, JUPYTERHUB_CRYPT_KEY, client secrets and the hub's Secret from singleuser.extraEnv, volumes and every profile, and CONFIGPROXY_AUTH_TOKEN from proxy.chp.extraEnv: the chart hands the token to hub and proxy",
  types: hubTypes,
  scope: "resource",
  examples: [
    { title: "chart default", verdict: "pass", values: {} },
    {
      title: "an ordinary variable",
      verdict: "pass",
      values: { singleuser: { extraEnv: { AWS_REGION: "eu-west-1" } } },
    },
    {
      title: "the proxy's token for every user",
      verdict: "fail",
      values: { singleuser: { extraEnv: { CONFIGPROXY_AUTH_TOKEN: hex } } },
    },
    {
      title: "the cookie secret in one profile",
      verdict: "fail",
      values: {
        singleuser: { profileList: [{ kubespawner_override: { environment: { JPY_COOKIE_SECRET: UNKNOWN } } }] },
      },
    },
    {
      title: "the same secret under another name",
      verdict: "fail",
      values: { hub: { cookieSecret: hex }, singleuser: { extraEnv: { COLOUR: hex } } },
    },
    {
      title: "a variable of the hub that servers inherit",
      verdict: "fail",
      values: { hub: { config: { KubeSpawner: { env_keep: ["LANG", "CONFIGPROXY_AUTH_TOKEN"] } } } },
    },
    {
      title: "inside of a longer text, in a file",
      verdict: "fail",
      values: {
        proxy: { secretToken: hex },
        singleuser: { extraFiles: { f: { mountPath: "/etc/f", stringData: `token: ${hex}` } } },
      },
    },
    {
      title: "in a container that takes the place of the user's",
      verdict: "fail",
      values: {
        singleuser: {
          extraPodConfig: { containers: [{ name: "c", env: [{ name: "JPY_COOKIE_SECRET", value: "made-up" }] }] },
        },
      },
    },
    {
      title: "the hub's own Secret as variables of a container beside",
      verdict: "fail",
      values: { singleuser: { extraContainers: [{ name: "c", envFrom: [{ secretRef: { name: "hub" } }] }] } },
    },
    {
      title: "the hub's own Secret as a volume",
      verdict: "fail",
      values: { singleuser: { storage: { extraVolumes: [{ name: "s", secret: { secretName: "hub" } }] } } },
    },
    {
      title: "the token as a plain variable of the proxy",
      verdict: "fail",
      values: { proxy: { chp: { extraEnv: { CONFIGPROXY_AUTH_TOKEN: hex } } } },
    },
    { title: "variables not known yet", verdict: "unknown", values: { singleuser: { extraEnv: UNKNOWN } } },
    otherChart,
  ],
  evaluate: onHub((hub) => {
    const known = secretTexts(hub);
    const names = hubSecretNames(hub);
    const findings = userPods(hub).flatMap((pod) => [
      ...variablesOf(pod).flatMap((variable) => judgeVariable(variable, known)),
      ...judgeKept(pod.setting("env_keep")),
      ...secretsIn(pod).map((secret) => judgeSecret(secret, names, "the Secret of the hub")),
    ]);
    const proxy = variablesIn(at(hub.values, "proxy.chp.extraEnv"), "proxy.chp.extraEnv").flatMap(judgeProxyVariable);
    return [...findings, ...judgeFiles(hub, known), ...proxy, pass("singleuser.extraEnv", "none of them")];
  }),
};

const secretNames =
  /^(CONFIGPROXY_AUTH_TOKEN|JPY_COOKIE_SECRET|JUPYTERHUB_CRYPT_KEY|(OAUTH|GITHUB|GITLAB|CILOGON|AUTH0|GOOGLE|AZUREAD|MW|GLOBUS|BITBUCKET|OPENSHIFT)_CLIENT_SECRET)$/;
const nowhere = "nothing that belongs to the hub alone";

function judgeVariable(variable: Variable, known: readonly string[]): Finding[] {
  const { name, path, value } = variable;
  if (secretNames.test(name)) return [fail(path, "a secret of the hub", nowhere)];
  if (name === "" && value === UNKNOWN) return [unknown(path, describe(value), nowhere)];
  return holdsSecret(textOf(variable), known) ? [fail(path, "the same text as a secret of the hub", nowhere)] : [];
}

/** Names of the hub's own variables that every server inherits. */
function judgeKept({ value, path }: Setting): Finding[] {
  if (value === UNKNOWN) return [unknown(path, describe(value), nowhere)];
  return someMatch(value, secretNames) === true ? [fail(path, "the name of a secret of the hub", nowhere)] : [];
}

function judgeFiles(hub: Hub, known: readonly string[]): Finding[] {
  return children(at(hub.values, "singleuser.extraFiles"), "singleuser.extraFiles").flatMap(({ path, value }) => {
    const texts: Found[] = [own(value, "stringData"), decoded(own(value, "binaryData"))];
    return texts.some((text) => holdsSecret(text, known))
      ? [fail(path, "a file with the same text as a secret of the hub", nowhere)]
      : [];
  });
}

function holdsSecret(text: Found, known: readonly string[]): boolean {
  return typeof text === "string" && known.some((secret) => text.includes(secret));
}

/** Secrets that the values hold as texts, but for those so short that another text may hold them by chance. */
function secretTexts(hub: Hub): readonly string[] {
  const config = at(hub.values, "hub.config");
  const ofLogin = children(isMap(config) ? config : {}, "").map(({ value }) => own(value, "client_secret"));
  const keys = children(at(config, "CryptKeeper.keys"), "").map(({ value }) => value);
  const texts: Found[] = [
    ...["proxy.secretToken", "hub.cookieSecret", "hub.db.password"].map((path) => at(hub.values, path)),
    at(config, "ConfigurableHTTPProxy.auth_token"),
    at(config, "JupyterHub.cookie_secret"),
    ...ofLogin,
    ...keys,
  ];
  return texts.filter((text): text is string => typeof text === "string" && text.length >= 8);
}

function hubSecretNames(hub: Hub): Found[] {
  const prefix = at(hub.values, "fullnameOverride");
  const named = typeof prefix === "string" && prefix !== "" ? `${prefix}-hub` : "hub";
  // Without an override at all, not even an empty one, the chart puts the release's name before.
  const prefixed = !isGiven(prefix) && typeof hub.releaseName === "string" ? `${hub.releaseName}-hub` : undefined;
  const names: Found[] = [named, prefixed, at(hub.values, "hub.existingSecret")];
  return names.filter((name) => name !== undefined && name !== null && name !== "");
}

/** The chart gives the token to the proxy from its Secret; beside it a plain one would show in the pod's description. */
function judgeProxyVariable(variable: Variable): Finding[] {
  const { name, path, value } = variable;
  if (name === "" && value === UNKNOWN) return [unknown(path, describe(value), "no token")];
  if (name !== "CONFIGPROXY_AUTH_TOKEN") return [];
  const text = textOf(variable);
  if (text === undefined || text === null) return [];
  return [fail(path, "the token as a plain variable, which the pod's description shows", "no such variable")];
}
