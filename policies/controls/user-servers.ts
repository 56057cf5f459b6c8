import { all, any } from "../../chart/three-valued";
import { at, type Found, own, UNKNOWN, type ValueMap } from "../../chart/values";
import { type Control, describe, type Finding, fail, pass, unknown } from "../control";
import { hubTypes, onHub } from "../evidence/hub";
import { decidingTextOf, variablesOf } from "../evidence/pod-secrets";
import { is, isTruthy, listOf, matches } from "../evidence/truth";
import { argumentsByVariable, commandOf } from "../evidence/user-command";
import { containersOf, field } from "../evidence/user-containers";
import { type Setting, type UserPod, userPods } from "../evidence/user-pods";
import { otherChart } from "../example";

const source = "JupyterHub, Security Overview: protecting users from each other";
const override = (settings: ValueMap): ValueMap => ({
  singleuser: { profileList: [{ kubespawner_override: settings }] },
});

export const userServerUnprivileged: Control = {
  name: "user-server-unprivileged",
  title: "Users are no administrators in their servers, and cannot become one",
  reference: ["USR-06", "K8S-07", "K8S-08", "K8S-12", "JX-08"],
  severity: "high",
  pack: "security",
  why: "as root a user changes the software that other users' browsers and the hub trust, and gets out of the container more easily",
  source,
  remediation:
    "set singleuser.uid: 1000 and singleuser.allowPrivilegeEscalation: false, remove GRANT_SUDO and --allow-root, and set neither privileged nor runAsUser: 0 in hub.config.KubeSpawner and profiles",
  types: hubTypes,
  scope: "resource",
  examples: [
    { title: "chart default", verdict: "pass", values: {} },
    { title: "chart default before 2.0", verdict: "pass", version: "1.2.0", values: {} },
    { title: "root", verdict: "fail", values: { singleuser: { uid: 0 } } },
    { title: "root in one profile", verdict: "fail", values: override({ uid: 0 }) },
    { title: "privilege escalation", verdict: "fail", values: { singleuser: { allowPrivilegeEscalation: true } } },
    { title: "sudo", verdict: "fail", values: { singleuser: { extraEnv: { GRANT_SUDO: "yes" } } } },
    {
      title: "sudo under another key, which KubeSpawner takes for a mere label",
      verdict: "fail",
      values: { singleuser: { extraEnv: { sudo: { name: "GRANT_SUDO", value: "yes" } } } },
    },
    {
      title: "a server that accepts root",
      verdict: "fail",
      values: { singleuser: { cmd: ["jupyterhub-singleuser", "--allow-root"] } },
    },
    {
      title: "a server that accepts root, by a variable of its image",
      verdict: "fail",
      values: { singleuser: { extraEnv: { NOTEBOOK_ARGS: "--allow-root" } } },
    },
    {
      title: "sudo by a ConfigMap",
      verdict: "unknown",
      values: { singleuser: { extraEnv: { GRANT_SUDO: { valueFrom: { configMapKeyRef: { name: "c", key: "k" } } } } } },
    },
    {
      title: "what users could type is switched off",
      verdict: "pass",
      values: {
        singleuser: {
          profileList: [
            { profile_options: { o: { unlisted_choice: { enabled: false, kubespawner_override: { uid: 0 } } } } },
          ],
        },
      },
    },
    { title: "privileged", verdict: "fail", values: { hub: { config: { KubeSpawner: { privileged: true } } } } },
    {
      title: "privileged, by the name that KubeSpawner had for it",
      verdict: "fail",
      values: { hub: { config: { KubeSpawner: { singleuser_privileged: true } } } },
    },
    {
      title: "root by the security context, which wins",
      verdict: "fail",
      values: { hub: { config: { KubeSpawner: { container_security_context: { runAsUser: 0 } } } } },
    },
    {
      title: "a security context of extra_container_config replaces the whole",
      verdict: "fail",
      values: { hub: { config: { KubeSpawner: { extra_container_config: { securityContext: {} } } } } },
    },
    {
      title: "root by the pod's security context, where the container says nothing",
      verdict: "fail",
      values: { singleuser: { uid: null, extraPodConfig: { securityContext: { runAsUser: 0 } } } },
    },
    {
      title: "a capability that gets out of the container",
      verdict: "fail",
      values: {
        hub: { config: { KubeSpawner: { container_security_context: { capabilities: { add: ["SYS_ADMIN"] } } } } },
      },
    },
    {
      title: "a privileged container in the place of the user's",
      verdict: "fail",
      values: {
        singleuser: { extraPodConfig: { containers: [{ name: "c", security_context: { privileged: true } }] } },
      },
    },
    {
      title: "a privileged container beside",
      verdict: "fail",
      values: { singleuser: { extraContainers: [{ name: "c", securityContext: { privileged: true } }] } },
    },
    { title: "not known yet", verdict: "unknown", values: { singleuser: { uid: UNKNOWN } } },
    { title: "the user that the image names", verdict: "unknown", values: { singleuser: { uid: null } } },
    otherChart,
  ],
  evaluate: onHub((hub) => userPods(hub).flatMap(judgePod)),
};

function judgePod(pod: UserPod): Finding[] {
  return [...judgeContexts(pod), ...judgeEnvironment(pod), ...judgeCommand(pod), ...judgeBeside(pod)];
}

/** What counts of KubeSpawner's several ways to a security context: the last replaces those before it. */
function judgeContexts(pod: UserPod): Finding[] {
  const extra = pod.setting("extra_container_config");
  const replaced = own(extra.value, "securityContext") ?? own(extra.value, "security_context");
  if (replaced !== undefined && replaced !== null) return judgeContext(replaced, `${extra.path}.securityContext`, pod);
  const context = pod.setting("container_security_context");
  const uid = pod.setting("uid");
  const escalation = escalationOf(pod);
  const privileged = pod.setting("privileged");
  const runAsUser = own(context.value, "runAsUser");
  const allows = own(context.value, "allowPrivilegeEscalation");
  const added = addedCapabilities(context.value, context.path);
  return [
    own(context.value, "privileged") !== undefined
      ? mustNot(own(context.value, "privileged"), `${context.path}.privileged`)
      : mustNot(privileged.value, privileged.path),
    runAsUser !== undefined
      ? judgeUser(runAsUser, `${context.path}.runAsUser`, pod)
      : judgeUser(uid.value, uid.path, pod, context.value),
    allows !== undefined
      ? judgeEscalation(allows, `${context.path}.allowPrivilegeEscalation`)
      : judgeEscalation(escalation.value, escalation.path),
    ...added,
  ];
}

function judgeContext(context: Found, path: string, pod: UserPod): Finding[] {
  return [
    mustNot(own(context, "privileged"), `${path}.privileged`),
    judgeUser(field(context, "runAsUser"), `${path}.runAsUser`, pod, context),
    judgeEscalation(field(context, "allowPrivilegeEscalation"), `${path}.allowPrivilegeEscalation`),
    ...addedCapabilities(context, path),
  ];
}

/** Capabilities that Pod Security `baseline` lets a container add: what containers have anyway. */
const ordinary =
  /^(AUDIT_WRITE|CHOWN|DAC_OVERRIDE|FOWNER|FSETID|KILL|MKNOD|NET_BIND_SERVICE|SETFCAP|SETGID|SETPCAP|SETUID|SYS_CHROOT)$/;

function addedCapabilities(context: Found, path: string): Finding[] {
  const where = `${path}.capabilities.add`;
  const added = at(context, "capabilities.add");
  const expected = "no capability beyond those that containers have";
  const harmless = added === UNKNOWN ? UNKNOWN : all(listOf(added).map((name) => matches(name, ordinary)));
  if (harmless === UNKNOWN) return [unknown(where, describe(UNKNOWN), expected)];
  return harmless
    ? []
    : [fail(where, "a capability with which users get out of the container or at others' traffic", expected)];
}

/** The chart hands its value on since 2.0, an absent one too; before, KubeSpawner's own default is false. */
function escalationOf(pod: UserPod): { value: Found; path: string } {
  const set = pod.setting("allow_privilege_escalation");
  if (set.value !== undefined) return set;
  const path = "singleuser.allowPrivilegeEscalation";
  return pod.hub.since("2.0.0") ? { path, value: at(pod.hub.values, path) } : { path, value: false };
}

function mustNot(value: Found, path: string): Finding {
  const holds = isTruthy(value);
  if (holds === UNKNOWN) return unknown(path, describe(value), "false");
  return holds ? fail(path, "true", "false") : pass(path, "false");
}

function judgeUser(uid: Found, path: string, pod: UserPod, context?: Found): Finding {
  const expected = "a user other than 0, for example 1000";
  if (uid === UNKNOWN || (typeof uid === "string" && uid.includes("{")))
    return unknown(path, describe(UNKNOWN), expected);
  if (uid === 0 || uid === "0") return fail(path, "0, which is root", expected);
  if (typeof uid === "number") return pass(path, "a user other than root");
  if (uid !== undefined && uid !== null) return fail(path, describe(uid), expected);
  if (field(context, "runAsNonRoot") === true) return pass(path, "not set, and refused by runAsNonRoot if it is root");
  const whole = podContextOf(pod);
  const ofPod = field(whole.value, "runAsUser");
  if (ofPod === 0 || ofPod === "0") return fail(`${whole.path}.runAsUser`, "0, which is root", expected);
  if (typeof ofPod === "number") return pass(`${whole.path}.runAsUser`, "a user other than root");
  if (field(whole.value, "runAsNonRoot") === true) return pass(`${whole.path}.runAsNonRoot`, "true");
  return unknown(path, "not set, so that the image decides", expected);
}

/** The security context of the whole pod: the pod's own field replaces KubeSpawner's. */
function podContextOf(pod: UserPod): Setting {
  const replaced = pod.podField("securityContext");
  return replaced.value === undefined || replaced.value === null ? pod.setting("pod_security_context") : replaced;
}

function judgeEscalation(value: Found, path: string): Finding {
  if (value === UNKNOWN) return unknown(path, describe(value), "false");
  if (value === false) return pass(path, "false");
  return fail(path, value === true ? "true" : `${describe(value)}, which Kubernetes takes for true`, "false");
}

function judgeEnvironment(pod: UserPod): Finding[] {
  return variablesOf(pod).flatMap((variable): Finding[] => {
    const text = decidingTextOf(variable);
    const expected = "no such variable";
    if (variable.name === "" && text === UNKNOWN) return [unknown(variable.path, describe(text), expected)];
    const grants = variable.name === "GRANT_SUDO" ? any([is(text, true, 1), matches(text, /^(1|yes|true)$/i)]) : false;
    const root = variable.name === "NB_UID" ? is(text, "0", 0) : false;
    const bad = any([grants, root]);
    if (bad === UNKNOWN) return [unknown(variable.path, describe(text), expected)];
    return bad ? [fail(variable.path, "a variable that makes the user an administrator", expected)] : [];
  });
}

function judgeCommand(pod: UserPod): Finding[] {
  return [...commandOf(pod), ...argumentsByVariable(pod)].flatMap(({ path, words }) => {
    const line = words.filter((word) => typeof word === "string").join(" ");
    const allows = any([line, ...words].map((word) => matches(word, allowsRoot)));
    if (allows === UNKNOWN) return [unknown(path, describe(UNKNOWN), "a command without --allow-root")];
    return allows ? [fail(path, "--allow-root", "a command without it")] : [];
  });
}

const allowsRoot = /(^|[\s'"])--allow-root(=true)?($|[\s;&|'"])|\.allow_root[=\s]true/i;

/** Containers beside the user's: a good pod is undone by a privileged one. The chart's own metadata block is not in the lists. */
function judgeBeside(pod: UserPod): Finding[] {
  return containersOf(pod).flatMap(({ path, value, isInit }) => {
    const context = field(value, "securityContext");
    const where = `${path}.securityContext`;
    const bad = any([
      isTruthy(own(context, "privileged")),
      isTruthy(field(context, "allowPrivilegeEscalation")),
      isInit ? false : is(field(context, "runAsUser"), 0, "0"),
    ]);
    if (bad === UNKNOWN) return [unknown(where, describe(UNKNOWN), "no privileged container")];
    return [
      ...(bad ? [fail(where, "a privileged container, or one of root", "an ordinary container")] : []),
      ...addedCapabilities(context, where),
    ];
  });
}
