import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { minimalSettings } from "../support/hub-settings";
import { problemsOf } from "../support/refusals";

const page = readFileSync(resolve(__dirname, "../../docs/login.md"), "utf8");

/** Examples in the page, `{secure: ...}` as the secret that a stack makes of it. */
const examples = [...page.matchAll(/^( *)```yaml\n([\s\S]*?)^ *```$/gm)].map(([, indent = "", text = ""]) =>
  withSecrets(parse(text.replaceAll(new RegExp(`^${indent}`, "gm"), ""))),
) as Partial<Record<"auth" | "clientCredentials", Record<string, unknown>>>[];

function withSecrets(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(withSecrets);
  if ("secure" in value) return pulumi.secret("made-up");
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withSecrets(each)]));
}

const logins = examples.map(({ auth }) => auth).filter((auth) => auth !== undefined);

test("there is an example of every provider", () => {
  const shown = new Set(logins.map(({ provider }) => provider));
  const providers = [...page.matchAll(/^\| \[`([a-z0-9-]+)`\]/gm)].map(([, provider]) => provider);
  expect([...shown].sort()).toEqual(providers.sort());
  expect(problemsOf({ ...minimalSettings(), auth: { provider: "none" } })[0]).toContain([...shown].join(", "));
});

test.each(logins.map((auth) => [JSON.stringify(auth).slice(0, 80), auth] as const))("works: %s", (_, auth) =>
  expect(problemsOf({ ...minimalSettings(), auth })).toEqual([]),
);

test("each way to hand over a client works", () => {
  const ways = examples.map(({ clientCredentials }) => clientCredentials).filter((way) => way !== undefined);
  expect(ways.map(({ kind }) => kind)).toEqual(["secrets-manager", "kubernetes-secret"]);
  for (const clientCredentials of ways) {
    const auth = { provider: "github", clientCredentials, allowedUsers: ["ada"] };
    expect(problemsOf({ ...minimalSettings(), auth, hub: { createNamespace: false } })).toEqual([]);
  }
});
