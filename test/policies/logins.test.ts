import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { mergeHelmValues } from "../../chart/helm-merge";
import type { ValueMap } from "../../chart/values";
import type { SettingsInput } from "../../components";
import { hubValues } from "../../components/values/hub-values";
import { randomHex } from "../support/aws-answers";
import { recordedHub } from "../support/hub-programs";
import { hubSettings, minimalSettings } from "../support/hub-settings";
import { alarms, judged } from "../support/judged";
import { logins } from "../support/logins";
import { recordedLogin } from "../support/recorded-login";

const secretArn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:hub-login-a1b2c3";

type Auth = SettingsInput["auth"];

const oidc = {
  provider: "oidc" as const,
  authorizeUrl: "https://id.acme.science/auth",
  tokenUrl: "https://id.acme.science/token",
  userInfoUrl: "https://id.acme.science/userinfo",
  allowedUsers: ["ada"],
};

const everybodyOfOurs: Auth = {
  ...oidc,
  clientId: "the-client",
  clientSecret: pulumi.secret("s"),
  allowEveryone: true,
};

/** The repository's own hub with another login, and with values of the chart that somebody sets past the settings. */
async function hubWith(auth: Auth, config: ValueMap = {}, settings: Partial<SettingsInput> = {}) {
  const others = hubSettings({ ...minimalSettings(), ...settings, auth });
  const random = (name: string) => pulumi.secret(randomHex(name));
  const secrets = { proxyToken: random("proxy"), cookieSecret: random("cookie"), cryptKey: random("crypt") };
  const values = await new Promise<ValueMap>((resolve) =>
    pulumi.output(hubValues({ ...others, secrets })).apply((known) => resolve(known as ValueMap)),
  );
  const { registrations } = await recordedHub("dev");
  const isHub = ({ type, inputs }: (typeof registrations)[number]) =>
    type === "kubernetes:helm.sh/v3:Release" && inputs.chart === "jupyterhub";
  return {
    registrations: registrations.map((each) =>
      isHub(each)
        ? { ...each, inputs: { ...each.inputs, values: mergeHelmValues(values, { hub: { config } }) } }
        : each,
    ),
  };
}

describe("the gate lets pass", () => {
  test.each(Object.entries(logins))("%s", async (_, auth) => expect(alarms(await hubWith(auth()))).toEqual([]));

  test("a client in AWS Secrets Manager", async () => {
    const clientCredentials = { kind: "secrets-manager" as const, secretArn };
    expect(alarms(await recordedLogin({ ...oidc, clientCredentials }))).toEqual([]);
  });

  test("a client in a Kubernetes secret", async () => {
    const clientCredentials = { kind: "kubernetes-secret" as const, name: "hub-login" };
    const program = await hubWith({ ...oidc, clientCredentials }, {}, { hub: { createNamespace: false } });
    expect(alarms(program)).toEqual([]);
  });

  test("a Cognito user pool that is made", async () =>
    expect(alarms(await recordedLogin({ provider: "cognito", allowedGroups: ["research"] }))).toEqual([]));

  test("a Cognito user pool that is there", async () => {
    const userPool = { kind: "existing" as const, userPoolId: "eu-central-1_a1B2c3D4e", clientId: "1h57kf5cpq17" };
    expect(alarms(await recordedLogin({ provider: "cognito", userPool, allowedGroups: ["research"] }))).toEqual([]);
  });
});

/** Controls that refuse a hub with a login, its settings in hub.config changed past ours. */
async function refusedBy(auth: Auth, config: ValueMap = {}) {
  const judgements = judged(await hubWith(auth, config));
  return judgements.filter(({ verdict }) => verdict === "fail").map(({ control }) => control);
}

describe("the gate refuses", () => {
  test("a dummy login, however well it is known what that means", async () =>
    expect(await refusedBy({ provider: "dummy", acknowledge: "anybody may log in under any name" })).toEqual(
      expect.arrayContaining(["login-is-real", "login-has-allow-rule"]),
    ));

  test.each([
    ["everybody at GitHub", "github, accounts", { Authenticator: { allow_all: true } }, "login-has-allow-rule"],
    [
      "everybody at gitlab.com",
      "gitlab, groups",
      { GitLabOAuthenticator: { allow_all: true } },
      "login-has-allow-rule",
    ],
    [
      "everybody at Google",
      "google, accounts",
      { GoogleOAuthenticator: { allowed_scopes: ["openid"] } },
      "login-has-allow-rule",
    ],
    [
      "everybody in every tenant",
      "entra-id, everybody in the tenant",
      { AzureAdOAuthenticator: { tenant_id: "common" } },
      "login-has-allow-rule",
    ],
    [
      "every team of Bitbucket",
      "custom, teams of Bitbucket",
      { BitbucketOAuthenticator: { allow_all: true } },
      "login-has-allow-rule",
    ],
    [
      "a provider without TLS",
      "oidc, groups",
      { GenericOAuthenticator: { token_url: "http://id.acme.science/token" } },
      "login-provider-over-tls",
    ],
    [
      "certificates that nobody verifies",
      "oidc, groups",
      { OAuthenticator: { validate_server_cert: false } },
      "login-provider-over-tls",
    ],
    [
      "a way back without TLS",
      "auth0, groups",
      { Auth0OAuthenticator: { oauth_callback_url: "http://hub.acme.science/hub/oauth_callback" } },
      "oauth-callback-is-https",
    ],
    [
      "a way back to somebody else",
      "auth0, groups",
      { Auth0OAuthenticator: { oauth_callback_url: "https://hub.umbrella.com/hub/oauth_callback" } },
      "oauth-callback-matches-hub",
    ],
    [
      "a scope that reads repositories",
      "github, accounts",
      { GitHubOAuthenticator: { scope: ["repo"] } },
      "login-scopes-small",
    ],
  ] as const)("%s", async (_, name, config, control) =>
    expect(await refusedBy(logins[name](), config as unknown as ValueMap)).toContain(control),
  );
});

test("that only our people have accounts at a provider is for the gate's configuration to say", async () => {
  const program = await hubWith(everybodyOfOurs);
  expect(alarms(program)).toEqual([
    expect.stringMatching(/^login-has-allow-rule \(unknown\): .*everybody with an account/),
  ]);
  expect(alarms(program, { settings: { assume: { privateIdentityProvider: true } } })).toEqual([]);
});
