import * as cognito from "@pulumi/aws/cognito";
import * as pulumi from "@pulumi/pulumi";
import { SecureHub } from "../../../components";

const config = new pulumi.Config();
const domain = config.require("domain");

/** A team's pool, which it deploys in the same program. */
const pool = new cognito.UserPool("people", {
  mfaConfiguration: "ON",
  softwareTokenMfaConfiguration: { enabled: true },
  adminCreateUserConfig: { allowAdminCreateUserOnly: true },
});
const page = new cognito.UserPoolDomain("people", { userPoolId: pool.id, domain: "acme-people" });
const client = new cognito.UserPoolClient("hub", {
  userPoolId: page.userPoolId,
  generateSecret: true,
  callbackUrls: [`https://${domain}/hub/oauth_callback`],
  allowedOauthFlowsUserPoolClient: true,
  allowedOauthFlows: ["code"],
  allowedOauthScopes: ["openid"],
  supportedIdentityProviders: ["COGNITO"],
});

const hub = new SecureHub("hub-variant", {
  domain,
  auth: {
    provider: "cognito",
    userPool: { kind: "existing", userPoolId: client.userPoolId, clientId: client.id },
    allowedGroups: ["research"],
  },
  cluster: config.requireObject("cluster"),
});

export const hubUrl = hub.url;
