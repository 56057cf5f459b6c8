import type { Truth } from "../../chart/three-valued";
import { at, own, UNKNOWN } from "../../chart/values";
import { type Control, describe, type Finding, fail, mustBe, pass, undecided, unknown } from "../control";
import { type Hub, hubTypes, onHub, runsTraefik } from "../evidence/hub";
import type { Setting } from "../evidence/hub-config";
import { isGiven, isTruthy } from "../evidence/truth";
import { otherChart } from "../example";

export const componentsHaveOwnAccounts: Control = {
  name: "components-have-own-accounts",
  title: "Hub and its helpers run under service accounts of their own",
  reference: ["RBAC-03"],
  severity: "high",
  pack: "security",
  why: "with the account default the hub's rights, to read every secret and start pods, belong to every pod of the namespace",
  source: "Zero to JupyterHub, Security: use role based access control",
  remediation:
    "leave serviceAccount.create of hub, proxy.traefik, scheduling.userScheduler and prePuller.hook at true, or give each a serviceAccount.name of its own, never default",
  types: hubTypes,
  scope: "resource",
  examples: [
    { title: "chart default", verdict: "pass", values: {} },
    {
      title: "an account made elsewhere",
      verdict: "pass",
      values: { hub: { serviceAccount: { create: false, name: "hub-own" } } },
    },
    { title: "no account", verdict: "fail", values: { hub: { serviceAccount: { create: false } } } },
    {
      title: "the account default by name",
      verdict: "fail",
      values: { hub: { serviceAccount: { create: true, name: "default" } } },
    },
    {
      title: "the account default by the pod's own field",
      verdict: "fail",
      values: { hub: { extraPodSpec: { serviceAccountName: "default" } } },
    },
    {
      title: "old charts make accounts together with roles",
      verdict: "pass",
      version: "1.2.0",
      values: { rbac: { enabled: true } },
    },
    {
      title: "neither roles nor accounts, with an old chart",
      verdict: "fail",
      version: "1.2.0",
      values: { rbac: { enabled: false } },
    },
    {
      title: "no account for Traefik, which runs for certificates only",
      verdict: "pass",
      values: { proxy: { traefik: { serviceAccount: { create: false } } } },
    },
    { title: "not known yet", verdict: "unknown", values: { hub: { serviceAccount: { create: UNKNOWN } } } },
    otherChart,
  ],
  evaluate: onHub((hub) =>
    components(hub).map(({ base, used }) => {
      const finding = judgeAccount(hub, base);
      return used === true ? finding : undecided(finding);
    }),
  ),
};

interface Component {
  readonly base: string;
  readonly used: Truth;
}

/** Components whose pods talk to the API, and whether they run. */
function components(hub: Hub): Component[] {
  const helpers = ["scheduling.userScheduler", "prePuller.hook"].map(
    (base): Component => ({ base, used: isTruthy(at(hub.values, `${base}.enabled`)) }),
  );
  const every: Component[] = [
    { base: "hub", used: true },
    { base: "proxy.traefik", used: runsTraefik(hub) },
    ...helpers,
  ];
  return every.filter(({ used }) => used !== false);
}

function judgeAccount(hub: Hub, base: string): Finding {
  const path = `${base}.serviceAccount`;
  const expected = "an account of its own";
  const field = ["serviceAccountName", "serviceAccount"]
    .map(
      (key): Setting => ({
        path: `${base}.extraPodSpec.${key}`,
        value: at(hub.values, `${base}.extraPodSpec.${key}`),
      }),
    )
    .find(({ value }) => value !== undefined && value !== null);
  if (field) {
    if (field.value === UNKNOWN) return unknown(field.path, describe(field.value), expected);
    return field.value === "default" || field.value === ""
      ? fail(field.path, "the account default", expected)
      : pass(field.path, "an account of its own");
  }
  const section = at(hub.values, path);
  const name = own(section, "name");
  const create = own(section, "create");
  if (name === "default") return fail(`${path}.name`, "the account default", expected);
  if (name === UNKNOWN) return unknown(`${path}.name`, describe(name), expected);
  if (isGiven(name) === true) return pass(`${path}.name`, "an account of its own");
  // Before chart 2.0 every component gets its account together with its role.
  if (!hub.since("2.0.0")) return mustBe(true, at(hub.values, "rbac.enabled"), "rbac.enabled");
  if (create === UNKNOWN) return unknown(`${path}.create`, describe(create), "true");
  return create === true
    ? pass(`${path}.create`, "true")
    : fail(`${path}.create`, `${describe(create)}, which means the account default`, "true");
}
