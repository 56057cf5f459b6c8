import * as pulumi from "@pulumi/pulumi";
import type { SettingsInput } from "../../components";
import { clientSecret } from "./hub-settings";

type Auth = SettingsInput["auth"];

const client = () => ({ clientId: "the-client", clientSecret: pulumi.secret(clientSecret) });

export const tenantId = "0f5d6f1e-2a4b-4c6d-8e90-a1b2c3d4e5f6";
export const researchers = "7c1d2e3f-4a5b-4c6d-8e7f-901234567890";
export const administrators = "11111111-2222-4333-8444-555555555555";
export const institution = "https://idp.acme.edu/idp/shibboleth";
export const googleByCILogon = "http://google.com/accounts/o8/id";

const oidc = () => ({
  provider: "oidc" as const,
  ...client(),
  authorizeUrl: "https://id.acme.science/realms/acme/protocol/openid-connect/auth",
  tokenUrl: "https://id.acme.science/realms/acme/protocol/openid-connect/token",
  userInfoUrl: "https://id.acme.science/realms/acme/protocol/openid-connect/userinfo",
});

const entraId = () => ({ provider: "entra-id" as const, ...client(), tenantId });

const gitlab = () => ({ provider: "gitlab" as const, ...client(), adminUsers: ["grace"] });

/** Logins of every provider, by each rule that it honours. */
export const logins = {
  "github, an organization and a team": (): Auth => ({
    provider: "github",
    ...client(),
    allowedOrganizations: ["acme", "umbrella:data"],
    adminUsers: ["grace"],
  }),
  "github, accounts": (): Auth => ({ provider: "github", ...client(), allowedUsers: ["ada"] }),
  "gitlab, groups": (): Auth => ({ ...gitlab(), allowedGroups: ["research", "4711"] }),
  "gitlab of one's own, accounts": (): Auth => ({
    ...gitlab(),
    url: "https://gitlab.acme.science/",
    allowedUsers: ["ada"],
  }),
  "google, everybody in two domains": (): Auth => ({
    provider: "google",
    ...client(),
    hostedDomains: ["acme.science", "acme.edu"],
    allowEveryone: true,
    adminUsers: ["grace@acme.science"],
  }),
  "google, accounts in a domain": (): Auth => ({
    provider: "google",
    ...client(),
    hostedDomains: ["acme.science"],
    allowedUsers: ["ada@acme.science", "eve@gmail.com"],
  }),
  "google, accounts": (): Auth => ({ provider: "google", ...client(), allowedUsers: ["ada@gmail.com"] }),
  "entra-id, groups": (): Auth => ({ ...entraId(), allowedGroups: [researchers], adminGroups: [administrators] }),
  "entra-id, everybody in the tenant": (): Auth => ({
    ...entraId(),
    allowEveryone: true,
    adminUsers: ["grace@acme.science"],
  }),
  "entra-id, accounts by object ID": (): Auth => ({
    ...entraId(),
    usernameClaim: "oid",
    allowedUsers: ["a1a1a1a1-0000-4000-8000-000000000001"],
  }),
  "auth0, accounts": (): Auth => ({
    provider: "auth0",
    ...client(),
    tenantDomain: "acme.eu.auth0.com",
    allowedUsers: ["ada@acme.science"],
    adminUsers: ["grace@acme.science"],
  }),
  "auth0, groups": (): Auth => ({
    provider: "auth0",
    ...client(),
    tenantDomain: "acme.eu.auth0.com",
    allowedGroups: ["research"],
    adminGroups: ["staff"],
  }),
  "cilogon, an institution and a domain of Google's": (): Auth => ({
    provider: "cilogon",
    ...client(),
    identityProviders: [
      { entityId: institution, stripDomain: "acme.edu", allowEveryone: true },
      { entityId: googleByCILogon, usernameClaim: "email", prefix: "google", allowedDomains: ["acme.science"] },
    ],
    adminUsers: ["grace"],
  }),
  "cilogon, accounts": (): Auth => ({
    provider: "cilogon",
    ...client(),
    identityProviders: [{ entityId: institution }],
    allowedUsers: ["ada@acme.edu"],
  }),
  "oidc, groups": (): Auth => ({
    ...oidc(),
    allowedGroups: ["research"],
    adminGroups: ["staff"],
    groupsClaim: "realm_access.roles",
  }),
  "oidc, accounts": (): Auth => ({
    ...oidc(),
    usernameClaim: "email",
    scopes: ["openid", "email"],
    allowedUsers: ["ada@acme.science"],
  }),
  "custom, a directory": (): Auth => ({
    provider: "custom",
    authenticatorClass: "ldapauthenticator.LDAPAuthenticator",
    config: {
      LDAPAuthenticator: {
        server_address: "ldap.acme.science",
        tls_strategy: "on_connect",
        bind_dn_template: ["uid={username},ou=people,dc=acme,dc=science"],
        allowed_groups: ["cn=research,ou=groups,dc=acme,dc=science"],
      },
    },
    secretConfig: { LDAPAuthenticator: { lookup_dn_search_password: pulumi.secret(clientSecret) } },
    adminUsers: ["grace"],
  }),
  "custom, teams of Bitbucket": (): Auth => ({
    provider: "custom",
    authenticatorClass: "bitbucket",
    config: {
      BitbucketOAuthenticator: {
        client_id: "the-client",
        oauth_callback_url: "https://hub.acme.science/hub/oauth_callback",
        allowed_teams: ["acme"],
        scope: ["account"],
      },
    },
    secretConfig: { BitbucketOAuthenticator: { client_secret: pulumi.secret(clientSecret) } },
  }),
} satisfies Record<string, () => Auth>;

export type LoginName = keyof typeof logins;
