import { UNKNOWN, type ValueMap } from "../../chart/values";
import { onlyLabelledPodsReachHub } from "../../policies/controls/network-access";
import { networkPoliciesEnabled, networkPoliciesEnforced } from "../../policies/controls/network-policies";
import {
  calico,
  cluster,
  describeControl,
  hub,
  hubOf,
  networkPolicy,
  otherRelease,
  resource,
  securedCluster,
  vpcCni,
} from "./support";

describeControl(networkPoliciesEnabled, [
  ["chart default", "pass", hub({})],
  ["chart default of 0.10", "pass", hubOf("0.10.6")],
  ["chart default before 0.10", "fail", hubOf("0.9.1")],
  [
    "old chart with all three on",
    "pass",
    hubOf("0.9.1", {
      hub: { networkPolicy: { enabled: true } },
      proxy: { networkPolicy: { enabled: true } },
      singleuser: { networkPolicy: { enabled: true } },
    }),
  ],
  ["user pods without", "fail", hub({ singleuser: { networkPolicy: { enabled: false } } })],
  ["hub without", "fail", hub({ hub: { networkPolicy: { enabled: false } } })],
  ["proxy without", "fail", hub({ proxy: { chp: { networkPolicy: { enabled: false } } } })],
  ["Traefik without, but it does not run", "pass", hub({ proxy: { traefik: { networkPolicy: { enabled: false } } } })],
  [
    "Traefik without, and it runs",
    "fail",
    hub({
      proxy: { https: { enabled: true, hosts: ["h.example.org"] }, traefik: { networkPolicy: { enabled: false } } },
    }),
  ],
  [
    "Traefik without, and whether it runs is not known yet",
    "unknown",
    hub({ proxy: { https: { enabled: true, hosts: UNKNOWN }, traefik: { networkPolicy: { enabled: false } } } }),
  ],
  ["a text, which the chart refuses", "fail", hub({ singleuser: { networkPolicy: { enabled: "true" } } })],
  ["not known yet", "unknown", hub({ hub: { networkPolicy: { enabled: UNKNOWN } } })],
  ["another chart", "notApplicable", otherRelease],
]);

describeControl(networkPoliciesEnforced, [
  ["Calico in the stack", "pass", [hub({}), securedCluster, vpcCni("false"), calico]],
  ["Cilium in the stack", "pass", [hub({}), resource("kubernetes:helm.sh/v3:Release", "cni", { chart: "cilium" })]],
  // "Limit Pod traffic with Kubernetes network policies" (Amazon EKS User Guide): not for pods without an owner.
  ["the VPC CNI's agent, which skips user pods", "unknown", [hub({}), securedCluster, vpcCni("true")]],
  [
    "the VPC CNI's agent, where users do not trust each other",
    "fail",
    [hub({}), securedCluster, vpcCni("true")],
    { settings: { profile: "untrusted-users" } },
  ],
  [
    "the VPC CNI's agent, which somebody found to hold for user pods",
    "pass",
    [hub({}), securedCluster, vpcCni("true")],
    { settings: { assume: { networkPolicyEnforced: true } } },
  ],
  ["the VPC CNI's agent, off, and Calico beside it", "pass", [hub({}), securedCluster, vpcCni("false"), calico]],
  [
    "Auto Mode with its switch, which is the same agent",
    "unknown",
    [
      hub({}),
      securedCluster,
      resource("kubernetes:core/v1:ConfigMap", "cni", {
        metadata: { name: "amazon-vpc-cni" },
        data: { "enable-network-policy-controller": "true" },
      }),
    ],
  ],
  ["engine elsewhere, asserted", "pass", hub({}), { settings: { assume: { networkPolicyEnforced: true } } }],
  [
    "engine elsewhere, asserted beside a cluster that shows none",
    "pass",
    [hub({}), securedCluster],
    { settings: { assume: { networkPolicyEnforced: true } } },
  ],
  ["a cluster without engine", "fail", [hub({}), cluster()]],
  [
    "the VPC CNI as a chart, with its agent, which skips user pods",
    "unknown",
    [
      hub({}),
      cluster(),
      resource("kubernetes:helm.sh/v3:Release", "cni", {
        chart: "aws-vpc-cni",
        values: { enableNetworkPolicy: "true" },
      }),
    ],
  ],
  ["the VPC CNI with its agent off", "fail", [hub({}), vpcCni("false")]],
  [
    "Cilium that enforces nothing",
    "fail",
    [
      hub({}),
      cluster(),
      resource("kubernetes:helm.sh/v3:Release", "cni", { chart: "cilium", values: { policyEnforcementMode: "never" } }),
    ],
  ],
  ["neither cluster nor engine", "unknown", hub({})],
  [
    "an add-on whose configuration is not known yet",
    "unknown",
    [hub({}), cluster(), resource("aws:eks/addon:Addon", "a", { addonName: "vpc-cni", configurationValues: UNKNOWN })],
  ],
  ["no hub", "notApplicable", [calico, cluster()]],
]);

const selecting = (podSelector: ValueMap, rest: ValueMap) => networkPolicy({ podSelector, ...rest });
const usersOnly = { matchLabels: { component: "singleuser-server" } };
const from = (podSelector: ValueMap) => ({ ingress: [{ from: [{ podSelector }] }] });
const cronJob = (labels: ValueMap) =>
  resource("kubernetes:batch/v1:CronJob", "tool", {
    metadata: { namespace: "jhub" },
    spec: { jobTemplate: { spec: { template: { metadata: { labels } } } } },
  });
const everyLabel = Object.fromEntries(
  ["hub", "proxy-http", "proxy-api", "singleuser"].map((name) => [`hub.jupyter.org/network-access-${name}`, "true"]),
);

describeControl(onlyLabelledPodsReachHub, [
  ["another policy that opens user pods", "fail", [hub({}), selecting(usersOnly, { ingress: [{}] })]],
  ["another policy among all pods of the namespace", "fail", [hub({}), selecting({}, from({}))]],
  [
    "another policy for the proxy's port for users",
    "pass",
    [hub({}), selecting({ matchLabels: { component: "proxy" } }, { ingress: [{ ports: [{ port: 8000 }] }] })],
  ],
  [
    "another policy for the proxy's API",
    "fail",
    [hub({}), selecting({ matchLabels: { component: "proxy" } }, { ingress: [{ ports: [{ port: 8001 }] }] })],
  ],
  ["another policy that denies all", "pass", [hub({}), selecting({}, { policyTypes: ["Ingress", "Egress"] })]],
  [
    "rules of a direction that is not governed",
    "pass",
    [hub({}), selecting({}, { policyTypes: ["Egress"], ingress: [{}] })],
  ],
  ["another policy for other pods", "pass", [hub({}), selecting({ matchLabels: { app: "db" } }, { ingress: [{}] })]],
  ["another policy elsewhere", "pass", [hub({}), networkPolicy({ podSelector: {}, ingress: [{}] }, "other")]],
  ["another policy not known yet", "unknown", [hub({}), networkPolicy(UNKNOWN)]],
  [
    "user pods to the proxy's API",
    "fail",
    hub({ proxy: { chp: { networkPolicy: { ...from({ matchLabels: { app: "jupyterhub" } }) } } } }),
  ],
  ["user pods to the hub, which they reach anyway", "pass", hub({ hub: { networkPolicy: from(usersOnly) } })],
  [
    "pods of the hub to user pods",
    "pass",
    hub({ singleuser: { networkPolicy: from({ matchLabels: { component: "hub" } }) } }),
  ],
  ["a CronJob with every label", "fail", [hub({}), cronJob(everyLabel)]],
]);
