import { any, type Truth } from "../../chart/three-valued";
import { at, type Found, isMap, own, scalarText, UNKNOWN, type ValueMap } from "../../chart/values";
import { type Control, describe, type Finding, fail, notApplicable, pass, unknown, when } from "../control";
import { type Authenticator, authenticatorOf } from "../evidence/authenticator";
import { hostNames, hostOf, isPublished, parseUrl } from "../evidence/host-names";
import { type Hub, hubTypes, onHub } from "../evidence/hub";
import { baseUrl, firstGiven, type Setting } from "../evidence/hub-config";
import { textOf, type Variable, variablesIn } from "../evidence/pod-secrets";
import { isGiven, isPlaceholder } from "../evidence/truth";
import { otherChart } from "../example";

const source = "Setting up JupyterHub Securely on AWS: managing users using OAuth 2.0";
const config = { JupyterHub: { authenticator_class: "github" } };
const client = { client_id: "Ov23liExample", client_secret: "made-up" };
const callback = "https://hub.acme.science/hub/oauth_callback";

/** Judges hubs whose login is OAuth; while that is open, nothing fails. */
function onOAuth(judge: (hub: Hub, login: Authenticator) => Finding | readonly Finding[]) {
  return onHub((hub) => {
    const login = authenticatorOf(hub);
    const isOAuth: Truth = login.kind === UNKNOWN ? UNKNOWN : login.isOAuth;
    if (isOAuth === UNKNOWN) return unknown(login.path, describe(UNKNOWN), "a login whose settings can be judged");
    return when(isOAuth, "the login is not OAuth", () => judge(hub, login));
  });
}

/** A trait under either of its names: the one of hub.config, and the one of charts before 0.11. */
function trait(login: Authenticator, name: string): Setting {
  const camelCase = name.replace(/^oauth_/, "").replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  return firstGiven(login.trait(name), login.trait(camelCase)) ?? login.trait(name);
}

/** A variable of the hub's pod out of which oauthenticator takes a setting that is not configured. */
function fromEnvironment(
  hub: Hub,
  login: Authenticator,
  suffix: string,
): (Setting & { readonly variable?: Variable }) | undefined {
  const path = "hub.extraEnv";
  const environment = at(hub.values, path);
  if (environment === UNKNOWN) return { path, value: UNKNOWN };
  const provider = scalarText(login.kind).replace(/-/g, "_").toUpperCase();
  const names = ["OAUTH", provider].map((prefix) => `${prefix}_${suffix}`);
  const variable = variablesIn(environment, path).find(({ name }) => names.includes(name));
  if (!variable) return undefined;
  const text = textOf(variable);
  return { path: variable.path, value: text === undefined && isMap(variable.value) ? UNKNOWN : text, variable };
}

/** A variable out of a Secret is not in the values, which is where it is safest. */
function isFromSecret({ variable }: Setting & { readonly variable?: Variable }): boolean {
  const { name, key } = (at(variable?.value, "valueFrom.secretKeyRef") ?? {}) as ValueMap;
  return [name, key].every((text) => typeof text === "string" && text !== "");
}

// ---- class and section ---------------------------------------------------------------------------------------------------

export const loginSectionMatchesClass: Control = {
  name: "login-section-matches-class",
  title: "The login's settings stand in the section of its class",
  reference: ["AUTH-02"],
  severity: "high",
  pack: "security",
  why: "settings in a section of another class are ignored, the rule who may log in too",
  source,
  remediation:
    "put the settings of the login into the section of its class, for example authenticator_class: github and hub.config.GitHubOAuthenticator",
  types: hubTypes,
  scope: "resource",
  examples: [
    {
      title: "class and section agree",
      verdict: "pass",
      values: { hub: { config: { ...config, GitHubOAuthenticator: client } } },
    },
    {
      title: "the section of the base class",
      verdict: "pass",
      values: { hub: { config: { ...config, OAuthenticator: client } } },
    },
    {
      title: "the section of every login",
      verdict: "pass",
      values: { hub: { config: { ...config, Authenticator: client } } },
    },
    {
      title: "the section of another class",
      verdict: "fail",
      values: { hub: { config: { ...config, GoogleOAuthenticator: client } } },
    },
    {
      title: "a section in other letters, which nothing reads",
      verdict: "fail",
      values: { hub: { config: { ...config, GithubOAuthenticator: client } } },
    },
    {
      title: "a section, but the chart's own login",
      verdict: "fail",
      values: { hub: { config: { GitHubOAuthenticator: client } } },
    },
    {
      title: "a class not known yet",
      verdict: "unknown",
      values: { hub: { config: { JupyterHub: { authenticator_class: UNKNOWN }, GitHubOAuthenticator: client } } },
    },
    { title: "chart default", verdict: "notApplicable", values: {} },
    otherChart,
  ],
  evaluate: onHub((hub) => {
    const login = authenticatorOf(hub);
    const expected = "settings in a section of the login's class";
    const configuration = at(hub.values, "hub.config");
    if (login.kind === UNKNOWN || configuration === UNKNOWN) return unknown(login.path, describe(UNKNOWN), expected);
    const strays = straySections(login, configuration);
    if (!login.isOAuth)
      return strays.length > 0
        ? fail(`hub.config.${strays[0]}`, "a section that the login does not read", expected)
        : notApplicable("the login is not OAuth");
    const present = any([
      ...login.sections.slice(0, -1).map((section) => hasEntries(at(hub.values, section))),
      // In the section of every login only settings that OAuth alone has tell that it is meant.
      isGiven(own(at(hub.values, login.sections.at(-1) ?? login.path), "client_id")),
      isGiven(fromEnvironment(hub, login, "CLIENT_ID")?.value),
    ]);
    if (present === true) return pass(login.sections[0] ?? login.path, "settings of the login's class");
    const existing = at(hub.values, "hub.existingSecret");
    const where = strays.length > 0 ? `hub.config.${strays[0]}` : (login.sections[0] ?? login.path);
    const found = strays.length > 0 ? "settings of another class" : "no settings of the login's class";
    const open = present === UNKNOWN || isGiven(existing) !== false || login.unknownSections.length > 0;
    return open ? unknown(where, found, expected) : fail(where, found, expected);
  }),
};

/** Sections of OAuth classes that the login does not read. */
function straySections(login: Authenticator, configuration: Found): string[] {
  const read = login.sections.map((section) => section.replace(/^hub\.config\./, ""));
  return Object.entries(isMap(configuration) ? configuration : {})
    .filter(
      ([name]) =>
        /.+oauthenticator$|^(cilogon|mw|okpy).*authenticator$/i.test(name) &&
        !read.includes(name.replace(/^Local/, "")),
    )
    .filter(([, section]) => own(section, "client_id") !== undefined || own(section, "client_secret") !== undefined)
    .map(([name]) => name);
}

function hasEntries(section: Found): Truth {
  return section === UNKNOWN ? UNKNOWN : isMap(section) && Object.keys(section).length > 0;
}

// ---- client --------------------------------------------------------------------------------------------------------------

export const loginClientConfigured: Control = {
  name: "login-client-configured",
  title: "The hub knows its client ID and client secret at the login provider",
  reference: ["AUTH-03"],
  severity: "high",
  pack: "security",
  why: "without them nobody can log in, and a placeholder in the code invites the real secret into it",
  source,
  remediation:
    "set client_id and client_secret in the section of the login's class, the secret from a Pulumi secret (pulumi config set --secret)",
  types: hubTypes,
  scope: "resource",
  examples: [
    {
      title: "both are given",
      verdict: "pass",
      values: { hub: { config: { ...config, GitHubOAuthenticator: client } } },
    },
    {
      title: "by the hub's environment",
      verdict: "pass",
      values: { hub: { config, extraEnv: { OAUTH_CLIENT_ID: "id", GITHUB_CLIENT_SECRET: "made-up" } } },
    },
    {
      title: "by a Secret of the namespace",
      verdict: "pass",
      values: {
        hub: {
          config,
          extraEnv: {
            OAUTH_CLIENT_ID: { valueFrom: { secretKeyRef: { name: "login", key: "clientId" } } },
            OAUTH_CLIENT_SECRET: { valueFrom: { secretKeyRef: { name: "login", key: "clientSecret" } } },
          },
        },
      },
    },
    {
      title: "by a reference that says no key",
      verdict: "unknown",
      values: {
        hub: {
          config: { ...config, GitHubOAuthenticator: { client_id: "id" } },
          extraEnv: { OAUTH_CLIENT_SECRET: { valueFrom: { secretKeyRef: { name: "login" } } } },
        },
      },
    },
    {
      title: "the placeholder of the articles",
      verdict: "fail",
      values: {
        hub: {
          config: {
            ...config,
            GitHubOAuthenticator: { client_id: "<your-client-id>", client_secret: "<your-client-secret>" },
          },
        },
      },
    },
    {
      title: "no secret",
      verdict: "fail",
      values: { hub: { config: { ...config, GitHubOAuthenticator: { client_id: "id" } } } },
    },
    {
      title: "maybe in a Secret that the stack does not show",
      verdict: "unknown",
      values: { hub: { config: { ...config, GitHubOAuthenticator: { client_id: "id" } }, existingSecret: "login" } },
    },
    { title: "another kind of login", verdict: "notApplicable", values: {} },
    otherChart,
  ],
  evaluate: onOAuth((hub, login) => ["client_id", "client_secret"].map((name) => judgeClient(hub, login, name))),
};

function judgeClient(hub: Hub, login: Authenticator, name: string): Finding {
  const setting = trait(login, name);
  const variable = isGiven(setting.value) === false ? fromEnvironment(hub, login, name.toUpperCase()) : undefined;
  const { value, path } = variable ?? setting;
  const expected = `the ${name} of the OAuth client`;
  if (variable && isFromSecret(variable)) return pass(path, "given by a Secret");
  if (value === UNKNOWN) return unknown(path, describe(value), expected);
  if (isPlaceholder(value)) return fail(path, "a placeholder", expected);
  if (typeof value === "string" && value.trim() !== "") return pass(path, "given");
  return isGiven(at(hub.values, "hub.existingSecret")) === false
    ? fail(path, describe(value), expected)
    : unknown(path, `${describe(value)}, unless the Secret hub.existingSecret says it`, expected);
}

// ---- callback ------------------------------------------------------------------------------------------------------------

export const oauthCallbackIsHttps: Control = {
  name: "oauth-callback-is-https",
  title: "The login provider sends people back to an HTTPS address",
  reference: ["AUTH-04"],
  severity: "high",
  pack: "security",
  why: "on the way back to an http address everybody in between reads the code that logs somebody in",
  source: `${source} (whose text registers an http address, against its own configuration)`,
  remediation:
    'set oauth_callback_url: "https://<host of the hub>/hub/oauth_callback" in the section of the login\'s class, and register the same at the provider',
  types: hubTypes,
  scope: "resource",
  examples: [
    {
      title: "HTTPS",
      verdict: "pass",
      values: { hub: { config: { ...config, GitHubOAuthenticator: { oauth_callback_url: callback } } } },
    },
    {
      title: "HTTP, as the article registers it",
      verdict: "fail",
      values: {
        hub: {
          config: {
            ...config,
            GitHubOAuthenticator: { oauth_callback_url: "http://hub.acme.science/hub/oauth_callback" },
          },
        },
      },
    },
    {
      title: "HTTP, with the section of old charts",
      verdict: "fail",
      version: "0.9.1",
      values: { auth: { type: "github", github: { callbackUrl: "http://hub.acme.science/hub/oauth_callback" } } },
    },
    {
      title: "no address: the hub guesses one out of a request",
      verdict: "unknown",
      values: { hub: { config: { ...config, GitHubOAuthenticator: client } } },
    },
    { title: "another kind of login", verdict: "notApplicable", values: {} },
    otherChart,
  ],
  evaluate: onOAuth((hub, login) => {
    const { value, path } = callbackOf(hub, login);
    const expected = "an https:// address";
    if (value === undefined || value === null || value === "")
      return unknown(path, "not set, so that the hub guesses it from a request, often as http", expected);
    if (value === UNKNOWN) return unknown(path, describe(value), expected);
    return typeof value === "string" && /^https:\/\/./i.test(value.trim())
      ? pass(path, "an https:// address")
      : fail(
          path,
          typeof value === "string" ? "an address that does not begin with https://" : describe(value),
          expected,
        );
  }),
};

/** The address that the provider sends people back to. */
export function callbackOf(hub: Hub, login: Authenticator): Setting {
  const setting = trait(login, "oauth_callback_url");
  return isGiven(setting.value) === false ? (fromEnvironment(hub, login, "CALLBACK_URL") ?? setting) : setting;
}

export const oauthCallbackMatchesHub: Control = {
  name: "oauth-callback-matches-hub",
  title: "The login provider sends people back to this hub, to the path that answers",
  reference: ["AUTH-05"],
  severity: "high",
  pack: "security",
  why: "the code that logs somebody in goes to whoever answers under that address",
  source,
  remediation:
    'set oauth_callback_url: "https://<host of the hub><hub.baseUrl>hub/oauth_callback", with the host that proxy.https.hosts or ingress.hosts names',
  types: hubTypes,
  scope: "resource",
  examples: [
    {
      title: "the hub's own host and path",
      verdict: "pass",
      values: {
        proxy: { https: { enabled: true, hosts: ["hub.acme.science"] } },
        hub: { config: { ...config, GitHubOAuthenticator: { oauth_callback_url: callback } } },
      },
    },
    {
      title: "below a base URL",
      verdict: "pass",
      values: {
        ingress: { enabled: true, hosts: ["acme.science"] },
        hub: {
          baseUrl: "/jupyter",
          config: {
            ...config,
            OAuthenticator: { oauth_callback_url: "https://acme.science/jupyter/hub/oauth_callback" },
          },
        },
      },
    },
    {
      title: "another host",
      verdict: "fail",
      values: {
        proxy: { https: { enabled: true, hosts: ["other.acme.science"] } },
        hub: { config: { ...config, GitHubOAuthenticator: { oauth_callback_url: callback } } },
      },
    },
    {
      title: "another path",
      verdict: "fail",
      values: {
        proxy: { https: { enabled: true, hosts: ["hub.acme.science"] } },
        hub: {
          config: { ...config, GitHubOAuthenticator: { oauth_callback_url: "https://hub.acme.science/callback" } },
        },
      },
    },
    {
      title: "no host to compare with",
      verdict: "unknown",
      values: { hub: { config: { ...config, GitHubOAuthenticator: { oauth_callback_url: callback } } } },
    },
    { title: "no address is given", verdict: "notApplicable", values: { hub: { config } } },
    otherChart,
  ],
  evaluate: onOAuth((hub, login) => {
    const { value, path } = callbackOf(hub, login);
    return when(isGiven(value), "no callback address is given", () => judgeCallback(hub, value, path));
  }),
};

function judgeCallback(hub: Hub, value: Found, path: string): Finding {
  const base = baseUrl(hub);
  const expected = "https://<host of the hub><hub.baseUrl>hub/oauth_callback";
  if (value === UNKNOWN) return unknown(path, describe(value), expected);
  const url = typeof value === "string" ? parseUrl(value) : undefined;
  if (url === undefined) return fail(path, "no address", expected);
  if (typeof base.value !== "string") return unknown(base.path, describe(base.value), "the hub's base URL");
  if (url.pathname !== `${base.value}hub/oauth_callback`) return fail(path, "an address with another path", expected);
  const names = hostNames(hub);
  if (names.length === 0) return unknown(path, "an address, but no host in the values to compare it with", expected);
  const published = isPublished(names, hostOf(value) ?? "");
  if (published === UNKNOWN) return unknown(path, "a host that may be the hub's", expected);
  return published
    ? pass(path, "the hub's own address")
    : fail(path, "an address with a host that is not the hub's", expected);
}
