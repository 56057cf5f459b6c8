import { all, any, not } from "../../chart/three-valued";
import { type Found, UNKNOWN } from "../../chart/values";
import type { Authenticator } from "./authenticator";
import { identityProvidersOf } from "./cilogon";
import type { Hub } from "./hub";
import { isPlaceholder, someMatch } from "./truth";

/** Who can have an account at the provider of a login: anybody, the organisation's own people, or who knows. */
export type Accounts = "public" | "own" | "open question";

/** Whose accounts the provider of a login holds, after what the login itself narrows down. */
export function accountsOf(hub: Hub, login: Authenticator): Accounts {
  const setTo = (name: string) => login.trait(name).value;
  switch (login.kind) {
    case "google":
      return ofDomains(setTo("hosted_domain"), /^(gmail|googlemail)\.com$/i);
    case "globus":
      return ofDomains(setTo("identity_provider"), /^(globusid\.org|google\.com|orcid\.org|github\.com)$/i);
    case "azuread":
      return atMicrosoft(login);
    case "github":
      return servedBy(setTo("github_url") ?? setTo("github_api"));
    case "gitlab":
      return servedBy(setTo("gitlab_url"));
    case "generic-oauth":
      return servedBy(setTo("authorize_url") ?? UNKNOWN);
    case "cilogon":
      return atCilogon(hub, login);
    case "native":
      return admittedOneByOne(setTo("open_signup"));
    case "bitbucket":
    case "mediawiki":
    case "dummy":
    case "tmp":
    case "firstuse":
    case "pam":
    case "shared-password":
      return "public";
    default:
      return "open question";
  }
}

/** Accounts of domains that are not among those where everybody can have one. */
function ofDomains(domains: Found, everybodys: RegExp): Accounts {
  const given = someMatch(domains, /^[^\s<>]+\.[^\s<>]+$/);
  if (given === UNKNOWN) return "open question";
  return given === false || someMatch(domains, everybodys) === true ? "public" : "own";
}

/** The endpoints decide, which name the tenant unless they are given: the login does not look at the token's. */
function atMicrosoft(login: Authenticator): Accounts {
  const tenant = login.trait("tenant_id").value;
  const endpoints = ["authorize_url", "token_url"]
    .map((name) => login.trait(name).value)
    .filter((url) => url !== undefined);
  if (endpoints.some((url) => url !== UNKNOWN && servedBy(url) === "public")) return "public";
  if (tenant === UNKNOWN || endpoints.includes(UNKNOWN)) return "open question";
  if (typeof tenant !== "string" || tenant.trim() === "" || isPlaceholder(tenant) || sharedTenant.test(tenant.trim()))
    return "public";
  const isOfTenant = (url: Found) => typeof url === "string" && url.toLowerCase().includes(`/${tenant.toLowerCase()}/`);
  return endpoints.every(isOfTenant) ? "own" : "open question";
}

/** Azure's endpoints and its tenant for which every Microsoft account is good. */
const sharedTenant = /^(common|organizations|consumers|9188040d-6c67-4c5b-b112-36a304b66dad)$/i;

/** Only accounts at the listed providers count; until oauthenticator 16 their domains narrow that down, later they only admit. */
function atCilogon(hub: Hub, login: Authenticator): Accounts {
  const providers = identityProvidersOf(login);
  if (providers.length === 0) return "public";
  const isOpen = any(
    providers.map(({ isPublic, admitsAnybody, admitsSomebody }) => {
      const narrowed = hub.since("3.0.0") ? false : all([admitsSomebody, not(admitsAnybody)]);
      return all([isPublic, not(narrowed)]);
    }),
  );
  if (isOpen === UNKNOWN) return "open question";
  return isOpen ? "public" : "own";
}

/** Own accounts wait for an administrator unless everybody makes one without. */
function admittedOneByOne(openSignup: Found): Accounts {
  if (openSignup === UNKNOWN) return "open question";
  return openSignup ? "public" : "own";
}

const publicHosts =
  /^(https?:\/\/)?(www\.|api\.)?(github\.com|gitlab\.com|accounts\.google\.com|bitbucket\.org|auth\.globus\.org|cilogon\.org|orcid\.org|www\.facebook\.com|login\.microsoftonline\.com\/(common|organizations|consumers))(\/|$)/i;

/** Whether the server of a login that can be anywhere is one where everybody has accounts; none given is the public one. */
function servedBy(url: Found): Accounts {
  if (url === UNKNOWN) return "open question";
  return typeof url !== "string" || url.trim() === "" || publicHosts.test(url.trim()) ? "public" : "open question";
}
