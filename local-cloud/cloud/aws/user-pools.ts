import { createHash } from "node:crypto";
import { type Cloud, identifier, propertiesOf } from "../cloud";
import type { ProviderFunction } from "../provider";
import { type Problem, type ResourceType, refuse, type Subject } from "../resource-type";
import { isUnknown, type Properties, valuesAt } from "../wire";
import { arnOf, awsType, matches, regionOf, text } from "./service";

const poolType = "aws:cognito/userPool:UserPool";
const clientType = "aws:cognito/userPoolClient:UserPoolClient";
const domainType = "aws:cognito/userPoolDomain:UserPoolDomain";
const groupType = "aws:cognito/userGroup:UserGroup";

const noPool = ["ResourceNotFoundException", (id: string) => `User pool ${id} does not exist.`] as const;
const inPool = { userPoolId: { to: poolType, weak: true } };

/** A second factor that nobody can have is refused ("Amazon Cognito API reference, SetUserPoolMfaConfig"). */
function admitPool({ inputs }: Subject): void {
  const factors = [
    "softwareTokenMfaConfiguration",
    "smsConfiguration",
    "emailMfaConfiguration",
    "webAuthnConfiguration",
  ];
  const hasFactor = factors.some((factor) => inputs[factor] !== undefined);
  if (inputs.mfaConfiguration !== undefined && inputs.mfaConfiguration !== "OFF" && !hasFactor)
    refuse(
      "InvalidParameterException",
      "SMS configuration and Auto verification for phone_number are required when MFA is required/optional",
    );
  const both = inputs.aliasAttributes !== undefined && inputs.usernameAttributes !== undefined;
  if (both)
    refuse(
      "InvalidParameterException",
      "Only one of the aliasAttributes or usernameAttributes can be set in a user pool.",
    );
}

function checkPassword({ passwordPolicy }: Properties): Problem[] {
  const { minimumLength } = (passwordPolicy ?? {}) as Properties;
  if (typeof minimumLength !== "number" || (minimumLength >= 6 && minimumLength <= 99)) return [];
  return [
    {
      property: "passwordPolicy.minimumLength",
      reason: `expected minimum_length to be in the range (6 - 99), got ${minimumLength}`,
    },
  ];
}

/** Addresses of a client use TLS, but for the developer's own machine ("Amazon Cognito API reference, CreateUserPoolClient"). */
function checkClient(inputs: Properties): Problem[] {
  const addresses = ["callbackUrls", "logoutUrls"].flatMap((property) =>
    valuesAt(inputs, `${property}.*`).map((url) => ({ property, url: String(url) })),
  );
  return addresses
    .filter(({ url }) => !isUnknown(url) && /^http:\/\/(?!localhost[:/]|127\.0\.0\.1[:/])|#|^[^:]*$/.test(url))
    .map(({ property, url }) => ({ property, reason: `${url} cannot use the HTTP protocol, or hold a fragment` }));
}

const ownScopes = ["phone", "email", "openid", "profile", "aws.cognito.signin.user.admin"];

function admitClient({ inputs }: Subject): void {
  // Resource servers and other identity providers do not exist here.
  const scope = valuesAt(inputs, "allowedOauthScopes.*").find((each) => !ownScopes.includes(String(each)));
  if (scope !== undefined) refuse("ScopeDoesNotExistException", `Invalid scope requested: ${String(scope)}`);
  const provider = valuesAt(inputs, "supportedIdentityProviders.*").find((each) => each !== "COGNITO");
  if (provider !== undefined)
    refuse(
      "InvalidParameterException",
      `The provider ${String(provider)} does not exist for User Pool ${text(inputs, "userPoolId")}`,
    );
  const flows = valuesAt(inputs, "allowedOauthFlows.*");
  const scopes = valuesAt(inputs, "allowedOauthScopes.*");
  if (!inputs.allowedOauthFlowsUserPoolClient) return;
  if (flows.length === 0 || scopes.length === 0)
    refuse(
      "InvalidOAuthFlowException",
      "AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to use OAuth flows.",
    );
  if (flows.includes("code") && valuesAt(inputs, "callbackUrls.*").length === 0)
    refuse("InvalidOAuthFlowException", "At least one callback URL is required for the code flow.");
  if (flows.includes("client_credentials") && !inputs.generateSecret)
    refuse(
      "InvalidOAuthFlowException",
      "client_credentials flow can not be selected if client does not have a client secret.",
    );
}

/** Prefix domains are one namespace for all accounts of a region; a domain of one's own has dots. */
function checkDomain({ domain, certificateArn }: Properties): Problem[] {
  if (typeof domain !== "string" || isUnknown(domain) || certificateArn !== undefined) return [];
  if (!/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(domain))
    return [
      {
        property: "domain",
        reason: `${domain} is no prefix of a domain: 1 to 63 lower-case letters, digits and hyphens inside`,
      },
    ];
  const [word] = /aws|amazon|cognito/.exec(domain) ?? [];
  return word === undefined ? [] : [{ property: "domain", reason: `Domain cannot contain reserved word: ${word}` }];
}

function admitDomain({ inputs, cloud, scope, id, before }: Subject): void {
  const others = cloud.where(domainType, scope, { userPoolId: inputs.userPoolId ?? null });
  if (others.some((each) => before === undefined || each.id !== id))
    refuse("InvalidParameterException", "User pool already has a domain configured.");
}

/** Kept in no file: the same for a client each time that it is asked for. */
const secretOf = (clientId: string) => createHash("sha256").update(`client ${clientId}`).digest("hex").slice(0, 52);

/** Amazon Cognito, as far as logins need it. */
export const userPoolTypes: Readonly<Record<string, ResourceType>> = {
  [poolType]: awsType({
    service: "Cognito Identity Provider",
    thing: "User Pool",
    id: ({ inputs, config }) => `${regionOf(inputs, config)}_${identifier(9)}`,
    missing: noPool,
    autoName: { property: "name", max: 128 },
    check: (inputs) => [
      ...matches("name", /^[\w\s+=,.@-]{1,128}$/, "1 to 128 letters, digits, spaces or +=,.@_-")(inputs),
      ...checkPassword(inputs),
    ],
    admit: admitPool,
    replaceOn: ["aliasAttributes", "usernameAttributes", "usernameConfiguration", "schemas", "region"],
    defaults: { mfaConfiguration: "OFF", deletionProtection: "INACTIVE", userPoolTier: "ESSENTIALS" },
    computed: {
      arn: arnOf("cognito-idp", ({ id }) => `userpool/${id}`),
      endpoint: ({ id, scope }) => `cognito-idp.${scope}.amazonaws.com/${id}`,
      creationDate: () => new Date().toISOString(),
      estimatedNumberOfUsers: () => 0,
    },
    release(pool, cloud) {
      if (pool.inputs.deletionProtection === "ACTIVE")
        refuse(
          "InvalidParameterException",
          "The user pool cannot be deleted because deletion protection is activated. Deletion protection must be inactivated first.",
        );
      if (cloud.where(domainType, pool.scope, { userPoolId: pool.id }).length > 0)
        refuse(
          "InvalidParameterException",
          "User pool cannot be deleted. It has a domain configured that should be deleted first.",
        );
    },
  }),

  [clientType]: awsType({
    service: "Cognito Identity Provider",
    thing: "User Pool Client",
    id: () => identifier(26),
    missing: ["ResourceNotFoundException", (id) => `User pool client ${id} does not exist.`],
    required: ["userPoolId"],
    autoName: { property: "name", max: 128 },
    references: inPool,
    check: checkClient,
    admit: admitClient,
    replaceOn: ["userPoolId", "generateSecret", "region"],
    defaults: { accessTokenValidity: 60, refreshTokenValidity: 30 },
    computed: { clientSecret: ({ id, inputs }) => (inputs.generateSecret ? secretOf(id) : "") },
    secretOutputs: ["clientSecret"],
  }),

  [domainType]: awsType({
    service: "Cognito Identity Provider",
    thing: "User Pool Domain",
    id: ({ inputs }) => text(inputs, "domain"),
    missing: ["ResourceNotFoundException", (domain) => `Domain ${domain} does not exist.`],
    exists: ["InvalidParameterException", () => "Domain already associated with another user pool."],
    required: ["userPoolId", "domain"],
    references: inPool,
    check: checkDomain,
    admit: admitDomain,
    replaceOn: ["userPoolId", "domain", "region"],
    computed: { awsAccountId: ({ cloud }) => cloud.account.id, version: () => "20261122000000" },
  }),

  [groupType]: awsType({
    service: "Cognito Identity Provider",
    thing: "User Group",
    id: ({ inputs }) => `${text(inputs, "userPoolId")}/${text(inputs, "name")}`,
    missing: ["ResourceNotFoundException", (group) => `Group ${group} not found.`],
    exists: ["GroupExistsException", () => "A group with the name already exists."],
    required: ["userPoolId", "name"],
    references: inPool,
    check: matches("name", /^[\p{L}\p{M}\p{S}\p{N}\p{P}]{1,128}$/u, "1 to 128 characters without spaces"),
    replaceOn: ["userPoolId", "name", "region"],
  }),
};

function poolOf(args: Properties, region: string, cloud: Cloud) {
  const id = text(args, "userPoolId");
  const pool = cloud.get(poolType, region, id);
  if (pool === undefined)
    throw new Error(
      `reading Cognito IDP User Pool (${id}): ResourceNotFoundException: User pool ${id} does not exist.`,
    );
  return pool;
}

/** Describes a pool; fails at preview already where there is none. */
export const getUserPool: ProviderFunction = (args, config, cloud) => {
  const region = regionOf(args, config);
  const pool = poolOf(args, region, cloud);
  const [domain] = cloud.where(domainType, region, { userPoolId: pool.id });
  const isOwn = domain?.inputs.certificateArn !== undefined;
  const name = domain?.id ?? "";
  return {
    ...propertiesOf(pool),
    id: pool.id,
    userPoolId: pool.id,
    region,
    domain: isOwn ? "" : name,
    customDomain: isOwn ? name : "",
  };
};

/** Describes a client with its secret; fails at preview already where there is none. */
export const getUserPoolClient: ProviderFunction = (args, config, cloud) => {
  const region = regionOf(args, config);
  const pool = poolOf(args, region, cloud);
  const id = text(args, "clientId");
  const [client] = cloud.where(clientType, region, { userPoolId: pool.id }).filter((each) => each.id === id);
  if (client === undefined)
    throw new Error(
      `reading Cognito User Pool Client (${id}): ResourceNotFoundException: User pool client ${id} does not exist.`,
    );
  const clientSecret = client.inputs.generateSecret ? secretOf(id) : "";
  return { callbackUrls: [], ...propertiesOf(client), id, clientId: id, userPoolId: pool.id, region, clientSecret };
};
