import { UNKNOWN, type Value, type ValueMap } from "../../chart/values";
import { type Example, otherChart } from "../example";

const login = (authenticator_class: Value, config: ValueMap = {}): ValueMap => ({
  hub: { config: { JupyterHub: { authenticator_class }, ...config } },
});

export const loginIsRealExamples: readonly Example[] = [
  { title: "GitHub", verdict: "pass", values: login("github") },
  { title: "GitHub in capitals", verdict: "pass", values: login("GitHub") },
  { title: "GitHub by its class", verdict: "pass", values: login("oauthenticator.github.GitHubOAuthenticator") },
  { title: "null, which lets nobody in", verdict: "pass", values: login("null") },
  { title: "own accounts, each admitted by an administrator", verdict: "pass", values: login("native") },
  { title: "the section of old charts", verdict: "pass", version: "0.10.6", values: { auth: { type: "github" } } },
  {
    title: "a class of one's own that is trusted",
    verdict: "pass",
    values: login("acme.login.AcmeAuthenticator"),
    configuration: { "login-is-real": { trustedAuthenticators: ["acme.login.AcmeAuthenticator"] } },
  },
  { title: "chart default, which is dummy", verdict: "fail", values: {} },
  { title: "dummy by its class", verdict: "fail", values: login("jupyterhub.auth.DummyAuthenticator") },
  {
    title: "dummy with a password and a list of users",
    verdict: "fail",
    values: login("dummy", { DummyAuthenticator: { password: "x" }, Authenticator: { allowed_users: ["ada"] } }),
  },
  { title: "an account for each visitor", verdict: "fail", values: login("tmpauthenticator.TmpAuthenticator") },
  { title: "a password set at the first login", verdict: "fail", values: login("firstuse") },
  { title: "one password for everybody", verdict: "fail", values: login("shared-password") },
  { title: "accounts inside the hub's container", verdict: "fail", values: login("pam") },
  { title: "deleted by null, which leaves those", verdict: "fail", values: login(null) },
  {
    title: "own accounts that everybody makes",
    verdict: "fail",
    values: login("native", { NativeAuthenticator: { open_signup: true } }),
  },
  { title: "a section that new charts do not read", verdict: "fail", values: { auth: { type: "github" } } },
  { title: "a class of one's own", verdict: "unknown", values: login("acme.login.AcmeAuthenticator") },
  { title: "not known yet", verdict: "unknown", values: login(UNKNOWN) },
  {
    title: "set by Python",
    verdict: "unknown",
    values: { hub: { extraConfig: { login: "c.JupyterHub.authenticator_class = Ours" } } },
  },
  {
    title: "settings in a Secret that nobody sees",
    verdict: "unknown",
    values: { hub: { ...(login("github").hub as ValueMap), existingSecret: "hub-own" } },
  },
  otherChart,
];

const github = (section: ValueMap, config: ValueMap = {}) =>
  login("github", { GitHubOAuthenticator: section, ...config });

export const loginHasAllowRuleExamples: readonly Example[] = [
  { title: "an organisation", verdict: "pass", values: github({ allowed_organizations: ["acme-science"] }) },
  { title: "users", verdict: "pass", values: github({ allowed_users: ["ada"] }) },
  { title: "users of any login", verdict: "pass", values: github({}, { Authenticator: { allowed_users: ["ada"] } }) },
  { title: "administrators, who may log in, too", verdict: "pass", values: github({ admin_users: ["ada"] }) },
  {
    title: "the login's own section before that of all",
    verdict: "pass",
    values: github({ allow_all: false, allowed_users: ["ada"] }, { OAuthenticator: { allow_all: true } }),
  },
  {
    title: "everybody of one Azure tenant",
    verdict: "pass",
    values: login("azuread", {
      AzureAdOAuthenticator: { allow_all: true, tenant_id: "0b1f6c52-1d2e-4f5a-8b6c-3c1d2e4f5a6b" },
    }),
  },
  {
    title: "everybody at a provider that is the organisation's alone",
    verdict: "pass",
    values: login("generic-oauth", {
      GenericOAuthenticator: { allow_all: true, authorize_url: "https://id.acme.science/authorize" },
    }),
    configuration: { settings: { assume: { privateIdentityProvider: true } } },
  },
  {
    title: "groups of the provider",
    verdict: "pass",
    values: login("generic-oauth", { GenericOAuthenticator: { manage_groups: true, allowed_groups: ["staff"] } }),
  },
  {
    title: "groups that the hub is not told to keep, which stops it",
    verdict: "fail",
    values: login("generic-oauth", { GenericOAuthenticator: { allowed_groups: ["staff"] } }),
  },
  {
    title: "everybody of a university that CILogon knows",
    verdict: "pass",
    values: login("cilogon", { CILogonOAuthenticator: { idps: { "https://idp.example.edu": { allow_all: true } } } }),
  },
  {
    title: "everybody at Google, by CILogon",
    verdict: "fail",
    values: login("cilogon", {
      CILogonOAuthenticator: { idps: { "http://google.com/accounts/o8/id": { allow_all: true } } },
    }),
  },
  { title: "everybody on GitHub", verdict: "fail", values: github({ allow_all: true }) },
  {
    title: "everybody on GitHub, beside a list",
    verdict: "fail",
    values: github({ allowed_users: ["ada"] }, { OAuthenticator: { allow_all: true } }),
  },
  {
    title: "the article's own values on its chart: no rule, so all of GitHub",
    verdict: "fail",
    version: "1.2.0",
    values: github({ client_id: "id", client_secret: "made-up" }),
  },
  { title: "no rule on a new chart: nobody", verdict: "fail", values: github({ client_id: "id" }) },
  { title: "an empty list", verdict: "fail", values: github({ allowed_organizations: [] }) },
  { title: "a placeholder", verdict: "fail", values: github({ allowed_organizations: ["<your-organization>"] }) },
  {
    title: "a rule for another login",
    verdict: "fail",
    values: github({}, { GoogleOAuthenticator: { allowed_users: ["ada"] } }),
  },
  { title: "a text for the flag", verdict: "fail", values: github({ allow_all: "true" }) },
  {
    title: "names under dummy, which anybody can type",
    verdict: "fail",
    values: login("dummy", { Authenticator: { allowed_users: ["ada"] } }),
  },
  {
    title: "everybody at a provider of one's own, by all one can tell",
    verdict: "unknown",
    values: login("generic-oauth", {
      GenericOAuthenticator: { allow_all: true, authorize_url: "https://id.acme.science/authorize" },
    }),
  },
  { title: "a list not known yet", verdict: "unknown", values: github({ allowed_users: UNKNOWN }) },
  { title: "a flag not known yet", verdict: "unknown", values: github({ allow_all: UNKNOWN }) },
  { title: "nobody can log in", verdict: "notApplicable", values: login("null") },
  otherChart,
];
