import { join, type Value, type Values } from "../value";
import { type Auth0Login, auth0 } from "./auth0";
import type { Authenticator } from "./authenticator";
import { type CILogonLogin, cilogon } from "./cilogon";
import { type CognitoLogin, cognito } from "./cognito";
import { type EntraIdLogin, entraId } from "./entra-id";
import { type GitHubLogin, github } from "./github";
import { type GitLabLogin, gitlab } from "./gitlab";
import { type GoogleLogin, google } from "./google";
import type { LoginClient, People } from "./login";
import { type OidcLogin, oidc } from "./oidc";

/** Login by a class that this library does not know. */
export interface CustomLogin extends People {
  readonly provider: "custom";
  /** Short name of the class, or the path to import it from. */
  readonly authenticatorClass: string;
  /** Settings by the class that declares them. */
  readonly config: Readonly<Record<string, Readonly<Record<string, Value>>>>;
  /** Further settings, all of whose values are secret. */
  readonly secretConfig: Readonly<Record<string, Readonly<Record<string, Value>>>>;
}

/** No login: anybody may log in under any name. For trials. */
export interface DummyLogin {
  readonly provider: "dummy";
}

/** Login at a provider where the hub is registered as a client. */
export type OAuthLogin =
  | GitHubLogin
  | GitLabLogin
  | GoogleLogin
  | EntraIdLogin
  | Auth0Login
  | CognitoLogin
  | CILogonLogin
  | OidcLogin;

/** Who may log in, and how. */
export type Login = OAuthLogin | CustomLogin | DummyLogin;

/** The address that the login provider sends people back to; it has to be registered there. */
export function oauthCallbackUrl(host: string): string {
  return `https://${host}/hub/oauth_callback`;
}

/** Who may log in, and how ("Setting up JupyterHub Securely on AWS: Managing users using OAuth 2.0"). */
export function authentication(login: Login, host: string): Values {
  switch (login.provider) {
    case "dummy":
      return hubConfig("dummy", { allow_all: true });
    case "custom":
      return join(
        hubConfig(login.authenticatorClass, { allow_all: false, ...people(login) }),
        { hub: { config: sections(login.config) } },
        { hub: { config: sections(login.secretConfig) } },
      );
    default: {
      const { authenticatorClass, section, settings, allowAll = false } = authenticator(login);
      return join(
        hubConfig(authenticatorClass, { allow_all: allowAll, ...people(login) }),
        { hub: { config: { [section]: { oauth_callback_url: oauthCallbackUrl(host), ...settings } } } },
        client(login, section),
      );
    }
  }
}

function authenticator(login: OAuthLogin): Authenticator {
  switch (login.provider) {
    case "github":
      return github(login);
    case "gitlab":
      return gitlab(login);
    case "google":
      return google(login);
    case "entra-id":
      return entraId(login);
    case "auth0":
      return auth0(login);
    case "cognito":
      return cognito(login);
    case "cilogon":
      return cilogon(login);
    case "oidc":
      return oidc(login);
  }
}

/** What every login has: JupyterHub takes it from the class's base. */
function hubConfig(authenticatorClass: string, everyLogin: Values): Values {
  // The chart still says true for admin_access; JupyterHub looks at roles alone since 2.0.
  const JupyterHub = { authenticator_class: authenticatorClass, admin_access: false };
  return { hub: { config: { JupyterHub, Authenticator: everyLogin } } };
}

function people({ allowedUsers, adminUsers }: People): Values {
  return { allowed_users: [...allowedUsers], admin_users: [...adminUsers] };
}

function sections(config: CustomLogin["config"]): Values {
  return Object.fromEntries(Object.entries(config).map(([name, settings]) => [name, { ...settings }]));
}

/** In the class's settings, or in variables that every class of oauthenticator reads where its settings say nothing. */
function client(login: LoginClient, section: string): Values {
  if ("clientId" in login)
    return { hub: { config: { [section]: { client_id: login.clientId, client_secret: login.clientSecret } } } };
  const from = (key: string): Values => ({ valueFrom: { secretKeyRef: { name: login.clientCredentials.name, key } } });
  return {
    hub: { extraEnv: { OAUTH_CLIENT_ID: from("clientId"), OAUTH_CLIENT_SECRET: from("clientSecret") } },
  };
}
