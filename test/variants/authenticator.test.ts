import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, test } from "vitest";
import { authentication, type Login } from "../../components/values/authentication";
import type { Values } from "../../components/values/value";
import { clientSecret, hubSettings, minimalSettings } from "../support/hub-settings";
import { logins } from "../support/logins";
import { attempts } from "../support/provider-answers";
import { hubPython, machinePython, run } from "../support/python-environment";

interface Outcome {
  readonly user?: string;
  readonly admin?: boolean;
  readonly refused?: number;
  readonly token_form: Readonly<Record<string, string>>;
}

interface Report {
  readonly complaints: readonly string[];
  readonly attempts: Readonly<Record<string, Outcome>>;
}

const host = "hub.acme.science";
const cognito: Login = {
  provider: "cognito",
  clientId: "the-client",
  clientSecret: pulumi.secret(clientSecret),
  loginHost: pulumi.output("acme-hub.auth.eu-central-1.amazoncognito.com"),
  usernameClaim: "cognito:username",
  allowedUsers: [],
  adminUsers: [],
  allowedGroups: ["research"],
  adminGroups: ["staff"],
};
const dummy: Login = { provider: "dummy" };

/** The login as the chart gets it, with every output known. */
function valuesOf(name: keyof typeof attempts): Promise<Values> {
  const login =
    name === "cognito, groups"
      ? cognito
      : name === "dummy"
        ? dummy
        : hubSettings({ ...minimalSettings(), auth: logins[name]() }).login;
  return new Promise((resolve) =>
    pulumi.output(authentication(login, host)).apply((values) => resolve(values as Values)),
  );
}

const python = machinePython();

describe.skipIf(python === undefined)("the hub's own software, jupyterhub 5.5.0 and oauthenticator 17.4.0", () => {
  const names = Object.keys(attempts) as (keyof typeof attempts)[];
  const section = "GitLabOAuthenticator";
  const gitlab = (settings: Values) => ({ JupyterHub: { authenticator_class: "gitlab" }, [section]: settings });
  /** What settings keep people from, and what would come of it. */
  const mistakes = {
    "a setting that no class has": { config: gitlab({ allowed_groups_of_gitlab: ["research"] }), attempts: {} },
    "a section that nothing reads": { config: { ...gitlab({}), GitHubOAuthenticator: {} }, attempts: {} },
    "a subgroup by path": {
      config: gitlab({ allowed_gitlab_groups: ["research/lab"], oauth_callback_url: "https://hub.acme.science/" }),
      attempts: { "a member": attempts["gitlab, groups"]["a member of a subgroup"] },
    },
  };
  const stored = "oidc, a client in a Kubernetes secret";
  let reports: Record<string, Report>;

  beforeAll(async () => {
    const interpreter = await hubPython(python as string);
    const cases: Record<string, unknown> = {};
    for (const name of names) {
      const { hub } = (await valuesOf(name)) as { hub: { config: Values } };
      cases[name] = { config: hub.config, attempts: attempts[name] };
    }
    cases[stored] = await fromEnvironment();
    Object.assign(cases, mistakes);
    reports = JSON.parse(await run(interpreter, [join(__dirname, "../python/login.py")], JSON.stringify(cases)));
  });

  /** A client that comes as Kubernetes hands it over: in the variables that the values ask for. */
  async function fromEnvironment() {
    const login: Login = {
      ...(hubSettings({ ...minimalSettings(), auth: logins["oidc, accounts"]() }).login as Extract<
        Login,
        { provider: "oidc" }
      >),
      clientCredentials: { kind: "kubernetes-secret", name: "hub-login" },
    };
    const {
      clientId: _,
      clientSecret: __,
      ...rest
    } = login as typeof login & { clientId: unknown; clientSecret: unknown };
    const { hub } = authentication(rest, host) as { hub: { config: Values; extraEnv: Record<string, Values> } };
    const secret: Record<string, string> = { clientId: "the-client", clientSecret };
    const environment = Object.fromEntries(
      Object.entries(hub.extraEnv).map(([name, { valueFrom }]) => [
        name,
        secret[(valueFrom as { secretKeyRef: { key: string } }).secretKeyRef.key],
      ]),
    );
    return { config: hub.config, environment, attempts: attempts["oidc, accounts"] };
  }

  describe.each(names)("%s", (name) => {
    test("reads every setting, and has nothing to complain of", () => expect(reports[name]?.complaints).toEqual([]));

    test.each(Object.entries(attempts[name]))("%s", (who, { becomes }) => {
      const { user, admin, refused } = (reports[name] as Report).attempts[who] as Outcome;
      if (becomes) expect({ user, admin }).toEqual(becomes);
      else expect([user, refused]).toEqual([undefined, expect.any(Number)]);
    });
  });

  test("each tells the provider who asks, and where people come back to", () => {
    for (const name of names.filter((each) => each !== "dummy"))
      for (const [who, { token_form: form }] of Object.entries((reports[name] as Report).attempts))
        expect([name, who, form]).toEqual([name, who, expect.objectContaining(identification)]);
  });

  const identification = {
    client_id: "the-client",
    client_secret: clientSecret,
    redirect_uri: "https://hub.acme.science/hub/oauth_callback",
    grant_type: "authorization_code",
    code_verifier: "the-verifier",
  };

  test("a client in a Kubernetes secret is as good", () => {
    const { complaints, attempts: outcomes } = reports[stored] as Report;
    expect(complaints).toEqual([]);
    expect(outcomes["somebody named"]).toMatchObject({ user: "ada@acme.science", token_form: identification });
    expect(outcomes["a stranger"]).toMatchObject({ refused: 403 });
  });

  test("a mistake would not go unnoticed", () => {
    expect(reports["a setting that no class has"]?.complaints).toEqual([
      expect.stringContaining("Config option `allowed_groups_of_gitlab` not recognized"),
    ]);
    expect(reports["a section that nothing reads"]?.complaints).toEqual([
      "nothing reads the section GitHubOAuthenticator",
    ]);
  });

  test("members of a subgroup stay outside where it is named by its path, so that settings refuse one", () =>
    expect(reports["a subgroup by path"]?.attempts["a member"]).toMatchObject({ refused: 403 }));
});
