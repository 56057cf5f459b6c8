import { any, type Truth } from "../../chart/three-valued";
import { at, own, UNKNOWN, type Value } from "../../chart/values";
import { type Control, describe, type Finding, fail, pass, unknown } from "../control";
import { children } from "../evidence/hub";
import type { Resource } from "../evidence/resource";
import { clusterBindingTypes } from "../evidence/roles";
import { matches } from "../evidence/truth";
import type { Example, ExampleResource } from "../example";

const chartTypes = ["kubernetes:helm.sh/v3:Release", "kubernetes:helm.sh/v3:Chart", "kubernetes:helm.sh/v4:Chart"];
const workloadTypes = [
  "kubernetes:apps/v1:Deployment",
  "kubernetes:apps/v1beta1:Deployment",
  "kubernetes:apps/v1beta2:Deployment",
  "kubernetes:extensions/v1beta1:Deployment",
  "kubernetes:core/v1:ReplicationController",
  "kubernetes:core/v1:Service",
];

/** Something that older guides installed and that has no place beside a hub. */
interface Leftover {
  readonly chart: RegExp;
  readonly name: RegExp;
  readonly image: RegExp;
  readonly account: RegExp;
}

/** A property by which it could be known, and whether it is. */
type Sign = readonly [path: string, holds: Truth];

function judge(resource: Resource, { chart, name, image, account }: Leftover, what: string): Finding {
  const { properties } = resource;
  const signs: Sign[] = chartTypes.includes(resource.type)
    ? [
        ["chart", matches(own(properties, "chart"), chart)],
        ...["repositoryOpts.repo", "fetchOpts.repo"].map((path): Sign => [path, matches(at(properties, path), chart)]),
      ]
    : [
        ["metadata.name", matches(at(properties, "metadata.name"), name)],
        ["spec.template.spec.containers", imageMatches(resource, image)],
        ["subjects", subjectMatches(resource, account)],
      ];
  const found = signs.find(([, holds]) => holds === true);
  if (found) return fail(found[0], what, "no such thing in the cluster");
  const open = signs.find(([path, holds]) => holds === UNKNOWN && !path.endsWith(".repo"));
  return open ? unknown(open[0], describe(UNKNOWN), `anything but ${what}`) : pass(null, "something else");
}

function imageMatches({ properties }: Resource, pattern: RegExp): Truth {
  const containers = at(properties, "spec.template.spec.containers");
  if (containers === UNKNOWN) return UNKNOWN;
  return any(children(containers, "").map(({ value }) => matches(own(value, "image"), pattern)));
}

/** By the account's name, or by its namespace: people add accounts of their own beside it. */
function subjectMatches({ properties }: Resource, account: RegExp): Truth {
  return any(
    children(own(properties, "subjects"), "").flatMap(({ value }) =>
      ["name", "namespace"].map((key) => matches(own(value, key), account)),
    ),
  );
}

const deployment = (name: Value, image: string): ExampleResource => ({
  type: "kubernetes:apps/v1:Deployment",
  properties: { metadata: { name }, spec: { template: { spec: { containers: [{ image }] } } } },
});

const otherWorkloads: readonly Example[] = [
  { title: "something else", verdict: "pass", resources: [deployment("web", "nginx:1")] },
  { title: "a name not known yet", verdict: "unknown", resources: [deployment(UNKNOWN, "nginx:1")] },
  {
    title: "no workload",
    verdict: "notApplicable",
    resources: [{ type: "kubernetes:core/v1:Namespace", properties: { metadata: { name: "jhub" } } }],
  },
];

export const noTiller: Control = {
  name: "no-tiller",
  title: "Helm 2's Tiller is not in the cluster",
  reference: ["RBAC-08", "K8S-24"],
  severity: "high",
  pack: "security",
  why: "Tiller does for every pod that reaches it whatever it is asked, with an administrator's rights",
  source: "Zero to JupyterHub, Security: secure access to Helm",
  remediation: "remove the Deployment and Service tiller-deploy; Helm 3 needs no server",
  types: [...workloadTypes, ...chartTypes],
  scope: "resource",
  examples: [
    { title: "Tiller by its name", verdict: "fail", resources: [deployment("tiller-deploy", "x:1")] },
    { title: "Tiller by its image", verdict: "fail", resources: [deployment("helper", "ghcr.io/helm/tiller:v2.17.0")] },
    ...otherWorkloads,
  ],
  evaluate: (resource) =>
    judge(
      resource,
      { chart: /(^|\/)tiller/i, name: /^tiller-deploy$|^tiller$/, image: /(^|\/)tiller(:|@|$)/, account: /^$/ },
      "Tiller",
    ),
};

export const noKubernetesDashboard: Control = {
  name: "no-kubernetes-dashboard",
  title: "The Kubernetes Dashboard is not in the cluster",
  reference: ["RBAC-09", "K8S-23"],
  severity: "high",
  pack: "security",
  why: "the Dashboard's account often administers the cluster, and user pods can reach its address",
  source: "Zero to JupyterHub, Security: delete the Kubernetes Dashboard",
  remediation: "remove the release, Deployment and ClusterRoleBinding of the Kubernetes Dashboard",
  types: [...workloadTypes, ...chartTypes, ...clusterBindingTypes],
  scope: "resource",
  examples: [
    {
      title: "the Dashboard's chart",
      verdict: "fail",
      resources: [{ type: "kubernetes:helm.sh/v3:Release", properties: { chart: "kubernetes-dashboard" } }],
    },
    {
      title: "the Dashboard by its image",
      verdict: "fail",
      resources: [deployment("ui", "kubernetesui/dashboard:v2.7.0")],
    },
    {
      title: "rights for the Dashboard's account",
      verdict: "fail",
      resources: [
        {
          type: "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding",
          properties: { metadata: { name: "b" }, subjects: [{ kind: "ServiceAccount", name: "kubernetes-dashboard" }] },
        },
      ],
    },
    {
      title: "rights for an account that somebody made in the Dashboard's namespace",
      verdict: "fail",
      resources: [
        {
          type: "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding",
          properties: {
            metadata: { name: "b" },
            subjects: [{ kind: "ServiceAccount", name: "admin-user", namespace: "kubernetes-dashboard" }],
          },
        },
      ],
    },
    ...otherWorkloads,
  ],
  evaluate: (resource) =>
    judge(
      resource,
      {
        chart: /kubernetes-?dashboard|kubernetes(\.github\.io)?\/dashboard/i,
        name: /^(kubernetes|k8s)-dashboard(-.*)?$/,
        image: /kubernetesui\/|kubernetes-dashboard|k8s-?dashboard/,
        account: /^kubernetes-dashboard|^k8s-dashboard/,
      },
      "the Kubernetes Dashboard",
    ),
};
