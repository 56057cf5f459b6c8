import { z } from "zod";
import { filledIn } from "../../formats";
import { client } from "./client";
import { people } from "./people";

/** Accounts and organizations; old names have more hyphens than GitHub allows today, a company's managed accounts an underscore. */
const account = "[A-Za-z0-9][A-Za-z0-9_-]*";

const organization = filledIn("acme").regex(
  new RegExp(`^${account}(:[\\w.-]+)?$`),
  "expected an organization, or a team as organization:team, for example acme",
);
const user = filledIn("octocat").regex(new RegExp(`^${account}$`), "expected a GitHub account, for example octocat");

/** Accounts of github.com, by an OAuth app. */
export const github = z.strictObject({
  provider: z.literal("github"),
  ...client,
  /** Whose members may log in: organizations, or teams as `organization:team`. */
  allowedOrganizations: z.array(organization).default([]),
  ...people(user),
});
