import { UNKNOWN, type Value, type ValueMap } from "../../chart/values";
import { loginHasAllowRule, loginIsReal } from "../../policies/controls/authentication";
import { loginScopesSmall } from "../../policies/controls/login-scopes";
import { oauthCallbackIsHttps } from "../../policies/controls/oauth-callback";
import { loginClientConfigured, loginSectionMatchesClass } from "../../policies/controls/oauth-client";
import { loginProviderOverTls, oauthCallbackRegistered } from "../../policies/controls/oauth-provider";
import { describeControl, hub, hubOf, resource } from "./support";

const callback = "https://hub.acme.science/hub/oauth_callback";
const tenant = "0f5d6f1e-2a4b-4c6d-8e90-a1b2c3d4e5f6";

const config = (authenticator_class: Value, section: ValueMap, inHub: ValueMap = {}): ValueMap => ({
  hub: { ...inHub, config: { JupyterHub: { authenticator_class }, ...section } },
});
const login = (...given: Parameters<typeof config>) => hub(config(...given));
const loginOf = (version: string, ...given: Parameters<typeof config>) => hubOf(version, config(...given));
const fromEnvironment = (authenticator_class: Value, section: ValueMap, extraEnv: Value) =>
  login(authenticator_class, section, { extraEnv });

/** A class of oauthenticator with chart 0.9, which has no section for it. */
const custom = (settings: ValueMap, className = "oauthenticator.generic.GenericOAuthenticator", auth: ValueMap = {}) =>
  hubOf("0.9.1", { auth: { type: "custom", custom: { className, config: settings }, ...auth } });
const github = "oauthenticator.github.GitHubOAuthenticator";

const generic = (GenericOAuthenticator: ValueMap) => login("generic-oauth", { GenericOAuthenticator });
const cilogon = (CILogonOAuthenticator: ValueMap) => login("cilogon", { CILogonOAuthenticator });
const university = "https://idp.example.edu/shibboleth";
const google = "http://google.com/accounts/o8/id";
const clientOf = (client_secret: Value) =>
  login("github", { GitHubOAuthenticator: { client_id: "Ov23li", client_secret } });

describeControl(loginHasAllowRule, [
  ["groups that the hub keeps", "pass", generic({ manage_groups: true, allowed_groups: ["staff"] })],
  ["groups that it was not told to keep, which stops it", "fail", generic({ allowed_groups: ["staff"] })],
  ["administrators by such groups", "fail", generic({ admin_groups: ["staff"] })],
  ["groups that it may keep", "unknown", generic({ manage_groups: UNKNOWN, allowed_groups: ["staff"] })],
  [
    "groups as charts before 4.0 read them",
    "pass",
    loginOf("3.3.8", "generic-oauth", { GenericOAuthenticator: { allowed_groups: ["staff"] } }),
  ],
  [
    "groups for a class that knew none",
    "fail",
    loginOf("2.0.0", "github", { GitHubOAuthenticator: { allowed_groups: ["staff"] } }),
  ],
  ["users as a map, which stops the hub", "fail", login("github", { Authenticator: { allowed_users: { ada: true } } })],
  ["one user as a text", "pass", login("github", { Authenticator: { allowed_users: "ada" } })],
  ["users under the name of old", "pass", login("github", { Authenticator: { whitelist: ["ada"] } })],
  [
    "an organisation under the name of old",
    "pass",
    login("github", { GitHubOAuthenticator: { github_organization_whitelist: ["acme"] } }),
  ],
  ["a university that CILogon knows", "pass", cilogon({ allow_all: true, idps: { [university]: {} } })],
  ["a university beside Google", "fail", cilogon({ allow_all: true, idps: { [university]: {}, [google]: {} } })],
  [
    "GitHub under the name that documentation gives it",
    "fail",
    cilogon({ idps: { "https://github.com/login": { allow_all: true } } }),
  ],
  ["everybody's mail", "fail", cilogon({ idps: { [google]: { allowed_domains: ["gmail.com"] } } })],
  ["mail of any domain", "fail", cilogon({ idps: { [google]: { allowed_domains: ["*"] } } })],
  ["mail of a university's parts", "pass", cilogon({ idps: { [google]: { allowed_domains: ["*.example.edu"] } } })],
  [
    "Google maybe, whatever the university",
    "unknown",
    cilogon({ idps: { [university]: { allow_all: true }, [google]: { allow_all: UNKNOWN } } }),
  ],
  [
    "CILogon before oauthenticator 16, where domains narrow down",
    "pass",
    loginOf("2.0.0", "cilogon", {
      CILogonOAuthenticator: { allowed_idps: { [google]: { allowed_domains: ["example.edu"] } } },
    }),
  ],
  [
    "a tenant by the hub's environment",
    "pass",
    fromEnvironment("azuread", { AzureAdOAuthenticator: { allow_all: true } }, { AAD_TENANT_ID: tenant }),
  ],
  [
    "every tenant by the hub's environment",
    "fail",
    fromEnvironment("azuread", { AzureAdOAuthenticator: { allow_all: true } }, { AAD_TENANT_ID: "common" }),
  ],
  [
    "a tenant out of a Secret",
    "unknown",
    fromEnvironment(
      "azuread",
      { AzureAdOAuthenticator: { allow_all: true } },
      { AAD_TENANT_ID: { valueFrom: { secretKeyRef: { name: "login", key: "tenant" } } } },
    ),
  ],
  [
    "domains by the hub's environment, one of them everybody's",
    "fail",
    fromEnvironment("google", { Authenticator: { allow_all: true } }, { HOSTED_DOMAIN: "acme.science;gmail.com" }),
  ],
  [
    "a GitLab of one's own by the hub's environment",
    "unknown",
    fromEnvironment("gitlab", { Authenticator: { allow_all: true } }, [
      { name: "GITLAB_URL", value: "https://git.acme.science" },
    ]),
  ],
  [
    "a tenant that has to be put in",
    "fail",
    login("azuread", { AzureAdOAuthenticator: { allow_all: true, tenant_id: "<tenant>" } }),
  ],
  [
    "the domain that the chart's documentation prints",
    "pass",
    login("google", { GoogleOAuthenticator: { allow_all: true, hosted_domain: ["your-university.edu"] } }),
  ],
  ["own accounts, each admitted", "pass", login("native", { Authenticator: { allow_all: true } })],
  [
    "own accounts that nobody admits",
    "fail",
    login("native", { Authenticator: { allow_all: true }, NativeAuthenticator: { open_signup: true } }),
  ],
  ["a class before 0.11 with users", "pass", custom({}, github, { whitelist: { users: ["ada"] } })],
  ["a class before 0.11 with a rule of its own", "pass", custom({ allowed_organizations: ["acme"] }, github)],
  ["a class before 0.11 without", "fail", custom({ client_id: "id" }, github)],
  [
    "groups of LDAP before 0.11",
    "pass",
    hubOf("0.10.6", { auth: { type: "ldap", ldap: { server: { address: "ldap" }, allowedGroups: ["cn=staff"] } } }),
  ],
]);

describeControl(loginIsReal, [
  [
    "before 0.11, own accounts that everybody makes",
    "fail",
    custom({ open_signup: true }, "nativeauthenticator.NativeAuthenticator"),
  ],
]);

describeControl(loginSectionMatchesClass, [
  ["before 0.11, a class of oauthenticator", "pass", custom({ client_id: "id" })],
  [
    "a class of one's own, which may read the section of its base",
    "unknown",
    login("ours.OurGitHub", { GitHubOAuthenticator: { client_id: "id" } }),
  ],
  ["a class of one's own without any", "notApplicable", login("ours.OurLogin", {})],
]);

describeControl(loginClientConfigured, [
  ["before 0.11, of a class of oauthenticator", "pass", custom({ client_id: "id", client_secret: "made-up" })],
  ["a text for Terraform to fill in", "unknown", clientOf(`$\{var.secret}`)],
  ["a text for Helmfile to fill in", "unknown", clientOf('{{ requiredEnv "SECRET" }}')],
  ["crosses", "fail", clientOf("xxxxxxxx")],
  ["a note", "fail", clientOf("TODO")],
  ["an instruction", "fail", clientOf("REPLACE_WITH_SECRET")],
  [
    "a variable that the class does not read",
    "fail",
    fromEnvironment("google", { GoogleOAuthenticator: { client_id: "id" } }, { GOOGLE_CLIENT_SECRET: "made-up" }),
  ],
  [
    "the variable that every class reads",
    "pass",
    fromEnvironment("google", { GoogleOAuthenticator: { client_id: "id" } }, { OAUTH_CLIENT_SECRET: "made-up" }),
  ],
]);

describeControl(oauthCallbackIsHttps, [
  [
    "before 0.11, of a class of oauthenticator",
    "fail",
    custom({ oauth_callback_url: callback.replace("https", "http") }),
  ],
  ["by the hub's environment", "pass", fromEnvironment("github", {}, { OAUTH_CALLBACK_URL: callback })],
  ["by a variable that nothing reads", "unknown", fromEnvironment("github", {}, { GITHUB_CALLBACK_URL: callback })],
  [
    "of a class of one's own that OAuth's settings give away",
    "unknown",
    login("ours.OurGitHub", { OAuthenticator: { oauth_callback_url: callback.replace("https", "http") } }),
  ],
]);

describeControl(oauthCallbackRegistered, [
  [
    "the machine of somebody who develops beside it",
    "pass",
    [
      resource("aws:cognito/managedUserPoolClient:ManagedUserPoolClient", "client", {
        callbackUrls: [callback, "http://localhost", "http://127.0.0.1:8000/hub/oauth_callback"],
      }),
      generic({ oauth_callback_url: callback }),
    ],
  ],
]);

describeControl(loginProviderOverTls, [
  ["before 0.11, of a class of oauthenticator", "fail", custom({ token_url: "http://id.acme.science/t" })],
  ["before 0.11, nobody verifies", "fail", custom({ token_url: "https://id.acme.science/t", tls_verify: false })],
  ["before 0.11, a GitLab", "fail", hubOf("0.9.1", { auth: { type: "gitlab", gitlab: { gitlabUrl: "http://git" } } })],
  [
    "not verified by the hub's environment, but by the class's setting, which wins",
    "pass",
    fromEnvironment("github", { OAuthenticator: { validate_server_cert: true } }, { OAUTH_TLS_VERIFY: "0" }),
  ],
  [
    "not verified by the generic class's own variable",
    "fail",
    loginOf("2.0.0", "generic-oauth", {}, { extraEnv: { OAUTH2_TLS_VERIFY: "false" } }),
  ],
  ["which it does not read any more", "pass", fromEnvironment("generic-oauth", {}, { OAUTH2_TLS_VERIFY: "false" })],
]);

describeControl(loginScopesSmall, [
  ["before 0.11, those of every login", "fail", hubOf("0.9.1", { auth: { type: "github", scopes: ["repo"] } })],
]);
