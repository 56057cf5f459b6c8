import type { Output } from "@pulumi/pulumi";
import type { Values } from "./value";

/** Login by GitHub accounts. */
export interface GitHubLogin {
  readonly provider: "github";
  /** Client ID of the OAuth app. */
  readonly clientId: string;
  /** Client secret of the OAuth app. */
  readonly clientSecret: Output<string>;
  /** Organizations, or teams as `organization:team`, whose members may log in. */
  readonly allowedOrganizations: readonly string[];
  /** Accounts that may log in. */
  readonly allowedUsers: readonly string[];
  /** Accounts that administer the hub; they may log in, too. */
  readonly adminUsers: readonly string[];
}

export type Login = GitHubLogin;

/** The address that the login provider sends people back to; it has to be registered there. */
export function oauthCallbackUrl(host: string): string {
  return `https://${host}/hub/oauth_callback`;
}

/** Who may log in, and how ("Setting up JupyterHub Securely on AWS: Managing users using OAuth 2.0"). */
export function authentication(login: Login, host: string): Values {
  return {
    hub: {
      config: {
        // The chart still says true; JupyterHub looks at roles alone since 2.0.
        JupyterHub: { authenticator_class: login.provider, admin_access: false },
        Authenticator: {
          allow_all: false,
          admin_users: [...login.adminUsers],
          allowed_users: [...login.allowedUsers],
        },
        GitHubOAuthenticator: {
          client_id: login.clientId,
          client_secret: login.clientSecret,
          oauth_callback_url: oauthCallbackUrl(host),
          allowed_organizations: [...login.allowedOrganizations],
          // Private memberships and teams are visible with this scope only; accounts need none.
          scope: login.allowedOrganizations.length > 0 ? ["read:org"] : [],
        },
      },
    },
  };
}
