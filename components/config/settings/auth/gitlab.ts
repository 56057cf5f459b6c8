import { z } from "zod";
import { filledIn, httpsUrl } from "../../formats";
import { client } from "./client";
import { people } from "./people";

/** oauthenticator 17.4 escapes the path of a subgroup twice, so that GitLab never finds it. */
const group = filledIn("research").refine((name) => !name.includes("/"), {
  error: "expected a top-level group, or the number of a subgroup, because logins ask for no path, for example 4711",
});

/** Accounts of gitlab.com or of a GitLab of one's own. */
export const gitlab = z.strictObject({
  provider: z.literal("gitlab"),
  ...client,
  /** Address of the GitLab. */
  url: httpsUrl("https://gitlab.acme.science").default("https://gitlab.com"),
  /** Groups whose members may log in, those of their subgroups not included: top-level paths, or numbers. */
  allowedGroups: z.array(group).default([]),
  ...people(filledIn("ada")),
});
