import { at, type Found, own, UNKNOWN } from "../../chart/values";
import { type Context, type Control, describe, type Finding, fail, pass, unknown } from "../control";
import { type Hub, hubTypes, onHub } from "../evidence/hub";
import { firstGiven, type Setting } from "../evidence/hub-config";
import { textOf, variablesIn } from "../evidence/pod-secrets";
import type { Resource } from "../evidence/resource";
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
  evaluate: onHub((hub, context) => [
    ...["hub.extraEnv", "proxy.chp.extraEnv"].map((path) => judgeEnvironment(at(hub.values, path), path)),
    judgeExisting(hub, context),
  ]),
};

function judgeEnvironment(environment: Found, path: string): Finding {
  const expected = "no such variable";
  if (environment === UNKNOWN) return unknown(path, describe(environment), expected);
  const variable = variablesIn(environment, path).find(({ name }) => name === token);
  if (!variable) return pass(path, "no token of its own");
  const text = textOf(variable);
  return fail(variable.path, text === undefined ? "a token from elsewhere" : "a token of its own", expected);
}

function judgeExisting(hub: Hub, { stack }: Context): Finding {
  const path = "hub.existingSecret";
  const name = at(hub.values, path);
  const expected = `a Secret without ${tokenKey}`;
  if (name === UNKNOWN) return unknown(path, describe(name), expected);
  if (isGiven(name) !== true) return pass(path, "not set");
  const secret = stack
    .ofType("kubernetes:core/v1:Secret")
    .find(({ properties }) => at(properties, "metadata.name") === name);
  if (!secret) return unknown(path, "a Secret that the stack does not show", expected);
  const content = keysOf(secret);
  if (content === UNKNOWN) return unknown(path, describe(UNKNOWN), expected);
  return content.includes(tokenKey)
    ? fail(path, `the Secret ${secret.name} with the token, which the proxy does not read`, expected)
    : pass(path, `the Secret ${secret.name}`);
}

function keysOf({ properties }: Resource): readonly string[] | typeof UNKNOWN {
  const maps = [own(properties, "data"), own(properties, "stringData")];
  return maps.includes(UNKNOWN) ? UNKNOWN : maps.flatMap((map) => Object.keys(map ?? {}));
}
