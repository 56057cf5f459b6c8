import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import type { SettingsInput } from "../../../components";
import { clientSecret, minimalSettings } from "../../support/hub-settings";
import { googleByCILogon, institution, logins, tenantId } from "../../support/logins";
import { problemsOf } from "../../support/refusals";

type Tree = Record<string, unknown>;

const refusals = (auth: unknown, others: Partial<SettingsInput> = {}) =>
  problemsOf({ ...minimalSettings(), ...others, auth });

const client = () => ({ clientId: "the-client", clientSecret: pulumi.secret(clientSecret) });
const secretArn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:hub-login-a1b2c3";
const stored = { kind: "secrets-manager", secretArn };
const oidc = {
  provider: "oidc",
  authorizeUrl: "https://id.acme.science/auth",
  tokenUrl: "https://id.acme.science/token",
  userInfoUrl: "https://id.acme.science/userinfo",
};

test.each(Object.entries(logins))("accepted: %s", (_, auth) => expect(refusals(auth())).toEqual([]));

test.each<[string, Tree]>([
  ["in AWS Secrets Manager", { clientCredentials: stored }],
  ["in a secret of the same program", { clientCredentials: { ...stored, secretArn: pulumi.output(secretArn) } }],
  ["in a Kubernetes secret", { clientCredentials: { kind: "kubernetes-secret", name: "hub-login" } }],
])("accepted: the client %s", (_, credentials) =>
  expect(refusals({ ...oidc, ...credentials, allowedUsers: ["ada"] }, { hub: { createNamespace: false } })).toEqual([]),
);

test("a Kubernetes secret in a namespace that is made with the hub", () =>
  expect(
    refusals({ ...oidc, clientCredentials: { kind: "kubernetes-secret", name: "hub-login" }, allowedUsers: ["ada"] }),
  ).toEqual([expect.stringMatching(/^auth\.clientCredentials is .* set hub\.createNamespace: false$/)]));

describe("a login that nobody could use", () => {
  const nobody = (rule: string, others: string, example: string) => [
    `auth.${rule} is an empty list: nobody may log in; set this or ${others}, for example by \`pulumi config set --path 'auth.${rule}[0]' ${example}\``,
  ];
  test.each<[auth: Tree, problems: string[]]>([
    [{ provider: "github" }, nobody("allowedOrganizations", "auth.allowedUsers", "acme")],
    [{ provider: "gitlab" }, nobody("allowedGroups", "auth.allowedUsers", "research")],
    [{ provider: "google" }, nobody("allowedUsers", "auth.allowEveryone", "ada@acme.science")],
    // A domain keeps others out; it lets nobody in.
    [
      { provider: "google", hostedDomains: ["acme.science"] },
      nobody("allowedUsers", "auth.allowEveryone", "ada@acme.science"),
    ],
    [
      { provider: "entra-id", tenantId },
      nobody("allowedGroups", "auth.allowedUsers or auth.allowEveryone", "12345678-90ab-cdef-1234-567890abcdef"),
    ],
    [
      { provider: "auth0", tenantDomain: "acme.eu.auth0.com", adminUsers: ["grace@acme.science"] },
      nobody("allowedUsers", "auth.allowedGroups", "ada@acme.science"),
    ],
    [oidc, nobody("allowedGroups", "auth.allowedUsers or auth.allowEveryone", "research")],
    [
      { provider: "cilogon", identityProviders: [{ entityId: institution }] },
      [
        "auth.allowedUsers is an empty list: nobody may log in; set this, or allowEveryone or allowedDomains of a provider in auth.identityProviders, for example by `pulumi config set --path 'auth.identityProviders[0].allowEveryone' true`",
      ],
    ],
  ])("%j", (auth, problems) => expect(refusals({ ...auth, ...client() })).toEqual(problems));

  test("a pool without groups", () =>
    expect(refusals({ provider: "cognito" })).toEqual(nobody("allowedGroups", "auth.allowedUsers", "research")));

  test("a class without any rule", () =>
    expect(
      refusals({
        provider: "custom",
        authenticatorClass: "ldap",
        config: { LDAPAuthenticator: { allowed_groups: [] } },
      }),
    ).toEqual([
      "auth.allowedUsers is an empty list: nobody may log in; name who may, for example by `pulumi config set --path 'auth.allowedUsers[0]' ada`, or set a rule of the class such as allowed_groups",
    ]));
});

describe("the client is given in one way", () => {
  const missing = (setting: string) =>
    expect.stringMatching(`^auth\\.${setting} is missing: expected the .* auth\\.clientCredentials`);
  test.each<[string, Tree, unknown[]]>([
    ["in none", {}, [missing("clientId"), missing("clientSecret")]],
    ["in half", { clientId: "the-client" }, [missing("clientSecret")]],
    [
      "absent, in so many words",
      { clientId: undefined, clientSecret: undefined },
      [missing("clientId"), missing("clientSecret")],
    ],
    [
      "in two",
      { ...client(), clientCredentials: stored },
      [
        "auth.clientCredentials is an object: auth.clientId or auth.clientSecret is set, too; expected one of the two ways, so remove the other",
      ],
    ],
    [
      "by what is no ARN",
      { clientCredentials: { ...stored, secretArn: "hub-login" } },
      [
        `auth.clientCredentials.secretArn is "hub-login": expected the ARN of a secret in AWS Secrets Manager, for example ${secretArn}`,
      ],
    ],
    [
      "by what is no name",
      { clientCredentials: { kind: "kubernetes-secret", name: "Hub Login" } },
      ['auth.clientCredentials.name is "Hub Login": expected a Kubernetes name, for example hub-tls'],
    ],
    [
      "by a kind that there is not",
      { clientCredentials: { kind: "vault" } },
      ['auth.clientCredentials.kind is "vault": expected one of secrets-manager, kubernetes-secret'],
    ],
    [
      "as plain text",
      { clientId: "the-client", clientSecret },
      [
        "auth.clientSecret is plain text: expected a secret, for example by `pulumi config set --secret --path auth.clientSecret`",
      ],
    ],
  ])("%s", (_, credentials, problems) =>
    expect(refusals({ ...oidc, allowedUsers: ["ada"], ...credentials }, { hub: { createNamespace: false } })).toEqual(
      problems,
    ),
  );
});

describe("what a provider would not honour, or not safely", () => {
  const google = { provider: "google", ...client(), allowedUsers: ["ada@acme.science"] };
  const entra = { provider: "entra-id", ...client(), tenantId, allowedUsers: ["ada@acme.science"] };
  const generic = { ...oidc, ...client(), allowedUsers: ["ada"] };
  const cilogon = (...identityProviders: Tree[]) => ({
    provider: "cilogon",
    ...client(),
    identityProviders,
    allowedUsers: ["ada@acme.edu"],
  });
  const cognito = { provider: "cognito", allowedGroups: ["research"] };
  const custom = { provider: "custom", authenticatorClass: "ldap", allowedUsers: ["ada"] };

  test.each<[what: string, auth: Tree, problem: string | RegExp]>([
    [
      "everybody with a Google account",
      { ...google, allowEveryone: true },
      "auth.hostedDomains is an empty list: auth.allowEveryone would let in everybody with a Google account; name your Workspace's domain, for example by `pulumi config set --path 'auth.hostedDomains[0]' acme.science`",
    ],
    [
      "Google's own mail as a Workspace",
      { ...google, hostedDomains: ["gmail.com"] },
      /private Google accounts are in no Workspace/,
    ],
    [
      "a Google account by name",
      { ...google, allowedUsers: ["ada"] },
      'auth.allowedUsers[0] is "ada": expected an e-mail address, for example it@acme.science',
    ],
    [
      "a tenant by name",
      { ...entra, tenantId: "common" },
      'auth.tenantId is "common": expected the ID of your tenant, for example 12345678-90ab-cdef-1234-567890abcdef',
    ],
    [
      "a group of Entra ID by name",
      { ...entra, allowedGroups: ["Researchers"] },
      /^auth\.allowedGroups\[0\] is "Researchers": expected the object ID of a group/,
    ],
    [
      "the display name, which is nobody's alone",
      { ...entra, usernameClaim: "name" },
      /expected one of preferred_username, oid/,
    ],
    [
      "a subgroup by path",
      { provider: "gitlab", ...client(), allowedGroups: ["research/lab"] },
      /^auth\.allowedGroups\[0\] is "research\/lab": expected a top-level group, or the number of a subgroup/,
    ],
    [
      "a GitLab without TLS",
      { provider: "gitlab", ...client(), url: "http://gitlab.acme.science", allowedUsers: ["ada"] },
      /^auth\.url is "http:\/\/gitlab\.acme\.science": expected an https address/,
    ],
    [
      "a provider without TLS",
      { ...generic, tokenUrl: "http://id.acme.science/token" },
      /^auth\.tokenUrl is "http:.*": expected an https address/,
    ],
    [
      "an address with a password",
      { ...generic, userInfoUrl: "https://a:b@id.acme.science/" },
      /^auth\.userInfoUrl is .*: expected an https address without credentials/,
    ],
    ["an address of a guide", { ...generic, authorizeUrl: "https://idp.example.com/auth" }, /that is a placeholder/],
    [
      "scopes without openid",
      { ...generic, scopes: ["profile"] },
      /^auth\.scopes is a list: expected "openid" among the scopes/,
    ],
    [
      "a claim whose dots are no path",
      { ...generic, allowedGroups: ["a"], groupsClaim: "https://acme.science/groups" },
      /its dots would be taken for a path/,
    ],
    [
      "everybody at a public provider",
      { ...generic, authorizeUrl: "https://accounts.google.com/o/oauth2/v2/auth", allowEveryone: true },
      "auth.allowEveryone is true: anybody can have an account at accounts.google.com; set auth.allowedUsers or auth.allowedGroups instead",
    ],
    [
      "everybody at every tenant",
      {
        ...generic,
        authorizeUrl: "https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
        allowEveryone: true,
      },
      /anybody can have an account at login\.microsoftonline\.com/,
    ],
    [
      "everybody at Google, through CILogon",
      cilogon({ entityId: googleByCILogon, allowEveryone: true }),
      /^auth\.identityProviders is a list: anybody can have an account at http:\/\/google\.com\/accounts\/o8\/id; set its allowedDomains/,
    ],
    [
      "two institutions whose people share names",
      cilogon({ entityId: institution }, { entityId: "urn:mace:umbrella.edu" }),
      /two providers would share names/,
    ],
    [
      "a prefix and a domain taken off",
      cilogon({ entityId: institution, prefix: "acme", stripDomain: "acme.edu" }),
      /has both prefix and stripDomain/,
    ],
    ["no institution", cilogon(), /^auth\.identityProviders is an empty list: expected at least one provider/],
    [
      "an institution by domain",
      cilogon({ entityId: "acme.edu" }),
      /expected an EntityID of https:\/\/cilogon\.org\/idplist/,
    ],
    [
      "a domain that Cognito keeps to itself",
      { ...cognito, userPool: { domainPrefix: "acme-aws-hub" } },
      'auth.userPool.domainPrefix is "acme-aws-hub": Cognito allows neither aws, amazon nor cognito in it, for example acme-hub',
    ],
    [
      "half a pool",
      { ...cognito, userPool: { kind: "existing", userPoolId: "eu-central-1_a1B2c3D4e" } },
      /^auth\.userPool\.clientId is missing/,
    ],
    [
      "a pool by name",
      { ...cognito, userPool: { kind: "existing", userPoolId: "people", clientId: "x" } },
      /expected the ID of a user pool, for example eu-central-1_a1B2c3D4e/,
    ],
    [
      "an insecure class",
      { ...custom, authenticatorClass: "dummy" },
      'auth.authenticatorClass is "dummy": expected the provider of that name, for example by `pulumi config set --path auth.provider dummy`',
    ],
    [
      "a class with a provider of its own",
      { ...custom, authenticatorClass: "github" },
      'auth.authenticatorClass is "github": expected the provider of that name, for example by `pulumi config set --path auth.provider github`',
    ],
    [
      "an insecure class by its path",
      { ...custom, authenticatorClass: "firstuseauthenticator.FirstUseAuthenticator" },
      /^auth\.authenticatorClass is .*: expected a login where nobody takes another's name, for example ldapauthenticator/,
    ],
    [
      "the dummy by its path",
      { ...custom, authenticatorClass: "jupyterhub.auth.DummyAuthenticator" },
      /expected the provider of that name, for example by `pulumi config set --path auth\.provider dummy`$/,
    ],
    [
      "a setting that is secret and is not",
      {
        ...custom,
        config: { LDAPAuthenticator: { server_address: "ldap.acme.science" } },
        secretConfig: { LDAPAuthenticator: { server_address: pulumi.secret("canary") } },
      },
      "auth.secretConfig is an object: auth.config says LDAPAuthenticator.server_address, too; expected each setting in one of the two",
    ],
    [
      "an institution twice",
      cilogon({ entityId: institution }, { entityId: institution, prefix: "acme" }),
      /^auth\.identityProviders is a list: .* is in the list twice, and CILogon's login knows each provider once/,
    ],
    [
      "a team with a slash",
      { ...client(), provider: "github", allowedOrganizations: ["acme/data"] },
      'auth.allowedOrganizations[0] is "acme/data": expected an organization, or a team as organization:team, for example acme',
    ],
    [
      "an address for an account of GitHub",
      { ...client(), provider: "github", allowedUsers: ["ada@acme.science"] },
      'auth.allowedUsers[0] is "ada@acme.science": expected a GitHub account, for example octocat',
    ],
    [
      "a group that Cognito does not make",
      { ...cognito, allowedGroups: ["data science"] },
      'auth.allowedGroups[0] is "data science": expected at most 128 characters without spaces, for example research',
    ],
    [
      "an address with a password, which is not shown",
      { ...client(), ...oidc, allowedUsers: ["ada"], userInfoUrl: "https://hub:canary@id.acme.science/userinfo" },
      /^auth\.userInfoUrl is a text of \d+ characters: expected an https address without credentials/,
    ],
    [
      "what is no class",
      { ...custom, authenticatorClass: "import os" },
      /expected a class, for example ldapauthenticator\.LDAPAuthenticator/,
    ],
    [
      "another section of the hub's",
      { ...custom, config: { KubeSpawner: { privileged: true } } },
      /auth\.config\.KubeSpawner.*expected a class, for example LDAPAuthenticator/,
    ],
    [
      "the section of every login",
      { ...custom, config: { Authenticator: { allow_all: true } } },
      /what every login has is auth\.allowedUsers and auth\.adminUsers/,
    ],
    [
      "everybody, by a class",
      { ...custom, config: { LDAPAuthenticator: { allow_all: true } } },
      /^auth\.config is an object: allow_all lets in everybody with any account/,
    ],
    [
      "a secret in plain text",
      { ...custom, secretConfig: { LDAPAuthenticator: { lookup_dn_search_password: "pw" } } },
      /^auth\.secretConfig\.LDAPAuthenticator\.lookup_dn_search_password is plain text: expected a secret/,
    ],
    [
      "a dummy login by mistake",
      { provider: "dummy" },
      'auth.acknowledge is missing: expected the words "anybody may log in under any name", because that is what this login means; any other provider is safe',
    ],
    [
      "a dummy login with half the words",
      { provider: "dummy", acknowledge: "yes" },
      /^auth\.acknowledge is "yes": expected the words/,
    ],
  ])("%s", (_, auth, problem) => {
    const matcher = typeof problem === "string" ? problem : expect.stringMatching(problem);
    expect(refusals(auth)).toEqual([matcher]);
  });

  test("a hub whose own name gives no domain for Cognito", () =>
    expect(refusals(cognito, { domain: "hub.lawson.science" })).toEqual([
      "auth.userPool.domainPrefix is missing: it cannot be made from domain (hub.lawson.science): Cognito allows neither aws, amazon nor cognito in it, for example acme-hub",
    ]));
});
