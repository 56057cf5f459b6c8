import { any } from "../../chart/three-valued";
import { type Found, UNKNOWN, type ValueMap } from "../../chart/values";
import { type Control, describe, type Finding, fail, pass, unknown, when } from "../control";
import { type Authenticator, authenticatorOf } from "../evidence/authenticator";
import { hubTypes, onHub } from "../evidence/hub";
import { actingScopes, identityScopes } from "../evidence/oauth-scopes";
import { listOf, matches, wordsOf } from "../evidence/truth";
import { otherChart } from "../example";

const source = "Setting up JupyterHub Securely on AWS: managing users using OAuth 2.0";

const github = (settings: ValueMap): ValueMap => ({
  hub: { config: { JupyterHub: { authenticator_class: "github" }, GitHubOAuthenticator: settings } },
});

export const loginScopesSmall: Control = {
  name: "login-scopes-small",
  title: "The login asks the provider for no more than who somebody is",
  reference: ["AUTH-09"],
  severity: "low",
  pack: "security",
  why: "with a wide scope the hub keeps a key to every user's repositories or files, and loses them all when it is broken into",
  source,
  remediation:
    'set scope to what the allow rule needs, for example ["read:org"] for GitHub organisations or ["openid", "email"], and nothing such as repo or admin:org',
  options: {
    allowedScopes: { type: "array", description: "Further scopes that the hub really needs", default: [] },
  },
  types: hubTypes,
  scope: "resource",
  examples: [
    { title: "membership of an organisation", verdict: "pass", values: github({ scope: ["read:org"] }) },
    { title: "none", verdict: "pass", values: github({}) },
    { title: "all repositories", verdict: "fail", values: github({ scope: ["read:org", "repo"] }) },
    {
      title: "a scope of one's own, which is listed",
      verdict: "pass",
      values: github({ scope: ["hub-login"] }),
      configuration: { "login-scopes-small": { allowedScopes: ["hub-login"] } },
    },
    { title: "a scope that nobody knows", verdict: "unknown", values: github({ scope: ["hub-login"] }) },
    { title: "chart default", verdict: "notApplicable", values: {} },
    otherChart,
  ],
  evaluate: onHub((hub, { options }) => {
    const login = authenticatorOf(hub);
    if (login.kind === UNKNOWN) return unknown(login.path, describe(UNKNOWN), "a login whose settings can be judged");
    return when(login.isOAuth, "the login asks no provider", () => judgeScopes(login, listOf(options.allowedScopes)));
  }),
};

function judgeScopes(login: Authenticator, allowed: readonly Found[]): Finding {
  const { value, path } = login.trait("scope");
  const expected = "scopes that only tell who somebody is";
  const scopes = wordsOf(typeof value === "string" ? value.replace(/,/g, " ") : value).filter(
    (scope) => !allowed.includes(scope),
  );
  if (any(scopes.map((scope) => matches(scope, actingScopes))) === true)
    return fail(path, "a scope that lets the hub act for the user", expected);
  if (scopes.includes(UNKNOWN)) return unknown(path, describe(UNKNOWN), expected);
  return scopes.every((scope) => matches(scope, identityScopes) === true)
    ? pass(path, describe(value))
    : unknown(
        path,
        "a scope that this pack does not know",
        expected,
        "if it is needed, list it in the option allowedScopes",
      );
}
