import { all } from "../../chart/three-valued";
import { at, isList, UNKNOWN } from "../../chart/values";
import { type Context, type Control, describe, type Finding, fail, notApplicable, pass, unknown } from "../control";
import { type Authenticator, authenticatorOf, opensByDefault } from "../evidence/authenticator";
import { identityProvidersOf } from "../evidence/cilogon";
import { type Hub, hubTypes, onHubProcess } from "../evidence/hub";
import { accountsOf } from "../evidence/login-accounts";
import { rulesOf, scopesOfEverybody } from "../evidence/login-rules";
import { isPlaceholder } from "../evidence/truth";
import { loginHasAllowRuleExamples, loginIsRealExamples } from "./authentication-examples";

// ---- who one is --------------------------------------------------------------------------------------------------------

/** Logins that prove nothing about who somebody is, with the reason. */
const unreal: Readonly<Record<string, string>> = {
  dummy: "dummy, which accepts any name and any password",
  tmp: "tmp, which makes an account for every visitor",
  firstuse: "firstuse, where the first visitor with a name sets its password",
  "shared-password": "shared-password, one password for everybody",
  pam: "PAM, the accounts inside the hub's container",
};

const real =
  /^(github|gitlab|google|azuread|auth0|generic-oauth|cilogon|globus|bitbucket|mediawiki|openshift|okpy|awscognito|ldap|lti|lti11|lti13|cas|saml|null)$/;

export const loginIsReal: Control = {
  name: "login-is-real",
  title: "Users prove who they are: the login is a real one",
  reference: ["AUTH-01", "JX-01"],
  severity: "critical",
  pack: "security",
  why: "the chart's default login lets anybody in under any name, an administrator's too",
  source: "Setting up JupyterHub Securely on AWS: authentication; JupyterHub, Security Overview",
  remediation: 'set hub.config.JupyterHub.authenticator_class to a real login, for example "github", and configure it',
  options: {
    trustedAuthenticators: {
      type: "array",
      description: "Class paths of own authenticators that are known to be real",
      default: [],
    },
  },
  types: hubTypes,
  scope: "resource",
  examples: loginIsRealExamples,
  evaluate: onHubProcess((hub, { options }) => {
    const login = authenticatorOf(hub);
    const { kind, path } = login;
    const expected = "a real login such as github";
    if (kind === UNKNOWN) return unknown(path, describe(kind), expected);
    if (typeof kind !== "string") return fail(path, describe(kind), expected);
    const named = at(hub.values, path);
    if (isList(options.trustedAuthenticators) && options.trustedAuthenticators.includes(named ?? null))
      return pass(path, "a login trusted by configuration");
    if (unreal[kind]) return fail(path, `${unreal[kind]}${legacyHint(hub)}`, expected);
    if (kind === "native") return judgeNative(login);
    if (isPlaceholder(named)) return fail(path, "a placeholder", expected);
    return real.test(kind)
      ? pass(path, kind)
      : unknown(
          path,
          "a login that this pack does not know",
          expected,
          "if it is real, list it in the option trustedAuthenticators",
        );
  }),
};

function legacyHint(hub: Hub): string {
  const legacy = hub.since("0.11.0") && at(hub.values, "auth") !== undefined;
  return legacy ? "; the section auth is not read since chart 0.11, use hub.config" : "";
}

/** Own accounts are real as long as an administrator admits each. */
function judgeNative(login: Authenticator): Finding {
  const { value, path } = login.trait("open_signup");
  if (value === UNKNOWN) return unknown(path, describe(value), "false");
  if (value === true) return fail(path, "true, so everybody makes an account", "false");
  return value === undefined || value === null || value === false
    ? pass(login.path, "native, with admission")
    : fail(path, describe(value), "true or false; any other type stops the hub");
}

// ---- who may -----------------------------------------------------------------------------------------------------------

export const loginHasAllowRule: Control = {
  name: "login-has-allow-rule",
  title: "Only intended users may log in",
  reference: ["AUTH-10", "JX-02"],
  severity: "critical",
  pack: "security",
  why: "a hub that admits every account of a public provider hands computing power and network access to strangers",
  source: "Setting up JupyterHub Securely on AWS: managing users; JupyterHub, Security Overview",
  remediation:
    'name who may log in, for example hub.config.GitHubOAuthenticator.allowed_organizations: ["your-organisation"], or hub.config.Authenticator.allowed_users, and leave allow_all unset',
  types: hubTypes,
  scope: "resource",
  examples: loginHasAllowRuleExamples,
  evaluate: onHubProcess((hub, context) => {
    const login = authenticatorOf(hub);
    if (login.kind === UNKNOWN) return unknown(login.path, describe(login.kind), "a login with a rule who may use it");
    if (login.kind === "null") return notApplicable("nobody can log in: the login is null");
    if (login.kind === "dummy" || login.kind === "firstuse") {
      return fail(
        login.path,
        `${login.kind}, where a stranger takes any name, a listed one too`,
        "a real login with a rule who may use it",
      );
    }
    const everybody = login.trait("allow_all");
    if (everybody.value === UNKNOWN) return unknown(everybody.path, describe(everybody.value), "false");
    if (everybody.value !== undefined && everybody.value !== null && typeof everybody.value !== "boolean") {
      return fail(everybody.path, describe(everybody.value), "true or false; any other type stops the hub");
    }
    if (everybody.value === true) return judgeEverybody(hub, login, everybody.path, context);
    const scopes = scopesOfEverybody(login);
    return scopes ? judgeEverybody(hub, login, scopes, context) : judgeRules(hub, login, context);
  }),
};

function judgeRules(hub: Hub, login: Authenticator, context: Context): Finding {
  const provider = login.kind === "cilogon" ? openProvider(login) : undefined;
  if (provider) return provider;
  const open = opensByDefault(hub, login) === true;
  const rules = rulesOf(hub, login, open);
  const given = rules.find(({ holds }) => holds === true);
  if (given) return pass(given.path, "a rule who may log in");
  const undecided = rules.find(({ holds }) => holds === UNKNOWN);
  if (undecided) return unknown(undecided.path, "a value that is not known yet", "a rule who may log in");
  const flawed = rules.find(({ flaw }) => flaw !== undefined);
  if (flawed?.flaw && !open) return fail(flawed.path, flawed.flaw.found, flawed.flaw.expected);
  const empty = rules.find(({ path }) => /\.allowed_\w+$/.test(path));
  const path = empty?.path ?? login.trait("allowed_users").path;
  if (open) return judgeEverybody(hub, login, path, context);
  return login.isKnown
    ? fail(path, "no rule who may log in, so that nobody can", "a rule such as allowed_users or allowed_organizations")
    : unknown(path, "no rule that this pack knows for this login", "a rule such as allowed_users");
}

/** An identity provider of CILogon that admits everybody although anybody can have an account there. */
function openProvider(login: Authenticator): Finding | undefined {
  const expected = "allowed_domains of your organisation";
  const providers = identityProvidersOf(login).map(({ path, isPublic, admitsAnybody }) => ({
    path,
    isOpen: all([isPublic, admitsAnybody]),
  }));
  const open = providers.find(({ isOpen }) => isOpen === true);
  if (open) return fail(open.path, "everybody with an account at a public provider may log in", expected);
  const undecided = providers.find(({ isOpen }) => isOpen === UNKNOWN);
  return undecided && unknown(undecided.path, "a value that is not known yet", expected);
}

/** All accounts of the provider are let in: fine when they are all of one organisation, an open hub when anybody can have one. */
function judgeEverybody(hub: Hub, login: Authenticator, path: string, { settings }: Context): Finding {
  const pool = accountsOf(hub, login);
  const expected = "a rule such as allowed_users or allowed_organizations";
  if (pool === "own") return pass(path, "every account of the organisation's own provider");
  if (pool === "public") return fail(path, "everybody with an account at a public provider may log in", expected);
  if (settings.assume.privateIdentityProvider)
    return pass(path, "assumed: all accounts at the provider are the organisation's");
  return unknown(
    path,
    "everybody with an account at the provider may log in",
    expected,
    "name who may log in, or if only your organisation has accounts there, set settings.assume.privateIdentityProvider: true",
  );
}
