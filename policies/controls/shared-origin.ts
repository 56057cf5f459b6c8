import type { Truth } from "../../chart/three-valued";
import { at, type Found, own, UNKNOWN, type ValueMap } from "../../chart/values";
import { type Control, describe, type Finding, fail, notApplicable, pass, unknown, when } from "../control";
import { type Child, children, hubTypes, onHub } from "../evidence/hub";
import { configured } from "../evidence/hub-config";
import { is, isGiven, isTruthy, listOf } from "../evidence/truth";
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
      title: "tokens of everybody, with which one is everybody",
      verdict: "fail",
      values: roles({ user: { scopes: ["self", "tokens"] } }),
    },
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
    {
      title: "not known yet whose role it is",
      verdict: "unknown",
      values: roles({ staff: { name: UNKNOWN, scopes: ["access:servers"] } }),
    },
    otherChart,
  ],
  evaluate: onHub((hub, { settings }) => {
    const set = configured(hub, "JupyterHub", "load_roles");
    const chart: Child = { path: "hub.loadRoles", value: at(hub.values, "hub.loadRoles") };
    // hub.config comes after the chart's own roles and replaces them.
    const source = set.value === undefined || set.value === null ? chart : set;
    const expected = "scopes for their own servers alone";
    if (source.value === UNKNOWN) return unknown(source.path, describe(source.value), expected);
    const findings = children(source.value, source.path).flatMap((role) =>
      when(isForUsers(role), "a role of others", () => [
        ...judgeScopes(own(role.value, "scopes"), `${role.path}.scopes`, settings.profile !== "baseline"),
        pass(`${role.path}.scopes`, "scopes for their own servers alone"),
      ]),
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
  /^(access:servers|(admin|delete|start|read):?servers|servers|(read:)?shares|shares|admin:(users|groups|auth_state|server_state|services)|users|groups|tokens|proxy|admin-ui|admin:.*)(!(.*))?$/;

function judgeScopes(scopes: Found, path: string, untrusting: boolean): Finding[] {
  const expected = "scopes for their own servers alone";
  if (scopes === UNKNOWN) return [unknown(path, describe(scopes), expected)];
  return listOf(scopes).flatMap((scope, index): Finding[] => {
    const where = `${path}[${index}]`;
    if (scope === UNKNOWN) return [unknown(where, describe(scope), expected)];
    const parts = typeof scope === "string" ? reaching.exec(scope) : null;
    if (!parts) return [];
    const shares = parts[1] === "shares";
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
