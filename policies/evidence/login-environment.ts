import { at, type Found, isMap, UNKNOWN, type Value } from "../../chart/values";
import type { Hub } from "./hub";
import type { Setting } from "./hub-config";
import { textOf, type Variable, variablesIn } from "./pod-secrets";

/** Variables of the hub's pod out of which a class takes a trait that is not configured, the first that counts first. */
interface Default {
  readonly variables: readonly string[];
  /** How the class reads the text; default: as it is. */
  readonly read?: (text: string) => Value;
}

const ofEveryClass: Readonly<Record<string, Default>> = {
  client_id: { variables: ["OAUTH_CLIENT_ID"] },
  client_secret: { variables: ["OAUTH_CLIENT_SECRET"] },
  oauth_callback_url: { variables: ["OAUTH_CALLBACK_URL"] },
  validate_server_cert: { variables: ["OAUTH_TLS_VERIFY"], read: (text) => text !== "0" },
};

const ofClass: Readonly<Record<string, Readonly<Record<string, Default>>>> = {
  github: { ...clientOf("GITHUB"), github_url: { variables: ["GITHUB_URL", "GITHUB_HOST"] } },
  gitlab: { ...clientOf("GITLAB"), gitlab_url: { variables: ["GITLAB_URL", "GITLAB_HOST"] } },
  bitbucket: clientOf("BITBUCKET"),
  cilogon: clientOf("CILOGON"),
  azuread: { tenant_id: { variables: ["AAD_TENANT_ID"] } },
  auth0: { auth0_domain: { variables: ["AUTH0_DOMAIN"] } },
  google: { hosted_domain: { variables: ["HOSTED_DOMAIN"], read: (text) => text.split(";").filter(Boolean) } },
  globus: { identity_provider: { variables: ["IDENTITY_PROVIDER"] } },
  mediawiki: { mw_index_url: { variables: ["MW_INDEX_URL"] } },
  openshift: { openshift_url: { variables: ["OPENSHIFT_URL"] } },
  "generic-oauth": {
    authorize_url: { variables: ["OAUTH2_AUTHORIZE_URL"] },
    token_url: { variables: ["OAUTH2_TOKEN_URL"] },
    userdata_url: { variables: ["OAUTH2_USERDATA_URL"] },
    tls_verify: { variables: ["OAUTH2_TLS_VERIFY"], read: (text) => /^(true|1)$/i.test(text) },
  },
};

function clientOf(provider: string): Readonly<Record<string, Default>> {
  return {
    client_id: { variables: [`${provider}_CLIENT_ID`, "OAUTH_CLIENT_ID"] },
    client_secret: { variables: [`${provider}_CLIENT_SECRET`, "OAUTH_CLIENT_SECRET"] },
  };
}

/** A setting out of a variable, which may come from a Secret that the values do not hold. */
export interface FromEnvironment extends Setting {
  readonly fromSecret: boolean;
}

/** What classes of oauthenticator find in the environment of the hub's pod, by trait. */
export function traitsInEnvironment(hub: Hub, kind: string): ReadonlyMap<string, FromEnvironment> {
  const path = "hub.extraEnv";
  const environment = at(hub.values, path);
  const defaults = { ...ofEveryClass, ...(Object.hasOwn(ofClass, kind) ? ofClass[kind] : {}) };
  const given = variablesIn(environment, path);
  const found = Object.entries(defaults).flatMap(([trait, { variables, read }]): [string, FromEnvironment][] => {
    if (environment === UNKNOWN) return [[trait, { path, value: UNKNOWN, fromSecret: false }]];
    const variable = variables.flatMap((name) => given.filter((each) => each.name === name))[0];
    return variable ? [[trait, settingOf(variable, read)]] : [];
  });
  return new Map(found);
}

function settingOf(variable: Variable, read: Default["read"]): FromEnvironment {
  const text = textOf(variable);
  const value = text === undefined && isMap(variable.value) ? UNKNOWN : text;
  const texts = typeof value === "number" || typeof value === "boolean" ? String(value) : value;
  return {
    path: variable.path,
    value: typeof texts === "string" && read ? read(texts) : texts,
    fromSecret: isReference(at(variable.value, "valueFrom.secretKeyRef")),
  };
}

function isReference(reference: Found): boolean {
  return ["name", "key"].every((field) => {
    const text = at(reference, field);
    return typeof text === "string" && text !== "";
  });
}
