import type * as Cognito from "@pulumi/aws/cognito";
import { getRegionOutput } from "@pulumi/aws/getRegion";
import * as pulumi from "@pulumi/pulumi";
import { named, type Tags } from "./tags";

/** Arguments of {@link CognitoUserPool}. */
export interface CognitoUserPoolArgs {
  /** First label of the login page's host, unique in the region: lower-case letters, digits and hyphens, without aws, amazon and cognito. */
  readonly domainPrefix: string;
  /** The https address that people are sent back to. */
  readonly callbackUrl: string;
  /** Groups of the pool. */
  readonly groups: readonly string[];
  /** Tags for everything that can be tagged. */
  readonly tags?: Tags | undefined;
}

/**
 * An Amazon Cognito user pool with a client for one hub. Administrators make the accounts, nobody signs up; passwords are long
 * and need a second factor from an authenticator app.
 *
 * The pool and its groups hold what people made: they outlive the stack, and AWS keeps them from being deleted by mistake.
 */
export class CognitoUserPool extends pulumi.ComponentResource {
  readonly userPoolId: pulumi.Output<string>;
  readonly clientId: pulumi.Output<string>;
  /** A secret. */
  readonly clientSecret: pulumi.Output<string>;
  /** Host of the login page. */
  readonly loginHost: pulumi.Output<string>;

  constructor(name: string, args: CognitoUserPoolArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jupyterhub-eks:index:CognitoUserPool", name, args, opts);
    const child = { parent: this };
    const kept = { ...child, retainOnDelete: true };
    const cognito = cognitoSdk();

    const pool = new cognito.UserPool(
      name,
      {
        adminCreateUserConfig: { allowAdminCreateUserOnly: true },
        mfaConfiguration: "ON",
        softwareTokenMfaConfiguration: { enabled: true },
        passwordPolicy: {
          minimumLength: 14,
          requireLowercase: true,
          requireUppercase: true,
          requireNumbers: true,
          requireSymbols: true,
          temporaryPasswordValidityDays: 7,
        },
        // The hub writes names in lower case: two accounts must not differ in that alone.
        usernameConfiguration: { caseSensitive: false },
        aliasAttributes: ["email"],
        autoVerifiedAttributes: ["email"],
        userAttributeUpdateSettings: { attributesRequireVerificationBeforeUpdates: ["email"] },
        accountRecoverySetting: { recoveryMechanisms: [{ name: "verified_email", priority: 1 }] },
        deletionProtection: "ACTIVE",
        tags: named(name, args.tags),
      },
      kept,
    );
    for (const group of args.groups)
      new cognito.UserGroup(`${name}-${group}`, { userPoolId: pool.id, name: group }, kept);
    const client = new cognito.UserPoolClient(
      name,
      {
        userPoolId: pool.id,
        generateSecret: true,
        callbackUrls: [args.callbackUrl],
        allowedOauthFlowsUserPoolClient: true,
        allowedOauthFlows: ["code"],
        allowedOauthScopes: ["openid"],
        supportedIdentityProviders: ["COGNITO"],
        explicitAuthFlows: ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        preventUserExistenceErrors: "ENABLED",
        enableTokenRevocation: true,
      },
      { ...child, additionalSecretOutputs: ["clientSecret"] },
    );
    const domain = new cognito.UserPoolDomain(name, { userPoolId: pool.id, domain: args.domainPrefix }, child);

    this.userPoolId = pool.id;
    this.clientId = client.id;
    this.clientSecret = pulumi.secret(client.clientSecret);
    this.loginHost = pulumi
      .all([domain.domain, getRegionOutput({}, child).region])
      .apply(([prefix, region]) => loginHost(prefix, region));
    this.registerOutputs({
      userPoolId: this.userPoolId,
      clientId: this.clientId,
      clientSecret: this.clientSecret,
      loginHost: this.loginHost,
    });
  }
}

/** A client of an existing pool, as AWS describes it. */
export interface ExistingUserPoolClient {
  readonly userPoolId: pulumi.Input<string>;
  readonly clientId: pulumi.Input<string>;
  /** The address that people are sent back to. */
  readonly callbackUrl: string;
}

/**
 * What a hub has to know of an existing pool and its client. The client's secret stays a secret.
 * @throws during preview, if there is no such pool or client, or if the client is none for a hub with this address.
 */
export function existingUserPool(args: ExistingUserPoolClient, options: pulumi.InvokeOptions) {
  const cognito = cognitoSdk();
  const userPoolId = pulumi.output(args.userPoolId);
  const pool = cognito.getUserPoolOutput({ userPoolId }, options);
  const client = pulumi.secret(cognito.getUserPoolClientOutput({ userPoolId, clientId: args.clientId }, options));
  return {
    clientId: pulumi.output(args.clientId),
    clientSecret: client.apply(({ clientSecret, callbackUrls, clientId }) => {
      if (!clientSecret) refuse(`The client ${clientId} of the user pool has no secret; make one that has.`);
      if (!callbackUrls.includes(args.callbackUrl))
        refuse(
          `The client ${clientId} of the user pool does not list ${args.callbackUrl}; add that to its callback URLs.`,
        );
      return clientSecret;
    }),
    loginHost: pulumi.all([pool, getRegionOutput({}, options).region]).apply(([found, region]) => {
      const { domain, customDomain, userPoolId: id } = found;
      if (customDomain) return customDomain;
      if (!domain) refuse(`The user pool ${id} has no domain, so there is no page to log in at; add one.`);
      return loginHost(domain, region);
    }),
  };
}

/** Host of the login page of a pool with a domain of Cognito's. */
function loginHost(prefix: string, region: string): string {
  return `${prefix}.auth.${region}.amazoncognito.com`;
}

function refuse(message: string): never {
  throw new pulumi.RunError(message);
}

/** Loaded by hubs that use it only. */
function cognitoSdk(): typeof Cognito {
  return require("@pulumi/aws/cognito");
}
