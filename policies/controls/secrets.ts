import { at, type Found, own, UNKNOWN } from "../../chart/values";
import { type Context, type Control, describe, type Finding, fail, pass, unknown } from "../control";
import { toNumber } from "../evidence/aws";
import { type Hub, hubTypes, onHub, onHubProcess } from "../evidence/hub";
import { sourcesOf } from "../evidence/resource";
import { isTemplate } from "../evidence/truth";
import { otherChart } from "../example";

const bytes = 32;

const strong = "9f2c4e81b7d05a3386f1c2d94be07a6510e8f3b29cd7461a5b83e0f4972d6c1b";
const printed = "0bc02bede919e99a26de1e2a7a5aadfaf6228de836ec39a05a6c6942831d8fe5";

export const proxyTokenStrong: Control = {
  name: "proxy-token-strong",
  title: "The token between hub and proxy is a strong random text",
  reference: ["SEC-03"],
  severity: "high",
  pack: "security",
  why: "whoever guesses the token re-routes every user's traffic through the proxy's API",
  source: "JupyterHub, Security settings: proxy authentication token",
  remediation:
    "leave proxy.secretToken unset (the chart makes one since 1.0), or give 32 random bytes in hex: openssl rand -hex 32",
  types: hubTypes,
  scope: "stack",
  examples: [
    { title: "made by the chart", verdict: "pass", values: {} },
    { title: "32 random bytes in hex", verdict: "pass", values: { proxy: { secretToken: strong } } },
    {
      title: "not known yet, but made from 32 random bytes",
      verdict: "pass",
      values: { proxy: { secretToken: UNKNOWN } },
      valuesFrom: ["token"],
      resources: [{ type: "random:index/randomBytes:RandomBytes", name: "token", properties: { length: 32 } }],
    },
    { title: "charts before 1.0, which make none", verdict: "fail", version: "0.11.1", values: {} },
    { title: "a short one", verdict: "fail", values: { proxy: { secretToken: strong.slice(0, 16) } } },
    { title: "a word", verdict: "fail", values: { proxy: { secretToken: "change-me-change-me-change-me-change-me" } } },
    {
      title: "the command instead of what it prints, as an article has it",
      verdict: "fail",
      values: { proxy: { secretToken: "openssl rand -hex 32" } },
    },
    { title: "the one that documentation prints", verdict: "fail", values: { proxy: { secretToken: printed } } },
    {
      title: "the cookie secret again",
      verdict: "fail",
      values: { proxy: { secretToken: strong }, hub: { cookieSecret: strong } },
    },
    {
      title: "a weak one under the key that wins",
      verdict: "fail",
      values: { proxy: { secretToken: strong }, hub: { config: { ConfigurableHTTPProxy: { auth_token: "abc" } } } },
    },
    { title: "not known yet", verdict: "unknown", values: { proxy: { secretToken: UNKNOWN } } },
    otherChart,
  ],
  evaluate: onHub((hub, context) => {
    const token = firstSet(hub, tokenPaths);
    if (!token) {
      return hub.since("1.0.0")
        ? pass("proxy.secretToken", "made by the chart")
        : fail("proxy.secretToken", "not set", "32 random bytes in hex; charts before 1.0 do not make one");
    }
    if (token.value === UNKNOWN) return judgeUnknown(hub, token.path, context, textGenerators);
    if (isTemplate(token.value)) return filledInElsewhere(token.path);
    const weakness =
      weaknessOf(token.value) ?? sameAs(token.value, firstSet(hub, cookiePaths)?.value, "the cookie secret");
    return weakness ? fail(token.path, weakness, "32 random bytes in hex") : pass(token.path, "a strong random text");
  }),
};

export const cookieSecretStrong: Control = {
  name: "cookie-secret-strong",
  title: "The secret that signs login cookies is 32 random bytes",
  reference: ["SEC-01"],
  severity: "high",
  pack: "security",
  why: "whoever guesses the cookie secret makes a login cookie for any user",
  source: "JupyterHub, Security settings: cookie secret",
  remediation:
    "leave hub.cookieSecret unset (the chart makes one), or give 32 random bytes in hex: openssl rand -hex 32",
  types: hubTypes,
  scope: "stack",
  examples: [
    { title: "made by the chart", verdict: "pass", values: {} },
    { title: "32 random bytes in hex", verdict: "pass", values: { hub: { cookieSecret: strong } } },
    {
      title: "not known yet, but made from 32 random bytes",
      verdict: "pass",
      values: { hub: { cookieSecret: UNKNOWN } },
      valuesFrom: ["cookie"],
      resources: [{ type: "random:index/randomBytes:RandomBytes", name: "cookie", properties: { length: 32 } }],
    },
    { title: "only 16 bytes", verdict: "fail", values: { hub: { cookieSecret: strong.slice(0, 32) } } },
    {
      title: "no hex, which stops the hub",
      verdict: "fail",
      values: { hub: { config: { JupyterHub: { cookie_secret: `z${strong.slice(1)}` } } } },
    },
    { title: "the one that documentation prints", verdict: "fail", values: { hub: { cookieSecret: printed } } },
    { title: "a number", verdict: "fail", values: { hub: { cookieSecret: 1234567890 } } },
    {
      title: "a text for Terraform to fill in",
      verdict: "unknown",
      values: { hub: { cookieSecret: `$\{var.cookie}` } },
    },
    {
      title: "too few bytes in the hub's own Secret, which wins",
      verdict: "fail",
      values: { hub: { cookieSecret: strong, existingSecret: "hub-own" } },
      resources: [
        {
          type: "kubernetes:core/v1:Secret",
          properties: {
            metadata: { name: "hub-own", namespace: "jhub" },
            stringData: { "hub.config.JupyterHub.cookie_secret": strong.slice(0, 32) },
          },
        },
      ],
    },
    {
      title: "not known yet, and made from too few bytes",
      verdict: "unknown",
      values: { hub: { cookieSecret: UNKNOWN } },
      valuesFrom: ["cookie"],
      resources: [{ type: "random:index/randomBytes:RandomBytes", name: "cookie", properties: { length: 8 } }],
    },
    { title: "not known yet", verdict: "unknown", values: { hub: { cookieSecret: UNKNOWN } } },
    otherChart,
  ],
  evaluate: onHubProcess((hub, context) => {
    const secret = firstSet(hub, cookiePaths);
    if (!secret) return pass("hub.cookieSecret", "made at run time");
    if (secret.value === UNKNOWN) return judgeUnknown(hub, secret.path, context, byteGenerators);
    if (isTemplate(secret.value)) return filledInElsewhere(secret.path);
    const weakness =
      notHex(secret.value) ??
      weaknessOf(secret.value) ??
      sameAs(secret.value, firstSet(hub, tokenPaths)?.value, "the proxy's token");
    return weakness
      ? fail(secret.path, weakness, "32 random bytes in hex, 64 digits")
      : pass(secret.path, "32 random bytes in hex");
  }),
};

function filledInElsewhere(path: string): Finding {
  return unknown(path, "a text that something else has to fill in", "32 random bytes in hex");
}

/** Keys by falling precedence. */
const tokenPaths = [
  "hub.config.ConfigurableHTTPProxy.auth_token",
  "proxy.secretToken",
  "hub.config.JupyterHub.proxy_auth_token",
];
const cookiePaths = ["hub.config.JupyterHub.cookie_secret", "hub.cookieSecret"];

/** The first key that is set; an empty text is not, because the chart goes on to the next key. */
function firstSet(hub: Hub, paths: readonly string[]): { path: string; value: Found } | undefined {
  const values = paths.map((path): { path: string; value: Found } => ({ path, value: at(hub.values, path) }));
  return values.find(({ value }) => value !== undefined && value !== null && value !== "");
}

// ---- strength ------------------------------------------------------------------------------------------------------------

/** Secrets that documentation prints: everybody has them. */
const published = [printed, "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"];

/** What makes a text guessable; undefined when nothing does. Never repeats the text. */
export function weaknessOf(value: Found): string | undefined {
  if (typeof value !== "string") return describe(value);
  const text = value.trim();
  if (published.includes(text.toLowerCase())) return "a value printed in documentation";
  if (/^<.*>$/.test(text)) return "a placeholder";
  if (/openssl|\$\(|`|rand -|\s/i.test(text)) return "a command or sentence instead of random characters";
  if (/change.?me|passw|example|placeholder|secret|jupyter/i.test(text)) return "a text with a common word in it";
  if (text.length < bytes) return `only ${text.length} characters`;
  return entropyBits(text) < 96 || isRegular(text) ? "a text that is too regular to be random" : undefined;
}

/** Shannon's entropy of the text's own characters. 32 random hexadecimal digits have about 115 bits, rarely less than 100. */
function entropyBits(text: string): number {
  const counts = new Map<string, number>();
  for (const sign of text) counts.set(sign, (counts.get(sign) ?? 0) + 1);
  const shares = [...counts.values()].map((count) => count / text.length);
  return -shares.reduce((sum, share) => sum + share * Math.log2(share), 0) * text.length;
}

/** Repeats itself, or counts up or down for the most part. */
function isRegular(text: string): boolean {
  const periods = Array.from({ length: Math.floor(text.length / 2) }, (_, index) => index + 1);
  if (periods.some((period) => text.startsWith(text.slice(period)))) return true;
  return countsUp(Buffer.from(text)) || countsUp(Buffer.from(text, "hex"));
}

function countsUp(bytes: Uint8Array): boolean {
  const small = bytes.filter((byte, index) => index > 0 && Math.abs(byte - (bytes[index - 1] ?? 0)) <= 1);
  return small.length > bytes.length / 2;
}

function notHex(value: Found): string | undefined {
  if (typeof value !== "string") return describe(value);
  const digits = `a text of ${value.length} characters`;
  if (!/^([0-9a-f]{2})+$/i.test(value)) return `${digits} that is not hexadecimal, which stops the hub`;
  return value.length < 2 * bytes ? `only ${value.length / 2} bytes` : undefined;
}

function sameAs(value: Found, other: Found, name: string): string | undefined {
  const same = typeof value === "string" && typeof other === "string" && value.toLowerCase() === other.toLowerCase();
  return same ? `the same text as ${name}` : undefined;
}

// ---- not known yet -------------------------------------------------------------------------------------------------------

/** Generators of bytes, which come in hex, by the property that says how many. */
export const byteGenerators: Readonly<Record<string, string>> = {
  "random:index/randomBytes:RandomBytes": "length",
  "random:index/randomId:RandomId": "byteLength",
};

/** Generators of a text that is as good a token as bytes are, by the property that says how long. */
const textGenerators: Readonly<Record<string, string>> = {
  ...byteGenerators,
  "random:index/randomPassword:RandomPassword": "length",
  "random:index/randomString:RandomString": "length",
};

const generatorTypes = [
  ...Object.keys(textGenerators),
  "random:index/randomPet:RandomPet",
  "random:index/randomUuid:RandomUuid",
  "random:index/randomInteger:RandomInteger",
];

/**
 * A first preview has not made the random bytes yet, but the stack shows that the values are made from some. Only when every
 * generator they are made from is strong does it not matter which of them is meant. Judged again when the value is known.
 */
export function judgeUnknown(
  hub: Hub,
  path: string,
  { stack }: Context,
  strong: Readonly<Record<string, string>>,
): Finding {
  const expected = "32 random bytes in hex";
  const generators = sourcesOf(stack, hub.resource, "values", generatorTypes);
  const weak = generators.find(({ type, properties }) => {
    const size = strong[type];
    const length = size === undefined ? undefined : toNumber(own(properties, size));
    return typeof length !== "number" || length < bytes;
  });
  if (generators.length > 0 && !weak)
    return pass(
      path,
      `made from ${generators.map(({ name }) => name).join(", ")}, ${bytes} random bytes or characters at least`,
    );
  return unknown(path, describe(UNKNOWN), expected);
}
