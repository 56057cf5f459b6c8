import type { Settings } from "../config/settings";
import { list } from "./words";

type Auth = Settings["auth"];

/** Who may log in, and who administers, in words. */
export function loginInWords(auth: Auth): string {
  if (auth.provider === "dummy") return "none: anybody may log in under any name, an administrator's too";
  const administrators = [...auth.adminUsers, ...groupsOf(auth, "adminGroups")];
  return `${providerInWords(auth)}: ${allowRules(auth).join(" and ")}; administrators: ${list(administrators)}`;
}

function providerInWords(auth: Auth): string {
  switch (auth.provider) {
    case "gitlab":
      return `gitlab (${new URL(auth.url).host})`;
    case "oidc":
      return `oidc (${new URL(auth.authorizeUrl).host})`;
    case "cognito":
      return auth.userPool.kind === "create"
        ? "cognito, by a pool without sign-up and with a second factor"
        : "cognito";
    case "custom":
      return `custom (${auth.authenticatorClass})`;
    default:
      return auth.provider;
  }
}

function allowRules(auth: Exclude<Auth, { readonly provider: "dummy" }>): string[] {
  return [
    ...rulesOf(auth),
    ...(groupsOf(auth, "allowedGroups").length > 0 ? [`members of ${list(groupsOf(auth, "allowedGroups"))}`] : []),
    ...(auth.allowedUsers.length > 0 ? [`users ${list(auth.allowedUsers)}`] : []),
  ];
}

/** Rules beside names and groups. */
function rulesOf(auth: Auth): string[] {
  switch (auth.provider) {
    case "github":
      return auth.allowedOrganizations.length > 0 ? [`members of ${list(auth.allowedOrganizations)}`] : [];
    case "google":
      return auth.allowEveryone ? [`everybody in ${list(auth.hostedDomains)}`] : [];
    case "entra-id":
      return auth.allowEveryone ? [`everybody in the tenant ${auth.tenantId}`] : [];
    case "oidc":
      return auth.allowEveryone ? ["everybody with an account there"] : [];
    case "cilogon":
      return auth.identityProviders.flatMap(({ entityId, allowEveryone, allowedDomains }) =>
        allowEveryone
          ? [`everybody at ${entityId}`]
          : allowedDomains.length > 0
            ? [`people of ${list(allowedDomains)} at ${entityId}`]
            : [],
      );
    case "custom":
      return Object.keys(auth.config).length > 0 ? [`by the settings of ${list(Object.keys(auth.config))}`] : [];
    default:
      return [];
  }
}

function groupsOf(auth: Auth, rule: "allowedGroups" | "adminGroups"): readonly string[] {
  return (auth as Partial<Record<typeof rule, readonly string[]>>)[rule] ?? [];
}
