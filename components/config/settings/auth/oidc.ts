import { z } from "zod";
import { filledIn, httpsUrl } from "../../formats";
import type { Relation } from "../../relations";
import { client } from "./client";
import { groups, people } from "./people";

/** A name that leads through the claims, parts separated by dots. Addresses, which some use as names, have dots in them. */
export const groupsClaim = filledIn("groups").refine((name) => !name.includes("://"), {
  error: "expected a claim whose name is no address, because its dots would be taken for a path, for example groups",
});

/** Any other provider that speaks OpenID Connect. */
export const oidc = z.strictObject({
  provider: z.literal("oidc"),
  ...client,
  /** `authorization_endpoint` of the provider's `/.well-known/openid-configuration`. */
  authorizeUrl: httpsUrl("https://id.acme.science/realms/acme/protocol/openid-connect/auth"),
  /** `token_endpoint` of the same. */
  tokenUrl: httpsUrl("https://id.acme.science/realms/acme/protocol/openid-connect/token"),
  /** `userinfo_endpoint` of the same. */
  userInfoUrl: httpsUrl("https://id.acme.science/realms/acme/protocol/openid-connect/userinfo"),
  /** The claim that people are called by. It has to be theirs alone, and nothing that they can change. */
  usernameClaim: filledIn("preferred_username").default("preferred_username"),
  /** What the hub asks for, `openid` among it. */
  scopes: z
    .array(filledIn("profile"))
    .refine(
      (scopes) => scopes.includes("openid"),
      'expected "openid" among the scopes, for example ["openid", "profile"]',
    )
    .default(["openid", "profile"]),
  /** Everybody with an account at the provider may log in: fine where only your organization's people have one. */
  allowEveryone: z.boolean().default(false),
  ...people(filledIn("ada")),
  ...groups(filledIn("research")),
  /** The claim that lists somebody's groups, for example `groups` or `realm_access.roles`. */
  groupsClaim: groupsClaim.default("groups"),
});

/** Providers where anybody can have an account. */
const publicHosts =
  /^(accounts\.google\.com|(.*\.)?github\.com|gitlab\.com|bitbucket\.org|cilogon\.org|orcid\.org|auth\.globus\.org|(www\.)?facebook\.com|appleid\.apple\.com|(www\.)?linkedin\.com)$/;
const publicTenant = /^\/(common|organizations|consumers)\//;

export const oidcRelations: readonly Relation[] = [
  {
    path: ["auth", "allowEveryone"],
    broken: ({ auth } = {}) =>
      auth?.provider === "oidc" &&
      auth.allowEveryone === true &&
      auth.authorizeUrl !== undefined &&
      isPublic(new URL(auth.authorizeUrl)) &&
      `anybody can have an account at ${new URL(auth.authorizeUrl).host}; set auth.allowedUsers or auth.allowedGroups instead`,
  },
];

function isPublic({ hostname, pathname }: URL): boolean {
  return publicHosts.test(hostname) || (hostname === "login.microsoftonline.com" && publicTenant.test(pathname));
}
