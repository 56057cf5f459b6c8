import { administrators, googleByCILogon, institution, type LoginName, researchers, tenantId } from "./logins";

type Tree = Record<string, unknown>;

/** What a login provider answers, by `METHOD URL`; to everything else it says that there is no such thing. */
export type Answers = Readonly<Record<string, { readonly status?: number; readonly body?: unknown }>>;

/** Somebody who tries to log in: what the provider says of them, and what has to come of it. */
export interface Attempt {
  readonly answers?: Answers;
  /** What they fill in, where the hub itself asks. */
  readonly data?: Tree;
  /** Their name in the hub, and whether they administer it; undefined: they stay outside. */
  readonly becomes?: { readonly user: string; readonly admin: boolean };
}

const token = (more: Tree = {}) => ({ body: { access_token: "the-token", token_type: "bearer", ...more } });
const user = (name: string) => ({ user: name, admin: false });
const administrator = (name: string) => ({ user: name, admin: true });

const github = (login: string, memberships: readonly string[] = []): Answers => ({
  "POST https://github.com/login/oauth/access_token": token({ scope: "read:org" }),
  "GET https://api.github.com/user": { body: { login, id: 7, email: null } },
  ...Object.fromEntries(
    memberships.map((path) => [`GET https://api.github.com/orgs/${path}/members/${login}`, { status: 204 }]),
  ),
});

const gitlab = (host: string, username: string, groups: readonly string[] = []): Answers => ({
  [`POST https://${host}/oauth/token`]: token(),
  [`GET https://${host}/api/v4/user`]: { body: { username, id: 7 } },
  [`GET https://${host}/api/v4/version`]: { body: { version: "18.5.1-ee" } },
  ...Object.fromEntries(
    groups.map((group) => [`GET https://${host}/api/v4/groups/${group}/members/all/7`, { body: { id: 7 } }]),
  ),
});

const google = (email: string, more: Tree = {}): Answers => ({
  "POST https://www.googleapis.com/oauth2/v4/token": token({
    scope: "openid https://www.googleapis.com/auth/userinfo.email",
  }),
  "GET https://www.googleapis.com/oauth2/v1/userinfo": { body: { email, verified_email: true, ...more } },
});

/** Of version 2.0, where `name` is the display name and nobody's alone ("Microsoft identity platform, ID token claims"). */
const entraId = (claims: Tree): Answers => ({
  [`POST https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/token`]: token({
    id_token: { ver: "2.0", name: "Ada L.", tid: tenantId, ...claims },
  }),
});

const auth0 = (email: string, more: Tree = {}): Answers => ({
  "POST https://acme.eu.auth0.com/oauth/token": token(),
  "GET https://acme.eu.auth0.com/userinfo": { body: { sub: "auth0|7", email, email_verified: true, ...more } },
});

const cilogon = (idp: string, claims: Tree): Answers => ({
  "POST https://cilogon.org/oauth2/token": token(),
  "GET https://cilogon.org/oauth2/userinfo": { body: { sub: "http://cilogon.org/serverA/users/7", idp, ...claims } },
});

const oidc = (claims: Tree): Answers => ({
  "POST https://id.acme.science/realms/acme/protocol/openid-connect/token": token(),
  "GET https://id.acme.science/realms/acme/protocol/openid-connect/userinfo": { body: { sub: "7", ...claims } },
});

const cognito = (claims: Tree): Answers => ({
  "POST https://acme-hub.auth.eu-central-1.amazoncognito.com/oauth2/token": token({
    id_token: { sub: "7", ...claims },
  }),
});

const bitbucket = (username: string, teams: readonly string[]): Answers => ({
  "POST https://bitbucket.org/site/oauth2/access_token": token(),
  "GET https://api.bitbucket.org/2.0/user": { body: { username } },
  "GET https://api.bitbucket.org/2.0/workspaces?role=member": { body: { values: teams.map((name) => ({ name })) } },
});

/** For each login, people whom its rule lets in, and strangers whom it must not. */
export const attempts: Readonly<
  Record<Exclude<LoginName, "custom, a directory"> | "cognito, groups" | "dummy", Readonly<Record<string, Attempt>>>
> = {
  "github, an organization and a team": {
    "a member of the organization": { answers: github("ada", ["acme"]), becomes: user("ada") },
    "a member of the team": { answers: github("bob", ["umbrella/teams/data"]), becomes: user("bob") },
    "an administrator": { answers: github("grace"), becomes: administrator("grace") },
    "a member of the other organization, but not of its team": { answers: github("eve", ["umbrella"]) },
    "a stranger": { answers: github("eve") },
  },
  "github, accounts": {
    "somebody named": { answers: github("ada"), becomes: user("ada") },
    "a stranger": { answers: github("eve", ["acme"]) },
  },
  "gitlab, groups": {
    "a member of a group": { answers: gitlab("gitlab.com", "ada", ["research"]), becomes: user("ada") },
    "a member of a group by number": { answers: gitlab("gitlab.com", "bob", ["4711"]), becomes: user("bob") },
    "an administrator": { answers: gitlab("gitlab.com", "grace"), becomes: administrator("grace") },
    "a member of a subgroup": { answers: gitlab("gitlab.com", "eve", ["research%2Flab"]) },
    "a stranger": { answers: gitlab("gitlab.com", "eve", ["sales"]) },
  },
  "gitlab of one's own, accounts": {
    "somebody named": { answers: gitlab("gitlab.acme.science", "ada"), becomes: user("ada") },
    "a namesake at gitlab.com": { answers: {} },
    "a stranger": { answers: gitlab("gitlab.acme.science", "eve") },
  },
  "google, everybody in two domains": {
    "somebody of the first": {
      answers: google("ada@acme.science", { hd: "acme.science" }),
      becomes: user("ada@acme.science"),
    },
    "somebody of the second": { answers: google("bob@acme.edu", { hd: "acme.edu" }), becomes: user("bob@acme.edu") },
    "an administrator": {
      answers: google("grace@acme.science", { hd: "acme.science" }),
      becomes: administrator("grace@acme.science"),
    },
    "an address that is not verified": {
      answers: google("eve@acme.science", { hd: "acme.science", verified_email: false }),
    },
    "a private account with such an address": { answers: google("eve@acme.science") },
    "somebody of another domain": { answers: google("eve@umbrella.com", { hd: "umbrella.com" }) },
  },
  "google, accounts in a domain": {
    "somebody named": {
      answers: google("ada@acme.science", { hd: "acme.science" }),
      becomes: user("ada@acme.science"),
    },
    "somebody else of the domain": { answers: google("eve@acme.science", { hd: "acme.science" }) },
    "somebody named, but outside": { answers: google("eve@gmail.com") },
  },
  "google, accounts": {
    "somebody named": { answers: google("ada@gmail.com"), becomes: user("ada@gmail.com") },
    "an address that is not verified": { answers: google("ada@gmail.com", { verified_email: false }) },
    "a stranger": { answers: google("eve@gmail.com") },
  },
  "entra-id, groups": {
    "a member": {
      answers: entraId({ preferred_username: "Ada@acme.science", groups: [researchers] }),
      becomes: user("ada@acme.science"),
    },
    "an administrator": {
      answers: entraId({ preferred_username: "grace@acme.science", groups: [administrators] }),
      becomes: administrator("grace@acme.science"),
    },
    "somebody else of the tenant": { answers: entraId({ preferred_username: "eve@acme.science", groups: [tenantId] }) },
    "somebody in too many groups to list": {
      answers: entraId({ preferred_username: "eve@acme.science", hasgroups: true }),
    },
  },
  "entra-id, everybody in the tenant": {
    "anybody of it": {
      answers: entraId({ preferred_username: "ada@acme.science" }),
      becomes: user("ada@acme.science"),
    },
    "an administrator": {
      answers: entraId({ preferred_username: "grace@acme.science" }),
      becomes: administrator("grace@acme.science"),
    },
    // Whom the tenant does not know gets no token from it.
    "somebody of another tenant": {
      answers: {
        "POST https://login.microsoftonline.com/common/oauth2/v2.0/token": token({
          id_token: { preferred_username: "eve@umbrella.com" },
        }),
      },
    },
  },
  "entra-id, accounts by object ID": {
    "somebody named": {
      answers: entraId({ oid: "a1a1a1a1-0000-4000-8000-000000000001", preferred_username: "ada@acme.science" }),
      becomes: user("a1a1a1a1-0000-4000-8000-000000000001"),
    },
    "whoever has their name now": {
      answers: entraId({ oid: "a1a1a1a1-0000-4000-8000-000000000002", preferred_username: "ada@acme.science" }),
    },
  },
  "auth0, accounts": {
    "somebody named": { answers: auth0("ada@acme.science"), becomes: user("ada@acme.science") },
    "an administrator": { answers: auth0("grace@acme.science"), becomes: administrator("grace@acme.science") },
    "an address that is not verified": { answers: auth0("ada@acme.science", { email_verified: false }) },
    "an administrator's address that is not verified": {
      answers: auth0("grace@acme.science", { email_verified: false }),
    },
    "a stranger": { answers: auth0("eve@acme.science") },
  },
  "auth0, groups": {
    "a member": { answers: auth0("ada@acme.science", { groups: ["research"] }), becomes: user("ada@acme.science") },
    "an administrator": {
      answers: auth0("grace@acme.science", { groups: ["staff"] }),
      becomes: administrator("grace@acme.science"),
    },
    "a member whose address is not verified": {
      answers: auth0("ada@acme.science", { groups: ["research"], email_verified: false }),
    },
    "a stranger": { answers: auth0("eve@acme.science", { groups: ["sales"] }) },
  },
  "cilogon, an institution and a domain of Google's": {
    "somebody of the institution": { answers: cilogon(institution, { eppn: "ada@acme.edu" }), becomes: user("ada") },
    "an administrator": { answers: cilogon(institution, { eppn: "grace@acme.edu" }), becomes: administrator("grace") },
    "somebody of the domain, by Google": {
      answers: cilogon(googleByCILogon, { email: "bob@acme.science" }),
      becomes: user("google:bob@acme.science"),
    },
    "a namesake of the administrator at Google": { answers: cilogon(googleByCILogon, { email: "grace@gmail.com" }) },
    "somebody of another institution": {
      answers: cilogon("https://idp.umbrella.com/shibboleth", { eppn: "eve@umbrella.com" }),
    },
  },
  "cilogon, accounts": {
    "somebody named": { answers: cilogon(institution, { eppn: "ada@acme.edu" }), becomes: user("ada@acme.edu") },
    "somebody else of the institution": { answers: cilogon(institution, { eppn: "eve@acme.edu" }) },
    "that name from another institution": {
      answers: cilogon("https://idp.umbrella.com/shibboleth", { eppn: "ada@acme.edu" }),
    },
  },
  "oidc, groups": {
    "a member": {
      answers: oidc({ preferred_username: "ada", realm_access: { roles: ["research"] } }),
      becomes: user("ada"),
    },
    "an administrator": {
      answers: oidc({ preferred_username: "grace", realm_access: { roles: ["staff"] } }),
      becomes: administrator("grace"),
    },
    "a stranger": { answers: oidc({ preferred_username: "eve", realm_access: { roles: ["sales"] } }) },
    "somebody without any group": { answers: oidc({ preferred_username: "eve" }) },
  },
  "oidc, accounts": {
    "somebody named": { answers: oidc({ email: "ada@acme.science" }), becomes: user("ada@acme.science") },
    "a stranger": { answers: oidc({ email: "eve@acme.science" }) },
  },
  "cognito, groups": {
    "a member": {
      answers: cognito({ "cognito:username": "ada", "cognito:groups": ["research"] }),
      becomes: user("ada"),
    },
    "an administrator": {
      answers: cognito({ "cognito:username": "grace", "cognito:groups": ["staff"] }),
      becomes: administrator("grace"),
    },
    "an account in no group": { answers: cognito({ "cognito:username": "eve" }) },
    "a token that was made for another client": {
      answers: cognito({ "cognito:username": "ada", "cognito:groups": ["research"], aud: "another-client" }),
    },
    "a token that is no longer good": {
      answers: cognito({ "cognito:username": "ada", "cognito:groups": ["research"], exp: 1 }),
    },
  },
  "custom, teams of Bitbucket": {
    "a member": { answers: bitbucket("ada", ["acme"]), becomes: user("ada") },
    "a stranger": { answers: bitbucket("eve", ["umbrella"]) },
  },
  dummy: {
    "anybody, under any name": { data: { username: "grace", password: "" }, becomes: user("grace") },
  },
};
