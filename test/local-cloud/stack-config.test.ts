import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { localStackConfig } from "../../local-cloud/stack-config";

/** A value of a config tree, in which `secure` marks what the real stack keeps secret. */
const tree = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.integer().map(String),
    fc.boolean(),
    fc.string({ unit: "grapheme-ascii" }),
    fc.stringMatching(/^v1:[A-Za-z0-9+/]{24}$/).map((secure) => ({ secure })),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.stringMatching(/^[a-z.]{1,6}$/), tie("value"), { maxKeys: 3 }),
  ),
})).value;
const stackFile = fc.record({
  encryptionsalt: fc.constant("v1:salt"),
  secretsprovider: fc.constant("awskms://alias/real"),
  encryptedkey: fc.constant("real key"),
  config: fc.dictionary(fc.stringMatching(/^[a-z]{1,5}:[a-z]{1,5}$/), tree),
});

function secretsIn(value: unknown, path: readonly (string | number)[] = []): { path: unknown; value: string }[] {
  if (typeof value !== "object" || value === null) {
    return [];
  }
  const entries = Object.entries(value);
  if (entries.length === 1 && entries[0]?.[0] === "secure" && typeof entries[0][1] === "string") {
    return [{ path, value: entries[0][1] }];
  }
  return entries.flatMap(([key, inner]) => secretsIn(inner, [...path, Array.isArray(value) ? Number(key) : key]));
}

function at(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce((inner, key) => (inner as Record<string | number, unknown>)?.[key], value);
}

describe("the copy of a stack's config", () => {
  it("has a fake where the stack has a secret, and no trace of the secret", () => {
    fc.assert(
      fc.property(stackFile, (file) => {
        const copy = localStackConfig(stringify(file));
        const real = secretsIn(file.config);
        expect(copy.secrets.map(({ path }) => path)).toEqual(real.map(({ path }) => path));
        for (const { path, value } of copy.secrets) {
          expect(at(parse(copy.text).config, path)).toBe(value);
        }
        for (const { value } of real) {
          expect(copy.text).not.toContain(value);
        }
        expect(parse(copy.text)).not.toHaveProperty("encryptionsalt");
        expect(parse(copy.text)).not.toHaveProperty("secretsprovider");
        expect(parse(copy.text)).not.toHaveProperty("encryptedkey");
      }),
    );
  });

  it("keeps everything else", () => {
    const plain = (value: unknown): unknown =>
      JSON.parse(JSON.stringify(value), (_, inner) =>
        secretsIn(inner).length === 1 && inner.secure ? "hidden" : inner,
      );
    const revealed = (value: unknown, secrets: readonly { value: string }[]) =>
      JSON.parse(JSON.stringify(value), (_, inner) =>
        secrets.some((secret) => secret.value === inner) ? "hidden" : inner,
      );
    fc.assert(
      fc.property(stackFile, (file) => {
        const copy = localStackConfig(stringify(file));
        expect(revealed(parse(copy.text).config, copy.secrets)).toEqual(plain(file.config));
      }),
    );
  });

  it("keeps keys that it does not know, and scalars as they are written", () => {
    const { text } = localStackConfig("futureKey: [1, 2]\nconfig:\n  aws:account: '0123'\n  p:octal: 0017\n");
    expect(text).toContain("futureKey: [ 1, 2 ]");
    expect(text).toMatch(/aws:account: ['"]0123['"]/);
    expect(text).toContain("p:octal: 0017");
  });

  it("has the same fakes in every run, and different ones in different places", () => {
    const file = "config:\n  p:a: {secure: v1:x}\n  p:b: {secure: v1:x}\n";
    const [a, b] = localStackConfig(file).secrets;
    expect(localStackConfig(file).secrets).toEqual([a, b]);
    expect(a?.value).not.toBe(b?.value);
    expect(a?.value).toMatch(/^[0-9a-f]{64}$/);
  });

  it("finds a secret behind an alias", () => {
    const { secrets, text } = localStackConfig("config:\n  p:a: &a {secure: v1:real}\n  p:b: *a\n");
    expect(secrets.map(({ path }) => path)).toEqual([["p:a"], ["p:b"]]);
    expect(text).not.toContain("real");
  });

  it("says when it leaves out environments that only Pulumi Cloud can open", () => {
    const { leavesOutEnvironment, text } = localStackConfig("environment: [aws-prod]\nconfig: {}\n");
    expect(leavesOutEnvironment).toBe(true);
    expect(text).not.toContain("aws-prod");
  });

  it("is supplied with what the stack leaves out of a login, but not out of another one", () => {
    const supplied = "p:auth: { provider: github, clientId: supplied, allowedOrganizations: [local-cloud] }";
    const authOf = (stack: string) => parse(localStackConfig(stack, supplied).text).config["p:auth"];
    expect(authOf("config: { p:auth: { clientId: own } }")).toMatchObject({ provider: "github", clientId: "own" });
    const cognito = { provider: "cognito", allowedGroups: ["research"] };
    expect(authOf(stringify({ config: { "p:auth": cognito } }))).toEqual(cognito);
  });

  it("reads a stack file in JSON, and one that is empty", () => {
    expect(parse(localStackConfig('{"config": {"p:a": {"secure": "v1:x"}}}').text)).toHaveProperty(["config", "p:a"]);
    expect(parse(localStackConfig("").text)).toEqual({ config: {} });
  });
});

describe("what the local cloud supplies", () => {
  const supplied = "aws:region: eu-central-1\np:auth:\n  clientId: fake-id\n  clientSecret: {secure: fake-secret}\n";

  it("fills in what the stack leaves out, at every depth", () => {
    const { text } = localStackConfig("config:\n  p:auth: {clientId: mine, orgs: [a]}\n", supplied);
    expect(parse(text).config).toEqual({
      "aws:region": "eu-central-1",
      "p:auth": { clientId: "mine", clientSecret: "fake-secret", orgs: ["a"] },
    });
  });

  it("makes its own secrets secret", () => {
    expect(localStackConfig("", supplied).secrets).toEqual([
      { path: ["p:auth", "clientSecret"], value: "fake-secret" },
    ]);
  });

  it("stands in for a secret of the stack", () => {
    const { secrets } = localStackConfig("config:\n  p:auth: {clientSecret: {secure: v1:real}}\n", supplied);
    expect(secrets).toEqual([{ path: ["p:auth", "clientSecret"], value: "fake-secret" }]);
    const open = localStackConfig("config:\n  aws:region: {secure: v1:real}\n", supplied);
    expect(open.secrets).toContainEqual({ path: ["aws:region"], value: "eu-central-1" });
  });

  it("is replaced by a list, a scalar or a map of another kind", () => {
    const { text } = localStackConfig("config:\n  p:auth: none\n", supplied);
    expect(parse(text).config["p:auth"]).toBe("none");
  });
});
