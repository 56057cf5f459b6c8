import type { Authenticator } from "./authenticator";
import type { LoginClient, People } from "./login";

/** Login by GitHub accounts. */
export type GitHubLogin = People &
  LoginClient & {
    readonly provider: "github";
    /** Organizations, or teams as `organization:team`, whose members may log in. */
    readonly allowedOrganizations: readonly string[];
  };

export function github({ allowedOrganizations }: GitHubLogin): Authenticator {
  return {
    authenticatorClass: "github",
    section: "GitHubOAuthenticator",
    settings: {
      allowed_organizations: [...allowedOrganizations],
      // Private memberships and teams are visible with this scope only; accounts need none.
      scope: allowedOrganizations.length > 0 ? ["read:org"] : [],
    },
  };
}
