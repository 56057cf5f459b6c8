import { z } from "zod";

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
