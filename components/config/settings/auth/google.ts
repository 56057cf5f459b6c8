import { z } from "zod";
import { emailAddress, hostNameSuchAs } from "../../formats";
import type { Relation } from "../../relations";
import { client } from "./client";
import { people } from "./people";

/** Private accounts belong to no organization, whatever their address. */
const workspaceDomain = hostNameSuchAs("acme.science").refine((domain) => !/^(gmail|googlemail)\.com$/.test(domain), {
  error: "private Google accounts are in no Workspace; expected your organization's domain, for example acme.science",
});

/** Google accounts. Names are e-mail addresses, and Google has verified them. */
export const google = z.strictObject({
  provider: z.literal("google"),
  ...client,
  /** Workspace domains outside of which nobody may log in, whoever else is allowed. Empty: no such limit. */
  hostedDomains: z.array(workspaceDomain).default([]),
  /** Everybody in the hosted domains may log in. */
  allowEveryone: z.boolean().default(false),
  ...people(emailAddress),
});

export const googleRelations: readonly Relation[] = [
  {
    path: ["auth", "hostedDomains"],
    broken: ({ auth } = {}) =>
      auth?.provider === "google" &&
      auth.allowEveryone === true &&
      auth.hostedDomains?.length === 0 &&
      "auth.allowEveryone would let in everybody with a Google account; name your Workspace's domain, for example by `pulumi config set --path 'auth.hostedDomains[0]' acme.science`",
  },
];
