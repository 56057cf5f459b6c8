import { all, any, type Truth } from "../../chart/three-valued";
import { at, type Found, UNKNOWN, type ValueMap } from "../../chart/values";
import { type Control, describe, type Finding, fail, notApplicable, pass, unknown } from "../control";
import { hubTypes, onHub } from "../evidence/hub";
import { textOf, variablesOf } from "../evidence/pod-secrets";
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
    { title: "not known yet", verdict: "unknown", values: { singleuser: { extraEnv: { PATH: UNKNOWN } } } },
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
  /^(PATH|PYTHONPATH|PYTHONSTARTUP|PYTHONHOME|PYTHONUSERBASE|LD_LIBRARY_PATH|LD_PRELOAD|JUPYTER_PATH|JUPYTER_CONFIG_DIR|JUPYTER_CONFIG_PATH|JUPYTERHUB_SINGLEUSER_CONFIG)$/;

function judgePaths(pod: UserPod, home: Found): Finding[] {
  const expected = "directories that users cannot write to";
  return variablesOf(pod).flatMap((variable) => {
    const text = textOf(variable);
    if (variable.name === "" && text === UNKNOWN) return [unknown(variable.path, describe(text), expected)];
    if (!pathNames.test(variable.name)) return [];
    if (text === UNKNOWN) return [unknown(variable.path, describe(text), expected)];
    if (typeof text !== "string") return [];
    const homes = [
      "/home",
      "~",
      "$HOME",
      "$" + "{HOME}",
      "$(HOME)",
      "/tmp",
      ...(typeof home === "string" && home.length > 1 ? [home] : []),
    ];
    // A server starts in the home directory, where a relative path, an empty one too, leads.
    const isRelative = (part: string) => variable.name !== "LD_PRELOAD" && /^(?![/~$]|\{)/.test(part);
    const inHome = text
      .split(":")
      .some(
        (part) =>
          isRelative(part) || homes.some((each) => part === each || part.startsWith(`${each.replace(/\/$/, "")}/`)),
      );
    return inHome ? [fail(variable.path, "a directory that users write to", expected)] : [];
  });
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
    userPods(hub).flatMap((pod) => {
      const [command] = commandOf(pod);
      if (!command) return [notApplicable("no command")];
      return [judgeShell(command.words, command.path, settings.profile !== "baseline")];
    }),
  ),
};

function judgeShell(words: readonly Found[], path: string, wantsPath: boolean): Finding {
  const expected = "the server's program, without a shell";
  const [program] = words;
  const personal: Truth = any([
    isPersonalShell(words),
    any(words.map((word) => matches(word, readsHome))),
    any(words.map((word) => matches(word, startsLoginShell))),
  ]);
  if (personal === true) return fail(path, "a shell that reads the user's files", expected);
  if (personal === UNKNOWN) return unknown(path, describe(UNKNOWN), expected);
  const absolute = program === undefined ? true : matches(program, /^\//);
  if (wantsPath && absolute === false)
    return unknown(path, "a program that is looked up in PATH, which the image decides", "its absolute path");
  return pass(path, program === undefined ? "the command of the image" : "a program");
}

const homes = String.raw`("|')?(~|\$HOME|\$\{HOME\}|\/home\/)`;
const readsHome = new RegExp(String.raw`(^|[\s;&])(source|\.)\s+${homes}`);
const startsLoginShell = /(^|[\s;&|(/])(ba|z|k|da|fi)?sh\s+(-[a-z]*[li][a-z]*|--login)\b/;

/** A login or interactive shell, called by itself or by `env`, or one that reads a file of the home directory. */
function isPersonalShell(words: readonly Found[]): Truth {
  const first = words.findIndex((word) => matches(word, /(^|\/)env$|^\w+=|^-/) === false);
  const [program, ...rest] = words.slice(Math.max(first, 0));
  const script = rest.findIndex((word) => matches(word, /^[-+]/) === false);
  const options = script < 0 ? rest : rest.slice(0, script);
  return all([
    matches(program, /(^|\/)(ba|z|k|da|fi)?sh$/),
    any([
      any(options.map((word) => matches(word, /^-[a-z]*[li][a-z]*$|^--(login|rcfile|init-file)/))),
      // A command line that was given as one text falls apart into its words.
      any(words.map((word, index) => all([matches(word, /^(source|\.)$/), matches(words[index + 1], atHome)]))),
    ]),
  ]);
}

const atHome = new RegExp(`^${homes}`);
