import { z } from "zod";
import { emailAddress, filledIn, hostNameSuchAs } from "../../formats";
import { client } from "./client";
import { groupsClaim } from "./oidc";
import { groups, people } from "./people";

/** Accounts of an Auth0 tenant. Names are e-mail addresses, and nobody logs in with one that is not verified. */
export const auth0 = z.strictObject({
  provider: z.literal("auth0"),
  ...client,
  /** The tenant's own domain. */
  tenantDomain: hostNameSuchAs("acme.eu.auth0.com"),
  ...people(emailAddress),
  ...groups(filledIn("research")),
  /** The claim that lists somebody's groups; an Auth0 action has to add it to the ID token. */
  groupsClaim: groupsClaim.default("groups"),
});
