import { profilesByGroup } from "../../chart/profiles-by-group";
import { at, type Found, own, UNKNOWN } from "../../chart/values";
import { type Control, describe, type Finding, fail, pass, unknown } from "../control";
import { withExistingSecret } from "../evidence/existing-secret";
import { type Child, hubTypes, onHub, pythonOf } from "../evidence/hub";
import { isGiven, isTruthy, matches } from "../evidence/truth";
import { type ExampleResource, otherChart } from "../example";

const moreSettings = (text: string): ExampleResource => ({
  type: "kubernetes:core/v1:Secret",
  name: "hub-more",
  properties: { metadata: { name: "hub-more", namespace: "jhub" }, stringData: { "values.yaml": text } },
});

export const hubFullyEvaluable: Control = {
  name: "hub-fully-evaluable",
  title: "Everything that configures the hub can be read, and no code weakens it",
  reference: ["JX-05", "JX-06", "JX-21"],
  severity: "high",
  pack: "security",
  why: "code and Secrets that are read at run time override what was judged here, whatever the values say",
  source: "Zero to JupyterHub, Customizing user environment; reference of hub.extraConfig and hub.existingSecret",
  remediation:
    "say it by hub.config, singleuser and the chart's other values in the place of hub.extraConfig, files in jupyterhub_config.d, hub.args and hub.existingSecret (secret values as Pulumi secrets); what has to stay code, review and exempt with a date",
  types: hubTypes,
  scope: "resource",
  examples: [
    { title: "values alone", verdict: "pass", values: {} },
    {
      title: "a block of comments",
      verdict: "pass",
      values: { hub: { extraConfig: { later: "# c.KubeSpawner.privileged = True\n" } } },
    },
    {
      title: "known code that only takes profiles away",
      verdict: "pass",
      values: { hub: { extraConfig: { "profiles-by-group": profilesByGroup } } },
    },
    {
      title: "the same code with a line more",
      verdict: "unknown",
      values: { hub: { extraConfig: { "profiles-by-group": `${profilesByGroup}hook(c)\n` } } },
    },
    {
      title: "a file for the hub that is no configuration",
      verdict: "pass",
      values: { hub: { extraFiles: { logo: { mountPath: "/srv/logo.svg", stringData: "<svg/>" } } } },
    },
    {
      title: "code that makes user pods privileged",
      verdict: "fail",
      values: { hub: { extraConfig: { gpu: "c.KubeSpawner.privileged = True" } } },
    },
    {
      title: "code that lets everybody in",
      verdict: "fail",
      values: { hub: { extraConfig: { login: "c.JupyterHub.authenticator_class = 'dummy'" } } },
    },
    {
      title: "a file of configuration that shares the node's network",
      verdict: "fail",
      values: {
        hub: {
          extraFiles: {
            net: {
              mountPath: "/usr/local/etc/jupyterhub/jupyterhub_config.d/net.py",
              stringData: "c.KubeSpawner.extra_pod_config = {'host_network': True}",
            },
          },
        },
      },
    },
    {
      title: "code",
      verdict: "unknown",
      values: { hub: { extraConfig: { hook: "c.Spawner.pre_spawn_hook = hook" } } },
    },
    { title: "a Secret", verdict: "unknown", values: { hub: { existingSecret: "hub-more" } } },
    {
      title: "a Secret that the stack shows",
      verdict: "pass",
      values: { hub: { existingSecret: "hub-more" } },
      resources: [moreSettings("hub: { config: { JupyterHub: { shutdown_on_logout: true } } }")],
    },
    {
      title: "code in a Secret that the stack shows",
      verdict: "fail",
      values: { hub: { existingSecret: "hub-more" } },
      resources: [moreSettings("hub: { extraConfig: { gpu: 'c.KubeSpawner.privileged = True' } }")],
    },
    {
      title: "another configuration file",
      verdict: "unknown",
      values: { hub: { args: ["jupyterhub", "--config", "/srv/own.py"] } },
    },
    {
      title: "servers inside of the hub's pod",
      verdict: "fail",
      values: { hub: { config: { JupyterHub: { spawner_class: "simple" } } } },
    },
    {
      title: "a spawner of one's own",
      verdict: "unknown",
      values: { hub: { config: { JupyterHub: { spawner_class: "acme.Spawner" } } } },
    },
    { title: "values of an earlier release", verdict: "unknown", values: {}, release: { reuseValues: true } },
    otherChart,
  ],
  evaluate: onHub((hub, { stack }) => [
    ...pythonOf(hub).flatMap(judgeCode),
    ...(withExistingSecret(hub, stack) ? [] : judgeGiven(at(hub.values, "hub.existingSecret"), "hub.existingSecret")),
    ...["hub.args", "hub.command"].flatMap((path) => judgeGiven(at(hub.values, path), path)),
    ...["reuseValues", "postrender", "disableWebhooks"].flatMap((path) =>
      judgeInput(own(hub.resource.properties, path), path),
    ),
    ...judgeSpawner(at(hub.values, spawnerPath)),
    pass(null, "values that can be read"),
  ]),
};

const spawnerPath = "hub.config.JupyterHub.spawner_class";

/** What is said of user pods here holds for KubeSpawner; other classes start servers elsewhere, some beside the hub itself. */
function judgeSpawner(value: Found): Finding[] {
  const expected = "not set, as in the chart's defaults, which is KubeSpawner";
  if (isGiven(value) === false || matches(value, /^kubernetes$|^kubespawner(\.|$)/i) === true) return [];
  return matches(value, /^(default|localprocess|simple|sudospawner)|LocalProcessSpawner$/i) === true
    ? [
        fail(
          spawnerPath,
          "a class that starts users' servers inside of the hub's pod",
          expected,
          `remove ${spawnerPath}`,
        ),
      ]
    : [unknown(spawnerPath, value === UNKNOWN ? describe(value) : "a class that nobody knows here", expected)];
}

/** What no value of the chart may say either, as Python writes it. */
const weakening: readonly (readonly [string, RegExp])[] = [
  ["user pods privileged", /\b(privileged|allow_privilege_escalation)\b["']?\s*[=:]\s*True\b/],
  ["user pods run as root", /\b(uid|run_?as_?user)\b["']?\s*[=:]\s*0\b/i],
  ["the node's network, processes or files part of user pods", /\bhost_?(network|pid|ipc)\b["']?\s*[=:]\s*True\b/i],
  ["the node's network, processes or files part of user pods", /["']host_?path["']\s*:/i],
  [
    "credentials for the Kubernetes API part of user pods",
    /\bautomount_?service_?account_?token\b["']?\s*[=:]\s*True\b/i,
  ],
  ["credentials for the Kubernetes API part of user pods", /\bservice_account(_name)?\s*=\s*f?["'][^"']/],
  [
    "the login one that lets strangers in",
    /\bauthenticator_class\s*=\s*["']?([\w.]*\.)?(dummy|tmp|firstuse|shared-?password|pam)/i,
  ],
  ["the login one that lets everybody in", /\b(allow_all|open_signup)\s*=\s*True\b/],
  [
    "the browser's protections weaker",
    /\bdisable_check_xsrf\b["']?\s*[=:]\s*True\b|\ballow_origin\b["']?\s*[=:]\s*["']\*/,
  ],
];

function judgeCode({ path, value }: Child): Finding[] {
  const expected = "settings in values that can be read";
  if (value === UNKNOWN) return [unknown(path, describe(value), expected)];
  const weakened = weakening.find(([, pattern]) => typeof value === "string" && pattern.test(value));
  return weakened
    ? [fail(path, `code that makes ${weakened[0]}`, expected, `remove that line from ${path}`)]
    : [unknown(path, "code that runs after every other setting: not fully evaluable", expected)];
}

function judgeGiven(value: Found, path: string): Finding[] {
  if (isGiven(value) === false) return [];
  const found = path.endsWith("Secret")
    ? "a Secret that overrides the hub's settings: not fully evaluable"
    : "a command of its own, which may read another configuration: not fully evaluable";
  return [unknown(path, value === UNKNOWN ? describe(value) : found, "nothing, as in the chart's defaults")];
}

function judgeInput(value: Found, path: string): Finding[] {
  return isTruthy(value) === false
    ? []
    : [unknown(path, "values or objects that are made elsewhere: not fully evaluable", "no such input")];
}
