import { z } from "zod";
import { filledIn } from "../../formats";
import { client } from "./client";
import { groups, people } from "./people";

const guid = (what: string) => z.guid(`expected ${what}, for example 12345678-90ab-cdef-1234-567890abcdef`);

/** Accounts of one Microsoft Entra ID tenant. */
export const entraId = z.strictObject({
  provider: z.literal("entra-id"),
  ...client,
  /** The directory (tenant) ID; accounts of other tenants are not asked for. */
  tenantId: guid("the ID of your tenant"),
  /** What people are called: `preferred_username`, their sign-in name, or `oid`, which stays when they are renamed. */
  usernameClaim: z.enum(["preferred_username", "oid"]).default("preferred_username"),
  /** Everybody in the tenant may log in, guests too. */
  allowEveryone: z.boolean().default(false),
  ...people(filledIn("ada@acme.science")),
  /** By object ID; the app registration has to send the claim `groups`. */
  ...groups(guid("the object ID of a group")),
});
