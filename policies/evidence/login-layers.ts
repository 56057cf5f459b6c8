import { at, type Found, isMap, UNKNOWN, type ValueMap } from "../../chart/values";
import type { Setting } from "./hub-config";

/** A place in the values where traits of a login are set. Layers are asked in the order of Python's method resolution. */
export interface Layer {
  readonly path: string;
  /** Keys below the path that set the trait, in dotted form where they lie deeper, the usual one first. */
  keysOf(trait: string): readonly string[];
  /** Traits that the layer sets. */
  traitsIn(map: ValueMap): readonly string[];
}

/** What the trait is set to, by the first layer that says anything. */
export function settingIn(values: ValueMap, layers: readonly Layer[], trait: string): Setting {
  const places = layers.flatMap(({ path, keysOf }) => keysOf(trait).map((key) => `${path}.${key}`));
  const settings = places.map((path): Setting => ({ path, value: at(values, path) }));
  const unset: Setting = { path: `${layers[0]?.path}.${trait}`, value: undefined };
  return settings.find(({ value }) => value !== undefined) ?? settings[0] ?? unset;
}

// ---- charts since 0.11 ---------------------------------------------------------------------------------------------------

/** Names that traits had before JupyterHub 1.2 and oauthenticator 0.12, which both still take. */
const formerNames: Readonly<Record<string, string>> = {
  allowed_users: "whitelist",
  allowed_organizations: "github_organization_whitelist",
  allowed_gitlab_groups: "gitlab_group_whitelist",
  allowed_project_ids: "gitlab_project_id_whitelist",
  allowed_google_groups: "google_group_whitelist",
  allowed_teams: "team_whitelist",
};
const nowCalled = new Map(Object.entries(formerNames).map(([now, before]) => [before, now]));

/** A section whose keys are the traits themselves, such as charts since 0.11 hand to the class that it is called after. */
export function section(path: string): Layer {
  return {
    path,
    keysOf: (trait) => [trait, ...(Object.hasOwn(formerNames, trait) ? [formerNames[trait] as string] : [])],
    traitsIn: (map) => Object.keys(map).map((key) => nowCalled.get(key) ?? key),
  };
}

// ---- charts before 0.11 --------------------------------------------------------------------------------------------------

const client = { client_id: "clientId", client_secret: "clientSecret", oauth_callback_url: "callbackUrl" };

/** Traits that charts before 0.11 take from the section of a login, with their keys; everything else there is ignored. */
const legacyKeys: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  github: { ...client, allowed_organizations: "orgWhitelist" },
  gitlab: {
    ...client,
    allowed_gitlab_groups: "gitlabGroupWhitelist",
    allowed_project_ids: "gitlabProjectIdWhitelist",
    gitlab_url: "gitlabUrl",
  },
  google: { ...client, hosted_domain: "hostedDomain" },
  azuread: { ...client, tenant_id: "tenantId", username_claim: "usernameClaim" },
  globus: { ...client, identity_provider: "identityProvider" },
  mediawiki: { ...client, mw_index_url: "indexUrl" },
  cilogon: client,
  ldap: { server_address: "server.address", use_ssl: "server.ssl", allowed_groups: "allowedGroups" },
};

const legacyKeysOfAll = { allowed_users: "whitelist.users", admin_users: "admin.users", scope: "scopes" };

/** Charts before 0.11 hand on what they know of a login, and of one's own class everything below `auth.custom.config`. */
export function legacyLayers(type: Found): Layer[] {
  const ofAll = translating("auth", legacyKeysOfAll);
  if (type === "custom") return [section("auth.custom.config"), ofAll];
  if (typeof type !== "string") return [translating("auth.custom", {}), ofAll];
  return [translating(`auth.${type}`, Object.hasOwn(legacyKeys, type) ? (legacyKeys[type] ?? {}) : {}), ofAll];
}

function translating(path: string, keys: Readonly<Record<string, string>>): Layer {
  return {
    path,
    keysOf: (trait) => (Object.hasOwn(keys, trait) ? [keys[trait] as string] : []),
    traitsIn: (map) => Object.keys(keys).filter((trait) => at(map, keys[trait] as string) !== undefined),
  };
}

/** Whether a layer is there but not known yet. */
export function isUnknown(values: ValueMap, { path }: Layer): boolean {
  return at(values, path) === UNKNOWN;
}

/** Traits that layers set. */
export function traitsIn(values: ValueMap, layers: readonly Layer[]): string[] {
  return layers.flatMap((layer) => {
    const map = at(values, layer.path);
    return isMap(map) ? layer.traitsIn(map) : [];
  });
}
