import type { Authenticator } from "./authenticator";
import type { LoginClient, People } from "./login";

/** Login by Google accounts; names are e-mail addresses. */
export type GoogleLogin = People &
  LoginClient & {
    readonly provider: "google";
    /** Workspace domains outside of which nobody may log in; empty: no such limit. */
    readonly hostedDomains: readonly string[];
    /** Whether everybody in the hosted domains may log in. */
    readonly allowEveryone: boolean;
  };

export function google({ hostedDomains, allowEveryone }: GoogleLogin): Authenticator {
  return {
    authenticatorClass: "google",
    section: "GoogleOAuthenticator",
    settings: {
      hosted_domain: [...hostedDomains],
      // Else names are cut as long as there is one domain, and everybody is renamed with the second.
      strip_domain: false,
      scope: ["openid", "email"],
      // Everybody has granted it. `allow_all` would skip the check that the address is verified.
      allowed_scopes: allowEveryone ? ["openid"] : [],
    },
  };
}
