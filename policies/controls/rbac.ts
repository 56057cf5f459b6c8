import { at, UNKNOWN } from "../../chart/values";
import { type Control, describe, fail, mustBe, unknown } from "../control";
import { hubTypes, onHub } from "../evidence/hub";
import { otherChart } from "../example";

export const rbacEnabled: Control = {
  name: "rbac-enabled",
  title: "The hub runs with its own Kubernetes RBAC rules",
  reference: ["RBAC-01"],
  severity: "critical",
  pack: "security",
  why: "without the chart's roles somebody grants the hub broad rights by hand, and whoever takes the hub over has them",
  source: "Zero to JupyterHub, Security: RBAC",
  remediation: "set rbac.create: true (the default; before chart 2.0 the key is rbac.enabled)",
  types: hubTypes,
  scope: "resource",
  examples: [
    { title: "chart default", verdict: "pass", values: {} },
    { title: "on", verdict: "pass", values: { rbac: { create: true } } },
    { title: "on, by the key of old charts", verdict: "pass", version: "1.2.0", values: { rbac: { enabled: true } } },
    { title: "off", verdict: "fail", values: { rbac: { create: false } } },
    { title: "off, by the key of old charts", verdict: "fail", version: "1.2.0", values: { rbac: { enabled: false } } },
    { title: "the key of old charts on a new one", verdict: "fail", values: { rbac: { enabled: false } } },
    {
      title: "the key of new charts on an old one",
      verdict: "fail",
      version: "1.2.0",
      values: { rbac: { create: false } },
    },
    { title: "deleted by null", verdict: "fail", values: { rbac: { create: null } } },
    { title: "a text", verdict: "fail", values: { rbac: { create: "false" } } },
    { title: "not known yet", verdict: "unknown", values: { rbac: { create: UNKNOWN } } },
    { title: "no value is known yet", verdict: "unknown", values: UNKNOWN },
    otherChart,
  ],
  evaluate: onHub((hub) => {
    const key = hub.since("2.0.0") ? "create" : "enabled";
    const other = key === "create" ? "enabled" : "create";
    const findings = [mustBe(true, at(hub.values, `rbac.${key}`), `rbac.${key}`)];
    const misplaced = at(hub.values, `rbac.${other}`);
    if (misplaced !== undefined && misplaced !== true) {
      const finding = misplaced === UNKNOWN ? unknown : fail;
      findings.push(finding(`rbac.${other}`, describe(misplaced), `this key gone and rbac.${key}: true`));
    }
    return findings;
  }),
};
