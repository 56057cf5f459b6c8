import type * as SecretsManager from "@pulumi/aws/secretsmanager";
import * as pulumi from "@pulumi/pulumi";
import { CognitoUserPool, existingUserPool } from "../cognito-user-pool";
import type { Settings } from "../config/settings";
import { defaultDomainPrefix } from "../config/settings/auth/cognito";
import { type Login, oauthCallbackUrl } from "../values/authentication";
import type { LoginClient } from "../values/authentication/login";

type Auth = Settings["auth"];
type CognitoAuth = Extract<Auth, { readonly provider: "cognito" }>;
type ClientAuth = Extract<Auth, { readonly provider: "github" }>;
type Parent = Pick<pulumi.InvokeOptions, "parent">;

/**
 * The login that settings ask for, with its client: given, read from AWS Secrets Manager, or of a Cognito user pool, which is
 * made if they ask for one.
 */
export function loginOf(name: string, settings: Pick<Settings, "auth" | "domain" | "tags">, parent: Parent): Login {
  const { auth } = settings;
  switch (auth.provider) {
    case "custom":
    case "dummy":
      return auth;
    case "cognito":
      return { ...auth, ...cognitoLogin(name, auth, settings, parent) };
    default:
      return { ...auth, ...clientOf(auth, parent) };
  }
}

function cognitoLogin(
  name: string,
  { userPool, allowedGroups, adminGroups }: CognitoAuth,
  { domain, tags }: Pick<Settings, "domain" | "tags">,
  parent: Parent,
) {
  const callbackUrl = oauthCallbackUrl(domain);
  if (userPool.kind === "existing")
    return { ...existingUserPool({ ...userPool, callbackUrl }, parent), usernameClaim: userPool.usernameClaim };
  const domainPrefix = userPool.domainPrefix ?? defaultDomainPrefix(domain);
  const groups = [...new Set([...allowedGroups, ...adminGroups])];
  const { clientId, clientSecret, loginHost } = new CognitoUserPool(
    name,
    { domainPrefix, callbackUrl, groups, tags },
    parent,
  );
  return { clientId, clientSecret, loginHost, usernameClaim: "cognito:username" as const };
}

function clientOf(
  auth: Pick<ClientAuth, "clientId" | "clientSecret" | "clientCredentials">,
  parent: Parent,
): LoginClient {
  const { clientCredentials, clientId, clientSecret } = auth;
  switch (clientCredentials?.kind) {
    case "kubernetes-secret":
      return { clientCredentials: { ...clientCredentials, name: textOf(clientCredentials.name) } };
    case "secrets-manager":
      return storedClient(clientCredentials.secretArn, parent);
    default:
      if (clientId === undefined || clientSecret === undefined) throw new Error("The login has no client");
      return { clientId: textOf(clientId), clientSecret };
  }
}

function textOf(input: pulumi.Input<string>): string | pulumi.Output<string> {
  return typeof input === "string" ? input : pulumi.output(input);
}

/**
 * The client that AWS Secrets Manager keeps. Both halves stay secret.
 * @throws during preview, if there is no such secret, or if it is none of a client.
 */
function storedClient(secretArn: pulumi.Input<string>, parent: Parent): LoginClient {
  const { getSecretVersionOutput } = secretsManagerSdk();
  const text = pulumi.secret(getSecretVersionOutput({ secretId: secretArn }, parent).secretString);
  const client = pulumi.all([text, secretArn]).apply(([json, arn]) => parseClient(json, arn));
  return { clientId: client.apply((each) => each.clientId), clientSecret: client.apply((each) => each.clientSecret) };
}

function parseClient(json: string, secretArn: string): { clientId: string; clientSecret: string } {
  const { clientId, clientSecret } = parsed(json) ?? {};
  const isFilled = (text: unknown): text is string => typeof text === "string" && text.trim() !== "";
  if (isFilled(clientId) && isFilled(clientSecret)) return { clientId, clientSecret };
  // What the secret says instead is nobody's business.
  throw new pulumi.RunError(
    `The secret ${secretArn} does not hold a login client: expected the text {"clientId": "...", "clientSecret": "..."}, for example by \`aws secretsmanager put-secret-value --secret-id ${secretArn} --secret-string file://client.json\`.`,
  );
}

function parsed(json: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** Loaded by hubs that use it only. */
function secretsManagerSdk(): typeof SecretsManager {
  return require("@pulumi/aws/secretsmanager");
}
