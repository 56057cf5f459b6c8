import { any, type Truth } from "./three-valued";
import { at, type Found, isList, isMap, own, UNKNOWN, type Value, type ValueMap } from "./values";

/** A published security advisory about something that a chart release installs. */
export interface Advisory {
  readonly id: string;
  readonly cve?: string;
  readonly title: string;
  readonly severity: "low" | "medium" | "high" | "critical";
  /** First chart release that is affected; absent means every release before the fix. */
  readonly introducedIn?: string;
  /** First chart release with the fix; absent means that no known release has it. */
  readonly fixedIn?: string;
  /** When a hub is affected, in words; absent means always. */
  readonly condition?: string;
  /** The same condition over a hub's effective values. */
  readonly applies?: (values: ValueMap) => Truth;
  /** What removes the problem where no release does. */
  readonly workaround?: string;
}

/** The day on which the list was last compared with what the JupyterHub projects publish. */
export const advisoriesAsOf = "2026-08-10";

/** Advisories about JupyterHub, its authenticators and the chart, newest first. */
export const advisories: readonly Advisory[] = [
  {
    id: "GHSA-c4gm-pwx9-9w8j",
    title: "a server shared by its user reaches further than intended",
    severity: "high",
    introducedIn: "4.0.0",
    condition: "a role grants scopes that let users share their servers",
    applies: (values) => grantsScope(values, /^(?!read:)(.*:)?shares(!|$)/),
    workaround: "remove the `shares` scopes from hub.loadRoles until a chart with JupyterHub 5.5.1 is out",
  },
  {
    id: "GHSA-69wv-m5fw-2fhp",
    title: "an administrator role limited by a filter acts outside of it",
    severity: "low",
    introducedIn: "2.0.0",
    condition: "a role grants admin:users or admin:groups limited by a filter",
    applies: (values) => grantsScope(values, /^admin:(users|groups)!/),
    workaround: "remove filtered admin scopes from hub.loadRoles until a chart with JupyterHub 5.5.1 is out",
  },
  {
    id: "GHSA-p43p-whwx-q52h",
    cve: "CVE-2026-54338",
    title: "denial of service by logging of submitted user names, without login",
    severity: "high",
    fixedIn: "4.4.0",
  },
  {
    id: "GHSA-m68r-v472-jgq9",
    cve: "CVE-2026-40864",
    title: "cross-site request forgery",
    severity: "high",
    fixedIn: "4.3.4",
  },
  {
    id: "GHSA-3vff-hjqv-m7h8",
    cve: "CVE-2026-33709",
    title: "open redirect at login",
    severity: "medium",
    fixedIn: "4.3.3",
  },
  {
    id: "GHSA-rrvg-cxh4-qhrv",
    cve: "CVE-2026-33175",
    title: "Auth0 users log in with an e-mail address that they have not verified",
    severity: "high",
    fixedIn: "4.3.3",
    condition: "the login is Auth0",
    applies: (values) => authenticatorIs(values, /auth0/),
  },
  {
    id: "GHSA-8mxq-7xr7-2fxj",
    cve: "CVE-2026-34052",
    title: "denial of service in the LTI 1.1 login",
    severity: "medium",
    fixedIn: "4.3.3",
    condition: "the login is LTI 1.1",
    applies: (values) => authenticatorIs(values, /^lti(11)?$|lti11authenticator/),
  },
  {
    id: "GHSA-9x4q-3gxw-849f",
    cve: "CVE-2024-41942",
    title: "the scope admin:users can be raised to full administration",
    severity: "high",
    fixedIn: "3.3.8",
    introducedIn: "2.0.0",
    condition: "a role grants admin:users",
    applies: (values) => grantsScope(values, /^admin:users(!|$)/),
  },
  {
    id: "GHSA-gprj-3p75-f996",
    cve: "CVE-2024-37300",
    title: "Globus users outside of the required identity provider log in",
    severity: "medium",
    fixedIn: "3.3.8",
    condition: "the login is Globus",
    applies: (values) => authenticatorIs(values, /globus/),
  },
  {
    id: "GHSA-7r3h-4ph8-w38g",
    cve: "CVE-2024-28233",
    title: "cross-site scripting through cookies of a user's server",
    severity: "high",
    fixedIn: "3.3.0",
  },
  {
    id: "GHSA-55m3-44xf-hg4h",
    cve: "CVE-2024-29033",
    title: "hosted_domain lets Google accounts in that are not of the organisation",
    severity: "high",
    fixedIn: "3.3.0",
    condition: "the login is Google",
    applies: (values) => authenticatorIs(values, /google/),
  },
  {
    id: "GHSA-r7v4-jwx9-wx43",
    cve: "CVE-2022-31027",
    title: "allowed_idps of CILogon trusts the e-mail domain instead of the identity provider",
    severity: "low",
    fixedIn: "2.0.0",
    condition: "the login is CILogon",
    applies: (values) => authenticatorIs(values, /cilogon/),
  },
  {
    id: "GHSA-cw7p-q79f-m2v7",
    cve: "CVE-2021-41247",
    title: "logging out of JupyterLab does not end the session",
    severity: "medium",
    fixedIn: "1.2.0",
  },
  {
    id: "GHSA-384w-5v3f-q499",
    cve: "CVE-2020-26250",
    title: "the whitelist of users is ignored, so everybody logs in",
    severity: "high",
    introducedIn: "0.10.0",
    fixedIn: "0.10.6",
    condition: "users are allowed by the deprecated key auth.whitelist.users",
    applies: (values) => {
      const users = at(values, "auth.whitelist.users");
      return users === UNKNOWN ? UNKNOWN : isList(users) && users.length > 0;
    },
  },
];

/** Whether a role of the hub (`hub.loadRoles`, or the setting it makes) grants a scope that matches. */
function grantsScope(values: ValueMap, pattern: RegExp): Truth {
  return any(
    ["hub.loadRoles", "hub.config.JupyterHub.load_roles"].map((path) => {
      const roles = at(values, path);
      if (roles === UNKNOWN) return UNKNOWN;
      return any(members(roles).map((role) => holdsScope(own(role, "scopes"), pattern)));
    }),
  );
}

function holdsScope(scopes: Found, pattern: RegExp): Truth {
  if (scopes === UNKNOWN) return UNKNOWN;
  const matches = (scope: Value): Truth =>
    scope === UNKNOWN ? UNKNOWN : typeof scope === "string" && pattern.test(scope);
  return any((isList(scopes) ? scopes : []).map(matches));
}

/** Whether the configured authenticator's name matches; charts before 0.11 name it in `auth.type`. */
function authenticatorIs(values: ValueMap, pattern: RegExp): Truth {
  const names = [at(values, "hub.config.JupyterHub.authenticator_class"), at(values, "auth.type")];
  return any(
    names.map((name) => (name === UNKNOWN ? UNKNOWN : typeof name === "string" && pattern.test(name.toLowerCase()))),
  );
}

function members(value: Found): readonly Value[] {
  if (isList(value)) return value;
  return isMap(value) ? Object.values(value) : [];
}
