import { any, type Truth } from "../../chart/three-valued";
import { at, type Found, isList, isMap, own, UNKNOWN } from "../../chart/values";
import { type Context, type Control, describe, type Finding, fail, notApplicable, pass, unknown } from "../control";
import { type Authenticator, authenticatorOf, opensByDefault } from "../evidence/authenticator";
import { type Hub, hubTypes, onHubProcess } from "../evidence/hub";
import { actingScopes, identityScopes } from "../evidence/oauth-scopes";
import { isPlaceholder, listOf, matches, someMatch } from "../evidence/truth";
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
    const all = login.trait("allow_all");
    if (all.value === UNKNOWN) return unknown(all.path, describe(all.value), "false");
    if (all.value !== undefined && all.value !== null && typeof all.value !== "boolean") {
      return fail(all.path, describe(all.value), "true or false; any other type stops the hub");
    }
    if (all.value === true) return judgeEverybody(login, all.path, context);
    const scopes = scopesOfEverybody(login);
    return scopes ? judgeEverybody(login, scopes, context) : judgeRules(hub, login, context);
  }),
};

/** `allowed_scopes` lets in whoever grants them. Those that a provider has for everybody, everybody can grant. */
function scopesOfEverybody(login: Authenticator): string | undefined {
  const { value, path } = login.trait("allowed_scopes");
  const scopes = listOf(value);
  const isEverybodys = (scope: Found) =>
    matches(scope, identityScopes) === true || matches(scope, actingScopes) === true;
  return login.isOAuth && scopes.length > 0 && scopes.every(isEverybodys) ? path : undefined;
}

function judgeRules(hub: Hub, login: Authenticator, context: Context): Finding {
  const idp = login.kind === "cilogon" ? openIdp(login) : undefined;
  if (idp) return fail(idp, "everybody with an account at a public provider may log in", "allowed_domains instead");
  const open = opensByDefault(hub, login) === true;
  const rules = rulesOf(login, open);
  const given = rules.find(({ holds }) => holds === true);
  if (given) return pass(given.path, "a rule who may log in");
  const undecided = rules.find(({ holds }) => holds === UNKNOWN);
  if (undecided) return unknown(undecided.path, "a value that is not known yet", "a rule who may log in");
  const empty = rules.find(({ path }) => /\.allowed_\w+$/.test(path));
  const path = empty?.path ?? `${login.sections[0]}.allowed_users`;
  if (!open && !login.isKnown)
    return unknown(
      `${login.sections.at(-1)}.allowed_users`,
      "no rule that this pack knows for this login",
      "a rule such as allowed_users",
    );
  if (!open)
    return fail(
      path,
      "no rule who may log in, so that nobody can",
      "a rule such as allowed_users or allowed_organizations",
    );
  return judgeEverybody(login, path, context);
}

interface Rule {
  readonly path: string;
  readonly holds: Truth;
}

/**
 * Settings that admit somebody in particular. Where everybody is in unless restricted (charts before 3.0 or 4.0), naming
 * administrators restricts nothing, but the old whitelists and Google's hosted_domain do.
 */
function rulesOf(login: Authenticator, open: boolean): Rule[] {
  const admits = open ? /whitelist$|^hosted_?domain$/i : /^(admin_users|admin_.*groups|allow_existing_users)$/;
  const rules: Rule[] = login.traits
    .filter((name) => admits.test(name) || isAllowRule(login, name))
    .filter((name) => !(open && name === "allowed_scopes"))
    .map((name) => ({ path: login.trait(name).path, holds: namesSomebody(login.trait(name).value) }));
  const idps = login.kind === "cilogon" && !open ? ["idps", "allowed_idps"].map((name) => idpRule(login, name)) : [];
  const hidden = login.unknownSections.map((path): Rule => ({ path, holds: UNKNOWN }));
  return [...rules, ...idps, ...hidden];
}

/** Rules of the classes; what another class calls its rule is ignored without a word, as a misspelt one is. */
const allowRules: Readonly<Record<string, RegExp>> = {
  github: /^allowed_organizations$/,
  gitlab: /^allowed_(gitlab_groups|project_ids)$/,
  google: /^allowed_google_groups$/,
  globus: /^allowed_globus_groups$/,
  bitbucket: /^allowed_teams$/,
};
const everyClass = /^allowed_(users|groups|scopes)$/;

function isAllowRule({ kind, isOAuth }: Authenticator, name: string): boolean {
  if (everyClass.test(name)) return true;
  const ofClass = typeof kind === "string" && Object.hasOwn(allowRules, kind) ? allowRules[kind] : undefined;
  return ofClass ? ofClass.test(name) : !isOAuth && /^allowed_/.test(name);
}

function namesSomebody(value: Found): Truth {
  if (value === UNKNOWN) return UNKNOWN;
  if (value === true) return true;
  if (typeof value === "string") return value.trim() !== "" && !isPlaceholder(value);
  if (isList(value))
    return any(
      value.map(
        (item): Truth =>
          item === UNKNOWN
            ? UNKNOWN
            : typeof item === "number" || (typeof item === "string" && item.trim() !== "" && !isPlaceholder(item)),
      ),
    );
  return isMap(value) && any(Object.values(value).map(namesSomebody)) !== false && Object.keys(value).length > 0;
}

/** CILogon lets in by identity provider: `idps` (before oauthenticator 17.4 `allowed_idps`) may say who of each. */
function idpRule(login: Authenticator, name: string): Rule {
  const { value, path } = login.trait(name);
  if (value === UNKNOWN) return { path, holds: UNKNOWN };
  const entries = isMap(value) ? Object.values(value) : [];
  return {
    path,
    holds: any(
      entries.map((entry) => any(["allow_all", "allowed_domains"].map((key) => namesSomebody(at(entry, key))))),
    ),
  };
}

/** Identity providers of CILogon where anybody can have an account. */
const publicIdps = [
  "http://github.com/login/oauth/authorize",
  "http://google.com/accounts/o8/id",
  "http://orcid.org/oauth/authorize",
  "http://login.microsoftonline.com/common/oauth2/v2.0/authorize",
];

/** Path of the first provider that admits everybody although anybody can have an account there. */
function openIdp(login: Authenticator): string | undefined {
  return ["idps", "allowed_idps"]
    .flatMap((name) => publicIdps.map((idp) => ({ ...login.trait(name), idp })))
    .filter(({ value, idp }) => own(own(value, idp), "allow_all") === true)
    .map(({ path, idp }) => `${path}["${idp}"].allow_all`)[0];
}

// ---- everybody ---------------------------------------------------------------------------------------------------------

/** All accounts of the provider are let in: fine when they are all of one organisation, an open hub when anybody can have one. */
function judgeEverybody(login: Authenticator, path: string, { settings }: Context): Finding {
  const pool = accountsOf(login);
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

/** Who can have an account at the provider. */
function accountsOf(login: Authenticator): "public" | "own" | "open question" {
  const text = (name: string) => login.trait(name).value;
  switch (login.kind) {
    case "google":
      return restrictedTo(text("hosted_domain"), /^(gmail|googlemail)\.com$/i);
    case "globus":
      return restrictedTo(text("identity_provider"), /^(globusid\.org|google\.com|orcid\.org|github\.com)$/i);
    case "azuread":
      return accountsAtMicrosoft(login);
    case "github":
      return servedBy(text("github_url") ?? text("github_api"));
    case "gitlab":
      return servedBy(text("gitlab_url"));
    case "generic-oauth":
      return servedBy(text("authorize_url") ?? UNKNOWN);
    case "cilogon":
      return isFilled(text("allowed_idps")) || isFilled(text("idps")) ? "open question" : "public";
    case "bitbucket":
    case "mediawiki":
    case "dummy":
    case "tmp":
    case "firstuse":
    case "pam":
    case "shared-password":
      return "public";
    default:
      return "open question";
  }
}

/** The endpoints decide, which name the tenant unless they are given: the login does not look at the token's. */
function accountsAtMicrosoft(login: Authenticator): "public" | "own" | "open question" {
  const tenant = login.trait("tenant_id").value;
  const endpoints = ["authorize_url", "token_url"]
    .map((name) => login.trait(name).value)
    .filter((url) => url !== undefined);
  if (endpoints.some((url) => url !== UNKNOWN && servedBy(url) === "public")) return "public";
  if (tenant === UNKNOWN || endpoints.includes(UNKNOWN)) return "open question";
  if (typeof tenant !== "string" || tenant.trim() === "" || sharedTenant.test(tenant.trim())) return "public";
  const isOfTenant = (url: Found) => typeof url === "string" && url.toLowerCase().includes(`/${tenant.toLowerCase()}/`);
  return endpoints.every(isOfTenant) ? "own" : "open question";
}

/** Azure's endpoints and its tenant for which every Microsoft account is good. */
const sharedTenant = /^(common|organizations|consumers|9188040d-6c67-4c5b-b112-36a304b66dad)$/i;

const publicHosts =
  /^(https?:\/\/)?(www\.|api\.)?(github\.com|gitlab\.com|accounts\.google\.com|bitbucket\.org|auth\.globus\.org|cilogon\.org|orcid\.org|www\.facebook\.com|login\.microsoftonline\.com\/(common|organizations|consumers))(\/|$)/i;

/** Whether the server of a login that can be anywhere is one where everybody has accounts; none given is the public one. */
function servedBy(url: Found): "public" | "open question" {
  if (url === UNKNOWN) return "open question";
  return typeof url !== "string" || url.trim() === "" || publicHosts.test(url.trim()) ? "public" : "open question";
}

function isFilled(value: Found): boolean {
  return value === UNKNOWN || ((isMap(value) || isList(value)) && Object.keys(value).length > 0);
}

/** Accounts of domains that are not among those where everybody can have one. */
function restrictedTo(domains: Found, everybodys: RegExp): "public" | "own" | "open question" {
  const given = namesSomebody(domains);
  if (given === UNKNOWN) return "open question";
  return given === false || someMatch(domains, everybodys) === true ? "public" : "own";
}
