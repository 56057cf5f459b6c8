import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { HubSecrets, type HubSecretsArgs, SecureHub } from "../../components";
import { awsAnswers, randomHex } from "../support/aws-answers";
import { minimalSettings } from "../support/hub-settings";
import { alarms } from "../support/judged";
import { record } from "../support/recorded-program";
import { all, isSecret, only, open } from "../support/wire";

const randomBytes = "random:index/randomBytes:RandomBytes";
const recorded = (args?: HubSecretsArgs) =>
  record(() => ({ urn: new HubSecrets("hub", args).urn }), { answers: awsAnswers });

// "JupyterHub, Security settings": `openssl rand -hex 32` for the proxy token, 32 bytes for cookies.
test("three secrets of 32 random bytes each, kept secret in the state from the start", async () => {
  const program = await recorded();
  const found = all(program, randomBytes);
  expect(found.map(({ name }) => name).sort()).toEqual(["hub-cookie-secret", "hub-crypt-key", "hub-proxy-token"]);
  for (const each of found) {
    expect(each.inputs.length).toBe(32);
    expect([...each.additionalSecretOutputs].sort()).toEqual(["base64", "hex"]);
  }
});

test("each leaves the component as a secret, in hexadecimal", async () => {
  const program = await recorded();
  const outputs = program.componentOutputs.get(only(program, "jupyterhub-eks:index:HubSecrets").urn) ?? {};
  expect(Object.keys(outputs).sort()).toEqual(["cookieSecret", "cryptKey", "proxyToken"]);
  for (const value of Object.values(outputs)) expect(isSecret(value)).toBe(true);
  expect(outputs.cookieSecret).toMatchObject({ value: randomHex("hub-cookie-secret") });
});

test("another rotation replaces all three, the same one none", async () => {
  const keepers = async (args?: HubSecretsArgs) =>
    all(await recorded(args), randomBytes).map(({ inputs }) => inputs.keepers);
  expect(await keepers()).toEqual(await keepers({ rotation: 1 }));
  expect(await keepers({ rotation: 2 })).toEqual(Array(3).fill({ rotation: "2" }));
});

describe("secrets that are kept elsewhere", () => {
  const kept = { proxyToken: randomHex("a"), cookieSecret: randomHex("b"), cryptKey: randomHex("c").toUpperCase() };
  const inHub = (secrets: Record<keyof typeof kept, string>) =>
    record(
      () => {
        const all = Object.entries(secrets).map(([name, value]) => [name, pulumi.secret(value)]);
        return { url: new SecureHub("hub", { ...minimalSettings(), hub: { secrets: Object.fromEntries(all) } }).url };
      },
      { answers: awsAnswers },
    );

  test("reach the hub as secrets, and none is made", async () => {
    const program = await inHub(kept);
    expect(all(program, randomBytes)).toEqual([]);
    const { values } = only(program, "kubernetes:helm.sh/v3:Release", "hub").inputs as {
      values: {
        proxy: { secretToken: object };
        hub: { cookieSecret: object; config: Record<string, { keys: object[] }> };
      };
    };
    const found = [values.proxy.secretToken, values.hub.cookieSecret, values.hub.config.CryptKeeper?.keys[0]];
    expect(found.map(isSecret)).toEqual([true, true, true]);
    expect(found.map(open)).toEqual(Object.values(kept));
    expect(alarms(program)).toEqual([]);
  });

  // "JupyterHub, Security settings": `openssl rand -hex 32`.
  test.each([
    ["proxyToken", "0a".repeat(31)],
    ["cookieSecret", "canary-that-is-no-hexadecimal"],
    ["cryptKey", ""],
  ])("%s has to be 32 bytes in hexadecimal, and is not shown where it is not", async (name, value) => {
    const message = await inHub({ ...kept, [name]: value }).then(String, String);
    expect(message).toContain(`hub.secrets.${name} is (hidden): expected 32 random bytes in hexadecimal`);
    if (value) expect(message).not.toContain(value);
  });
});
