import { UNKNOWN, type Value, type ValueMap } from "../../chart/values";
import { type Example, type ExampleResource, otherChart } from "../example";

const metadata = (cloudMetadata: ValueMap, singleuser: ValueMap = {}, rest: ValueMap = {}): ValueMap => ({
  singleuser: { cloudMetadata, ...singleuser },
  ...rest,
});
const policyOnly = (singleuser: ValueMap = {}, rest: ValueMap = {}) =>
  metadata({ blockWithIptables: false }, singleuser, rest);
const egress = (...rules: readonly Value[]) => policyOnly({ networkPolicy: { egress: rules } });
const noPolicy = { networkPolicy: { enabled: false } };

const calico: ExampleResource = {
  type: "kubernetes:helm.sh/v3:Release",
  name: "calico",
  properties: { chart: "tigera-operator", values: {} },
};
const nodes = (metadataOptions: Value): readonly ExampleResource[] => [
  { type: "aws:ec2/launchTemplate:LaunchTemplate", name: "template", properties: { metadataOptions } },
  {
    type: "aws:eks/nodeGroup:NodeGroup",
    name: "nodes",
    properties: { launchTemplate: { id: UNKNOWN, version: UNKNOWN } },
    sources: { launchTemplate: ["template"] },
  },
];
const otherPolicy = (spec: ValueMap): ExampleResource => ({
  type: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
  properties: { metadata: { namespace: "jhub" }, spec },
});

export const metadataExamples: readonly Example[] = [
  { title: "chart default: iptables", verdict: "pass", values: {} },
  { title: "iptables for a whole network", verdict: "pass", values: metadata({ ip: "169.254.0.0/16" }) },
  { title: "a NetworkPolicy and Calico", verdict: "pass", values: policyOnly(), resources: [calico] },
  {
    title: "a NetworkPolicy and an engine that is asserted",
    verdict: "pass",
    values: policyOnly(),
    configuration: { settings: { assume: { networkPolicyEnforced: true } } },
  },
  {
    title: "nodes that answer one hop away only",
    verdict: "pass",
    values: policyOnly(noPolicy),
    resources: nodes({ httpTokens: "required", httpPutResponseHopLimit: 1 }),
  },
  { title: "the inverted flag of charts before 0.10", verdict: "pass", version: "0.9.1", values: {} },
  {
    title: "everywhere but the metadata server",
    verdict: "pass",
    values: egress({ to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.169.254/32"] } }] }),
    resources: [calico],
  },
  { title: "neither of them", verdict: "fail", values: policyOnly(noPolicy) },
  {
    title: "the inverted flag of charts before 0.10, on",
    verdict: "fail",
    version: "0.9.1",
    values: metadata({ enabled: true }),
  },
  { title: "iptables for another address", verdict: "fail", values: metadata({ ip: "10.0.0.1" }) },
  { title: "a text for the flag", verdict: "fail", values: metadata({ blockWithIptables: "true" }, noPolicy) },
  {
    title: "the init containers replaced, and iptables with them",
    verdict: "fail",
    values: { singleuser: noPolicy, hub: { config: { KubeSpawner: { init_containers: [] } } } },
  },
  {
    title: "the init containers replaced in one profile",
    verdict: "fail",
    values: { singleuser: { ...noPolicy, profileList: [{ kubespawner_override: { init_containers: [] } }] } },
  },
  {
    title: "the init containers replaced by the pod's own field",
    verdict: "fail",
    values: { singleuser: { ...noPolicy, extraPodConfig: { initContainers: [] } } },
  },
  {
    title: "the article's egress rule: ports without addresses",
    verdict: "fail",
    values: egress({ ports: [{ port: 53, protocol: "UDP" }, { port: 80 }, { port: 443 }] }),
    resources: [calico],
  },
  {
    title: "everywhere but private networks: link-local stays open",
    verdict: "fail",
    values: egress({
      to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"] } }],
      ports: [{ port: 80 }],
    }),
    resources: [calico],
  },
  {
    title: "the metadata server allowed",
    verdict: "fail",
    values: policyOnly({ networkPolicy: { egressAllowRules: { cloudMetadataServer: true } } }),
    resources: [calico],
  },
  {
    title: "another NetworkPolicy opens it",
    verdict: "fail",
    values: policyOnly(),
    resources: [calico, otherPolicy({ podSelector: {}, egress: [{}] })],
  },
  {
    title: "labels with which user pods leave the NetworkPolicy",
    verdict: "fail",
    values: policyOnly({}, { hub: { config: { KubeSpawner: { common_labels: { team: "x" } } } } }),
    resources: [calico],
  },
  {
    title: "user pods in the node's own network",
    verdict: "fail",
    values: policyOnly({ extraPodConfig: { hostNetwork: true } }),
    resources: [calico, ...nodes({ httpTokens: "required", httpPutResponseHopLimit: 1 })],
  },
  {
    title: "nodes that answer two hops away",
    verdict: "fail",
    values: policyOnly(noPolicy),
    resources: nodes({ httpTokens: "required", httpPutResponseHopLimit: 2 }),
  },
  { title: "a NetworkPolicy whose engine is not shown", verdict: "unknown", values: policyOnly() },
  { title: "charts 0.10, which ignore the flag", verdict: "unknown", version: "0.10.6", values: {} },
  {
    title: "a hop limit not known yet",
    verdict: "unknown",
    values: policyOnly(noPolicy),
    resources: nodes({ httpTokens: "required", httpPutResponseHopLimit: UNKNOWN }),
  },
  {
    title: "Python that may replace the init containers",
    verdict: "unknown",
    values: { hub: { extraConfig: { pods: "c.KubeSpawner.init_containers = []" } } },
  },
  otherChart,
];
