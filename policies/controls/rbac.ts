import { at, UNKNOWN } from "../../chart/values";
import { type Control, describe, fail, mustBe, unknown } from "../control";
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
    const misplaced = at(hub.values, `rbac.${other}`);
    if (misplaced !== undefined && misplaced !== true) {
      const finding = misplaced === UNKNOWN ? unknown : fail;
      findings.push(finding(`rbac.${other}`, describe(misplaced), `this key gone and rbac.${key}: true`));
    }
    return findings;
  }),
};
