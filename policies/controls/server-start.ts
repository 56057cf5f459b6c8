import { posix } from "node:path";
import { all, any, type Truth } from "../../chart/three-valued";
import { at, type Found, UNKNOWN, type ValueMap } from "../../chart/values";
import { type Control, describe, type Finding, fail, pass, unknown } from "../control";
import { hubTypes, onHub } from "../evidence/hub";
import { decidingTextOf, variablesOf } from "../evidence/pod-secrets";
import { matches } from "../evidence/truth";
import { commandOf } from "../evidence/user-command";
import { type UserPod, userPods } from "../evidence/user-pods";
import { otherChart } from "../example";

const source = "JupyterHub, Security Overview: protecting users from each other";

const override = (settings: ValueMap): ValueMap => ({
  singleuser: { profileList: [{ kubespawner_override: settings }] },
});

export const serverEnvironmentOutsideHome: Control = {
  name: "server-environment-outside-home",
  title: "The server takes programs, modules and configuration from where users cannot write",
  reference: ["USR-05", "USR-07", "USR-08"],
  severity: "medium",
  pack: "security",
  why: "a server that runs what its user put into the home directory is no longer the server that others and the hub trust",
  source,
  remediation:
    "let PATH, PYTHONPATH, JUPYTER_PATH, JUPYTER_CONFIG_DIR and JUPYTER_CONFIG_PATH in singleuser.extraEnv and profiles name directories of the image only, none below the home directory",
  types: hubTypes,
  scope: "resource",
  examples: [
    { title: "chart default", verdict: "pass", values: {} },
    {
      title: "a directory of the image",
      verdict: "pass",
      values: { singleuser: { extraEnv: { JUPYTER_CONFIG_DIR: "/etc/jupyter" } } },
    },
    {
      title: "programs in the home directory",
      verdict: "fail",
      values: { singleuser: { extraEnv: { PATH: "/home/jovyan/bin:/usr/bin" } } },
    },
    {
      title: "modules in the home directory",
      verdict: "fail",
      values: { singleuser: { extraEnv: { PYTHONPATH: "~/lib" } } },
    },
    {
      title: "configuration in the home directory, in one profile",
      verdict: "fail",
      values: override({ environment: { JUPYTER_CONFIG_PATH: "/home/jovyan/.jupyter" } }),
    },
    {
      title: "a relative directory, which starts at the home directory",
      verdict: "fail",
      values: { singleuser: { extraEnv: { PATH: "bin:/usr/bin" } } },
    },
    {
      title: "programs in the home directory, by a detour",
      verdict: "fail",
      values: { singleuser: { extraEnv: { PATH: "/opt/../home/jovyan/bin:/usr/bin" } } },
    },
    {
      title: "a file that every shell reads first",
      verdict: "fail",
      values: { singleuser: { extraEnv: { BASH_ENV: "/home/jovyan/.bashrc" } } },
    },
    {
      title: "data of the server in the home directory",
      verdict: "fail",
      values: { singleuser: { extraEnv: { JUPYTER_DATA_DIR: "/home/jovyan/.local/share/jupyter" } } },
    },
    { title: "not known yet", verdict: "unknown", values: { singleuser: { extraEnv: { PATH: UNKNOWN } } } },
    {
      title: "from a ConfigMap",
      verdict: "unknown",
      values: { singleuser: { extraEnv: { PATH: { valueFrom: { configMapKeyRef: { name: "c", key: "k" } } } } } },
    },
    otherChart,
  ],
  evaluate: onHub((hub) => {
    const home = at(hub.values, "singleuser.storage.homeMountPath");
    return [
      ...userPods(hub).flatMap((pod) => judgePaths(pod, home)),
      pass("singleuser.extraEnv", "directories of the image"),
    ];
  }),
};

const pathNames =
  /^(PATH|PYTHONPATH|PYTHONSTARTUP|PYTHONHOME|PYTHONUSERBASE|LD_LIBRARY_PATH|LD_PRELOAD|JUPYTER_PATH|JUPYTER_DATA_DIR|JUPYTER_CONFIG_DIR|JUPYTER_CONFIG_PATH|JUPYTERHUB_SINGLEUSER_CONFIG|BASH_ENV)$/;

function judgePaths(pod: UserPod, home: Found): Finding[] {
  const expected = "directories that users cannot write to";
  return variablesOf(pod).flatMap((variable) => {
    const text = decidingTextOf(variable);
    if (variable.name === "" && text === UNKNOWN) return [unknown(variable.path, describe(text), expected)];
    if (!pathNames.test(variable.name)) return [];
    if (text === UNKNOWN) return [unknown(variable.path, describe(text), expected)];
    if (typeof text !== "string") return [];
    // A server starts in the home directory, where a relative path, an empty one too, leads.
    const isRelative = (part: string) => variable.name !== "LD_PRELOAD" && /^(?![/~$]|\{)/.test(part);
    return text.split(":").some((part) => isRelative(part) || liesInHome(part, home))
      ? [fail(variable.path, "a directory that users write to", expected)]
      : [];
  });
}

const homes = ["/home", "~", "$HOME", "$" + "{HOME}", "$(HOME)", "/tmp"];

/** Whether a path leads to where users write: the home directory, however it is spelled, or what everybody shares. */
function liesInHome(path: string, home: Found): boolean {
  const plain = posix.normalize(path.replace(/^["']|["']$/g, "").replace(/^\/+/, "/"));
  const mounted = typeof home === "string" && home.length > 1 ? [posix.normalize(home)] : [];
  return [...homes, ...mounted].some((each) => plain === each || plain.startsWith(`${each.replace(/\/$/, "")}/`));
}

// ---- the command ---------------------------------------------------------------------------------------------------------

export const serverStartsWithoutShell: Control = {
  name: "server-starts-without-shell",
  title: "Servers start without a shell that reads their user's files",
  reference: ["USR-09", "USR-05"],
  severity: "low",
  pack: "security",
  why: "a login shell runs .profile and .bashrc of the home directory before the server, with the hub's token in its environment",
  source,
  remediation:
    'set singleuser.cmd to the program itself, for users nobody trusts with its path: ["/opt/conda/bin/jupyterhub-singleuser"]',
  types: hubTypes,
  scope: "resource",
  examples: [
    { title: "chart default", verdict: "pass", values: {} },
    { title: "a start script", verdict: "pass", values: { singleuser: { cmd: ["start-singleuser.sh"] } } },
    { title: "the command of the image", verdict: "pass", values: { singleuser: { cmd: null } } },
    {
      title: "a login shell",
      verdict: "fail",
      values: { singleuser: { cmd: ["bash", "-l", "-c", "jupyterhub-singleuser"] } },
    },
    {
      title: "a login shell that env calls",
      verdict: "fail",
      values: { singleuser: { cmd: ["/usr/bin/env", "bash", "-lc", "jupyterhub-singleuser"] } },
    },
    {
      title: "a script with options of its own",
      verdict: "pass",
      values: { singleuser: { cmd: ["bash", "/usr/local/bin/start.sh", "-l"] } },
    },
    {
      title: "a login shell in one word",
      verdict: "fail",
      values: override({ cmd: ["/bin/sh", "-lc", "exec jupyterhub-singleuser"] }),
    },
    {
      title: "a file of the home directory",
      verdict: "fail",
      values: { singleuser: { cmd: ["bash", "-c", "source ~/env; exec jupyterhub-singleuser"] } },
    },
    {
      title: "a login shell behind another program",
      verdict: "fail",
      values: { singleuser: { cmd: ["tini", "-g", "--", "bash", "-l", "-c", "jupyterhub-singleuser"] } },
    },
    {
      title: "a login shell by its arguments",
      verdict: "fail",
      values: {
        singleuser: { cmd: ["bash"] },
        hub: { config: { KubeSpawner: { args: ["-lc", "jupyterhub-singleuser"] } } },
      },
    },
    {
      title: "as after a login",
      verdict: "fail",
      values: { singleuser: { cmd: ["su", "-", "jovyan", "-c", "jupyterhub-singleuser"] } },
    },
    {
      title: "a program of the home directory",
      verdict: "fail",
      values: { singleuser: { cmd: ["/home/jovyan/bin/jupyterhub-singleuser"] } },
    },
    {
      title: "found by PATH, for users nobody trusts",
      verdict: "unknown",
      values: {},
      configuration: { settings: { profile: "untrusted-users" } },
    },
    {
      title: "with its path",
      verdict: "pass",
      values: { singleuser: { cmd: ["/opt/conda/bin/jupyterhub-singleuser"] } },
      configuration: { settings: { profile: "untrusted-users" } },
    },
    { title: "not known yet", verdict: "unknown", values: { singleuser: { cmd: UNKNOWN } } },
    otherChart,
  ],
  evaluate: onHub((hub, { settings }) =>
    userPods(hub).map((pod) => {
      const home = at(hub.values, "singleuser.storage.homeMountPath");
      const [command, args] = commandOf(pod);
      if (command.words.length === 0) return pass(command.path, "the command of the image");
      return judgeCommand([...command.words, ...args.words], command.path, home, settings.profile !== "baseline");
    }),
  ),
};

function judgeCommand(words: readonly Found[], path: string, home: Found, wantsPath: boolean): Finding {
  const expected = "the server's program, without a shell";
  const personal = runsUsersFiles(words, home);
  if (personal === true) return fail(path, "a shell that reads the user's files, or one of them itself", expected);
  if (personal === UNKNOWN) return unknown(path, describe(UNKNOWN), expected);
  if (wantsPath && matches(words[0], /^\//) === false)
    return unknown(path, "a program that is looked up in PATH, which the image decides", "its absolute path");
  return pass(path, "a program");
}

const shell = /(^|\/)-?(ba|z|k|da|fi)?sh$/;

/** Whether a command line runs what users write: a program or script of theirs, or a shell that reads their files first. */
function runsUsersFiles(words: readonly Found[], home: Found): Truth {
  const isTheirs = (word: Found): Truth =>
    word === UNKNOWN ? UNKNOWN : typeof word === "string" && liesInHome(word, home);
  const parts = words.map((word, index) => {
    if (word === UNKNOWN) return UNKNOWN;
    // The command that a shell is given as one text.
    if (typeof word === "string" && /\s/.test(word)) return runsUsersFiles(word.split(/[\s;&|()]+/), home);
    const rest = words.slice(index + 1);
    const { options, script } = callOf(rest);
    return any([
      all([matches(word, shell), any([isTheirs(script), ...options.map((each) => matches(each, personalOption))])]),
      all([matches(word, /^(source|\.)$/), isTheirs(rest[0])]),
      all([matches(word, /(^|\/)(su|runuser)$/), any(rest.map((each) => matches(each, /^(-|-l|--login)$/)))]),
      all([matches(word, /(^|\/)sudo$/), any(rest.map((each) => matches(each, /^(-[A-Z]*i|--login)$/)))]),
    ]);
  });
  return any([isTheirs(words[0]), ...parts]);
}

/** Login and interactive shells read files of the home directory, others those that they are told to. */
const personalOption = /^-[a-zA-Z]*[li][a-zA-Z]*$|^--(login|rcfile|init-file)/;

/** What a shell is called with: its options, and the script or the text that it runs. */
function callOf(rest: readonly Found[]): { options: readonly Found[]; script: Found } {
  let end = 0;
  while (matches(rest[end], /^[-+]./) === true) end += matches(rest[end], /^[-+][a-zA-Z]*[oO]$/) === true ? 2 : 1;
  return { options: rest.slice(0, end), script: rest[end] };
}
