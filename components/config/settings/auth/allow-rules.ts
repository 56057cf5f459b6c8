import type { Relation } from "../../relations";

/** Settings that let somebody in, by provider: the most usual first, with what to put there. Administrators alone are no rule. */
const allowRules: Readonly<
  Record<string, { readonly first: string; readonly example: string; readonly others: readonly string[] }>
> = {
  github: { first: "allowedOrganizations", example: "acme", others: ["allowedUsers"] },
  gitlab: { first: "allowedGroups", example: "research", others: ["allowedUsers"] },
  google: { first: "allowedUsers", example: "ada@acme.science", others: ["allowEveryone"] },
  "entra-id": {
    first: "allowedGroups",
    example: "12345678-90ab-cdef-1234-567890abcdef",
    others: ["allowedUsers", "allowEveryone"],
  },
  auth0: { first: "allowedUsers", example: "ada@acme.science", others: ["allowedGroups"] },
  cognito: { first: "allowedGroups", example: "research", others: ["allowedUsers"] },
  oidc: { first: "allowedGroups", example: "research", others: ["allowedUsers", "allowEveryone"] },
};

const isEmpty = (rule: unknown): boolean => rule === false || (Array.isArray(rule) && rule.length === 0);

export const allowRelations: readonly Relation[] = [
  ...Object.entries(allowRules).map(
    ([provider, { first, example, others }]): Relation => ({
      path: ["auth", first],
      broken: ({ auth } = {}) => {
        const settings = auth as Readonly<Record<string, unknown>> | undefined;
        return (
          settings?.provider === provider &&
          [first, ...others].every((rule) => isEmpty(settings[rule])) &&
          `nobody may log in; set this or ${others.map((rule) => `auth.${rule}`).join(" or ")}, for example by \`pulumi config set --path 'auth.${first}[0]' ${example}\``
        );
      },
    }),
  ),
  {
    path: ["auth", "allowedUsers"],
    broken: ({ auth } = {}) =>
      auth?.provider === "cilogon" &&
      isEmpty(auth.allowedUsers) &&
      auth.identityProviders?.every((each) => each?.allowEveryone === false && isEmpty(each.allowedDomains)) === true &&
      "nobody may log in; set this, or allowEveryone or allowedDomains of a provider in auth.identityProviders, for example by `pulumi config set --path 'auth.identityProviders[0].allowEveryone' true`",
  },
];
