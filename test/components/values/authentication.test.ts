import { describe, expect, test } from "vitest";
import type { ValueMap } from "../../../chart/values";
import { schemaProblems } from "../../../components/values/chart-schema";
import { hubValues } from "../../../components/values/hub-values";
import { withPlaceholders } from "../../../components/values/value";
import { hubSettings, minimalSettings } from "../../support/hub-settings";
import { administrators, googleByCILogon, institution, logins, researchers, tenantId } from "../../support/logins";

type Tree = Record<string, unknown>;

const valuesOf = (auth: ReturnType<(typeof logins)[keyof typeof logins]>) =>
  hubValues(hubSettings({ ...minimalSettings(), auth, hub: { createNamespace: !("clientCredentials" in auth) } }));

/** Sections of hub.config that a login gives, outputs as `known-later`. */
function config(name: keyof typeof logins): Record<string, Tree> {
  const { hub } = withPlaceholders(valuesOf(logins[name]())) as unknown as { hub: { config: Record<string, Tree> } };
  return hub.config;
}

test.each(Object.entries(logins))("%s: the chart accepts the values", (_, auth) =>
  expect(schemaProblems("4.4.0", valuesOf(auth()))).toEqual([]),
);

const client = {
  client_id: "the-client",
  client_secret: "known-later",
  oauth_callback_url: "https://hub.acme.science/hub/oauth_callback",
};

/** "oauthenticator 17.4.0, reference": traits of each class. */
const expected: { [Name in keyof typeof logins]?: { class: string; section: string; traits: Tree; everybody?: Tree } } =
  {
    "gitlab, groups": {
      class: "gitlab",
      section: "GitLabOAuthenticator",
      traits: { gitlab_url: "https://gitlab.com", allowed_gitlab_groups: ["research", "4711"], scope: ["read_api"] },
      everybody: { allow_all: false, allowed_users: [], admin_users: ["grace"] },
    },
    "gitlab of one's own, accounts": {
      class: "gitlab",
      section: "GitLabOAuthenticator",
      traits: { gitlab_url: "https://gitlab.acme.science", allowed_gitlab_groups: [], scope: ["read_user"] },
    },
    "google, everybody in two domains": {
      class: "google",
      section: "GoogleOAuthenticator",
      traits: {
        hosted_domain: ["acme.science", "acme.edu"],
        strip_domain: false,
        scope: ["openid", "email"],
        allowed_scopes: ["openid"],
      },
      everybody: { allow_all: false, allowed_users: [], admin_users: ["grace@acme.science"] },
    },
    "google, accounts": {
      class: "google",
      section: "GoogleOAuthenticator",
      traits: { hosted_domain: [], strip_domain: false, scope: ["openid", "email"], allowed_scopes: [] },
    },
    "entra-id, groups": {
      class: "azuread",
      section: "AzureAdOAuthenticator",
      traits: {
        login_service: "Microsoft Entra ID",
        tenant_id: tenantId,
        authorize_url: `https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/authorize`,
        token_url: `https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/token`,
        username_claim: "preferred_username",
        scope: ["openid", "profile"],
        manage_groups: true,
        auth_state_groups_key: "user.groups",
        allowed_groups: [researchers],
        admin_groups: [administrators],
      },
      everybody: { allow_all: false, allowed_users: [], admin_users: [] },
    },
    "auth0, groups": {
      class: "auth0",
      section: "Auth0OAuthenticator",
      traits: {
        auth0_domain: "acme.eu.auth0.com",
        scope: ["openid", "email"],
        manage_groups: true,
        auth_state_groups_key: "auth0_user.groups",
        allowed_groups: ["research"],
        admin_groups: ["staff"],
      },
    },
    "cilogon, an institution and a domain of Google's": {
      class: "cilogon",
      section: "CILogonOAuthenticator",
      traits: {
        idps: {
          [institution]: {
            username_derivation: { username_claim: "eppn", action: "strip_idp_domain", domain: "acme.edu" },
            allow_all: true,
            allowed_domains: [],
          },
          [googleByCILogon]: {
            username_derivation: { username_claim: "email", action: "prefix", prefix: "google" },
            allow_all: false,
            allowed_domains: ["acme.science"],
          },
        },
        scope: ["openid", "org.cilogon.userinfo", "email"],
      },
    },
    "oidc, groups": {
      class: "generic-oauth",
      section: "GenericOAuthenticator",
      traits: {
        login_service: "id.acme.science",
        authorize_url: "https://id.acme.science/realms/acme/protocol/openid-connect/auth",
        token_url: "https://id.acme.science/realms/acme/protocol/openid-connect/token",
        userdata_url: "https://id.acme.science/realms/acme/protocol/openid-connect/userinfo",
        username_claim: "preferred_username",
        scope: ["openid", "profile"],
        manage_groups: true,
        auth_state_groups_key: "oauth_user.realm_access.roles",
        allowed_groups: ["research"],
        admin_groups: ["staff"],
      },
    },
  };

describe("each login", () => {
  test.each(Object.entries(expected))("%s", (name, { class: authenticatorClass, section, traits, everybody }) => {
    const given = config(name as keyof typeof logins);
    expect(given.JupyterHub).toMatchObject({ authenticator_class: authenticatorClass, admin_access: false });
    expect(given[section]).toEqual({ ...client, ...traits });
    if (everybody) expect(given.Authenticator).toEqual(everybody);
  });

  test("only where a tenant's everybody is meant, everybody is let in", () => {
    for (const name of Object.keys(logins) as (keyof typeof logins)[])
      expect([name, config(name).Authenticator?.allow_all]).toEqual([
        name,
        name === "entra-id, everybody in the tenant",
      ]);
  });

  test("a class of one's own gets its section, secrets kept", () => {
    const given = config("custom, a directory");
    expect(given.JupyterHub?.authenticator_class).toBe("ldapauthenticator.LDAPAuthenticator");
    expect(given.LDAPAuthenticator).toMatchObject({
      server_address: "ldap.acme.science",
      lookup_dn_search_password: "known-later",
    });
    expect(given.Authenticator).toEqual({ allow_all: false, allowed_users: [], admin_users: ["grace"] });
  });
});

test("a client in a Kubernetes secret is in no value", () => {
  const auth = {
    provider: "oidc" as const,
    clientCredentials: { kind: "kubernetes-secret" as const, name: "hub-login" },
    authorizeUrl: "https://id.acme.science/auth",
    tokenUrl: "https://id.acme.science/token",
    userInfoUrl: "https://id.acme.science/userinfo",
    allowedUsers: ["ada"],
  };
  const { hub } = withPlaceholders(valuesOf(auth)) as unknown as { hub: { extraEnv: Tree; config: ValueMap } };
  // Every class of oauthenticator falls back to these two.
  expect(hub.extraEnv).toEqual({
    OAUTH_CLIENT_ID: { valueFrom: { secretKeyRef: { name: "hub-login", key: "clientId" } } },
    OAUTH_CLIENT_SECRET: { valueFrom: { secretKeyRef: { name: "hub-login", key: "clientSecret" } } },
  });
  expect(JSON.stringify(hub.config)).not.toMatch(/client_(id|secret)/);
  expect(schemaProblems("4.4.0", valuesOf(auth))).toEqual([]);
});

test("a dummy login is what it says: everybody, for the gate to refuse", () => {
  const auth = { provider: "dummy" as const, acknowledge: "anybody may log in under any name" as const };
  const { hub } = withPlaceholders(valuesOf(auth)) as unknown as { hub: { config: Record<string, Tree> } };
  expect(hub.config.JupyterHub?.authenticator_class).toBe("dummy");
  expect(hub.config.Authenticator).toEqual({ allow_all: true });
});
