import { all, any, not, type Truth } from "../../chart/three-valued";
import { at, type Found, isMap, UNKNOWN, type ValueMap } from "../../chart/values";
import { codeMentioning, type Hub } from "./hub";
import type { Setting } from "./hub-config";
import { traitsInEnvironment } from "./login-environment";
import { isUnknown, type Layer, legacyLayers, section, settingIn, traitsIn } from "./login-layers";
import { isGiven } from "./truth";

/** A trait of the login's class, and the path that decided it. */
export interface Trait extends Setting {
  /** Whether the hub's pod gets it out of a Secret, so that the values do not hold it. */
  readonly fromSecret?: boolean;
}

/** How users of a hub log in. */
export interface Authenticator {
  /** What the class is known as, lower case, for example `github`; unknown when it is open or computed. */
  readonly kind: Found;
  /** Where the class is named. */
  readonly path: string;
  /** Whether it is one of oauthenticator's classes; unknown for a class of one's own with settings that only those have. */
  readonly isOAuth: Truth;
  /** False for classes whose own rules nobody knows here. */
  readonly isKnown: boolean;
  /** A trait as the class gets it: from its own section, one of a class above, or the environment of the hub's pod. */
  trait(name: string): Trait;
  /** Names of all traits that are set. */
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
  const code = codeMentioning(hub, "authenticator_class");
  if (!hub.since("0.11.0")) {
    const type = at(hub.values, "auth.type");
    const kind = kindOf(code ? UNKNOWN : type === "custom" ? at(hub.values, "auth.custom.className") : type);
    return authenticator(hub, kind, code ?? "auth.type", legacyLayers(type));
  }
  const path = "hub.config.JupyterHub.authenticator_class";
  const named = code ? UNKNOWN : at(hub.values, path);
  const kind = kindOf(named);
  const layers = sectionsOf(hub, named, kind).map((name) => section(`hub.config.${name}`));
  return authenticator(hub, kind, code ?? path, layers);
}

/** Sections of hub.config that configure a class, in Python's method resolution order; a class of its own may be of any base. */
function sectionsOf(hub: Hub, named: Found, kind: Found): string[] {
  const className = typeof named === "string" ? (named.trim().split(/[.:]/).at(-1) ?? "") : "";
  if (typeof kind !== "string" || !Object.hasOwn(sectionOf, kind)) {
    const isThere = Object.keys(configOf(hub)).includes(className);
    return [...(isThere ? [className] : []), "OAuthenticator", "Authenticator"];
  }
  const own = sectionOf[kind] as string;
  const local = /^local/i.test(className) ? [`Local${own}`, "LocalAuthenticator"] : [];
  const base = Object.hasOwn(oauthSections, kind) ? ["OAuthenticator"] : kind === "pam" ? ["LocalAuthenticator"] : [];
  return [...local, own, ...base, "Authenticator"];
}

function configOf(hub: Hub): ValueMap {
  const config = at(hub.values, "hub.config");
  return isMap(config) ? config : {};
}

function authenticator(hub: Hub, kind: Found, path: string, layers: readonly Layer[]): Authenticator {
  const isKnown = typeof kind === "string" && Object.hasOwn(sectionOf, kind);
  const isOfOAuth = isKnown && Object.hasOwn(oauthSections, kind);
  const environment = isKnown && !isOfOAuth ? new Map() : traitsInEnvironment(hub, isKnown ? kind : "");
  const unknown = layers.filter((layer) => isUnknown(hub.values, layer)).map((layer) => layer.path);
  const ruleInCode = codeMentioning(hub, /\ballow(ed)?_\w+/);
  const trait = (name: string): Trait => {
    const code = codeMentioning(hub, name);
    if (code) return { value: UNKNOWN, path: code };
    const setting = settingIn(hub.values, layers, name);
    return (isGiven(setting.value) === false ? environment.get(name) : undefined) ?? setting;
  };
  return {
    kind,
    path,
    isKnown,
    isOAuth: isKnown ? isOfOAuth : any(oauthOnly.map((name) => mayBeSet(trait(name).value))),
    trait,
    traits: [...new Set([...traitsIn(hub.values, layers), ...environment.keys()])],
    sections: layers.map((layer) => layer.path),
    unknownSections: ruleInCode ? [...unknown, ruleInCode] : unknown,
  };
}

/** Settings that tell that a class of one's own is made from one of oauthenticator's. */
const oauthOnly = ["client_id", "client_secret", "oauth_callback_url", "authorize_url", "token_url"];

function mayBeSet(value: Found): Truth {
  return isGiven(value) === false ? false : UNKNOWN;
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
  return all([!hub.since("4.0.0"), not(isOAuth)]);
}
