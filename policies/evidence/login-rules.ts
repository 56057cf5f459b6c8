import { all, type Truth } from "../../chart/three-valued";
import { type Found, isList, isMap, UNKNOWN } from "../../chart/values";
import type { Authenticator } from "./authenticator";
import { identityProvidersOf } from "./cilogon";
import type { Hub } from "./hub";
import { actingScopes, identityScopes } from "./oauth-scopes";
import { is, listOf, matches, namesSomebody } from "./truth";

/** A setting that says who may log in. */
export interface Rule {
  readonly path: string;
  /** Whether it admits somebody in particular. */
  readonly holds: Truth;
  /** What keeps it from doing so, where that is not plain to see, and what to set in its place. */
  readonly flaw?: { readonly found: string; readonly expected: string };
}

/**
 * Settings that admit somebody in particular. Where everybody is in unless restricted (charts before 3.0 or 4.0), naming
 * administrators restricts nothing.
 */
export function rulesOf(hub: Hub, login: Authenticator, open: boolean): Rule[] {
  const rules = login.traits
    .filter((name) => isAllowRule(hub, login, name) || (!open && admitsAdministrators.test(name)))
    .filter((name) => !(open && name === "allowed_scopes"))
    .map((name) => ruleOf(hub, login, name));
  const providers =
    login.kind === "cilogon" && !open
      ? identityProvidersOf(login).map(({ path, admitsSomebody }): Rule => ({ path, holds: admitsSomebody }))
      : [];
  const hidden = login.unknownSections.map((path): Rule => ({ path, holds: UNKNOWN }));
  return [...rules, ...providers, ...hidden];
}

const admitsAdministrators = /^(admin_users|admin_.*groups|allow_existing_users)$/;

/** Rules of the classes; what another class calls its rule is ignored without a word, as a misspelt one is. */
const ofClass: Readonly<Record<string, RegExp>> = {
  github: /^allowed_organizations$/,
  gitlab: /^allowed_(gitlab_groups|project_ids)$/,
  google: /^allowed_google_groups$/,
  globus: /^allowed_globus_groups$/,
  bitbucket: /^allowed_teams$/,
};

/** Rules that are a map, by domain; all others are lists. */
const byDomain = /^(allowed|admin)_google_groups$/;

/** Groups of JupyterHub itself, which oauthenticator 17 reads only when it is told to keep them. */
const managedGroups = /^(allowed|admin)_groups$/;

function isAllowRule(hub: Hub, { kind, isOAuth }: Authenticator, name: string): boolean {
  if (name === "allowed_users") return true;
  if (isOAuth !== true) return /^allowed_/.test(name);
  if (name === "allowed_scopes") return true;
  if (name === "allowed_groups") return hub.since("4.0.0") || kind === "generic-oauth" || kind === "openshift";
  return typeof kind === "string" && Object.hasOwn(ofClass, kind) && (ofClass[kind] as RegExp).test(name);
}

function ruleOf(hub: Hub, login: Authenticator, name: string): Rule {
  const { path, value } = login.trait(name);
  const [wanted, isWanted] = byDomain.test(name) ? ["map", isMap(value)] : ["list", !isMap(value)];
  if (login.isKnown && !isWanted && (isMap(value) || isList(value)))
    return {
      path,
      holds: false,
      flaw: { found: `no ${wanted}, so that the hub does not start`, expected: `a ${wanted}` },
    };
  const holds = namesSomebody(value);
  if (!managedGroups.test(name) || login.isOAuth !== true || !hub.since("4.0.0") || holds === false)
    return { path, holds };
  const managed = login.trait("manage_groups");
  const found = `not true although ${name} is set, so that the hub does not start`;
  return is(managed.value, true) === false
    ? { path: managed.path, holds: false, flaw: { found, expected: "true" } }
    : { path, holds: all([holds, is(managed.value, true)]) };
}

/** `allowed_scopes` lets in whoever grants them. Those that a provider has for everybody, everybody can grant. */
export function scopesOfEverybody(login: Authenticator): string | undefined {
  const { value, path } = login.trait("allowed_scopes");
  const scopes = listOf(value);
  const isEverybodys = (scope: Found) =>
    matches(scope, identityScopes) === true || matches(scope, actingScopes) === true;
  return login.isOAuth === true && scopes.length > 0 && scopes.every(isEverybodys) ? path : undefined;
}
