import { at, own } from "../../chart/values";
import { type Control, fail, mustBe } from "../control";
import { hubTypes, onHub } from "../evidence/hub";

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
  evaluate: onHub((hub) => {
    const key = hub.since("2.0.0") ? "create" : "enabled";
    const other = key === "create" ? "enabled" : "create";
    const findings = [mustBe(true, at(hub.values, `rbac.${key}`), `rbac.${key}`)];
    if (own(at(hub.values, "rbac"), other) === false) {
      findings.push(fail(`rbac.${other}`, "false", `this key gone and rbac.${key}: true`));
    }
    return findings;
  }),
};
