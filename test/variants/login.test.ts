import { afterAll, expect, vi } from "vitest";
import { type Deployment, deploys } from "./variant";

const secretArn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:hub-login-a1b2c3";
vi.stubEnv("LOCAL_CLOUD_SECRETS", JSON.stringify({ [secretArn]: '{"clientId": "stored", "clientSecret": "kept"}' }));
afterAll(() => vi.unstubAllEnvs());

/** What the hub's login is told, secrets decrypted. */
function login({ inputs }: Deployment): Record<string, unknown> {
  const hub = inputs("kubernetes:helm.sh/v3:Release").find(({ chart }) => chart === "jupyterhub");
  const { values } = plain(hub) as { values: { hub: { config: Record<string, Record<string, unknown>> } } };
  return values.hub.config.GenericOAuthenticator ?? {};
}

/** An exported stack keeps secrets as JSON beside a signature. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const { plaintext } = value as { plaintext?: string };
  if (plaintext !== undefined) return plain(JSON.parse(plaintext));
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
}

deploys([
  {
    name: "a login by a Cognito user pool that is made",
    settings: { auth: { provider: "cognito", allowedGroups: ["research"], adminGroups: ["staff"] } },
    stays: ["aws:cognito/userPool:UserPool", "aws:cognito/userGroup:UserGroup", "aws:cognito/userGroup:UserGroup"],
    deployed: (deployment) => {
      expect(login(deployment)).toMatchObject({
        client_id: expect.stringMatching(/^[0-9a-f]{26}$/),
        client_secret: expect.stringMatching(/^[0-9a-f]{52}$/),
        token_url: "https://hub-variant-local-cloud-test.auth.eu-central-1.amazoncognito.com/oauth2/token",
        allowed_groups: ["research"],
      });
      expect(JSON.stringify(deployment.outputs.posture)).toContain("cognito, by a pool without sign-up");
    },
  },
  {
    name: "a login by a Cognito user pool of the team's own",
    program: "existing-user-pool.ts",
    deployed: (deployment) =>
      expect(login(deployment)).toMatchObject({
        client_secret: expect.stringMatching(/^[0-9a-f]{52}$/),
        token_url: "https://acme-people.auth.eu-central-1.amazoncognito.com/oauth2/token",
      }),
  },
  {
    name: "a login by OpenID Connect, its client in AWS Secrets Manager",
    settings: {
      auth: {
        provider: "oidc",
        clientCredentials: { kind: "secrets-manager", secretArn },
        authorizeUrl: "https://id.acme.science/auth",
        tokenUrl: "https://id.acme.science/token",
        userInfoUrl: "https://id.acme.science/userinfo",
        allowedGroups: ["research"],
      },
    },
    deployed: (deployment) => expect(login(deployment)).toMatchObject({ client_id: "stored", client_secret: "kept" }),
  },
]);
