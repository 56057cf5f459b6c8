import { z } from "zod";
import { filledIn, hostNameSuchAs } from "../../formats";
import type { KnownSettings, Relation } from "../../relations";
import { client } from "./client";
import { people } from "./people";

const institution = hostNameSuchAs("acme.edu");

const identityProvider = z.strictObject({
  /** The provider's EntityID in CILogon's list. */
  entityId: z
    .string()
    .regex(
      /^(https?:\/\/|urn:)\S+$/,
      "expected an EntityID of https://cilogon.org/idplist, for example https://idp.acme.edu/idp/shibboleth",
    )
    .refine(
      (id) => !/<|example\./.test(id),
      "that is a placeholder; put your provider's EntityID, for example https://idp.acme.edu/idp/shibboleth",
    ),
  /** The claim that people of it are called by. */
  usernameClaim: z.enum(["eppn", "email", "preferred_username", "sub"]).default("eppn"),
  /** Taken from the end of a name: `ada@acme.edu` is `ada` then. */
  stripDomain: institution.optional(),
  /** Put before a name: `acme` makes `ada` to `acme:ada`, so that two providers' people are told apart. */
  prefix: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]*$/, "expected lower-case letters, digits and hyphens, for example acme")
    .optional(),
  /** Everybody with an account at this provider may log in. */
  allowEveryone: z.boolean().default(false),
  /** Domains whose people may log in: that of the name, before anything is taken from it. */
  allowedDomains: z.array(institution).default([]),
});

const someProvider =
  'expected at least one provider, for example [{"entityId": "https://idp.acme.edu/idp/shibboleth", "allowEveryone": true}]';

/** Accounts of research institutions, through CILogon. */
export const cilogon = z.strictObject({
  provider: z.literal("cilogon"),
  ...client,
  /** Whose accounts are good. */
  identityProviders: z.array(identityProvider, someProvider).min(1, someProvider),
  ...people(filledIn("ada@acme.edu")),
});

/** Providers of CILogon where anybody can have an account. */
const publicProviders =
  /^https?:\/\/(github\.com|(accounts\.)?google\.com|orcid\.org|login\.microsoftonline\.com\/common)\//;

export const cilogonRelations: readonly Relation[] = [
  {
    path: ["auth", "identityProviders"],
    broken: (settings) => {
      const open = providersOf(settings).find(
        (each) => each?.allowEveryone && each.entityId !== undefined && publicProviders.test(each.entityId),
      );
      return (
        open &&
        `anybody can have an account at ${open.entityId}; set its allowedDomains, or auth.allowedUsers, instead of allowEveryone`
      );
    },
  },
  {
    path: ["auth", "identityProviders"],
    broken: (settings) => {
      const both = providersOf(settings).find((each) => each?.prefix !== undefined && each.stripDomain !== undefined);
      return both && `${both.entityId} has both prefix and stripDomain; CILogon's login does one of them`;
    },
  },
  {
    path: ["auth", "identityProviders"],
    broken: (settings) => {
      const ids = providersOf(settings).flatMap((each) => each?.entityId ?? []);
      const twice = ids.find((id, index) => ids.indexOf(id) < index);
      return (
        twice &&
        `${twice} is in the list twice, and CILogon's login knows each provider once; put what both say into one`
      );
    },
  },
  {
    path: ["auth", "identityProviders"],
    broken: (settings, isRefused) => {
      const prefixes = providersOf(settings).map((each) => each?.prefix ?? "");
      const isUnclear = new Set(prefixes).size < prefixes.length && !isRefused("auth", "identityProviders");
      return (
        isUnclear &&
        "two providers would share names, so that one's people could be taken for the other's; give each but one a prefix of its own"
      );
    },
  },
];

function providersOf(settings: KnownSettings) {
  return (settings?.auth?.provider === "cilogon" && settings.auth.identityProviders) || [];
}
