import { any } from "../../chart/three-valued";
import { type Found, own, UNKNOWN, type Value, type ValueMap } from "../../chart/values";
import {
  type Context,
  type Control,
  describe,
  type Finding,
  fail,
  notApplicable,
  pass,
  unknown,
  when,
} from "../control";
import { type Authenticator, authenticatorOf } from "../evidence/authenticator";
import { isOff } from "../evidence/aws";
import { type Hub, hubTypes, onHub } from "../evidence/hub";
import type { Setting } from "../evidence/hub-config";
import { type Resource, sourcesOf } from "../evidence/resource";
import { listOf, matches } from "../evidence/truth";
import { type ExampleResource, otherChart } from "../example";

const source = "Setting up JupyterHub Securely on AWS: managing users using OAuth 2.0";
const clientTypes = [
  "aws:cognito/userPoolClient:UserPoolClient",
  "aws:cognito/managedUserPoolClient:ManagedUserPoolClient",
];
const generic = (settings: ValueMap): ValueMap => ({
  hub: { config: { JupyterHub: { authenticator_class: "generic-oauth" }, GenericOAuthenticator: settings } },
});
const github = (settings: ValueMap): ValueMap => ({
  hub: { config: { JupyterHub: { authenticator_class: "github" }, GitHubOAuthenticator: settings } },
});
const callback = "https://hub.acme.science/hub/oauth_callback";
const cognitoClient = (callbackUrls: Value): ExampleResource => ({
  type: "aws:cognito/userPoolClient:UserPoolClient",
  name: "client",
  properties: { callbackUrls },
});

// ---- what is registered at the provider ----------------------------------------------------------------------------------

export const oauthCallbackRegistered: Control = {
  name: "oauth-callback-registered",
  title: "The hub's callback address is registered at the login provider, and no plain HTTP one",
  reference: ["AUTH-06"],
  severity: "medium",
  pack: "security",
  why: "a provider sends the code that logs somebody in to every address that is registered",
  source,
  remediation:
    "set callbackUrls of the user pool's client to the oauth_callback_url of the hub alone, an https address",
  types: hubTypes,
  scope: "stack",
  examples: [
    {
      title: "registered",
      verdict: "pass",
      values: generic({ oauth_callback_url: callback, client_id: UNKNOWN }),
      valuesFrom: ["client"],
      resources: [cognitoClient([callback])],
    },
    {
      title: "another address is registered",
      verdict: "fail",
      values: generic({ oauth_callback_url: callback, client_id: UNKNOWN }),
      valuesFrom: ["client"],
      resources: [cognitoClient(["https://old.acme.science/hub/oauth_callback"])],
    },
    {
      title: "a plain HTTP address beside it",
      verdict: "fail",
      values: generic({ oauth_callback_url: callback, client_id: UNKNOWN }),
      valuesFrom: ["client"],
      resources: [cognitoClient([callback, "http://hub.acme.science/hub/oauth_callback"])],
    },
    {
      title: "not known yet",
      verdict: "unknown",
      values: generic({ oauth_callback_url: callback, client_id: UNKNOWN }),
      valuesFrom: ["client"],
      resources: [cognitoClient(UNKNOWN)],
    },
    { title: "the provider is elsewhere", verdict: "notApplicable", values: generic({ oauth_callback_url: callback }) },
    otherChart,
  ],
  evaluate: onHub((hub, context) => {
    const login = authenticatorOf(hub);
    const clients = clientsOf(hub, login, context);
    if (clients.length === 0) {
      const finding = "the client at the login provider is not in this stack";
      return login.kind === UNKNOWN
        ? unknown(login.path, describe(UNKNOWN), "a login that can be judged")
        : notApplicable(finding);
    }
    const wanted = login.trait("oauth_callback_url");
    return clients.map((client) => judgeRegistration(client, wanted.value, wanted.path));
  }),
};

/** Clients of the stack that the hub's values are made from, or the only one where the login may be it. */
function clientsOf(hub: Hub, { kind }: Authenticator, { stack }: Context): Resource[] {
  const used = sourcesOf(stack, hub.resource, "values", clientTypes);
  if (used.length > 0) return used;
  const all = stack.ofType(...clientTypes);
  return all.length === 1 && (kind === "generic-oauth" || kind === "awscognito") ? [...all] : [];
}

function judgeRegistration({ name, properties }: Resource, wanted: Found, path: string): Finding {
  const urls = own(properties, "callbackUrls");
  const expected = "the hub's https address, registered at the provider";
  if (urls === UNKNOWN) return unknown(path, `client ${name}, whose addresses are not known yet`, expected);
  if (any(listOf(urls).map((url) => matches(url, /^http:\/\/(?!(localhost|127\.0\.0\.1|\[::1\])([:/]|$))/i))) === true)
    return fail(path, `client ${name} with a plain HTTP address`, expected);
  if (wanted === UNKNOWN || listOf(urls).includes(UNKNOWN)) return unknown(path, describe(UNKNOWN), expected);
  if (typeof wanted !== "string" || wanted === "")
    return unknown(path, "no address of the hub to compare with", expected);
  return listOf(urls).includes(wanted)
    ? pass(path, `registered at client ${name}`)
    : fail(path, `an address that client ${name} does not list`, expected);
}

// ---- second factor -------------------------------------------------------------------------------------------------------

export const identityProviderOffersMfa: Control = {
  name: "identity-provider-offers-mfa",
  title: "Users can protect their account with a second factor",
  reference: ["AUTH-07"],
  severity: "medium",
  pack: "security",
  why: "with a password alone, one that leaked elsewhere opens the hub",
  source,
  remediation: 'set mfaConfiguration: "ON" (or "OPTIONAL") and softwareTokenMfaConfiguration: { enabled: true }',
  types: ["aws:cognito/userPool:UserPool"],
  scope: "resource",
  examples: [
    {
      title: "required",
      verdict: "pass",
      resources: [{ type: "aws:cognito/userPool:UserPool", properties: { mfaConfiguration: "ON" } }],
    },
    { title: "nothing said", verdict: "fail", resources: [{ type: "aws:cognito/userPool:UserPool", properties: {} }] },
    {
      title: "off",
      verdict: "fail",
      resources: [{ type: "aws:cognito/userPool:UserPool", properties: { mfaConfiguration: "OFF" } }],
    },
    {
      title: "not known yet",
      verdict: "unknown",
      resources: [{ type: "aws:cognito/userPool:UserPool", properties: { mfaConfiguration: UNKNOWN } }],
    },
    otherChart,
  ],
  evaluate: ({ properties }) => {
    const path = "mfaConfiguration";
    const value = own(properties, path);
    const expected = "ON or OPTIONAL";
    if (value === UNKNOWN) return unknown(path, describe(value), expected);
    return value === "ON" || value === "OPTIONAL"
      ? pass(path, value)
      : fail(path, value === "OFF" ? "OFF" : `${describe(value)}, which means OFF`, expected);
  },
};

// ---- TLS to the provider -------------------------------------------------------------------------------------------------

export const loginProviderOverTls: Control = {
  name: "login-provider-over-tls",
  title: "The hub talks to the login provider over verified TLS only",
  reference: ["AUTH-08", "JX-26"],
  severity: "high",
  pack: "security",
  why: "who can pose as the provider logs in as anybody, and learns the client secret",
  source,
  remediation:
    "use https:// in authorize_url, token_url, userdata_url and every other address of the provider, and leave validate_server_cert at true",
  types: hubTypes,
  scope: "resource",
  examples: [
    {
      title: "HTTPS addresses",
      verdict: "pass",
      values: generic({ authorize_url: "https://id.acme.science/a", token_url: "https://id.acme.science/t" }),
    },
    { title: "a provider with addresses of its own", verdict: "pass", values: github({}) },
    { title: "a plain address", verdict: "fail", values: generic({ token_url: "http://keycloak.auth.svc/t" }) },
    { title: "certificates are not verified", verdict: "fail", values: github({ validate_server_cert: false }) },
    {
      title: "a plain address, by the hub's environment",
      verdict: "fail",
      values: {
        hub: {
          config: { JupyterHub: { authenticator_class: "generic-oauth" } },
          extraEnv: [{ name: "OAUTH2_TOKEN_URL", value: "http://keycloak.auth.svc/t" }],
        },
      },
    },
    {
      title: "not verified, by the hub's environment",
      verdict: "fail",
      values: {
        hub: { config: { JupyterHub: { authenticator_class: "github" } }, extraEnv: { OAUTH_TLS_VERIFY: "0" } },
      },
    },
    { title: "a key without effect since chart 3.0", verdict: "pass", values: generic({ tls_verify: false }) },
    { title: "the same key before", verdict: "fail", version: "2.0.0", values: generic({ tls_verify: false }) },
    { title: "an address not known yet", verdict: "unknown", values: generic({ token_url: UNKNOWN }) },
    { title: "chart default", verdict: "notApplicable", values: {} },
    otherChart,
  ],
  evaluate: onHub((hub) => {
    const login = authenticatorOf(hub);
    if (login.kind === UNKNOWN) return unknown(login.path, describe(UNKNOWN), "a login whose settings can be judged");
    return when(any([login.isOAuth, login.kind === "ldap"]), "the login asks no other server", () => [
      ...addressTraits(login).map((name) => judgeAddress(login, name)),
      ...verification(hub, login),
      ...login.unknownSections.map((path) => unknown(path, describe(UNKNOWN), "https addresses, verified")),
      pass(login.sections[0] ?? login.path, "verified TLS"),
    ]);
  }),
};

const withoutTls = /^\s*(http|ldap):\/\//i;

/** Traits that hold addresses of the provider, whatever the class calls them. */
function addressTraits({ traits }: Authenticator): string[] {
  const ofHub = /callback|redirect|logo|^login_service$/i;
  return traits.filter((name) => /_(url|uri|api|domain_url)$/i.test(name) && !ofHub.test(name));
}

function judgeAddress(login: Authenticator, name: string): Finding {
  const { value, path } = login.trait(name);
  const expected = "an https:// address";
  if (value === UNKNOWN) return unknown(path, describe(value), expected);
  return matches(value, withoutTls) === true
    ? fail(path, "an address without TLS", expected)
    : pass(path, "an address with TLS");
}

function verification(hub: Hub, login: Authenticator): Finding[] {
  const names = hub.since("3.0.0") ? ["validate_server_cert"] : ["validate_server_cert", "tls_verify"];
  const request = login.trait("http_request_kwargs");
  const flags: Setting[] = [
    ...names.map((name) => login.trait(name)),
    { path: `${request.path}.validate_cert`, value: own(request.value, "validate_cert") },
  ];
  const strategy = login.trait("tls_strategy");
  const off = flags.flatMap(({ value, path }) =>
    isOff(value) === true || value === 0
      ? [fail(path, "verification turned off", "no such setting, which leaves it on")]
      : [],
  );
  const open = flags.flatMap(({ value, path }) => (value === UNKNOWN ? [unknown(path, describe(value), "true")] : []));
  if (login.kind === "ldap" && strategy.value === "insecure") off.push(fail(strategy.path, "insecure", "before_bind"));
  return [...off, ...open];
}
