import { UNKNOWN } from "../../chart/values";
import { networkPoliciesEnabled, networkPoliciesEnforced } from "../../policies/controls/network-policies";
import {
  calico,
  cluster,
  describeControl,
  hub,
  hubOf,
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
