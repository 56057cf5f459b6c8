import { z } from "zod";
import type { Relation } from "../../relations";
import { allowRelations } from "./allow-rules";
import { auth0 } from "./auth0";
import { cilogon, cilogonRelations } from "./cilogon";
import { clientRelations } from "./client";
import { cognito, cognitoRelations } from "./cognito";
import { custom, customRelations } from "./custom";
import { dummy } from "./dummy";
import { entraId } from "./entra-id";
import { github } from "./github";
import { gitlab } from "./gitlab";
import { google, googleRelations } from "./google";
import { oidc, oidcRelations } from "./oidc";

/** Who may log in, and how. Each provider has rules of its own who may; some rule has to be set. */
export const auth = z.discriminatedUnion(
  "provider",
  [github, gitlab, google, entraId, auth0, cognito, cilogon, oidc, custom, dummy],
  {
    error: ({ input }) =>
      typeof input !== "object" || input === null
        ? "expected who may log in: provider (github, gitlab, google, entra-id, auth0, cognito, cilogon, oidc, custom), clientId, clientSecret, and a rule such as allowedOrganizations or allowedUsers; begin with `pulumi config set --path auth.provider github`"
        : undefined,
  },
);

export const authRelations: readonly Relation[] = [
  ...clientRelations,
  ...allowRelations,
  ...googleRelations,
  ...cognitoRelations,
  ...cilogonRelations,
  ...oidcRelations,
  ...customRelations,
];

/** Where the secrets of a login are. */
export const authSecrets: readonly (readonly string[])[] = [
  ["auth", "clientSecret"],
  ["auth", "secretConfig"],
];
