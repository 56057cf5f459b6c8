import type { Values } from "../value";
import { type Authenticator, given } from "./authenticator";
import type { LoginClient, People } from "./login";

/** An institution whose accounts are good. */
export interface IdentityProvider {
  /** Its EntityID in CILogon's list. */
  readonly entityId: string;
  /** The claim that its people are called by. */
  readonly usernameClaim: "eppn" | "email" | "preferred_username" | "sub";
  /** Domain that is taken from the end of names. */
  readonly stripDomain?: string | undefined;
  /** Put before names, with a colon. */
  readonly prefix?: string | undefined;
  /** Whether everybody with an account there may log in. */
  readonly allowEveryone: boolean;
  /** Domains whose people may log in. */
  readonly allowedDomains: readonly string[];
}

/** Login by accounts of research institutions, through CILogon. */
export type CILogonLogin = People &
  LoginClient & {
    readonly provider: "cilogon";
    readonly identityProviders: readonly IdentityProvider[];
  };

const scopeOfClaim: Partial<Record<IdentityProvider["usernameClaim"], string>> = {
  email: "email",
  preferred_username: "profile",
};

export function cilogon({ identityProviders }: CILogonLogin): Authenticator {
  const scopes = identityProviders.flatMap(({ usernameClaim }) => scopeOfClaim[usernameClaim] ?? []);
  return {
    authenticatorClass: "cilogon",
    section: "CILogonOAuthenticator",
    settings: {
      idps: Object.fromEntries(identityProviders.map((each) => [each.entityId, identityProvider(each)])),
      scope: ["openid", "org.cilogon.userinfo", ...new Set(scopes)],
    },
  };
}

function identityProvider({
  usernameClaim,
  stripDomain,
  prefix,
  allowEveryone,
  allowedDomains,
}: IdentityProvider): Values {
  const action = stripDomain !== undefined ? "strip_idp_domain" : prefix !== undefined ? "prefix" : undefined;
  return {
    username_derivation: given({ username_claim: usernameClaim, action, domain: stripDomain, prefix }),
    allow_all: allowEveryone,
    allowed_domains: [...allowedDomains],
  };
}
