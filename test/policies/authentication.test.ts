import { UNKNOWN, type Value, type ValueMap } from "../../chart/values";
import { loginHasAllowRule, loginIsReal } from "../../policies/controls/authentication";
import { describeControl, github, hub, hubOf, resource } from "./support";

const login = (authenticator_class: Value, config: ValueMap = {}) =>
  hub({ hub: { config: { JupyterHub: { authenticator_class }, ...config } } });
const loginOf = (version: string, authenticator_class: Value, config: ValueMap = {}) =>
  hubOf(version, { hub: { config: { JupyterHub: { authenticator_class }, ...config } } });
const code = (text: string, config: ValueMap = {}) => hub({ hub: { config, extraConfig: { x: text } } });
const other = resource("kubernetes:helm.sh/v3:Release", "web", { chart: "nginx" });

describeControl(loginIsReal, [
  ["chart default", "fail", hub({})],
  ["GitHub", "pass", login("github")],
  ["an empty name, which is the default of JupyterHub", "fail", login("")],
  ["the accounts of the container by their class", "fail", login("jupyterhub.auth.LocalAuthenticator")],
  [
    "Python that names the class, before 0.11",
    "unknown",
    hubOf("0.9.1", { hub: { extraConfig: { x: "c.JupyterHub.authenticator_class = Ours" } } }),
  ],
  ["GitHub in capitals", "pass", login("GitHub")],
  ["GitHub by class path", "pass", login("oauthenticator.github.GitHubOAuthenticator")],
  ["Azure by class path", "pass", login("oauthenticator.azuread.AzureAdOAuthenticator")],
  ["OpenID Connect", "pass", login("generic-oauth")],
  ["LDAP by class path", "pass", login("ldapauthenticator.LDAPAuthenticator")],
  ["null lets nobody in", "pass", login("null")],
  ["own accounts that an administrator admits", "pass", login("native")],
  ["own accounts for everybody", "fail", login("native", { NativeAuthenticator: { open_signup: true } })],
  ["dummy", "fail", login("dummy")],
  ["dummy by class path", "fail", login("jupyterhub.auth.DummyAuthenticator")],
  ["dummy with a password is one password for all", "fail", login("dummy", { DummyAuthenticator: { password: "x" } })],
  ["tmp by class path", "fail", login("tmpauthenticator.TmpAuthenticator")],
  ["first come, first served", "fail", login("firstuseauthenticator.FirstUseAuthenticator")],
  ["a shared password", "fail", login("shared-password")],
  ["a shared password by class path", "fail", login("jupyterhub.authenticators.shared.SharedPasswordAuthenticator")],
  ["PAM", "fail", login("pam")],
  ["deleted by null: PAM", "fail", login(null)],
  ["a number", "fail", login(5)],
  ["the section that 0.11 stopped reading", "fail", hub({ auth: { type: "github" } })],
  ["0.10: the section of then", "pass", hubOf("0.10.6", { auth: { type: "github" } })],
  [
    "0.10: custom class",
    "fail",
    hubOf("0.10.6", { auth: { type: "custom", custom: { className: "tmpauthenticator.TmpAuthenticator" } } }),
  ],
  ["an own class", "unknown", login("mycompany.auth.MyLogin")],
  [
    "an own class that is trusted",
    "pass",
    login("mycompany.auth.MyLogin"),
    { "login-is-real": { trustedAuthenticators: ["mycompany.auth.MyLogin"] } },
  ],
  ["not known yet", "unknown", login(UNKNOWN)],
  ["Python that sets it", "unknown", code("c.JupyterHub.authenticator_class = Mine")],
  ["another chart", "notApplicable", other],
]);

const withGithub = (section: ValueMap, more: ValueMap = {}) =>
  login("github", { GitHubOAuthenticator: section, ...more });

const microsoft = "https://login.microsoftonline.com";
const tenant = "0f5d6f1e-2a4b-4c6d-8e90-a1b2c3d4e5f6";
const azure = (section: ValueMap) => login("azuread", { AzureAdOAuthenticator: { tenant_id: tenant, ...section } });

const cilogon = (section: ValueMap) => login("cilogon", { CILogonOAuthenticator: section });
const githubIdp = "http://github.com/login/oauth/authorize";

describeControl(loginHasAllowRule, [
  [
    "everybody, said in the section of a local variant",
    "fail",
    login("oauthenticator.github.LocalGitHubOAuthenticator", { LocalGitHubOAuthenticator: { allow_all: true } }),
  ],
  ["users of a local variant", "pass", login("local-github", { LocalAuthenticator: { allowed_users: ["ada"] } })],
  ["everybody at github.com, named", "fail", withGithub({ allow_all: true, github_url: "https://github.com/" })],
  ["a scope that every account can grant", "fail", withGithub({ scope: ["read:org"], allowed_scopes: ["read:org"] })],
  [
    "a scope that everybody in the organisation can grant",
    "pass",
    login("google", { GoogleOAuthenticator: { hosted_domain: ["acme.science"], allowed_scopes: ["openid"] } }),
  ],
  ["a scope of everybody's at Google", "fail", login("google", { OAuthenticator: { allowed_scopes: ["openid"] } })],
  [
    "a permission that the provider gives to some",
    "pass",
    login("auth0", { Auth0OAuthenticator: { scope: ["openid", "use:hub"], allowed_scopes: ["openid", "use:hub"] } }),
  ],
  ["no scope after all", "fail", withGithub({ allowed_scopes: [] })],
  [
    "everybody in a tenant, by endpoints that name it",
    "pass",
    azure({ allow_all: true, authorize_url: `${microsoft}/${tenant}/oauth2/v2.0/authorize` }),
  ],
  [
    "everybody in every tenant, by endpoints of their own",
    "fail",
    azure({ allow_all: true, token_url: `${microsoft}/common/oauth2/v2.0/token` }),
  ],
  [
    "everybody at endpoints of another tenant",
    "unknown",
    azure({ allow_all: true, authorize_url: `${microsoft}/umbrella.com/oauth2/authorize` }),
  ],
  ["everybody at endpoints not known yet", "unknown", azure({ allow_all: true, token_url: UNKNOWN })],
  ["GitLab projects by number", "pass", login("gitlab", { GitLabOAuthenticator: { allowed_project_ids: [12] } })],
  [
    "everybody at a public provider by the generic login",
    "fail",
    login("generic-oauth", {
      GenericOAuthenticator: { allow_all: true, authorize_url: "https://accounts.google.com/o/oauth2/v2/auth" },
    }),
  ],
  [
    "everybody at an institution of CILogon",
    "pass",
    cilogon({ idps: { "https://idp.example.edu": { allow_all: true } } }),
  ],
  ["everybody at GitHub by CILogon", "fail", cilogon({ idps: { [githubIdp]: { allow_all: true } } })],
  ["a domain at GitHub by CILogon", "pass", cilogon({ idps: { [githubIdp]: { allowed_domains: ["example.org"] } } })],
  ["providers of CILogon without a rule", "fail", cilogon({ allowed_idps: { "https://idp.example.edu": {} } })],
  ["a class of one's own with a rule", "pass", login("ours.OurLogin", { OurLogin: { allowed_users: ["ada"] } })],
  ["a class of one's own without", "unknown", login("ours.OurLogin", { OurLogin: {} })],
  ["a class of one's own for everybody", "unknown", login("ours.OurLogin", { OurLogin: { allow_all: true } })],
  [
    "a tenant before 0.11",
    "pass",
    hubOf("0.9.1", { auth: { type: "azuread", azuread: { tenantId: "0b1f6c52-aaaa-bbbb-cccc-3c1d2e4f5a6b" } } }),
  ],
  ["an organisation", "pass", hub({ hub: { config: github } })],
  ["names", "pass", withGithub({ allowed_users: ["ada"] })],
  ["names in the base class", "pass", withGithub({}, { OAuthenticator: { allowed_users: ["ada"] } })],
  ["names in the base class of all", "pass", withGithub({}, { Authenticator: { allowed_users: ["ada"] } })],
  ["administrators, who may log in", "pass", withGithub({}, { Authenticator: { admin_users: ["ada"] } })],
  ["everybody on GitHub", "fail", withGithub({ allow_all: true })],
  [
    "everybody on GitHub, by the base class",
    "fail",
    withGithub({ allowed_users: ["ada"] }, { OAuthenticator: { allow_all: true } }),
  ],
  [
    "the class's own section wins",
    "pass",
    withGithub({ allow_all: false, allowed_users: ["ada"] }, { OAuthenticator: { allow_all: true } }),
  ],
  ["no rule at all", "fail", withGithub({ client_id: "x" })],
  ["an empty list", "fail", withGithub({ allowed_organizations: [] })],
  ["a list of blanks", "fail", withGithub({ allowed_organizations: [""] })],
  ["a placeholder", "fail", withGithub({ allowed_organizations: ["<your-organization>"] })],
  ["a rule of another class", "fail", withGithub({}, { GoogleOAuthenticator: { allowed_users: ["ada"] } })],
  ["a text for the flag", "fail", withGithub({ allow_all: "true" })],
  [
    "the article's config on the article's chart: all of GitHub",
    "fail",
    loginOf("1.2.0", "github", { GitHubOAuthenticator: { client_id: "x" } }),
  ],
  [
    "before 3.0 administrators restrict nothing",
    "fail",
    loginOf("1.2.0", "github", { Authenticator: { admin_users: ["ada"] } }),
  ],
  [
    "before 3.0 with an organisation",
    "pass",
    loginOf("1.2.0", "github", { GitHubOAuthenticator: { allowed_organizations: ["o"] } }),
  ],
  ["3.x denies for OAuth classes", "fail", loginOf("3.3.8", "github", {})],
  ["3.x is open for other classes", "unknown", loginOf("3.3.8", "ldap", {})],
  ["0.10: whitelist", "pass", hubOf("0.10.6", { auth: { type: "github", whitelist: { users: ["ada"] } } })],
  ["0.10: organisation", "pass", hubOf("0.10.6", { auth: { type: "github", github: { orgWhitelist: ["o"] } } })],
  ["0.10: nothing", "fail", hubOf("0.10.6", { auth: { type: "github" } })],
  ["Google, everybody", "fail", login("google", { GoogleOAuthenticator: { allow_all: true } })],
  [
    "Google, everybody of a domain",
    "pass",
    login("google", { GoogleOAuthenticator: { allow_all: true, hosted_domain: ["example.org"] } }),
  ],
  [
    "Google, a domain where everybody has accounts",
    "fail",
    login("google", { GoogleOAuthenticator: { allow_all: true, hosted_domain: ["gmail.com"] } }),
  ],
  [
    "Globus, everybody of an institution",
    "pass",
    login("globus", { GlobusOAuthenticator: { allow_all: true, identity_provider: "example.org" } }),
  ],
  ["a misspelt rule, which nothing reads", "fail", login("github", { GitHubOAuthenticator: { allowed_orgs: ["a"] } })],
  ["another class's rule", "fail", login("google", { GoogleOAuthenticator: { allowed_organizations: ["a"] } })],
  [
    "Google, a domain that restricts but admits nobody",
    "fail",
    login("google", { GoogleOAuthenticator: { hosted_domain: ["example.org"] } }),
  ],
  [
    "Azure, everybody of a tenant",
    "pass",
    login("azuread", { AzureAdOAuthenticator: { allow_all: true, tenant_id: "11111111-2222-3333-4444-555555555555" } }),
  ],
  [
    "Azure, every tenant",
    "fail",
    login("azuread", { AzureAdOAuthenticator: { allow_all: true, tenant_id: "common" } }),
  ],
  ["Azure without tenant", "fail", login("azuread", { AzureAdOAuthenticator: { allow_all: true } })],
  ["GitLab.com, everybody", "fail", login("gitlab", { GitLabOAuthenticator: { allow_all: true } })],
  [
    "own GitLab, everybody",
    "unknown",
    login("gitlab", { GitLabOAuthenticator: { allow_all: true, gitlab_url: "https://git.example.org" } }),
  ],
  ["OpenID Connect, everybody", "unknown", login("generic-oauth", { GenericOAuthenticator: { allow_all: true } })],
  [
    "OpenID Connect, everybody, asserted private",
    "pass",
    login("generic-oauth", { GenericOAuthenticator: { allow_all: true } }),
    { settings: { assume: { privateIdentityProvider: true } } },
  ],
  [
    "GitHub is public whatever is asserted",
    "fail",
    withGithub({ allow_all: true }),
    { settings: { assume: { privateIdentityProvider: true } } },
  ],
  [
    "CILogon by provider",
    "pass",
    login("cilogon", { CILogonOAuthenticator: { idps: { "https://idp.example.org": { allow_all: true } } } }),
  ],
  ["dummy with names, which anybody types", "fail", login("dummy", { Authenticator: { allowed_users: ["ada"] } })],
  ["null lets nobody in", "notApplicable", login("null")],
  ["a rule that is not known yet", "unknown", withGithub({ allowed_organizations: UNKNOWN })],
  [
    "a section that is not known yet",
    "unknown",
    login("github", { GitHubOAuthenticator: UNKNOWN as unknown as ValueMap }),
  ],
  ["a login that is not known yet", "unknown", login(UNKNOWN)],
  ["Python that may allow everybody", "unknown", code("c.Authenticator.allow_all = True", github)],
  [
    "Python that may name users",
    "unknown",
    code("c.Authenticator.allowed_users = load()", { JupyterHub: { authenticator_class: "github" } }),
  ],
  ["another chart", "notApplicable", other],
]);
