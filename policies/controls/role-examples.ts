import type { Value, ValueMap } from "../../chart/values";
import type { ExampleResource } from "../example";

const rbac = "kubernetes:rbac.authorization.k8s.io/v1:";
export const account = (name: string, namespace: Value = "jhub"): ValueMap => ({
  kind: "ServiceAccount",
  name,
  namespace,
});
export const binding = (kind: string, role: string, subject: Value): ExampleResource => ({
  type: `${rbac}${kind.includes("Cluster") ? "ClusterRoleBinding" : "RoleBinding"}`,
  name: "binding",
  properties: {
    metadata: { name: "b", namespace: "jhub" },
    roleRef: { kind: role.startsWith("own") ? "Role" : "ClusterRole", name: role },
    subjects: [subject],
  },
});
export const role = (name: string, ...rules: readonly ValueMap[]): ExampleResource => ({
  type: `${rbac}Role`,
  name: "role",
  properties: { metadata: { name, namespace: "jhub" }, rules },
});
