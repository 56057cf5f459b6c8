import { z } from "zod";
import type { Relation } from "../../relations";

/** Who is let in, and who administers, by name. */
export const people = (name: z.ZodType<string>) => ({
  /** Who may log in, by name. */
  allowedUsers: z.array(name).default([]),
  /** Who administers the hub, by name; they may log in, too. */
  adminUsers: z.array(name).default([]),
});

/** Who is let in, and who administers, by group. The hub's groups are the provider's then. */
export const groups = (group: z.ZodType<string>) => ({
  /** Groups whose members may log in. */
  allowedGroups: z.array(group).default([]),
  /** Groups whose members administer the hub; they may log in, too. Who is in none of them, nor in adminUsers, is no administrator. */
  adminGroups: z.array(group).default([]),
});

export const groupRelations: readonly Relation[] = [
  {
    path: ["users", "groups"],
    broken: ({ auth, users } = {}) => {
      const { allowedGroups, adminGroups } = auth && "adminGroups" in auth ? auth : {};
      const isProviders = [allowedGroups, adminGroups].some((groups) => groups !== undefined && groups.length > 0);
      return (
        isProviders &&
        Object.keys(users?.groups ?? {}).length > 0 &&
        "auth.allowedGroups or auth.adminGroups takes the hub's groups from the login provider, and the hub does not start with both; make these groups there, or name people in auth.allowedUsers and auth.adminUsers"
      );
    },
  },
];
