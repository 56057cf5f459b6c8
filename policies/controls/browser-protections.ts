import { any } from "../../chart/three-valued";
import { at, type Found, isMap, own, scalarText, UNKNOWN } from "../../chart/values";
import { type Control, describe, type Finding, fail, pass, unknown } from "../control";
import { children, type Hub, hubTypes, onHub, withoutComments } from "../evidence/hub";
import { configured } from "../evidence/hub-config";
import { decidingTextOf, decoded, type Variable, variablesOf } from "../evidence/pod-secrets";
import { is, isGiven, matches } from "../evidence/truth";
import { argumentsByVariable, commandOf } from "../evidence/user-command";
import { userPods } from "../evidence/user-pods";
import { otherChart } from "../example";

const source = "JupyterHub, Security Overview: protecting users from each other";

export const browserProtectionsKept: Control = {
  name: "browser-protections-kept",
  title: "The browser's protections between pages are on",
  reference: ["USR-13", "JX-11"],
  severity: "medium",
  pack: "security",
  why: "without them any page that a user visits, another user's too, acts on the hub in that user's name",
  source,
  remediation:
    "remove xsrf_cookies: false from tornado_settings, frame-ancestors and Access-Control-Allow-Origin from its headers and SameSite from its cookie_options, and allow_origin, disable_check_xsrf and JUPYTERHUB_ALLOW_TOKEN_IN_URL from servers' arguments, environment and files",
  types: hubTypes,
  scope: "resource",
  examples: [
    { title: "chart default", verdict: "pass", values: {} },
    {
      title: "pages of one other site may frame it",
      verdict: "pass",
      values: {
        hub: {
          config: {
            JupyterHub: {
              tornado_settings: { headers: { "Content-Security-Policy": "frame-ancestors https://lms.acme.science" } },
            },
          },
        },
      },
    },
    {
      title: "everybody may frame it",
      verdict: "fail",
      values: {
        hub: {
          config: {
            JupyterHub: { tornado_settings: { headers: { "Content-Security-Policy": "frame-ancestors *;" } } },
          },
        },
      },
    },
    {
      title: "a policy in the place of the hub's own, which says nothing of frames",
      verdict: "fail",
      values: {
        hub: {
          config: {
            JupyterHub: { tornado_settings: { headers: { "Content-Security-Policy": "default-src 'self'" } } },
          },
        },
      },
    },
    {
      title: "cookies that other sites' requests bring along",
      verdict: "fail",
      values: {
        hub: { config: { JupyterHub: { tornado_settings: { cookie_options: { SameSite: "None", Secure: true } } } } },
      },
    },
    {
      title: "the hub checks no forged requests",
      verdict: "fail",
      values: { hub: { config: { JupyterHub: { tornado_settings: { xsrf_cookies: false } } } } },
    },
    {
      title: "every origin may call servers",
      verdict: "fail",
      values: { singleuser: { cmd: ["jupyterhub-singleuser", "--ServerApp.allow_origin=*"] } },
    },
    {
      title: "every site with TLS may frame it",
      verdict: "fail",
      values: {
        hub: {
          config: {
            JupyterHub: { tornado_settings: { headers: { "Content-Security-Policy": "frame-ancestors https:" } } },
          },
        },
      },
    },
    {
      title: "every origin, in two words",
      verdict: "fail",
      values: { hub: { config: { KubeSpawner: { args: ["--ServerApp.allow_origin", "*"] } } } },
    },
    {
      title: "no check of forged requests, in one profile",
      verdict: "fail",
      values: {
        singleuser: { profileList: [{ kubespawner_override: { args: ["--ServerApp.disable_check_xsrf=True"] } }] },
      },
    },
    {
      title: "tokens in addresses",
      verdict: "fail",
      values: { singleuser: { extraEnv: { JUPYTERHUB_ALLOW_TOKEN_IN_URL: "1" } } },
    },
    {
      title: "a server's configuration file",
      verdict: "fail",
      values: {
        singleuser: {
          extraFiles: { c: { mountPath: "/etc/jupyter/c.py", stringData: "c.ServerApp.disable_check_xsrf = True" } },
        },
      },
    },
    {
      title: "a comment in it",
      verdict: "pass",
      values: {
        singleuser: {
          extraFiles: { c: { mountPath: "/etc/jupyter/c.py", stringData: "# c.ServerApp.allow_origin = '*'" } },
        },
      },
    },
    {
      title: "origins of one domain",
      verdict: "pass",
      values: {
        hub: { config: { KubeSpawner: { args: ["--ServerApp.allow_origin_pat=https://.*\\.acme\\.science"] } } },
      },
    },
    {
      title: "a pattern for every origin",
      verdict: "fail",
      values: { hub: { config: { KubeSpawner: { args: ["--ServerApp.allow_origin_pat=^https?://.*$"] } } } },
    },
    {
      title: "not known yet",
      verdict: "unknown",
      values: { hub: { config: { JupyterHub: { tornado_settings: UNKNOWN } } } },
    },
    otherChart,
  ],
  evaluate: onHub((hub) => [
    ...judgeHeaders(hub),
    ...judgeForgedRequests(hub),
    ...judgeCookies(hub),
    ...userPods(hub).flatMap((pod) => [
      ...[...commandOf(pod), ...argumentsByVariable(pod)].flatMap(({ words, path }) => judgeText(words, path)),
      ...variablesOf(pod).flatMap(judgeVariable),
    ]),
    ...children(at(hub.values, "singleuser.extraFiles"), "singleuser.extraFiles").flatMap(({ path, value }) => [
      ...judgeText([effective(own(value, "stringData"))], `${path}.stringData`),
      ...judgeText([effective(decoded(own(value, "binaryData")))], `${path}.binaryData`),
      ...judgeText(settingsIn(own(value, "data")), `${path}.data`),
    ]),
    pass("hub.config.JupyterHub.tornado_settings", "the defaults"),
  ]),
};

const noSetting = "nothing that turns protections off";
/** Settings of a server in a command line, Python or JSON: a name, what stands between, and a value that turns a protection off. */
const turnsOff = new RegExp(
  [
    [/allow_origin/, /\*/],
    [/allow_origin_pat/, /\^?\(?(https?\??:(\\?\/){2})?\(?\.[*+]\)*\$?(["',}\s]|$)/],
    [/(disable_check_xsrf|allow_token_in_url)/, /(true|1)/],
    [/xsrf_cookies/, /(false|0)/],
    [/same_?site/, /none/],
  ]
    .map(([name, value]) => `${name?.source}["']?\\s*[=:\\s]\\s*r?["']?${value?.source}`)
    .concat(/frame-ancestors[^;]*\s(\*|'self'|https?:(\/\/\*)?([\s;"']|$))/.source)
    .join("|"),
  "i",
);

function judgeText(texts: readonly Found[], path: string): Finding[] {
  const line = texts.filter((text) => typeof text === "string").join(" ");
  const off = any([...texts, line].map((text) => matches(text, turnsOff)));
  if (off === UNKNOWN) return [unknown(path, describe(UNKNOWN), noSetting)];
  return off ? [fail(path, "a setting that turns a protection off", noSetting)] : [];
}

/** What of a file's text takes effect. */
function effective(text: Found): Found {
  return typeof text === "string" ? withoutComments(text) : text;
}

/** Everything but an explicit no lets a server take tokens out of addresses. */
function judgeVariable(variable: Variable): Finding[] {
  const text = decidingTextOf(variable);
  if (variable.name === "" && text === UNKNOWN) return [unknown(variable.path, describe(text), noSetting)];
  if (variable.name !== "JUPYTERHUB_ALLOW_TOKEN_IN_URL") return [];
  const forbids = any([is(text, false, 0, null, undefined), matches(text, /^\s*(0|false|no|off)?\s*$/i)]);
  if (forbids === UNKNOWN) return [unknown(variable.path, describe(text), noSetting)];
  return forbids ? [] : [fail(variable.path, "a variable that allows tokens in addresses", noSetting)];
}

/** Settings of a JSON file that is given as a map, each as a text of its own. */
function settingsIn(data: Found): Found[] {
  if (data === UNKNOWN) return [UNKNOWN];
  if (!isMap(data)) return [];
  return Object.entries(data).flatMap(([key, value]): Found[] =>
    isMap(value) ? settingsIn(value) : value === UNKNOWN ? [UNKNOWN] : [`${key}=${scalarText(value)}`],
  );
}

/** Tornado asks for the token of its own pages as long as this is on, as JupyterHub has it since 4.1. */
function judgeForgedRequests(hub: Hub): Finding[] {
  const { value, path } = configured(hub, "JupyterHub", "tornado_settings");
  const checks = own(value, "xsrf_cookies");
  const where = `${path}.xsrf_cookies`;
  if (checks === UNKNOWN) return value === UNKNOWN ? [] : [unknown(where, describe(checks), noSetting)];
  return checks === undefined || checks === true
    ? []
    : [fail(where, `${describe(checks)}, which turns a protection off`, noSetting)];
}

/** Browsers send a cookie with `SameSite=None` along with every site's requests. */
function judgeCookies(hub: Hub): Finding[] {
  const { value, path } = configured(hub, "JupyterHub", "tornado_settings");
  const options = own(value, "cookie_options");
  const where = `${path}.cookie_options`;
  if (options === UNKNOWN) return [unknown(where, describe(options), noSetting)];
  return children(isMap(options) ? options : {}, where).flatMap((option): Finding[] => {
    if (!/\.same_?site$/i.test(option.path)) return [];
    const off = matches(option.value, /^none$/i);
    if (off === UNKNOWN) return [unknown(option.path, describe(option.value), noSetting)];
    return off ? [fail(option.path, "None, which turns a protection off", noSetting)] : [];
  });
}

/** Any site, or any site of a scheme. */
const framedByEverybody = /frame-ancestors[^;]*\s(\*|https?:(\/\/\*)?(\s|;|$))/i;
/** On one host name the pages of other users are neighbours. */
const framedByNeighbours = new RegExp(`${framedByEverybody.source}|frame-ancestors[^;]*\\s'self'`, "i");

function judgeHeaders(hub: Hub): Finding[] {
  const { value, path } = configured(hub, "JupyterHub", "tornado_settings");
  const headers = own(value, "headers");
  if (headers === UNKNOWN) return [unknown(path, describe(headers), noSetting)];
  const subdomains = isGiven(configured(hub, "JupyterHub", "subdomain_host").value) === true;
  return Object.entries(isMap(headers) ? headers : {}).flatMap(([name, text]): Finding[] => {
    const where = `${path}.headers.${name}`;
    const framing = subdomains ? framedByEverybody : framedByNeighbours;
    const isPolicy = /^content-security-policy$/i.test(name);
    // It takes the place of the hub's own, which lets nobody frame its pages.
    if (isPolicy && matches(text, /frame-ancestors/i) === false)
      return [
        fail(
          where,
          "a policy without frame-ancestors, so that everybody may frame the hub's pages",
          "a policy with frame-ancestors 'none'",
          `remove ${where}, or add "frame-ancestors 'none'" to it`,
        ),
      ];
    const pattern = isPolicy
      ? framing
      : /^access-control-allow-origin$/i.test(name)
        ? /^\s*\*/
        : /^x-frame-options$/i.test(name)
          ? /^\s*(allow|$)/i
          : undefined;
    const off = pattern ? matches(text, pattern) : false;
    if (off === UNKNOWN) return [unknown(where, describe(text), noSetting)];
    return off ? [fail(where, "a header that turns a protection off", noSetting)] : [];
  });
}
