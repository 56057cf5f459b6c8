import type { Truth } from "../../chart/three-valued";
import { at, type Found, isMap, own, UNKNOWN, type ValueMap } from "../../chart/values";
import { codeMentioning, type Hub } from "./hub";

/** How users of a hub log in. */
export interface Authenticator {
  /** What the class is known as, lower case, for example `github`; unknown when it is open or computed. */
  readonly kind: Found;
  /** Where the class is named. */
  readonly path: string;
  /** Whether it is one of oauthenticator's classes. */
  readonly isOAuth: boolean;
  /** False for classes whose own rules nobody knows here. */
  readonly isKnown: boolean;
  /** A trait as the class gets it from its own section or one of a class above. */
  trait(name: string): { value: Found; path: string };
  /** Names of all traits that are set in any of its sections. */
  readonly traits: readonly string[];
  /** Paths of the sections that apply, the most specific first. */
  readonly sections: readonly string[];
  /** Those of them that are not known yet, or that Python code changes. */
  readonly unknownSections: readonly string[];
}

/** Classes of oauthenticator by their short name, with the section of hub.config that configures them. */
const oauthSections: Readonly<Record<string, string>> = {
  github: "GitHubOAuthenticator",
  gitlab: "GitLabOAuthenticator",
  google: "GoogleOAuthenticator",
  azuread: "AzureAdOAuthenticator",
  auth0: "Auth0OAuthenticator",
  "generic-oauth": "GenericOAuthenticator",
  cilogon: "CILogonOAuthenticator",
  globus: "GlobusOAuthenticator",
  bitbucket: "BitbucketOAuthenticator",
  mediawiki: "MWOAuthenticator",
  openshift: "OpenShiftOAuthenticator",
  okpy: "OkpyOAuthenticator",
  awscognito: "AWSCognitoAuthenticator",
};

const otherSections: Readonly<Record<string, string>> = {
  dummy: "DummyAuthenticator",
  "shared-password": "SharedPasswordAuthenticator",
  pam: "PAMAuthenticator",
  null: "NullAuthenticator",
  native: "NativeAuthenticator",
  firstuse: "FirstUseAuthenticator",
  tmp: "TmpAuthenticator",
  ldap: "LDAPAuthenticator",
  lti: "LTIAuthenticator",
  lti11: "LTI11Authenticator",
  lti13: "LTI13Authenticator",
  hmac: "HMACAuthenticator",
  cas: "CASAuthenticator",
  saml: "SAMLAuthenticator",
};

const sectionOf: Readonly<Record<string, string>> = { ...oauthSections, ...otherSections };

/** Other spellings of the short names: class names without their usual ending, old names, and the default of JupyterHub. */
const aliases: Readonly<Record<string, string>> = {
  default: "pam",
  local: "pam",
  azuread2: "azuread",
  generic: "generic-oauth",
  sharedpassword: "shared-password",
  mw: "mediawiki",
  cognito: "awscognito",
};

/** Charts before 0.11 have their own section `auth`; later ones name the class in hub.config. */
export function authenticatorOf(hub: Hub): Authenticator {
  if (!hub.since("0.11.0")) return legacyAuthenticator(hub);
  const path = "hub.config.JupyterHub.authenticator_class";
  const code = codeMentioning(hub, "authenticator_class");
  const named = code ? UNKNOWN : at(hub.values, path);
  const kind = kindOf(named);
  const isOAuth = typeof kind === "string" && Object.hasOwn(oauthSections, kind);
  const isKnown = typeof kind === "string" && Object.hasOwn(sectionOf, kind);
  const sections = sectionsOf(hub, named, kind).map((name) => `hub.config.${name}`);
  return { kind, path: code ?? path, isOAuth, isKnown, sections, ...traitsIn(hub, sections, (name) => name) };
}

/** Sections of hub.config that configure a class, in Python's method resolution order; a class of its own may be of any base. */
function sectionsOf(hub: Hub, named: Found, kind: Found): string[] {
  const className = typeof named === "string" ? (named.trim().split(/[.:]/).at(-1) ?? "") : "";
  if (typeof kind !== "string" || !Object.hasOwn(sectionOf, kind)) {
    const isThere = Object.keys(configOf(hub)).includes(className);
    return [...(isThere ? [className] : []), "OAuthenticator", "Authenticator"];
  }
  const section = sectionOf[kind] as string;
  const local = /^local/i.test(className) ? [`Local${section}`, "LocalAuthenticator"] : [];
  const base = Object.hasOwn(oauthSections, kind) ? ["OAuthenticator"] : kind === "pam" ? ["LocalAuthenticator"] : [];
  return [...local, section, ...base, "Authenticator"];
}

function configOf(hub: Hub): ValueMap {
  const config = at(hub.values, "hub.config");
  return isMap(config) ? config : {};
}

/** Charts before 0.11 translate keys in camelCase to the traits of the class. */
function legacyAuthenticator(hub: Hub): Authenticator {
  const code = codeMentioning(hub, "authenticator_class");
  const type = at(hub.values, "auth.type");
  const named = type === "custom" ? at(hub.values, "auth.custom.className") : type;
  const kind = kindOf(code ? UNKNOWN : named);
  const sections = [`auth.${typeof type === "string" ? type : "custom"}`, "auth"];
  const isOAuth = typeof kind === "string" && Object.hasOwn(oauthSections, kind);
  const isKnown = typeof kind === "string" && Object.hasOwn(sectionOf, kind);
  return { kind, path: code ?? "auth.type", isOAuth, isKnown, sections, ...traitsIn(hub, sections, camelCase) };
}

function camelCase(trait: string): string {
  return trait.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function traitsIn(
  hub: Hub,
  sections: readonly string[],
  keyOf: (trait: string) => string,
): Pick<Authenticator, "trait" | "traits" | "unknownSections"> {
  const maps = sections.map((section) => at(hub.values, section));
  const code = codeMentioning(hub, /\ballow(ed)?_\w+/);
  const unknown = sections.filter((_, index) => maps[index] === UNKNOWN);
  return {
    unknownSections: code ? [...unknown, code] : unknown,
    traits: [...new Set(maps.flatMap((map) => (isMap(map) ? Object.keys(map) : [])))],
    trait: (name) => {
      const code = codeMentioning(hub, name);
      if (code) return { value: UNKNOWN, path: code };
      const key = keyOf(name);
      const index = Math.max(
        maps.findIndex((map) => own(map, key) !== undefined),
        0,
      );
      return { value: own(maps[index], key), path: `${sections[index]}.${key}` };
    },
  };
}

/** The class's short name. No name at all is JupyterHub's own default, the accounts of the hub's operating system (PAM). */
function kindOf(named: Found): Found {
  if (named === UNKNOWN) return UNKNOWN;
  if (named === undefined || named === null || named === "") return "pam";
  if (typeof named !== "string") return named;
  const name = named.trim().toLowerCase();
  if (Object.hasOwn(sectionOf, name)) return name;
  const className = (name.split(/[.:]/).at(-1) ?? name).replace(/^local(?!authenticator$)-?/, "");
  const bare = ["authenticator", "oauthenticator"].map((ending) => className.replace(new RegExp(`${ending}$`), ""));
  const candidates = [className, ...bare].flatMap((each) => [each, aliases[each] ?? each]);
  return candidates.find((candidate) => Object.hasOwn(sectionOf, candidate)) ?? name;
}

/** Whether everybody with any account at the provider is let in by default: charts before 3.0, and most classes until 4.0. */
export function opensByDefault(hub: Hub, { kind, isOAuth }: Authenticator): Truth {
  if (kind === "dummy") return true;
  if (!hub.since("3.0.0")) return true;
  return !hub.since("4.0.0") && !isOAuth;
}
