import { any, type Truth } from "../../chart/three-valued";
import { type Found, isMap, own, UNKNOWN } from "../../chart/values";
import type { Authenticator } from "./authenticator";
import { type Child, children } from "./hub";
import { is, listOf, matches, namesSomebody } from "./truth";

/** An identity provider that CILogon may send people to. */
export interface IdentityProvider {
  readonly path: string;
  /** Whether anybody can have an account there. */
  readonly isPublic: Truth;
  /** Whether whoever logs in there is let in, or with mail of a domain where anybody can have an account. */
  readonly admitsAnybody: Truth;
  /** Whether a rule of its own lets somebody in. */
  readonly admitsSomebody: Truth;
}

/** Providers that are listed by their entity IDs, or by the domain of their users as before oauthenticator 15. */
export function identityProvidersOf(login: Authenticator): readonly IdentityProvider[] {
  return ["idps", "allowed_idps"].flatMap((name) => {
    const { value, path } = login.trait(name);
    if (value === UNKNOWN) return [{ path, isPublic: UNKNOWN, admitsAnybody: UNKNOWN, admitsSomebody: UNKNOWN }];
    if (!isMap(value)) return children(value, path).map(byDomain);
    return Object.entries(value).map(([id, settings]) => byId(id, settings, `${path}["${id}"]`));
  });
}

function byDomain({ path, value }: Child): IdentityProvider {
  return { path, isPublic: includesPublicDomain(value), admitsAnybody: false, admitsSomebody: false };
}

function byId(id: string, settings: Found, path: string): IdentityProvider {
  const all = is(own(settings, "allow_all"), true);
  const domains = own(settings, "allowed_domains");
  return {
    path,
    isPublic: publicIds.test(id),
    admitsAnybody: any([all, domains === UNKNOWN ? UNKNOWN : any(listOf(domains).map(includesPublicDomain))]),
    admitsSomebody: any([all, namesSomebody(domains)]),
  };
}

/** Entity IDs of providers where anybody can have an account. */
const publicIds =
  /^https?:\/\/((www\.)?(github|linkedin)\.com|(accounts\.)?google\.com|orcid\.org|login\.live\.com|login\.microsoftonline\.com\/(common|consumers))(\/|$)/i;

/** Domains of mail where anybody can have an account. */
const publicDomains = ["gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "github.com", "orcid.org"];

/** Whether a pattern, as Python's fnmatch takes it, matches a domain where anybody can have an account. */
function includesPublicDomain(pattern: Found): Truth {
  if (typeof pattern !== "string") return matches(pattern, /./);
  const literal = pattern.toLowerCase().replace(/[.+^${}()|[\]\\]/g, "\\$&");
  const domain = new RegExp(`^${literal.replace(/\*+/g, ".*").replace(/\?/g, ".")}$`);
  return publicDomains.some((each) => domain.test(each));
}
