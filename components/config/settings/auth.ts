import { z } from "zod";
import { filledIn } from "../formats";
import type { Relation } from "../relations";
import { secret } from "./secret";

const github = z.strictObject({
  provider: z.literal("github"),
  /** Client ID of the GitHub OAuth app. */
  clientId: filledIn("Ov23liAbCdEfGhIjKlMn"),
  /** Client secret of the GitHub OAuth app. */
  clientSecret: secret("auth.clientSecret"),
  /** Whose members may log in: organizations, or teams as `organization:team`. */
  allowedOrganizations: z.array(filledIn("acme")).default([]),
  /** GitHub accounts that may log in. */
  allowedUsers: z.array(filledIn("octocat")).default([]),
  /** GitHub accounts that administer the hub; they may log in, too. */
  adminUsers: z.array(filledIn("octocat")).default([]),
});

/** Who may log in, and how. */
export const auth = z.discriminatedUnion("provider", [github], {
  error: ({ input }) =>
    typeof input !== "object" || input === null
      ? "expected who may log in: provider, clientId, clientSecret, and allowedOrganizations or allowedUsers; begin with `pulumi config set --path auth.provider github`"
      : undefined,
});

export const authRelations: readonly Relation[] = [
  {
    path: ["auth", "allowedOrganizations"],
    broken: ({ auth } = {}) =>
      auth?.allowedOrganizations?.length === 0 &&
      auth.allowedUsers?.length === 0 &&
      "nobody may log in; set this or auth.allowedUsers, for example by `pulumi config set --path 'auth.allowedOrganizations[0]' acme`",
  },
];
