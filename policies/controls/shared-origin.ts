import { any, type Truth } from "../../chart/three-valued";
import { at, type Found, isMap, own, scalarText, UNKNOWN, type ValueMap } from "../../chart/values";
import { type Control, describe, type Finding, fail, notApplicable, pass, unknown } from "../control";
import { type Child, children, type Hub, hubTypes, onHub } from "../evidence/hub";
import { configured } from "../evidence/hub-config";
import { decoded, textOf, variablesOf } from "../evidence/pod-secrets";
import { is, isGiven, isTruthy, listOf, matches, wordsOf } from "../evidence/truth";
import { userPods } from "../evidence/user-pods";
import { otherChart } from "../example";

const source = "JupyterHub, Security Overview: protecting users from each other";
const roles = (loadRoles: ValueMap): ValueMap => ({ hub: { loadRoles } });

// ---- roles ---------------------------------------------------------------------------------------------------------------

export const usersReachOwnServersOnly: Control = {
  name: "users-reach-own-servers-only",
  title: "Ordinary users reach their own servers only",
  reference: ["USR-11", "JX-09"],
  severity: "high",
  pack: "security",
  why: "whoever opens another user's server acts as that user, files and credentials included",
  source,
  remediation:
    "remove access:servers, admin:servers, servers, shares and admin scopes without the filter !user from the roles user and server in hub.loadRoles",
  types: hubTypes,
  scope: "resource",
  examples: [
    { title: "chart default", verdict: "pass", values: {} },
    { title: "their own", verdict: "pass", values: roles({ user: { scopes: ["self", "access:servers!user"] } }) },
    {
      title: "a service that stops servers",
      verdict: "pass",
      values: roles({ culler: { scopes: ["admin:servers"], services: ["culler"] } }),
    },
    { title: "everybody's", verdict: "fail", values: roles({ user: { scopes: ["self", "access:servers"] } }) },
    {
      title: "those of a group",
      verdict: "fail",
      values: roles({ x: { name: "user", scopes: ["access:servers!group=class"] } }),
    },
    {
      title: "by the hub's own setting",
      verdict: "fail",
      values: { hub: { config: { JupyterHub: { load_roles: [{ name: "user", scopes: ["admin:servers"] }] } } } },
    },
    {
      title: "users share their servers, and nobody trusts them",
      verdict: "fail",
      values: roles({ user: { scopes: ["self", "shares!user"] } }),
      configuration: { settings: { profile: "untrusted-users" } },
    },
    { title: "not known yet", verdict: "unknown", values: roles({ user: { scopes: UNKNOWN } }) },
    otherChart,
  ],
  evaluate: onHub((hub, { settings }) => {
    const set = configured(hub, "JupyterHub", "load_roles");
    const chart: Child = { path: "hub.loadRoles", value: at(hub.values, "hub.loadRoles") };
    // hub.config comes after the chart's own roles and replaces them.
    const source = set.value === undefined || set.value === null ? chart : set;
    const expected = "scopes for their own servers alone";
    if (source.value === UNKNOWN) return unknown(source.path, describe(source.value), expected);
    const findings = children(source.value, source.path)
      .filter((role) => isForUsers(role) !== false)
      .flatMap((role) =>
        judgeScopes(own(role.value, "scopes"), `${role.path}.scopes`, settings.profile !== "baseline"),
      );
    return [...findings, pass(source.path, "no role that reaches other users' servers")];
  }),
};

/** The roles user and server hold for everybody; the key of the chart's map is the name unless it says another. */
function isForUsers({ path, value }: Child): Truth {
  if (value === UNKNOWN) return UNKNOWN;
  const key = path.slice(path.lastIndexOf(".") + 1);
  return is(own(value, "name") ?? key, "user", "server");
}

const reaching =
  /^(access:servers|(admin|delete|start|read):?servers|servers|(read:)?shares|shares|admin:(users|groups|auth_state|server_state|services)|users|groups|proxy|admin-ui|admin:.*)(!(.*))?$/;

function judgeScopes(scopes: Found, path: string, untrusting: boolean): Finding[] {
  const expected = "scopes for their own servers alone";
  if (scopes === UNKNOWN) return [unknown(path, describe(scopes), expected)];
  return listOf(scopes).flatMap((scope, index): Finding[] => {
    const where = `${path}[${index}]`;
    if (scope === UNKNOWN) return [unknown(where, describe(scope), expected)];
    const parts = typeof scope === "string" ? reaching.exec(scope) : null;
    if (!parts) return [];
    const shares = /shares$/.test(parts[1] ?? "");
    const ownOnly = parts[6] === "user" || parts[6] === "server";
    return ownOnly && !(shares && untrusting)
      ? []
      : [fail(where, "a scope that reaches other users' servers", expected)];
  });
}

// ---- services ------------------------------------------------------------------------------------------------------------

export const servicesReviewed: Control = {
  name: "services-reviewed",
  title: "Services on the hub's domain are reviewed, and none administers the hub",
  reference: ["USR-12", "JX-09"],
  severity: "medium",
  pack: "security",
  why: "a service on the hub's own host name that shows what users wrote runs their code in the browser of whoever looks at it",
  source,
  remediation:
    "remove admin: true from hub.services and grant the scopes that a service needs by hub.loadRoles; list reviewed services in the option reviewedServices",
  options: {
    reviewedServices: {
      type: "array",
      description: "Names of services that show nothing that users wrote",
      default: [],
    },
  },
  types: hubTypes,
  scope: "resource",
  examples: [
    { title: "no page of its own", verdict: "pass", values: { hub: { services: { culler: { command: ["cull"] } } } } },
    {
      title: "a reviewed service",
      verdict: "pass",
      values: { hub: { services: { docs: { url: "http://docs:8000" } } } },
      configuration: { "services-reviewed": { reviewedServices: ["docs"] } },
    },
    { title: "an administrator", verdict: "fail", values: { hub: { services: { tool: { admin: true } } } } },
    {
      title: "pages that nobody has reviewed",
      verdict: "unknown",
      values: { hub: { services: { docs: { url: "http://docs:8000" } } } },
    },
    { title: "chart default", verdict: "notApplicable", values: {} },
    otherChart,
  ],
  evaluate: onHub((hub, { options }) => {
    const path = "hub.services";
    const services = at(hub.values, path);
    if (services === UNKNOWN) return unknown(path, describe(services), "services that are reviewed");
    const findings = children(services, path).map((service) => judgeService(service, listOf(options.reviewedServices)));
    return findings.length > 0 ? findings : notApplicable("no services");
  }),
};

function judgeService({ path, value }: Child, reviewed: readonly Found[]): Finding {
  const administers = isTruthy(own(value, "admin"));
  const expected = "no administrator's rights, and pages that are reviewed";
  if (administers === true) return fail(`${path}.admin`, "true", "false, and a role with the scopes that it needs");
  if (administers === UNKNOWN) return unknown(`${path}.admin`, describe(UNKNOWN), "false");
  const name = own(value, "name") ?? path.slice(path.lastIndexOf(".") + 1);
  const shows = isGiven(own(value, "url"));
  if (shows === false || reviewed.includes(name)) return pass(path, "a service without pages, or reviewed");
  return unknown(
    path,
    "a service with pages on the hub's domain",
    expected,
    "review it, then list its name in the option reviewedServices",
  );
}

// ---- the browser ---------------------------------------------------------------------------------------------------------

export const browserProtectionsKept: Control = {
  name: "browser-protections-kept",
  title: "The browser's protections between pages are on",
  reference: ["USR-13", "JX-11"],
  severity: "medium",
  pack: "security",
  why: "without them any page that a user visits, another user's too, acts on the hub in that user's name",
  source,
  remediation:
    "remove frame-ancestors and Access-Control-Allow-Origin from tornado_settings.headers, and allow_origin, disable_check_xsrf and JUPYTERHUB_ALLOW_TOKEN_IN_URL from servers' arguments, environment and files",
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
      title: "not known yet",
      verdict: "unknown",
      values: { hub: { config: { JupyterHub: { tornado_settings: UNKNOWN } } } },
    },
    otherChart,
  ],
  evaluate: onHub((hub) => [
    ...judgeHeaders(hub),
    ...userPods(hub).flatMap((pod) => [
      ...["cmd", "args"].flatMap((name) => {
        const set = pod.setting(name);
        const chart = name === "cmd" && set.value === undefined;
        const path = chart ? "singleuser.cmd" : set.path;
        return judgeText(wordsOf(chart ? at(hub.values, path) : set.value), path);
      }),
      ...variablesOf(pod).flatMap((variable): Finding[] => {
        const text = textOf(variable);
        if (variable.name === "" && text === UNKNOWN) return [unknown(variable.path, describe(text), noSetting)];
        if (variable.name !== "JUPYTERHUB_ALLOW_TOKEN_IN_URL") return [];
        const allows = any([is(text, true, 1), matches(text, /^(1|true|yes)$/i)]);
        if (allows === UNKNOWN) return [unknown(variable.path, describe(text), noSetting)];
        return allows ? [fail(variable.path, "a variable that allows tokens in addresses", noSetting)] : [];
      }),
    ]),
    ...children(at(hub.values, "singleuser.extraFiles"), "singleuser.extraFiles").flatMap(({ path, value }) => [
      ...judgeText([own(value, "stringData")], `${path}.stringData`),
      ...judgeText([decoded(own(value, "binaryData"))], `${path}.binaryData`),
      ...judgeText(settingsIn(own(value, "data")), `${path}.data`),
    ]),
    pass("hub.config.JupyterHub.tornado_settings", "the defaults"),
  ]),
};

const noSetting = "nothing that turns protections off";
const turnsOff =
  /allow_origin(_pat)?["']?\s*[=:\s]\s*["']?(\*|\.\*)|disable_check_xsrf["']?\s*[=:]\s*["']?(true|1)|frame-ancestors[^;]*\s(\*|'self'|https?:(\/\/\*)?([\s;"']|$))|allow_token_in_url["']?\s*[=:]\s*["']?(true|1)/i;

function judgeText(texts: readonly Found[], path: string): Finding[] {
  const line = texts.filter((text) => typeof text === "string").join(" ");
  const off = any([...texts, line].map((text) => matches(text, turnsOff)));
  if (off === UNKNOWN) return [unknown(path, describe(UNKNOWN), noSetting)];
  return off ? [fail(path, "a setting that turns a protection off", noSetting)] : [];
}

/** Settings of a JSON file that is given as a map, each as a text of its own. */
function settingsIn(data: Found): Found[] {
  if (data === UNKNOWN) return [UNKNOWN];
  if (!isMap(data)) return [];
  return Object.entries(data).flatMap(([key, value]): Found[] =>
    isMap(value) ? settingsIn(value) : value === UNKNOWN ? [UNKNOWN] : [`${key}=${scalarText(value)}`],
  );
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
    const pattern = /^content-security-policy$/i.test(name)
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
