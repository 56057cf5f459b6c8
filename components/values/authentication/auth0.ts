import { type Authenticator, groupRules } from "./authenticator";
import type { Groups, LoginClient, People } from "./login";

/** Login by accounts of an Auth0 tenant; names are verified e-mail addresses. */
export type Auth0Login = People &
  Groups &
  LoginClient & {
    readonly provider: "auth0";
    /** Domain of the tenant, for example `acme.eu.auth0.com`. */
    readonly tenantDomain: string;
    /** The claim that lists somebody's groups. */
    readonly groupsClaim: string;
  };

export function auth0(login: Auth0Login): Authenticator {
  return {
    authenticatorClass: "auth0",
    section: "Auth0OAuthenticator",
    settings: {
      auth0_domain: login.tenantDomain,
      scope: ["openid", "email"],
      ...groupRules(login, `auth0_user.${login.groupsClaim}`),
    },
  };
}
