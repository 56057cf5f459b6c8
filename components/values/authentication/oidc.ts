import { type Authenticator, groupRules } from "./authenticator";
import type { Groups, LoginClient, People } from "./login";

/** Login by accounts of any provider that speaks OpenID Connect. */
export type OidcLogin = People &
  Groups &
  LoginClient & {
    readonly provider: "oidc";
    /** Where people log in. */
    readonly authorizeUrl: string;
    /** Where the hub gets its token. */
    readonly tokenUrl: string;
    /** Where the hub asks who somebody is. */
    readonly userInfoUrl: string;
    /** The claim that people are called by: theirs alone, and nothing that they can change. */
    readonly usernameClaim: string;
    /** What the hub asks for. */
    readonly scopes: readonly string[];
    /** Whether everybody with an account at the provider may log in. */
    readonly allowEveryone: boolean;
    /** The claim that lists somebody's groups, parts separated by dots. */
    readonly groupsClaim: string;
  };

export function oidc(login: OidcLogin): Authenticator {
  return {
    authenticatorClass: "generic-oauth",
    section: "GenericOAuthenticator",
    allowAll: login.allowEveryone,
    settings: {
      login_service: new URL(login.authorizeUrl).host,
      authorize_url: login.authorizeUrl,
      token_url: login.tokenUrl,
      userdata_url: login.userInfoUrl,
      username_claim: login.usernameClaim,
      scope: [...login.scopes],
      ...groupRules(login, `oauth_user.${login.groupsClaim}`),
    },
  };
}
