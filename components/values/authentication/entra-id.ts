import { type Authenticator, groupRules } from "./authenticator";
import type { Groups, LoginClient, People } from "./login";

/** Login by accounts of one Microsoft Entra ID tenant; groups are object IDs. */
export type EntraIdLogin = People &
  Groups &
  LoginClient & {
    readonly provider: "entra-id";
    /** ID of the tenant. */
    readonly tenantId: string;
    /** The claim that people are called by. */
    readonly usernameClaim: "preferred_username" | "oid";
    /** Whether everybody in the tenant may log in. */
    readonly allowEveryone: boolean;
  };

export function entraId(login: EntraIdLogin): Authenticator {
  const endpoint = `https://login.microsoftonline.com/${login.tenantId}/oauth2/v2.0`;
  return {
    authenticatorClass: "azuread",
    section: "AzureAdOAuthenticator",
    allowAll: login.allowEveryone,
    settings: {
      login_service: "Microsoft Entra ID",
      tenant_id: login.tenantId,
      // The class knows the endpoints of version 1.0 only, whose tokens lack `preferred_username`.
      authorize_url: `${endpoint}/authorize`,
      token_url: `${endpoint}/token`,
      username_claim: login.usernameClaim,
      scope: ["openid", "profile"],
      ...groupRules(login, "user.groups"),
    },
  };
}
