import { any } from "../../chart/three-valued";
import { at, type Found, own, UNKNOWN, type Value, type ValueMap } from "../../chart/values";
import { type Context, type Control, type Finding, fail, notApplicable, pass, undecided, unknown } from "../control";
import { type Hub, hubTypes, onHub, recognise } from "../evidence/hub";
import type { Resource, Stack } from "../evidence/resource";
import { bindingTypes, type Grant, grantOf, isEverybody, isInNamespace, subjectsOf } from "../evidence/roles";
import { is } from "../evidence/truth";
import { userPods } from "../evidence/user-pods";
import { type ExampleResource, otherChart } from "../example";

const rbac = "kubernetes:rbac.authorization.k8s.io/v1:";
const account = (name: string, namespace: Value = "jhub"): ValueMap => ({ kind: "ServiceAccount", name, namespace });
const binding = (kind: string, role: string, subject: Value): ExampleResource => ({
  type: `${rbac}${kind.includes("Cluster") ? "ClusterRoleBinding" : "RoleBinding"}`,
  name: "binding",
  properties: {
    metadata: { name: "b", namespace: "jhub" },
    roleRef: { kind: role.startsWith("own") ? "Role" : "ClusterRole", name: role },
    subjects: [subject],
  },
});
const role = (name: string, ...rules: readonly ValueMap[]): ExampleResource => ({
  type: `${rbac}Role`,
  name: "role",
  properties: { metadata: { name, namespace: "jhub" }, rules },
});
const chartRules: ValueMap = {
  apiGroups: [""],
  resources: ["pods", "persistentvolumeclaims", "secrets", "services"],
  verbs: ["get", "watch", "list", "create", "delete"],
};

// ---- every account of the hub's namespace --------------------------------------------------------------------------------

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
    const grant = grantOf(bound, stack);
    if (ours === false) return notApplicable("nobody in a hub's namespace");
    if (everybody === true && at(bound.properties, "roleRef.name") === "system:public-info-viewer")
      return pass("roleRef", "what everybody may read");
    const finding = judgeGrant(grant, stack);
    return ours === true ? finding : undecided(finding);
  },
};

const expectedRole = "a Role that names the resources and verbs that are needed";

function judgeGrant({ danger, clusterWide, readsSecrets }: Grant, stack: Stack): Finding {
  if (danger === UNKNOWN) return unknown("roleRef", "a role that this stack does not show", expectedRole);
  if (danger !== undefined) return fail("roleRef", `a role that allows ${danger}`, expectedRole);
  if (clusterWide && readsSecrets === true)
    return fail("roleRef", "a role that reads every secret of the cluster", expectedRole);
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

// ---- accounts of user pods -----------------------------------------------------------------------------------------------

const users: ValueMap = { singleuser: { serviceAccountName: "users" } };
const usersAccount: ExampleResource = {
  type: "kubernetes:core/v1:ServiceAccount",
  name: "users",
  properties: { metadata: { name: "users", namespace: "jhub" } },
};

export const userAccountLimited: Control = {
  name: "user-account-limited",
  title: "The account of user pods can read no secrets and start nothing",
  reference: ["RBAC-06", "K8S-02", "K8S-05"],
  severity: "critical",
  pack: "security",
  why: "every user runs code with that account's rights: with secrets or pods in reach, one user is all users",
  source: "Zero to JupyterHub, Security: Kubernetes API access",
  remediation:
    "bind the account that singleuser.serviceAccountName names to a Role of the hub's namespace with reading verbs on the few resources users need, and to nothing else",
  types: hubTypes,
  scope: "stack",
  examples: [
    { title: "no account", verdict: "notApplicable", values: {} },
    {
      title: "an account without token",
      verdict: "pass",
      values: { ...users, hub: { config: { KubeSpawner: { automount_service_account_token: false } } } },
    },
    {
      title: "an account that reads secrets, whose token is mounted nowhere yet",
      verdict: "fail",
      values: { ...users, hub: { config: { KubeSpawner: { automount_service_account_token: false } } } },
      resources: [
        role("own-reader", { apiGroups: [""], resources: ["secrets"], verbs: ["list"] }),
        binding("RoleBinding", "own-reader", account("users")),
      ],
    },
    { title: "an account without rights", verdict: "pass", values: users, resources: [usersAccount] },
    {
      title: "an account that reads config maps",
      verdict: "pass",
      values: users,
      resources: [
        role("own-reader", { apiGroups: [""], resources: ["configmaps"], verbs: ["get"] }),
        binding("RoleBinding", "own-reader", account("users")),
      ],
    },
    {
      title: "an account that reads secrets",
      verdict: "fail",
      values: users,
      resources: [
        role("own-reader", { apiGroups: [""], resources: ["secrets"], verbs: ["list"] }),
        binding("RoleBinding", "own-reader", account("users")),
      ],
    },
    {
      title: "an account that starts pods",
      verdict: "fail",
      values: users,
      resources: [
        role("own-dask", { apiGroups: [""], resources: ["pods"], verbs: ["create"] }),
        binding("RoleBinding", "own-dask", account("users")),
      ],
    },
    {
      title: "the account of one profile edits the namespace",
      verdict: "fail",
      values: { singleuser: { profileList: [{ kubespawner_override: { service_account: "power" } }] } },
      resources: [binding("RoleBinding", "edit", account("power"))],
    },
    { title: "an account made elsewhere", verdict: "unknown", values: users },
    otherChart,
  ],
  evaluate: onHub((hub, context) => {
    const findings = userPods(hub).flatMap((pod) => {
      const { value, path } = pod.setting("service_account");
      if (value === undefined || value === null) return [];
      const mounted =
        pod.podField("automountServiceAccountToken").value ?? pod.setting("automount_service_account_token").value;
      const judged = judgeAccount(hub, value === "" ? "default" : value, path, context);
      // Rights that are shown are too many with or without a token; those that are not shown matter with one.
      const broad = judged.filter(({ verdict }) => verdict === "fail");
      return mounted !== false
        ? judged
        : broad.length > 0
          ? broad
          : [pass(path, "an account whose token is not mounted")];
    });
    return findings.length > 0 ? findings : notApplicable("user pods have no account");
  }),
};

function judgeAccount(hub: Hub, name: Found, path: string, { stack }: Context): Finding[] {
  const expected = "an account with a few reading rights in the hub's namespace";
  if (typeof name !== "string" || name.includes("{"))
    return [unknown(path, "an account whose name is not known yet", expected)];
  const bindings = stack.ofType(...bindingTypes).map((bound) => ({
    bound,
    holds: any(subjectsOf(bound).map((subject) => isAccount(subject, name, hub.namespace))),
  }));
  const findings = bindings
    .filter(({ holds }) => holds !== false)
    .map(({ bound, holds }) => {
      const finding = judgeUserGrant(grantOf(bound, stack), bound, path, expected, stack);
      return holds === true ? finding : undecided(finding);
    });
  if (findings.length > 0) return findings;
  const made = stack
    .ofType("kubernetes:core/v1:ServiceAccount")
    .some(({ properties }) => at(properties, "metadata.name") === name);
  return [
    made && stack.complete
      ? pass(path, "an account without rights in this stack")
      : unknown(path, "an account of which this stack does not show the rights", expected),
  ];
}

function isAccount(subject: Value, name: string, namespace: Found) {
  const inNamespace = isInNamespace(subject, namespace);
  if (inNamespace === false || own(subject, "kind") === "Group") return inNamespace;
  const named = is(own(subject, "name"), name);
  return named === false ? false : inNamespace === true && named === true ? true : UNKNOWN;
}

function judgeUserGrant(grant: Grant, { name }: Resource, path: string, expected: string, stack: Stack): Finding {
  if (grant.danger === UNKNOWN || grant.readsSecrets === UNKNOWN)
    return unknown(path, `the binding ${name} to a role that this stack does not show`, expected);
  if (grant.danger !== undefined) return fail(path, `the binding ${name}, which allows ${grant.danger}`, expected);
  if (grant.readsSecrets) return fail(path, `the binding ${name}, which reads secrets`, expected);
  if (grant.startsPods !== false)
    return (grant.startsPods ? fail : unknown)(path, `the binding ${name}, which starts pods`, expected);
  if (grant.clusterWide) return fail(path, `the binding ${name}, which holds in the whole cluster`, expected);
  return stack.complete
    ? pass(path, `the binding ${name} with named rights`)
    : unknown(path, `the binding ${name}`, expected);
}
