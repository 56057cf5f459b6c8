import fc from "fast-check";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { command, temporaryFiles } from "./support";

const file = temporaryFiles();
const canary = "Canary7f3a9Secret";

/** Places of the values where secrets stand. */
const secretPaths = [
  "proxy.secretToken",
  "proxy.https.manual.key",
  "hub.cookieSecret",
  "hub.config.JupyterHub.cookie_secret",
  "hub.config.CryptKeeper.keys",
  "hub.config.ConfigurableHTTPProxy.auth_token",
  "hub.config.GitHubOAuthenticator.client_secret",
  "hub.config.DummyAuthenticator.password",
  "hub.config.JupyterHub.authenticator_class",
  "hub.db.password",
  "hub.db.url",
  "hub.services.bot.apiToken",
  "hub.extraEnv.TOKEN",
  "hub.extraConfig.secret",
  "hub.extraFiles.key.stringData",
  "singleuser.extraEnv.AWS_SECRET_ACCESS_KEY",
  "singleuser.extraFiles.key.stringData",
  "singleuser.extraFiles.key.data",
  "singleuser.profileList",
  "imagePullSecret.password",
  "auth.state.cryptoKey",
  "auth.dummy.password",
];

const shapes: readonly ((secret: string) => unknown)[] = [
  (secret) => secret,
  (secret) => [secret],
  (secret) => ({ value: secret }),
  (secret) => [{ name: "x", value: secret }],
  (secret) => `openssl rand -hex ${secret}`,
];

/** Breaks that a parser would like to show the text around. */
const breaks = ["", "\n  : : bad\n", "\n\t- x\n", '\nx: "', "\nproxy: {}\n", "\n---\na: 1\n", "\n*nope\n"];

test("a secret is in no report and no error, wherever it stands and whatever is wrong around it", async () => {
  const cases = fc.record({
    paths: fc.subarray(secretPaths, { minLength: 1 }),
    shape: fc.constantFrom(...shapes),
    broken: fc.constantFrom(...breaks),
    format: fc.constantFrom("table", "json", "sarif", "markdown"),
    version: fc.constantFrom("0.9.1", "1.2.0", "3.3.8", "4.4.0"),
    form: fc.constantFrom("values", "manifests", "state"),
  });
  await fc.assert(
    fc.asyncProperty(cases, async ({ paths, shape, broken, format, version, form }) => {
      const values = paths.reduce<Record<string, unknown>>((all, path) => put(all, path.split("."), shape(canary)), {});
      const text = `${forms[form as keyof typeof forms](values, version)}${broken}`;
      const { out, err } = await command("audit", file("v.yaml", text), "--chart-version", version, "--format", format);
      expect(out + err).not.toContain(canary);
    }),
    { numRuns: 500 },
  );
});

test("nor are those of a configuration that cannot be read", async () => {
  const config = file("config.json", `{"all": "${canary}", "x": ${canary}`);
  const { out, err } = await command("audit", file("v.yaml", ""), "--config", config);
  expect(out + err).not.toContain(canary);
});

const forms = {
  values: (values: object, _version: string) => stringify(values),
  manifests: (values: object, version: string) => {
    const stored = stringify({ hub: {}, ...values, Chart: { Version: version } });
    const data = { "values.yaml": Buffer.from(stored).toString("base64") };
    return stringify({ apiVersion: "v1", kind: "Secret", metadata: { name: "hub" }, data });
  },
  state: (values: object, version: string) => {
    const repositoryOpts = { repo: "https://hub.jupyter.org/helm-chart/" };
    const type = "kubernetes:helm.sh/v3:Release";
    const inputs = { chart: "jupyterhub", version, repositoryOpts, values };
    return JSON.stringify({ version: 3, deployment: { resources: [{ urn: `urn::${type}::hub`, type, inputs }] } });
  },
};

function put(
  into: Record<string, unknown>,
  [key, ...rest]: readonly string[],
  value: unknown,
): Record<string, unknown> {
  if (key === undefined) return into;
  const below = (into[key] ?? {}) as Record<string, unknown>;
  return { ...into, [key]: rest.length === 0 ? value : put(below, rest, value) };
}
