import { z } from "zod";
import { filledIn } from "../../formats";
import type { KnownSettings, Relation } from "../../relations";
import { secret } from "../secret";
import { people } from "./people";

/** Classes that let in whoever comes, and those that have a provider of their own here. */
const unfit: Readonly<Record<string, string>> = {
  dummy: "provider: dummy, for trials",
  "shared-password": "a login that tells people apart",
  firstuse: "a login where nobody takes another's name",
  tmp: "a login that tells people apart",
  pam: "a login with accounts outside of the hub's container",
  default: "a login with accounts outside of the hub's container",
  local: "a login with accounts outside of the hub's container",
  null: "a login that somebody can use",
  github: "provider: github",
  gitlab: "provider: gitlab",
  google: "provider: google",
  azuread: "provider: entra-id",
  auth0: "provider: auth0",
  cilogon: "provider: cilogon",
  "generic-oauth": "provider: oidc",
};

const section = z
  .string()
  .regex(/^[A-Z]\w*Authenticator$/, "expected a class, for example LDAPAuthenticator")
  .refine((name) => name !== "Authenticator", "what every login has is auth.allowedUsers and auth.adminUsers");
const trait = z.string().regex(/^[a-z_]\w*$/, "expected a setting of that class, for example server_address");

/** A login class that this library does not know, with its settings as its own documentation has them. */
export const custom = z.strictObject({
  provider: z.literal("custom"),
  /** The class: its short name, or the path to import it from. It has to be in the hub's image. */
  authenticatorClass: z
    .string()
    .regex(/^[A-Za-z_][\w-]*([.:][A-Za-z_]\w*)*$/, "expected a class, for example ldapauthenticator.LDAPAuthenticator")
    .refine((name) => unfit[name.toLowerCase()] === undefined, {
      error: ({ input }) => `expected ${unfit[String(input).toLowerCase()]}`,
    }),
  /** Settings by the class that declares them, without `Authenticator`, which `allowedUsers` and `adminUsers` stand for. */
  config: z.record(section, z.record(trait, z.json())).default({}),
  /** Further settings, all of whose values are secret. */
  secretConfig: z.record(section, z.record(trait, secret("auth.secretConfig"))).default({}),
  ...people(filledIn("ada")),
});

export const customRelations: readonly Relation[] = [
  {
    path: ["auth", "config"],
    broken: (settings) =>
      traitsOf(settings).some(([name, value]) => name === "allow_all" && value === true) &&
      "allow_all lets in everybody with any account; set auth.allowedUsers, or a rule of the class such as allowed_groups",
  },
  {
    path: ["auth", "allowedUsers"],
    broken: (settings, isRefused) =>
      settings?.auth?.provider === "custom" &&
      settings.auth.allowedUsers?.length === 0 &&
      !isRefused("auth", "config") &&
      !traitsOf(settings).some(([name, value]) => name.startsWith("allowed_") && isFilled(value)) &&
      "nobody may log in; name who may, for example by `pulumi config set --path 'auth.allowedUsers[0]' ada`, or set a rule of the class such as allowed_groups",
  },
];

function traitsOf(settings: KnownSettings): [string, unknown][] {
  const config = settings?.auth?.provider === "custom" ? settings.auth.config : {};
  return Object.values(config ?? {}).flatMap((traits) => Object.entries(traits ?? {}));
}

function isFilled(value: unknown): boolean {
  return typeof value === "object" && value !== null ? Object.keys(value).length > 0 : Boolean(value);
}
