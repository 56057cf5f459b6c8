import * as pulumi from "@pulumi/pulumi";
import { type Authenticator, groupRules } from "./authenticator";
import type { Groups, LoginClient, People, Text } from "./login";

/** Login by accounts of an Amazon Cognito user pool. */
export type CognitoLogin = People &
  Groups &
  LoginClient & {
    readonly provider: "cognito";
    /** Host of the pool's login page, for example `acme.auth.eu-central-1.amazoncognito.com`. */
    readonly loginHost: Text;
    /** The claim that people are called by. */
    readonly usernameClaim: "cognito:username" | "email";
  };

export function cognito(login: CognitoLogin): Authenticator {
  const endpoint = (name: string) => pulumi.interpolate`https://${login.loginHost}/oauth2/${name}`;
  return {
    authenticatorClass: "generic-oauth",
    section: "GenericOAuthenticator",
    settings: {
      login_service: "Amazon Cognito",
      authorize_url: endpoint("authorize"),
      token_url: endpoint("token"),
      // Groups are in tokens only, not in what the address for user data says.
      userdata_from_id_token: true,
      username_claim: login.usernameClaim,
      scope: login.usernameClaim === "email" ? ["openid", "email"] : ["openid"],
      ...groupRules(login, "oauth_user.cognito:groups"),
    },
  };
}
