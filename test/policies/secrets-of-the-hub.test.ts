import { expect, test } from "vitest";
import type { ValueMap } from "../../chart/values";
import { UNKNOWN } from "../../chart/values";
import { cryptKeysStrong } from "../../policies/controls/crypt-keys";
import { hubDatabaseConnectionProtected } from "../../policies/controls/database";
import { proxyTokenReachesBoth } from "../../policies/controls/hub-secrets";
import { loginClientConfigured } from "../../policies/controls/oauth-client";
import { cookieSecretStrong } from "../../policies/controls/secrets";
import { describeControl, hub, judgementOf, resource } from "./support";

const hex = "9f2c4e81b7d05a3386f1c2d94be07a6510e8f3b29cd7461a5b83e0f4972d6c1b";
const otherHex = "51d8a0c37be94f2260f7e3195cbd8a4472f0e6a19db35c8827c1f4b0936ed25a";
const token = "hub.config.ConfigurableHTTPProxy.auth_token";
const cookie = "hub.config.JupyterHub.cookie_secret";

/** A hub with a Secret of its own that the stack shows. */
const withSecret = (stringData: ValueMap, values: ValueMap = {}, more: ValueMap = {}, namespace = "jhub") => [
  resource("kubernetes:core/v1:Secret", "own", { metadata: { name: "own", namespace }, stringData }),
  hub({ ...more, hub: { existingSecret: "own", ...values } }),
];
const github = { config: { JupyterHub: { authenticator_class: "github" }, GitHubOAuthenticator: { client_id: "id" } } };
const fromSecret = (key: string) => ({
  CONFIGPROXY_AUTH_TOKEN: { valueFrom: { secretKeyRef: { name: "proxy-token", key } } },
});
const database = (url: string) => hub({ hub: { db: { type: "other", url } } });

describeControl(cookieSecretStrong, [
  ["a key of its own in the hub's Secret", "pass", withSecret({ [cookie]: hex })],
  ["which is weak", "fail", withSecret({ [cookie]: "abcd" }, { cookieSecret: hex })],
  ["which is not known yet", "unknown", withSecret({ [cookie]: UNKNOWN })],
  ["a Secret without", "pass", withSecret({ logo: "<svg/>" })],
  [
    "bytes that count up",
    "fail",
    hub({ hub: { cookieSecret: Array.from({ length: 32 }, (_, n) => n.toString(16).padStart(2, "0")).join("") } }),
  ],
]);

test("a key of its own in the hub's Secret wins over the values", () =>
  expect(judgementOf(cookieSecretStrong, withSecret({ [cookie]: hex }, { cookieSecret: "abcd" })).verdict).toBe(
    "pass",
  ));

describeControl(cryptKeysStrong, [
  ["two in the hub's Secret", "pass", withSecret({ "hub.config.CryptKeeper.keys": `${hex};${otherHex}` })],
  ["a weak one beside it", "fail", withSecret({ "hub.config.CryptKeeper.keys": `${hex};short` })],
]);

describeControl(loginClientConfigured, [
  [
    "in the values of the hub's Secret",
    "pass",
    withSecret({ "values.yaml": "hub: { config: { GitHubOAuthenticator: { client_secret: made-up } } }" }, github),
  ],
  [
    "under a key that the hub does not read",
    "fail",
    withSecret({ "hub.config.GitHubOAuthenticator.client_secret": "made-up" }, github),
  ],
]);

describeControl(proxyTokenReachesBoth, [
  [
    "a key that nobody reads, beside the token",
    "pass",
    withSecret({ [token]: hex }, {}, { proxy: { secretToken: hex } }),
  ],
  [
    "in the values of the hub's Secret, which the proxy does not see",
    "fail",
    withSecret({ "values.yaml": `hub: { config: { ConfigurableHTTPProxy: { auth_token: "${hex}" } } }` }),
  ],
  ["a Secret of another namespace", "unknown", withSecret({ [token]: hex }, {}, {}, "elsewhere")],
  [
    "a variable of both, from two keys",
    "fail",
    hub({ hub: { extraEnv: fromSecret("one") }, proxy: { chp: { extraEnv: fromSecret("two") } } }),
  ],
  [
    "the same variable, as map and as list",
    "pass",
    hub({
      hub: { extraEnv: fromSecret("one") },
      proxy: { chp: { extraEnv: Object.entries(fromSecret("one")).map(([name, from]) => ({ name, ...from })) } },
    }),
  ],
]);

describeControl(hubDatabaseConnectionProtected, [
  ["a database that nobody knows here", "unknown", database("mssql+pyodbc://hub@db/hub?Encrypt=yes")],
  ["the same with a password", "fail", database("mssql+pyodbc://hub:made-up@db/hub?Encrypt=yes")],
  ["an address for Terraform to fill in", "unknown", database(`$\{var.database}`)],
]);
