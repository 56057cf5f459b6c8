import { z } from "zod";
import { filledIn } from "../../formats";
import { client } from "./client";
import { people } from "./people";

/** Accounts of github.com, by an OAuth app. */
export const github = z.strictObject({
  provider: z.literal("github"),
  ...client,
  /** Whose members may log in: organizations, or teams as `organization:team`. */
  allowedOrganizations: z.array(filledIn("acme")).default([]),
  ...people(filledIn("octocat")),
});
