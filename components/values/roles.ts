import type { Values } from "./value";

/** A role that people hold beside JupyterHub's own ("JupyterHub, Roles and scopes"). */
export interface Role {
  readonly name: string;
  readonly description?: string | undefined;
  /** What its holders may do, for example `access:servers!group=physics`. */
  readonly scopes: readonly string[];
  readonly users: readonly string[];
  readonly groups: readonly string[];
}

/** Who belongs together, and who may do what. */
export interface People {
  /** Members by group. */
  readonly groups?: Readonly<Record<string, readonly string[]>> | undefined;
  readonly roles?: readonly Role[] | undefined;
}

export function groupsAndRoles({ groups = {}, roles = [] }: People): Values {
  const members = Object.entries(groups).map(([name, users]): [string, Values] => [name, { users: [...users] }]);
  return {
    hub: {
      ...(members.length > 0 && { config: { JupyterHub: { load_groups: Object.fromEntries(members) } } }),
      ...(roles.length > 0 && { loadRoles: Object.fromEntries(roles.map((role) => [role.name, definition(role)])) }),
    },
  };
}

function definition({ description, scopes, users, groups }: Role): Values {
  return {
    ...(description !== undefined && { description }),
    scopes: [...scopes],
    users: [...users],
    groups: [...groups],
  };
}
