import { expect, test } from "vitest";
import { HubSecrets, type HubSecretsArgs } from "../../components";
import { awsAnswers, randomHex } from "../support/aws-answers";
import { record } from "../support/recorded-program";
import { all, isSecret, only } from "../support/wire";

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
