import { any } from "../../chart/three-valued";
import { at, UNKNOWN, type ValueMap } from "../../chart/values";
import { type Control, type Finding, fail, notApplicable, pass, undecided, unknown } from "../control";
import { type Hub, hubTypes, recognise } from "../evidence/hub";
import type { Resource, Stack } from "../evidence/resource";
import {
  bindingTypes,
  forEverybody,
  type Grant,
  grantOf,
  isEverybody,
  isInNamespace,
  subjectsOf,
} from "../evidence/roles";
import { otherChart } from "../example";
import { account, binding, role } from "./role-examples";

const chartRules: ValueMap = {
  apiGroups: [""],
  resources: ["pods", "persistentvolumeclaims", "secrets", "services"],
  verbs: ["get", "watch", "list", "create", "delete"],
};

export const rolesMinimal: Control = {
  name: "roles-minimal",
  title: "No account in the hub's namespace, and nobody without one, holds broad rights",
  reference: ["RBAC-02", "K8S-01", "K8S-03", "K8S-04"],
  severity: "critical",
  pack: "security",
  why: "whoever breaks into hub or proxy has the rights of its account, and with broad ones the cluster",
  source: "Zero to JupyterHub, Security: use role based access control",
  remediation:
    "bind the accounts of the hub's namespace to Roles of that namespace which name the resources and verbs they need; the chart's own roles are enough for hub and proxy (rbac.create: true)",
  types: bindingTypes,
  scope: "stack",
  examples: [
    {
      title: "the chart's own role",
      verdict: "pass",
      values: {},
      resources: [role("own-hub", chartRules), binding("RoleBinding", "own-hub", account("hub"))],
    },
    {
      title: "an operator in another namespace",
      verdict: "notApplicable",
      values: {},
      resources: [binding("ClusterRoleBinding", "cluster-admin", account("operator", "operators"))],
    },
    {
      title: "administrator of the cluster",
      verdict: "fail",
      values: {},
      resources: [binding("ClusterRoleBinding", "cluster-admin", account("hub"))],
    },
    {
      title: "a part of the cluster itself, beside a hub whose namespace is not known yet",
      verdict: "notApplicable",
      values: {},
      release: { namespace: UNKNOWN },
      resources: [binding("ClusterRoleBinding", "cluster-admin", account("aws-node", "kube-system"))],
    },
    {
      title: "all accounts of the namespace",
      verdict: "fail",
      values: {},
      resources: [binding("ClusterRoleBinding", "edit", { kind: "Group", name: "system:serviceaccounts:jhub" })],
    },
    {
      title: "an account by its user name",
      verdict: "fail",
      values: {},
      resources: [
        binding("ClusterRoleBinding", "cluster-admin", { kind: "User", name: "system:serviceaccount:jhub:hub" }),
      ],
    },
    {
      title: "everybody without credentials, as an old guide for EKS told to do",
      verdict: "fail",
      resources: [binding("ClusterRoleBinding", "cluster-admin", { kind: "User", name: "system:anonymous" })],
    },
    {
      title: "a view of the cluster for everybody without credentials",
      verdict: "fail",
      resources: [binding("ClusterRoleBinding", "view", { kind: "Group", name: "system:unauthenticated" })],
    },
    {
      title: "what every cluster lets everybody know",
      verdict: "pass",
      resources: [binding("ClusterRoleBinding", "system:discovery", { kind: "Group", name: "system:authenticated" })],
    },
    {
      title: "a role with a harmless name and every right",
      verdict: "fail",
      values: {},
      resources: [
        role("own-reader", { apiGroups: ["*"], resources: ["*"], verbs: ["*"] }),
        binding("RoleBinding", "own-reader", account("proxy")),
      ],
    },
    {
      title: "commands in every kind of pod, by a wildcard",
      verdict: "fail",
      values: {},
      resources: [
        role("own-reader", { apiGroups: [""], resources: ["*/exec"], verbs: ["create"] }),
        binding("RoleBinding", "own-reader", account("hub")),
      ],
    },
    {
      title: "a namespaced role that is only called cluster-admin",
      verdict: "pass",
      values: {},
      resources: [
        role("own-cluster-admin", { apiGroups: [""], resources: ["events"], verbs: ["get"] }),
        binding("RoleBinding", "own-cluster-admin", account("hub")),
      ],
    },
    {
      title: "pods in every namespace",
      verdict: "fail",
      values: {},
      resources: [
        {
          ...role("spawner", { apiGroups: [""], resources: ["pods"], verbs: ["create"] }),
          type: "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole",
        },
        binding("ClusterRoleBinding", "spawner", account("hub")),
      ],
    },
    {
      title: "a role whose rules the cluster puts together",
      verdict: "unknown",
      values: {},
      resources: [
        {
          type: "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole",
          name: "role",
          properties: {
            metadata: { name: "monitoring" },
            aggregationRule: { clusterRoleSelectors: [{ matchLabels: { monitoring: "true" } }] },
            rules: [],
          },
        },
        binding("RoleBinding", "monitoring", account("hub")),
      ],
    },
    {
      title: "a role that the stack does not show",
      verdict: "unknown",
      values: {},
      resources: [binding("ClusterRoleBinding", "monitoring", account("hub"))],
    },
    otherChart,
  ],
  evaluate: (bound, { stack }) => {
    const hubs = hubsOf(stack);
    const subjects = subjectsOf(bound);
    const everybody = any(subjects.map(isEverybody));
    const ours = any([
      everybody,
      ...hubs.flatMap((hub) => subjects.map((subject) => isInNamespace(subject, hub.namespace))),
    ]);
    if (ours === false) return notApplicable("nobody in a hub's namespace");
    if (everybody === true) return judgeForEverybody(bound);
    const finding = judgeGrant(grantOf(bound, stack), stack);
    if (everybody === UNKNOWN && finding.verdict === "pass")
      return unknown("subjects", "a user or group that is not known yet", expectedRole);
    return ours === true ? finding : undecided(finding);
  },
};

const expectedRole = "a Role that names the resources and verbs that are needed";

function judgeForEverybody({ properties }: Resource): Finding {
  const role = at(properties, "roleRef.name");
  const expected = "users, groups and accounts by name";
  if (role === UNKNOWN) return unknown("roleRef.name", "a role for everybody that is not known yet", expected);
  return forEverybody.includes(role)
    ? pass("roleRef", "what everybody may read")
    : fail("subjects", "a role for everybody, who need no account for it or any", expected, "remove that subject");
}

function judgeGrant({ danger, clusterWide, readsSecrets, startsPods }: Grant, stack: Stack): Finding {
  if (danger === UNKNOWN) return unknown("roleRef", "a role that this stack does not show", expectedRole);
  if (danger !== undefined) return fail("roleRef", `a role that allows ${danger}`, expectedRole);
  if (clusterWide && readsSecrets === true)
    return fail("roleRef", "a role that reads every secret of the cluster", expectedRole);
  if (clusterWide && startsPods === true)
    return fail("roleRef", "a role that starts pods in every namespace", expectedRole);
  return stack.complete || readsSecrets === false
    ? pass("roleRef", "a role with named rights")
    : unknown("roleRef", "a role", expectedRole);
}

function hubsOf(stack: Stack): readonly Hub[] {
  return stack.ofType(...hubTypes).flatMap((resource) => {
    const recognised = recognise(resource);
    return recognised.kind === "hub" ? recognised.hubs : [];
  });
}
