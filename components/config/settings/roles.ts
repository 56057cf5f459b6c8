import { z } from "zod";
import { filledIn } from "../formats";
import type { Relation } from "../relations";

/*
 * Roles that people hold beside JupyterHub's own ("JupyterHub, Roles and scopes"). What administers the hub is granted by
 * `auth.adminUsers` alone, and sharing by nobody.
 */

/** What shows things and changes none. */
const readingScopes = [
  "list:users",
  "read:users",
  "read:users:activity",
  "read:users:groups",
  "read:users:name",
  "list:groups",
  "read:groups",
  "read:groups:name",
  "read:servers",
  "read:hub",
  "read:metrics",
];
/** What acts on servers: for named people or groups only. */
const actingScopes = ["access:servers", "servers", "start:servers", "delete:servers", "users:activity"];

const filter = /!(group|user|server)=[^!\s]+$/;

const scope = z.string().superRefine((text, context) => {
  const name = text.replace(filter, "");
  const refuse = (message: string) => context.addIssue({ code: "custom", message, input: text });
  if (actingScopes.includes(name)) {
    if (!filter.test(text)) refuse(`that reaches everybody's servers; name whose, for example ${name}!group=physics`);
  } else if (!readingScopes.includes(name)) {
    refuse(
      `expected a scope that neither administers the hub nor shares servers: ${[...readingScopes, ...actingScopes].join(", ")}; for example access:servers!group=physics`,
    );
  }
});

/** Roles of JupyterHub and of the chart itself: another definition would replace these. */
const reserved = ["admin", "user", "server", "token", "jupyterhub-idle-culler"];

const role = z.strictObject({
  name: z
    .string()
    .regex(
      /^[a-z][a-z0-9_.~-]{1,253}[a-z0-9]$/,
      "expected 3 or more lower-case letters, digits, hyphens and dots, for example physics-teachers",
    )
    .refine((name) => !reserved.includes(name), {
      error: "that is a role of JupyterHub's own; choose another name, for example physics-teachers",
    }),
  description: z.string().optional(),
  /** What its holders may do, in JupyterHub's words, for example `access:servers!group=physics`. */
  scopes: z.array(scope).min(1, "expected at least one scope, for example access:servers!group=physics"),
  /** User names of holders. */
  users: z.array(filledIn("ada")).default([]),
  /** Groups of holders. */
  groups: z.array(filledIn("physics-teachers")).default([]),
});

export const roles = z
  .array(
    role,
    'expected a list, for example [{"name": "physics-teachers", "scopes": ["access:servers!group=physics"], "users": ["ada"]}]',
  )
  .default([]);

/** Members by group. */
export const groups = z
  .record(
    filledIn("physics").regex(
      /^[^\s!]{1,255}$/,
      "expected at most 255 characters without spaces and !, because scopes name groups, for example physics",
    ),
    z.array(filledIn("ada")),
  )
  .default({});

export const roleRelations: readonly Relation[] = [
  {
    path: ["users", "groups"],
    broken: ({ users, auth } = {}) => {
      if (auth === undefined || !("adminGroups" in auth) || Object.keys(users?.groups ?? {}).length === 0) return;
      const rule = (["allowedGroups", "adminGroups"] as const).find((name) => (auth[name]?.length ?? 0) > 0);
      return (
        rule !== undefined &&
        `auth.${rule} is set, so groups come from the login provider, and JupyterHub does not start with a second source of them; leave this out, and put people into groups there`
      );
    },
  },
  {
    path: ["users", "roles"],
    broken: ({ users } = {}) => {
      const wrong = users?.roles?.find((each) => each?.users?.length === 0 && each.groups?.length === 0);
      return wrong && `nobody holds the role ${wrong.name}; expected users or groups in it`;
    },
  },
  {
    path: ["users", "roles"],
    broken: ({ users } = {}) => {
      const names = users?.roles?.flatMap((each) => each?.name ?? []) ?? [];
      const twice = names.find((name, index) => names.indexOf(name) < index);
      return twice !== undefined && `two roles are called ${twice}; expected a name of its own for each`;
    },
  },
  {
    path: ["users", "roles"],
    broken: ({ users } = {}) => {
      const isSharing = (text: string | undefined) => text?.startsWith("access:servers") === true;
      const wrong = users?.trust === "untrusted" && users.roles?.find((each) => each?.scopes?.some(isSharing));
      return (
        wrong &&
        `the role ${wrong.name} opens servers of others (access:servers), and users.trust is untrusted: whoever opens a server runs its owner's pages; take one of the two back`
      );
    },
  },
];
