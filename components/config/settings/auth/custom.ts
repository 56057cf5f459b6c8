import { z } from "zod";
import { filledIn } from "../../formats";
import type { KnownSettings, Relation } from "../../relations";
import { secret } from "../secret";
import { people } from "./people";

const ownProvider = (name: string) =>
  `the provider of that name, for example by \`pulumi config set --path auth.provider ${name}\``;

/** Classes that let in whoever comes, and those that have a provider of their own here, by what is left of their names. */
const unfit: Readonly<Record<string, string>> = {
  dummy: ownProvider("dummy"),
  sharedpassword: "a login that tells people apart",
  firstuse: "a login where nobody takes another's name",
  tmp: "a login that tells people apart",
  pam: "a login with accounts outside of the hub's container",
  default: "a login with accounts outside of the hub's container",
  local: "a login with accounts outside of the hub's container",
  null: "a login that somebody can use",
  github: ownProvider("github"),
  gitlab: ownProvider("gitlab"),
  google: ownProvider("google"),
  azuread: ownProvider("entra-id"),
  auth0: ownProvider("auth0"),
  cilogon: ownProvider("cilogon"),
  generic: ownProvider("oidc"),
};

/** What is to be used instead of a class, given by its short name or its path, if it is unfit. */
function insteadOf(authenticatorClass: string): string | undefined {
  const [name = ""] = authenticatorClass.split(/[.:]/).slice(-1);
  return unfit[
    name
      .toLowerCase()
      .replace(/-?o?auth(enticator)?$/, "")
      .replaceAll("-", "")
  ];
}

const section = z
  .string()
  .regex(/^[A-Z]\w*Authenticator$/, "expected a class, for example LDAPAuthenticator")
  .refine((name) => name !== "Authenticator", "what every login has is auth.allowedUsers and auth.adminUsers");
const trait = z.string().regex(/^[a-z_]\w*$/, "expected a setting of that class, for example server_address");

const bySection = ({ code }: { readonly code?: string }) =>
  code === "invalid_type"
    ? 'expected settings by the class that declares them, for example {"LDAPAuthenticator": {"server_address": "ldap.acme.science"}}'
    : undefined;

/** A login class that this library does not know, with its settings as its own documentation has them. */
export const custom = z.strictObject({
  provider: z.literal("custom"),
  /** The class: its short name, or the path to import it from. It has to be in the hub's image. */
  authenticatorClass: z
    .string()
    .regex(/^[A-Za-z_][\w-]*([.:][A-Za-z_]\w*)*$/, "expected a class, for example ldapauthenticator.LDAPAuthenticator")
    .refine((name) => insteadOf(name) === undefined, {
      error: ({ input }) => `expected ${insteadOf(String(input))}`,
    }),
  /** Settings by the class that declares them, without `Authenticator`, which `allowedUsers` and `adminUsers` stand for. */
  config: z.record(section, z.record(trait, z.json()), { error: bySection }).default({}),
  /** Further settings, all of whose values are secret. */
  secretConfig: z.record(section, z.record(trait, secret("auth.secretConfig")), { error: bySection }).default({}),
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
    path: ["auth", "secretConfig"],
    broken: ({ auth } = {}) => {
      const { config = {}, secretConfig = {} } = auth?.provider === "custom" ? auth : {};
      const twice = Object.entries(secretConfig).flatMap(([section, traits]) =>
        Object.keys(traits ?? {})
          .filter((trait) => Object.hasOwn(config[section] ?? {}, trait))
          .map((trait) => `${section}.${trait}`),
      );
      return twice.length > 0 && `auth.config says ${twice.join(", ")}, too; expected each setting in one of the two`;
    },
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
