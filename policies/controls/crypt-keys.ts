import { at, type Found, UNKNOWN } from "../../chart/values";
import { type Context, type Control, describe, type Finding, fail, notApplicable, pass } from "../control";
import { type Child, children, type Hub, hubTypes, onHubProcess } from "../evidence/hub";
import { isGiven } from "../evidence/truth";
import { otherChart } from "../example";
import { byteGenerators, judgeUnknown, weaknessOf } from "./secrets";

const key = "9f2c4e81b7d05a3386f1c2d94be07a6510e8f3b29cd7461a5b83e0f4972d6c1b";
const keys = (...list: readonly (string | typeof UNKNOWN)[]) => ({ hub: { config: { CryptKeeper: { keys: list } } } });

export const cryptKeysStrong: Control = {
  name: "crypt-keys-strong",
  title: "The keys that encrypt users' credentials are 32 random bytes each",
  reference: ["JX-10"],
  severity: "medium",
  pack: "security",
  why: "the hub stores what users' logins gave it, access tokens included, encrypted with these keys",
  source: "JupyterHub, Authenticators: authentication state",
  remediation:
    "leave hub.config.CryptKeeper.keys unset (the chart makes one since 1.0), or give each 32 random bytes in hex: openssl rand -hex 32",
  types: hubTypes,
  scope: "stack",
  examples: [
    { title: "32 bytes in hex", verdict: "pass", values: keys(key) },
    { title: "32 bytes in base64", verdict: "pass", values: keys("nyxOgbfQWjOG8cLZS+B6ZRDo87Kc10YaW4Pg9JctbBs=") },
    { title: "a new key before the old one", verdict: "pass", values: keys(key, [...key].reverse().join("")) },
    { title: "a word", verdict: "fail", values: keys("correct-horse") },
    { title: "a key that documentation prints", verdict: "fail", values: keys("0123456789abcdef".repeat(4)) },
    { title: "another length, which stops the hub", verdict: "fail", values: keys(key.slice(0, 48)) },
    { title: "one good, one bad", verdict: "fail", values: keys(key, "") },
    { title: "not known yet", verdict: "unknown", values: keys(UNKNOWN) },
    { title: "made by the chart", verdict: "notApplicable", values: {} },
    otherChart,
  ],
  evaluate: onHubProcess((hub, context) => {
    const path = "hub.config.CryptKeeper.keys";
    const value = at(hub.values, path);
    if (value === UNKNOWN) return judgeUnknown(hub, path, context, byteGenerators);
    if (isGiven(value) === false) return notApplicable("no key is given: the chart makes one where it is needed");
    const listed: Child[] = typeof value === "string" ? [{ path, value }] : children(value, path);
    return listed.map((each) => judgeKey(hub, each, context));
  }),
};

function judgeKey(hub: Hub, { path, value }: Child, context: Context): Finding {
  const expected = "32 random bytes in hex, 64 digits";
  if (value === UNKNOWN) return judgeUnknown(hub, path, context, byteGenerators);
  const weakness = isKey(value) ? weaknessOf(value) : `${describe(value)} that is no key, which stops the hub`;
  return weakness ? fail(path, weakness, expected) : pass(path, "32 random bytes");
}

/** What the hub takes for 32 bytes: hex, base64, or so many characters. */
function isKey(value: Found): boolean {
  return (
    typeof value === "string" && (/^[0-9a-f]{64}$/i.test(value) || /^[\w+/-]{43}=$/.test(value) || value.length === 32)
  );
}
