import { isDeepStrictEqual } from "node:util";
import { at, own, UNKNOWN } from "../../chart/values";
import { type Control, describe, type Finding, fail, pass, unknown } from "../control";
import { type Hub, hubTypes, onHub } from "../evidence/hub";
import { firstGiven, type Setting } from "../evidence/hub-config";
import { textIn, valuesIn } from "../evidence/hub-secret";
import { textOf, type Variable, variablesIn } from "../evidence/pod-secrets";
import { isGiven } from "../evidence/truth";
import { otherChart } from "../example";

export const hubSecretsStable: Control = {
  name: "hub-secrets-stable",
  title: "The hub's secrets stay the same from one deployment to the next",
  reference: ["SEC-02"],
  severity: "medium",
  pack: "operations",
  why: "a new cookie secret ends every session, and with a new crypt key stored credentials cannot be read any more",
  source: "JupyterHub, Security settings: cookie secret",
  remediation:
    "set proxy.secretToken, hub.cookieSecret and hub.config.CryptKeeper.keys to 32 random bytes in hex each, made once (random.RandomBytes)",
  types: hubTypes,
  scope: "resource",
  examples: [
    { title: "a Helm release, which finds the old ones again", verdict: "pass", values: {} },
    {
      title: "rendered on the deploying machine, secrets given",
      verdict: "pass",
      values: {
        proxy: { secretToken: "made-up" },
        hub: { cookieSecret: "made-up", config: { CryptKeeper: { keys: ["made-up"] } } },
      },
      delivery: "v3-chart",
    },
    { title: "rendered on the deploying machine, secrets left out", verdict: "fail", values: {}, delivery: "v3-chart" },
    {
      title: "rendered on the deploying machine, secrets not known yet",
      verdict: "unknown",
      values: {
        proxy: { secretToken: UNKNOWN },
        hub: { cookieSecret: UNKNOWN, config: { CryptKeeper: { keys: [UNKNOWN] } } },
      },
      delivery: "v3-chart",
    },
    otherChart,
  ],
  evaluate: onHub((hub) => {
    const { delivery } = hub.resource;
    if (delivery === "manifests") return pass(null, "manifests, which hold the secrets that they were rendered with");
    if (delivery !== "v3-chart" && delivery !== "v4-chart")
      return pass(null, "a Helm release, in which the chart looks its secrets up");
    return [
      judgeGiven(hub, "proxy.secretToken", "hub.config.ConfigurableHTTPProxy.auth_token"),
      judgeGiven(hub, "hub.cookieSecret", "hub.config.JupyterHub.cookie_secret"),
      judgeGiven(hub, "hub.config.CryptKeeper.keys"),
    ];
  }),
};

function judgeGiven(hub: Hub, ...paths: readonly string[]): Finding {
  const given = firstGiven(...paths.map((path): Setting => ({ path, value: at(hub.values, path) })));
  const path = paths[0] ?? "hub";
  if (given?.value === UNKNOWN) return unknown(given.path, describe(UNKNOWN), "32 random bytes in hex");
  return given && isGiven(given.value) === true
    ? pass(given.path, "given")
    : fail(path, "not set, so that every rendering makes a new one", "32 random bytes in hex");
}

// ---- one token for both --------------------------------------------------------------------------------------------------

const token = "CONFIGPROXY_AUTH_TOKEN";
const tokenKey = "hub.config.ConfigurableHTTPProxy.auth_token";
const tokenFromSecret = { [token]: { valueFrom: { secretKeyRef: { name: "proxy-token", key: "token" } } } };

export const proxyTokenReachesBoth: Control = {
  name: "proxy-token-reaches-both",
  title: "Hub and proxy get their common token from the same place",
  reference: ["SEC-05"],
  severity: "medium",
  pack: "operations",
  why: "with two different tokens the hub cannot tell the proxy where users are, and nobody gets in",
  source: "JupyterHub, Security settings: proxy authentication token",
  remediation:
    "set the token by proxy.secretToken (or leave it to the chart); remove CONFIGPROXY_AUTH_TOKEN from hub.extraEnv and proxy.chp.extraEnv, and the token from the Secret hub.existingSecret",
  types: hubTypes,
  scope: "stack",
  examples: [
    { title: "chart default", verdict: "pass", values: {} },
    { title: "given once", verdict: "pass", values: { proxy: { secretToken: UNKNOWN } } },
    {
      title: "the same variable of both",
      verdict: "pass",
      values: { hub: { extraEnv: tokenFromSecret }, proxy: { chp: { extraEnv: tokenFromSecret } } },
    },
    {
      title: "in the hub's environment only",
      verdict: "fail",
      values: { hub: { extraEnv: { CONFIGPROXY_AUTH_TOKEN: UNKNOWN } } },
    },
    {
      title: "in a Secret that the proxy does not read",
      verdict: "fail",
      values: { hub: { existingSecret: "hub-own" } },
      resources: [
        {
          type: "kubernetes:core/v1:Secret",
          properties: { metadata: { name: "hub-own" }, stringData: { [tokenKey]: UNKNOWN } },
        },
      ],
    },
    {
      title: "a Secret without the token",
      verdict: "pass",
      values: { hub: { existingSecret: "hub-own" } },
      resources: [
        {
          type: "kubernetes:core/v1:Secret",
          properties: { metadata: { name: "hub-own" }, stringData: { "values.yaml": "hub: {}" } },
        },
      ],
    },
    { title: "a Secret made elsewhere", verdict: "unknown", values: { hub: { existingSecret: "hub-own" } } },
    otherChart,
  ],
  evaluate: onHub((hub) => [judgeEnvironments(hub), judgeExisting(hub)]),
};

/** A variable of both pods takes the place of the chart's own in both, so that they agree. */
function judgeEnvironments(hub: Hub): Finding {
  const expected = "no such variable, or the same in hub.extraEnv and proxy.chp.extraEnv";
  const places = ["hub.extraEnv", "proxy.chp.extraEnv"].map((path): Setting => ({ path, value: at(hub.values, path) }));
  const open = places.find(({ value }) => value === UNKNOWN);
  if (open) return unknown(open.path, describe(UNKNOWN), expected);
  const tokens = places.map(({ path, value }) => variablesIn(value, path).find(({ name }) => name === token));
  const [first, ...others] = tokens.filter((variable) => variable !== undefined);
  if (!first) return pass("hub.extraEnv", "no token of its own");
  if (others.some((other) => isSame(first, other))) return pass(first.path, "one token for both");
  const found = textOf(first) === undefined ? "a token from elsewhere" : "a token of its own";
  return fail(first.path, found, expected);
}

/** Whether two variables have the same text, or get it from the same place; of unknown ones nobody can tell. */
function isSame(one: Variable, other: Variable): boolean {
  const [text, otherText] = [textOf(one), textOf(other)];
  if (text !== undefined || otherText !== undefined) return text !== UNKNOWN && text === otherText;
  return isDeepStrictEqual(own(one.value, "valueFrom"), own(other.value, "valueFrom"));
}

/** The Secret is the hub's alone: a key of its own for the token is read by nobody, one in its values by the hub but not the proxy. */
function judgeExisting(hub: Hub): Finding {
  const path = "hub.existingSecret";
  const name = at(hub.values, path);
  const expected = `a Secret without ${tokenKey}`;
  if (name === UNKNOWN) return unknown(path, describe(name), expected);
  if (isGiven(name) !== true) return pass(path, "not set");
  const secret = hub.existingSecret;
  if (!secret) return unknown(path, "a Secret that cannot be read here", expected);
  const shared = at(hub.values, "proxy.secretToken");
  const inValues = at(valuesIn(secret.properties), tokenKey);
  if (isGiven(inValues) === true && (inValues === UNKNOWN || inValues !== shared))
    return fail(path, `the Secret ${secret.name} with a token for the hub, which the proxy does not read`, expected);
  return textIn(secret.properties, tokenKey) !== undefined && isGiven(shared) === false
    ? fail(path, `the Secret ${secret.name} with the token, which the proxy does not read`, expected)
    : pass(path, `the Secret ${secret.name}`);
}
