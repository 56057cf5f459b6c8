import type { Value, Values } from "../value";
import type { Groups } from "./login";

/** A class of JupyterHub's that lets people in, and what it is told. */
export interface Authenticator {
  /** The class, as `authenticator_class` names it. */
  readonly authenticatorClass: string;
  /** Section of `hub.config` that the class reads. */
  readonly section: string;
  /** Settings of the class. */
  readonly settings: Values;
  /** Whether everybody whom the provider knows is let in. */
  readonly allowAll?: boolean;
}

/** Rules by group. Without `manage_groups` oauthenticator ignores them, or does not start at all. */
export function groupRules({ allowedGroups, adminGroups }: Groups, claim: string): Values {
  if (allowedGroups.length + adminGroups.length === 0) return {};
  return {
    manage_groups: true,
    auth_state_groups_key: claim,
    allowed_groups: [...allowedGroups],
    admin_groups: [...adminGroups],
  };
}

/** The settings, without those that are not given. */
export function given(settings: Readonly<Record<string, Value | undefined>>): Values {
  return Object.fromEntries(
    Object.entries(settings).filter((entry): entry is [string, Value] => entry[1] !== undefined),
  );
}
