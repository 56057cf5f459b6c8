import { any } from "../../chart/three-valued";
import { at, type Found, own, UNKNOWN, type Value, type ValueMap } from "../../chart/values";
import { type Context, type Control, type Finding, fail, notApplicable, pass, undecided, unknown } from "../control";
import { type Hub, hubTypes, onHub } from "../evidence/hub";
import type { Resource, Stack } from "../evidence/resource";
import { bindingTypes, type Grant, grantOf, isInNamespace, subjectsOf } from "../evidence/roles";
import { is } from "../evidence/truth";
import { type UserPod, userPods } from "../evidence/user-pods";
import { type ExampleResource, otherChart } from "../example";
import { account, binding, role } from "./role-examples";

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
    {
      title: "the account of the pod's own field starts whatever it wants",
      verdict: "fail",
      values: { singleuser: { extraPodConfig: { serviceAccountName: "users", automountServiceAccountToken: true } } },
      resources: [binding("RoleBinding", "edit", account("users"))],
    },
    {
      title: "the token of the account default, which edits the namespace",
      verdict: "fail",
      values: { hub: { config: { KubeSpawner: { automount_service_account_token: true } } } },
      resources: [binding("RoleBinding", "edit", account("default"))],
    },
    {
      title: "an account of the same name in another namespace",
      verdict: "unknown",
      values: users,
      resources: [{ ...usersAccount, properties: { metadata: { name: "users", namespace: "web" } } }],
    },
    { title: "an account made elsewhere", verdict: "unknown", values: users },
    otherChart,
  ],
  evaluate: onHub((hub, context) => {
    const findings = userPods(hub).flatMap((pod) => {
      const { name, path, mounted } = accountOf(pod);
      if (name === undefined) return [];
      const judged = judgeAccount(hub, name, path, context);
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

/**
 * The account of user pods, if they have one. KubeSpawner mounts the token of one that is named, unless told otherwise, and no
 * other; what the pod's own fields say wins.
 */
function accountOf(pod: UserPod): { name: Found; path: string; mounted: Found } {
  const trait = pod.setting("service_account");
  const field = pod.podField("serviceAccountName");
  const { value, path } = field.value ? field : trait;
  const mounted =
    pod.podField("automountServiceAccountToken").value ??
    pod.setting("automount_service_account_token").value ??
    (trait.value !== undefined && trait.value !== null);
  const isNamed = value !== undefined && value !== null && value !== "";
  const hasDefault = value === "" || mounted !== false;
  return { name: isNamed ? value : hasDefault ? "default" : undefined, path, mounted };
}

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
    .filter(({ properties }) => at(properties, "metadata.name") === name)
    .some(({ properties }) => is(at(properties, "metadata.namespace"), hub.namespace) !== false);
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
