import type { Authenticator } from "./authenticator";
import type { LoginClient, People } from "./login";

/** Login by GitLab accounts. */
export type GitLabLogin = People &
  LoginClient & {
    readonly provider: "gitlab";
    /** Address of the GitLab, for example `https://gitlab.com`. */
    readonly url: string;
    /** Top-level groups, or numbers of groups, whose members may log in. */
    readonly allowedGroups: readonly string[];
  };

export function gitlab({ url, allowedGroups }: GitLabLogin): Authenticator {
  return {
    authenticatorClass: "gitlab",
    section: "GitLabOAuthenticator",
    settings: {
      gitlab_url: url.replace(/\/+$/, ""),
      allowed_gitlab_groups: [...allowedGroups],
      // Members of a group are listed by the API only.
      scope: allowedGroups.length > 0 ? ["read_api"] : ["read_user"],
    },
  };
}
