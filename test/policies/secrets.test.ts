import { UNKNOWN, type ValueMap } from "../../chart/values";
import { cookieSecretStrong, proxyTokenStrong } from "../../policies/controls/secrets";
import { describeControl, hub, hubOf, otherRelease, randomBytes, resource } from "./support";

const hex = "9f2c4e81b7d05a3386f1c2d94be07a6510e8f3b29cd7461a5b83e0f4972d6c1b";
const otherHex = "51d8a0c37be94f2260f7e3195cbd8a4472f0e6a19db35c8827c1f4b0936ed25a";

/** A hub whose token and cookie secret come from one random resource that does not exist yet. */
function madeFrom(kind: string, properties: ValueMap) {
  const random = resource(`random:index/random${kind}:Random${kind}`, "r", properties);
  return [random, hub({ proxy: { secretToken: UNKNOWN }, hub: { cookieSecret: UNKNOWN } }, {}, { values: [random] })];
}

describeControl(proxyTokenStrong, [
  ["made by the chart", "pass", hub({})],
  ["32 random bytes in hex", "pass", hub({ proxy: { secretToken: hex } })],
  [
    "base64 of 32 random bytes",
    "pass",
    hub({ proxy: { secretToken: "kL9vQ2xR7pT4wZ8mN3bF6hJ1sD5gY0cA+uE/oIiXqWe=" } }),
  ],
  [
    "in hub.config, which wins",
    "pass",
    hub({ proxy: { secretToken: "weak" }, hub: { config: { ConfigurableHTTPProxy: { auth_token: hex } } } }),
  ],
  ["not set before 1.0, when nobody makes one", "fail", hubOf("0.11.1")],
  ["too short", "fail", hub({ proxy: { secretToken: "9f2c4e81b7d05a33" } })],
  ["one digit over and over", "fail", hub({ proxy: { secretToken: "a".repeat(64) } })],
  ["a pattern over and over", "fail", hub({ proxy: { secretToken: "9f2c4e81".repeat(8) } })],
  ["counting", "fail", hub({ proxy: { secretToken: "abcdefghijklmnopqrstuvwxyz0123456789ABCDEF" } })],
  [
    "the sample of JupyterHub's documentation",
    "fail",
    hub({ proxy: { secretToken: "0bc02bede919e99a26de1e2a7a5aadfaf6228de836ec39a05a6c6942831d8fe5" } }),
  ],
  ["a command that nobody ran", "fail", hub({ proxy: { secretToken: "openssl rand -hex 32" } })],
  ["a placeholder", "fail", hub({ proxy: { secretToken: "<output of openssl rand -hex 32 here>" } })],
  ["the cookie secret again", "fail", hub({ proxy: { secretToken: hex }, hub: { cookieSecret: hex } })],
  [
    "the cookie secret in capitals",
    "fail",
    hub({ proxy: { secretToken: hex.toUpperCase() }, hub: { cookieSecret: hex } }),
  ],
  ["a pattern that breaks off", "fail", hub({ proxy: { secretToken: "kdUe72-xQ9-".repeat(4).slice(0, 40) } })],
  ["words", "fail", hub({ proxy: { secretToken: "our-very-own-proxy-secret-of-the-year-2026" } })],
  ["a number", "fail", hub({ proxy: { secretToken: 12345678 } })],
  ["not known yet", "unknown", hub({ proxy: { secretToken: UNKNOWN } })],
  [
    "not known yet, made from 32 random bytes",
    "pass",
    [randomBytes("token"), hub({ proxy: { secretToken: UNKNOWN } }, {}, { values: [randomBytes("token")] })],
  ],
  ["made from a random password", "pass", madeFrom("Password", { length: 32 })],
  ["made from a random text", "pass", madeFrom("String", { length: 32 })],
  ["made from a short random password", "unknown", madeFrom("Password", { length: 16 })],
  ["made from random bytes whose number is not known yet", "unknown", madeFrom("Bytes", { length: UNKNOWN })],
  ["made from words", "unknown", madeFrom("Pet", { length: 40 })],
  [
    "not known yet, made from 8 random bytes",
    "unknown",
    [randomBytes("token", 8), hub({ proxy: { secretToken: UNKNOWN } }, {}, { values: [randomBytes("token", 8)] })],
  ],
  ["another chart", "notApplicable", otherRelease],
]);

describeControl(cookieSecretStrong, [
  ["made at run time", "pass", hub({})],
  ["32 random bytes in hex", "pass", hub({ hub: { cookieSecret: hex } })],
  ["upper case", "pass", hub({ hub: { cookieSecret: hex.toUpperCase() } })],
  [
    "in hub.config, which wins",
    "fail",
    hub({ hub: { cookieSecret: hex, config: { JupyterHub: { cookie_secret: "abcd" } } } }),
  ],
  ["16 bytes, which JupyterHub takes in silence", "fail", hub({ hub: { cookieSecret: hex.slice(0, 32) } })],
  [
    "not hexadecimal, which stops the hub",
    "fail",
    hub({ hub: { cookieSecret: "kL9vQ2xR7pT4wZ8mN3bF6hJ1sD5gY0cAkL9vQ2xR7pT4wZ8mN3bF6hJ1sD5gY0cA" } }),
  ],
  ["an odd number of digits", "fail", hub({ hub: { cookieSecret: `${hex}a` } })],
  ["zeroes", "fail", hub({ hub: { cookieSecret: "0".repeat(64) } })],
  ["the proxy's token again", "fail", hub({ hub: { cookieSecret: hex }, proxy: { secretToken: hex } })],
  ["another one than the proxy's token", "pass", hub({ hub: { cookieSecret: hex }, proxy: { secretToken: otherHex } })],
  ["not known yet", "unknown", hub({ hub: { cookieSecret: UNKNOWN } })],
  ["made from a random identifier of 32 bytes", "pass", madeFrom("Id", { byteLength: 32 })],
  ["made from a random password, which is not hexadecimal", "unknown", madeFrom("Password", { length: 64 })],
  ["another chart", "notApplicable", otherRelease],
]);
