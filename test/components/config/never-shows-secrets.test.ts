import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { stackSettings } from "../../../components/config/stack-settings";

const canary = "canary-0123456789";

/** The whole configuration as `pulumi config set --secret --path auth.clientSecret` leaves it. */
const configuration = () => ({
  domain: "hub.acme.science",
  auth: { provider: "github", clientId: "Ov23li", clientSecret: canary, allowedOrganizations: ["acme"] },
  cluster: { publicAccessCidrs: ["203.0.113.7/32"] },
  network: { zones: 2 },
});

let environment: NodeJS.ProcessEnv;
beforeEach(() => {
  environment = { ...process.env };
});
afterEach(() => {
  process.env = environment;
  pulumi.runtime.setAllConfig({});
});

/** The message that a configuration leads to, or nothing. */
function messageFor(config: Record<string, string>, secretKeys: string[]): string {
  pulumi.runtime.setAllConfig({ ...config, "aws:region": "eu-central-1" });
  process.env.PULUMI_CONFIG_SECRET_KEYS = JSON.stringify(secretKeys);
  try {
    stackSettings("jupyterhub-eks");
    return "";
  } catch (error) {
    return String((error as Error).stack);
  }
}

type Tree = Record<string, unknown>;
/** One way to get a configuration wrong without moving the secret to where nobody expects one. */
type Mistake = (auth: Tree) => unknown;
const wrong = fc.constantFrom<unknown>(7, true, null, [], {}, "text", "");

const mistakes: fc.Arbitrary<Mistake> = fc.oneof(
  fc.tuple(fc.constantFrom("provider", "clientId", "allowedOrganizations", "adminUsers"), wrong).map(
    ([key, value]): Mistake =>
      (auth) => ({ ...auth, [key]: value }),
  ),
  fc.constantFrom<Mistake>(
    ({ clientSecret, ...auth }) => ({ ...auth, clientsecret: clientSecret }),
    ({ clientSecret, ...auth }) => ({ ...auth, secret: clientSecret }),
    (auth) => ({ ...auth, clientSecret: [auth.clientSecret] }),
    (auth) => ({ ...auth, clientSecret: { value: auth.clientSecret } }),
    (auth) => [auth],
    (auth) => ({ github: auth }),
    (auth) => `${JSON.stringify(auth)},`,
    (auth) => JSON.stringify(auth).slice(0, -1),
    (auth) => auth.clientSecret,
    ({ provider, ...auth }) => auth,
    (auth) => ({ ...auth, allowedOrganizations: [], allowedUsers: [] }),
  ),
);

test("whatever is wrong, the client secret is in no message, whether it was encrypted or not", () =>
  fc.assert(
    fc.property(
      fc.array(mistakes, { maxLength: 3 }),
      fc.boolean(),
      fc.dictionary(fc.constantFrom("domain", "network", "users", "unknown"), fc.jsonValue(), {
        noNullPrototype: true,
      }),
      (all, encrypted, others) => {
        const config = { ...configuration(), ...others };
        const auth = all.reduce<unknown>(
          (value, mistake) => (typeof value === "object" && value !== null ? mistake(value as Tree) : value),
          config.auth,
        );
        const texts = Object.entries({ ...config, auth }).map(([key, value]) => [
          `jupyterhub-eks:${key}`,
          typeof value === "string" ? value : JSON.stringify(value),
        ]);
        const message = messageFor(Object.fromEntries(texts), encrypted ? ["jupyterhub-eks:auth"] : []);
        if (!encrypted) expect(message).toMatch(/auth/);
        expect(message).not.toContain(canary);
      },
    ),
    { numRuns: 500 },
  ));

test("scalars below an encrypted key stay hidden, and the rest of the message helps", () => {
  const message = messageFor(
    {
      "jupyterhub-eks:domain": "hub.acme.science",
      "jupyterhub-eks:auth": JSON.stringify({ ...configuration().auth, allowedUsers: canary, adminUsers: [true] }),
      "jupyterhub-eks:cluster": JSON.stringify({ ...configuration().cluster, serviceCidr: canary }),
    },
    ["jupyterhub-eks:auth", "jupyterhub-eks:cluster"],
  );
  expect(message).toContain("auth.allowedUsers is (hidden): expected a list");
  expect(message).toContain("auth.adminUsers[0] is (hidden): expected text, for example octocat");
  expect(message).toContain("cluster.serviceCidr is (hidden): expected an IPv4 range");
  expect(message).not.toContain(canary);
});
