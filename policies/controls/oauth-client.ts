import { any, type Truth } from "../../chart/three-valued";
import { at, type Found, isMap, own, UNKNOWN } from "../../chart/values";
import { type Control, describe, type Finding, fail, notApplicable, pass, unknown } from "../control";
import { type Authenticator, authenticatorOf } from "../evidence/authenticator";
import { type Hub, hubTypes, onHub } from "../evidence/hub";
import { onOAuth } from "../evidence/oauth";
import { isGiven, isPlaceholder, isTemplate, matches } from "../evidence/truth";
import { otherChart } from "../example";

const source = "Setting up JupyterHub Securely on AWS: managing users using OAuth 2.0";
const config = { JupyterHub: { authenticator_class: "github" } };
const client = { client_id: "Ov23liExample", client_secret: "made-up" };

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
    if (!login.isKnown)
      return strays.length > 0
        ? unknown(`hub.config.${strays[0]}`, "a section that the login, a class of its own, may read or not", expected)
        : notApplicable("the login is none of the OAuth classes");
    if (login.isOAuth === false)
      return strays.length > 0
        ? fail(`hub.config.${strays[0]}`, "a section that the login does not read", expected)
        : notApplicable("the login is not OAuth");
    const present = any([
      ...login.sections.slice(0, -1).map((section) => hasEntries(at(hub.values, section))),
      // In the section of every login only settings that OAuth alone has tell that it is meant.
      isGiven(login.trait("client_id").value),
    ]);
    if (present === true) return pass(login.sections[0] ?? login.path, "settings of the login's class");
    const existing = hub.existingSecret ? undefined : at(hub.values, "hub.existingSecret");
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
  const { value, path, fromSecret } = login.trait(name);
  const expected = `the ${name} of the OAuth client`;
  if (fromSecret) return pass(path, "given by a Secret");
  if (value === UNKNOWN) return unknown(path, describe(value), expected);
  if (isTemplate(value)) return unknown(path, "a text that something else has to fill in", expected);
  if (isPlaceholder(value)) return fail(path, "a placeholder", expected);
  if (matches(value, /\$\(|`/) === true) return fail(path, "a command, which nothing runs", expected);
  if (typeof value === "string" && value.trim() !== "") return pass(path, "given");
  return hub.existingSecret || isGiven(at(hub.values, "hub.existingSecret")) === false
    ? fail(path, describe(value), expected)
    : unknown(path, `${describe(value)}, unless the Secret hub.existingSecret says it`, expected);
}
