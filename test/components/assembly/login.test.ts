import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { poolSecretCanary, storedSecretCanary } from "../../support/aws-answers";
import { recordedLogin } from "../../support/recorded-login";
import type { Answers } from "../../support/recorded-program";
import { all, inputsOf, isSecret, only, open, readableText } from "../../support/wire";

const release = "kubernetes:helm.sh/v3:Release";
const cognito = "aws:cognito/";
const secretArn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:hub-login-a1b2c3";
const oidc = {
  provider: "oidc" as const,
  authorizeUrl: "https://id.acme.science/auth",
  tokenUrl: "https://id.acme.science/token",
  userInfoUrl: "https://id.acme.science/userinfo",
  allowedUsers: ["ada"],
};
const stored = { ...oidc, clientCredentials: { kind: "secrets-manager" as const, secretArn } };
const pool = { provider: "cognito" as const, allowedGroups: ["research"], adminGroups: ["staff", "research"] };
const existing = {
  ...pool,
  userPool: {
    kind: "existing" as const,
    userPoolId: "eu-central-1_a1B2c3D4e",
    clientId: "1h57kf5cpq17",
    usernameClaim: "email" as const,
  },
};

type Program = Awaited<ReturnType<typeof recordedLogin>>;

/** A section of hub.config as it goes over the wire. */
const section = (program: Program, name: string) =>
  (
    open(only(program, release, "hub").inputs) as {
      values: { hub: { config: Record<string, Record<string, unknown>> } };
    }
  ).values.hub.config[name];

const readable = ({ registrations, componentOutputs }: Program) =>
  [...registrations.map(({ inputs }) => inputs), ...componentOutputs.values()].flatMap(readableText);

describe("a client in AWS Secrets Manager", () => {
  test("is read, and stays secret on every hop", async () => {
    const program = await recordedLogin(stored);
    expect(program.calls).toContainEqual({
      token: "aws:secretsmanager/getSecretVersion:getSecretVersion",
      inputs: { secretId: secretArn },
    });
    expect(section(program, "GenericOAuthenticator")).toMatchObject({
      client_id: "stored-client",
      client_secret: storedSecretCanary,
    });
    for (const canary of [storedSecretCanary, "stored-client"])
      expect(readable(program).filter((text) => text.includes(canary))).toEqual([]);
  });

  test("may be a secret of the same program", async () => {
    const clientCredentials = { ...stored.clientCredentials, secretArn: pulumi.output(secretArn) };
    const program = await recordedLogin({ ...stored, clientCredentials });
    expect(section(program, "GenericOAuthenticator")).toMatchObject({ client_id: "stored-client" });
  });

  test.each([
    "not JSON: canary-text",
    "[]",
    "null",
    '{"clientId": "canary-text"}',
    '{"clientId": "a", "clientSecret": ""}',
  ])("is refused where it is none, without a word of what is there instead: %s", async (secretString) => {
    const answers: Answers = { "aws:secretsmanager/getSecretVersion:getSecretVersion": () => ({ secretString }) };
    const error: Error = await recordedLogin(stored, { answers }).then(
      () => new Error("accepted"),
      (reason) => reason,
    );
    expect(error.message).toContain(
      `The secret ${secretArn} does not hold a login client: expected the text {"clientId"`,
    );
    expect(String(error.stack)).not.toContain("canary-text");
  });

  test("is asked for by hubs that have one there only", async () => {
    const { calls } = await recordedLogin({ ...oidc, clientId: "x", clientSecret: pulumi.secret("y") });
    expect(calls.filter(({ token }) => /secretsmanager|cognito/.test(token))).toEqual([]);
  });
});

describe("a user pool that is made", () => {
  test("lets administrators make accounts, demands a second factor, and cannot be deleted by mistake", async () => {
    const program = await recordedLogin(pool, { tags: { team: "data" } });
    expect(inputsOf(program, `${cognito}userPool:UserPool`)).toMatchObject({
      adminCreateUserConfig: { allowAdminCreateUserOnly: true },
      mfaConfiguration: "ON",
      softwareTokenMfaConfiguration: { enabled: true },
      passwordPolicy: {
        minimumLength: 14,
        requireLowercase: true,
        requireUppercase: true,
        requireNumbers: true,
        requireSymbols: true,
      },
      usernameConfiguration: { caseSensitive: false },
      deletionProtection: "ACTIVE",
      tags: { team: "data", Name: "hub" },
    });
    expect(only(program, `${cognito}userPool:UserPool`).retainOnDelete).toBe(true);
  });

  test("has each group once, and keeps them", async () => {
    const groups = all(await recordedLogin(pool), `${cognito}userGroup:UserGroup`);
    expect(groups.map(({ inputs }) => inputs.name)).toEqual(["research", "staff"]);
    for (const { retainOnDelete } of groups) expect(retainOnDelete).toBe(true);
  });

  test("has a client of the hub's own, which logs in by code and comes back to the hub alone", async () => {
    const program = await recordedLogin(pool);
    expect(inputsOf(program, `${cognito}userPoolClient:UserPoolClient`)).toMatchObject({
      userPoolId: "hub-id",
      generateSecret: true,
      callbackUrls: ["https://hub.acme.science/hub/oauth_callback"],
      allowedOauthFlows: ["code"],
      allowedOauthScopes: ["openid"],
      preventUserExistenceErrors: "ENABLED",
    });
    expect(inputsOf(program, `${cognito}userPoolDomain:UserPoolDomain`)).toMatchObject({ domain: "hub-acme-science" });
    expect(section(program, "GenericOAuthenticator")).toEqual({
      login_service: "Amazon Cognito",
      client_id: "hub-id",
      client_secret: `${poolSecretCanary}-hub`,
      oauth_callback_url: "https://hub.acme.science/hub/oauth_callback",
      authorize_url: "https://hub-acme-science.auth.eu-central-1.amazoncognito.com/oauth2/authorize",
      token_url: "https://hub-acme-science.auth.eu-central-1.amazoncognito.com/oauth2/token",
      userdata_from_id_token: true,
      username_claim: "cognito:username",
      scope: ["openid"],
      manage_groups: true,
      auth_state_groups_key: "oauth_user.cognito:groups",
      allowed_groups: ["research"],
      admin_groups: ["staff", "research"],
    });
  });

  test("keeps the client's secret, and offers what others need", async () => {
    const program = await recordedLogin(pool);
    expect(readable(program).filter((text) => text.includes(poolSecretCanary))).toEqual([]);
    const { urn } = only(program, "jupyterhub-eks:index:CognitoUserPool");
    const outputs = program.componentOutputs.get(urn) ?? {};
    expect(Object.keys(outputs).sort()).toEqual(["clientId", "clientSecret", "loginHost", "userPoolId"]);
    expect(isSecret(outputs.clientSecret)).toBe(true);
  });

  test("can have a domain of one's choice", async () => {
    const program = await recordedLogin({ ...pool, userPool: { domainPrefix: "acme-lab" } });
    expect(inputsOf(program, `${cognito}userPoolDomain:UserPoolDomain`).domain).toBe("acme-lab");
  });
});

describe("a user pool that is there", () => {
  const getPool = `${cognito}getUserPool:getUserPool`;
  const getClient = `${cognito}getUserPoolClient:getUserPoolClient`;

  test("is asked for its domain and the client's secret; nothing is made", async () => {
    const program = await recordedLogin(existing);
    expect(program.registrations.filter(({ type }) => type.startsWith(cognito))).toEqual([]);
    expect(section(program, "GenericOAuthenticator")).toMatchObject({
      client_id: "1h57kf5cpq17",
      client_secret: poolSecretCanary,
      token_url: "https://acme-people.auth.eu-central-1.amazoncognito.com/oauth2/token",
      username_claim: "email",
      scope: ["openid", "email"],
    });
    expect(readable(program).filter((text) => text.includes(poolSecretCanary))).toEqual([]);
  });

  test("may have a domain of its own", async () => {
    const answers: Answers = { [getPool]: () => ({ domain: "", customDomain: "login.acme.science" }) };
    const program = await recordedLogin(existing, { answers });
    expect(section(program, "GenericOAuthenticator")?.authorize_url).toBe(
      "https://login.acme.science/oauth2/authorize",
    );
  });

  const callbackUrls = ["https://hub.acme.science/hub/oauth_callback"];
  test.each<[string, Answers, string]>([
    [
      "without a domain",
      { [getPool]: ({ userPoolId }) => ({ userPoolId, domain: "" }) },
      "The user pool eu-central-1_a1B2c3D4e has no domain",
    ],
    [
      "whose client has no secret",
      { [getClient]: ({ clientId }) => ({ clientId, clientSecret: "", callbackUrls }) },
      "The client 1h57kf5cpq17 of the user pool has no secret",
    ],
    [
      "whose client sends people elsewhere",
      { [getClient]: ({ clientId }) => ({ clientId, clientSecret: "canary-s", callbackUrls: [] }) },
      "does not list https://hub.acme.science/hub/oauth_callback",
    ],
  ])("%s is refused", async (_, answers, words) => {
    await expect(recordedLogin(existing, { answers })).rejects.toThrow(words);
  });
});

describe("the posture says who may log in", () => {
  test.each([
    [
      pool,
      "cognito, by a pool without sign-up and with a second factor: members of research; administrators: staff, research",
    ],
    [existing, "cognito: members of research; administrators: staff, research"],
    [stored, "oidc (id.acme.science): users ada; administrators: none named"],
  ])("%j", async (auth, words) => expect((await recordedLogin(auth)).outputs.login).toBe(words));
});
