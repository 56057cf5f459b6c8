import { z } from "zod";
import { filledIn, orOutput } from "../../formats";
import type { Relation } from "../../relations";
import { groups, people } from "./people";

/** Amazon Cognito, "Configuring a user pool domain": prefix domains. */
const domainPrefix = z
  .string()
  .regex(
    /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
    "expected at most 63 lower-case letters, digits and hyphens, for example acme-hub",
  )
  .refine(
    (prefix) => !reservedWord.test(prefix),
    "Cognito allows neither aws, amazon nor cognito in it, for example acme-hub",
  );

const reservedWord = /aws|amazon|cognito/;

/** A pool for this hub: accounts are made by administrators only, and have a second factor. */
const created = z.strictObject({
  kind: z.literal("create").optional().default("create"),
  /** First label of the login page's host, unique in the region. Default: the hub's domain, with hyphens for dots. */
  domainPrefix: domainPrefix.optional(),
});

/** A pool that is there already, with a domain and with a client for this hub. */
const existing = z.strictObject({
  kind: z.literal("existing"),
  /** ID of the pool. */
  userPoolId: orOutput(
    z.string().regex(/^[a-z0-9-]+_[A-Za-z0-9]+$/, "expected the ID of a user pool, for example eu-central-1_a1B2c3D4e"),
    "expected the ID of a user pool, as text or as an output",
  ),
  /** ID of a client that has a secret and the hub's callback address; AWS is asked for the secret. */
  clientId: orOutput(filledIn("1h57kf5cpq17m0eml12EXAMPLE"), "expected the ID of a client, as text or as an output"),
  /** What people are called: `cognito:username`, or `email` where the pool makes up user names. */
  usernameClaim: z.enum(["cognito:username", "email"]).default("cognito:username"),
});

const group = filledIn("research").regex(
  /^[^\p{Separator}\p{Other}]{1,128}$/u,
  "expected at most 128 characters without spaces, for example research",
);

/** Accounts of an Amazon Cognito user pool. */
export const cognito = z.strictObject({
  provider: z.literal("cognito"),
  userPool: z.discriminatedUnion("kind", [created, existing]).prefault({}),
  ...people(filledIn("ada")),
  /** A pool that is created gets these groups. */
  ...groups(group),
});

/** The first label of the login page's host, as long as nobody chooses one. */
export function defaultDomainPrefix(domain: string): string {
  return domain.replaceAll(".", "-");
}

export const cognitoRelations: readonly Relation[] = [
  {
    path: ["auth", "userPool", "domainPrefix"],
    broken: ({ auth, domain } = {}, isRefused) => {
      const pool = auth?.provider === "cognito" ? auth.userPool : undefined;
      if (pool?.kind !== "create" || pool.domainPrefix !== undefined || domain === undefined) return;
      if (isRefused("auth", "userPool")) return;
      const problem = domainPrefix.safeParse(defaultDomainPrefix(domain)).error?.issues[0]?.message;
      return problem && `it cannot be made from domain (${domain}): ${problem}`;
    },
  },
];
