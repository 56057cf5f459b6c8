import { type Found, UNKNOWN } from "../../chart/values";
import { type Control, describe, type Finding, fail, pass, unknown, when } from "../control";
import { hostNames, hostOf, isPublished, parseUrl } from "../evidence/host-names";
import { type Hub, hubTypes } from "../evidence/hub";
import { baseUrl } from "../evidence/hub-config";
import { callbackOf, onOAuth } from "../evidence/oauth";
import { isGiven } from "../evidence/truth";
import { otherChart } from "../example";

const source = "Setting up JupyterHub Securely on AWS: managing users using OAuth 2.0";
const config = { JupyterHub: { authenticator_class: "github" } };
const client = { client_id: "Ov23liExample", client_secret: "made-up" };
const callback = "https://hub.acme.science/hub/oauth_callback";

export const oauthCallbackIsHttps: Control = {
  name: "oauth-callback-is-https",
  title: "The login provider sends people back to an HTTPS address",
  reference: ["AUTH-04"],
  severity: "high",
  pack: "security",
  why: "on the way back to an http address everybody in between reads the code that logs somebody in",
  source: `${source} (whose text registers an http address, against its own configuration)`,
  remediation:
    'set oauth_callback_url: "https://<host of the hub>/hub/oauth_callback" in the section of the login\'s class, and register the same at the provider',
  types: hubTypes,
  scope: "resource",
  examples: [
    {
      title: "HTTPS",
      verdict: "pass",
      values: { hub: { config: { ...config, GitHubOAuthenticator: { oauth_callback_url: callback } } } },
    },
    {
      title: "HTTP, as the article registers it",
      verdict: "fail",
      values: {
        hub: {
          config: {
            ...config,
            GitHubOAuthenticator: { oauth_callback_url: "http://hub.acme.science/hub/oauth_callback" },
          },
        },
      },
    },
    {
      title: "HTTP, with the section of old charts",
      verdict: "fail",
      version: "0.9.1",
      values: { auth: { type: "github", github: { callbackUrl: "http://hub.acme.science/hub/oauth_callback" } } },
    },
    {
      title: "no address: the hub guesses one out of a request",
      verdict: "unknown",
      values: { hub: { config: { ...config, GitHubOAuthenticator: client } } },
    },
    { title: "another kind of login", verdict: "notApplicable", values: {} },
    otherChart,
  ],
  evaluate: onOAuth((_, login) => {
    const { value, path } = callbackOf(login);
    const expected = "an https:// address";
    if (value === undefined || value === null || value === "")
      return unknown(path, "not set, so that the hub guesses it from a request, often as http", expected);
    if (value === UNKNOWN) return unknown(path, describe(value), expected);
    return typeof value === "string" && /^https:\/\/./i.test(value.trim())
      ? pass(path, "an https:// address")
      : fail(
          path,
          typeof value === "string" ? "an address that does not begin with https://" : describe(value),
          expected,
        );
  }),
};

export const oauthCallbackMatchesHub: Control = {
  name: "oauth-callback-matches-hub",
  title: "The login provider sends people back to this hub, to the path that answers",
  reference: ["AUTH-05"],
  severity: "high",
  pack: "security",
  why: "the code that logs somebody in goes to whoever answers under that address",
  source,
  remediation:
    'set oauth_callback_url: "https://<host of the hub><hub.baseUrl>hub/oauth_callback", with the host that proxy.https.hosts or ingress.hosts names',
  types: hubTypes,
  scope: "resource",
  examples: [
    {
      title: "the hub's own host and path",
      verdict: "pass",
      values: {
        proxy: { https: { enabled: true, hosts: ["hub.acme.science"] } },
        hub: { config: { ...config, GitHubOAuthenticator: { oauth_callback_url: callback } } },
      },
    },
    {
      title: "below a base URL",
      verdict: "pass",
      values: {
        ingress: { enabled: true, hosts: ["acme.science"] },
        hub: {
          baseUrl: "/jupyter",
          config: {
            ...config,
            OAuthenticator: { oauth_callback_url: "https://acme.science/jupyter/hub/oauth_callback" },
          },
        },
      },
    },
    {
      title: "another host",
      verdict: "fail",
      values: {
        proxy: { https: { enabled: true, hosts: ["other.acme.science"] } },
        hub: { config: { ...config, GitHubOAuthenticator: { oauth_callback_url: callback } } },
      },
    },
    {
      title: "another path",
      verdict: "fail",
      values: {
        proxy: { https: { enabled: true, hosts: ["hub.acme.science"] } },
        hub: {
          config: { ...config, GitHubOAuthenticator: { oauth_callback_url: "https://hub.acme.science/callback" } },
        },
      },
    },
    {
      title: "no host to compare with",
      verdict: "unknown",
      values: { hub: { config: { ...config, GitHubOAuthenticator: { oauth_callback_url: callback } } } },
    },
    { title: "no address is given", verdict: "notApplicable", values: { hub: { config } } },
    otherChart,
  ],
  evaluate: onOAuth((hub, login) => {
    const { value, path } = callbackOf(login);
    return when(isGiven(value), "no callback address is given", () => judgeCallback(hub, value, path));
  }),
};

function judgeCallback(hub: Hub, value: Found, path: string): Finding {
  const base = baseUrl(hub);
  const expected = "https://<host of the hub><hub.baseUrl>hub/oauth_callback";
  if (value === UNKNOWN) return unknown(path, describe(value), expected);
  const url = typeof value === "string" ? parseUrl(value) : undefined;
  if (url === undefined) return fail(path, "no address", expected);
  if (typeof base.value !== "string") return unknown(base.path, describe(base.value), "the hub's base URL");
  if (url.pathname !== `${base.value}hub/oauth_callback`) return fail(path, "an address with another path", expected);
  const names = hostNames(hub);
  if (names.length === 0) return unknown(path, "an address, but no host in the values to compare it with", expected);
  const published = isPublished(names, hostOf(value) ?? "");
  if (published === UNKNOWN) return unknown(path, "a host that may be the hub's", expected);
  return published
    ? pass(path, "the hub's own address")
    : fail(path, "an address with a host that is not the hub's", expected);
}
