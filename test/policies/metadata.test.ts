import { UNKNOWN, type Value, type ValueMap } from "../../chart/values";
import { userPodMetadataBlocked } from "../../policies/controls/metadata";
import {
  bareNodes,
  calico,
  cluster,
  describeControl,
  hub,
  hubOf,
  nodes,
  resource,
  safeMetadata,
  securedCluster,
  vpcCni,
} from "./support";

/** A hub whose only block is its NetworkPolicy. */
const byPolicy = (singleuser: ValueMap = {}, rest: ValueMap = {}) =>
  hub({
    singleuser: {
      ...singleuser,
      cloudMetadata: { blockWithIptables: false, ...((singleuser.cloudMetadata as ValueMap) ?? {}) },
    },
    ...rest,
  });
const egress = (...rules: Value[]) => byPolicy({ networkPolicy: { egress: rules } });
const kubespawner = (traits: ValueMap) => byPolicy({}, { hub: { config: { KubeSpawner: traits } } });
const profile = (override: ValueMap) => ({ profileList: [{ kubespawner_override: override }] });
const everywhere = { ipBlock: { cidr: "0.0.0.0/0" } };
const privateExcepted = { ipBlock: { cidr: "0.0.0.0/0", except: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"] } };
const metadataExcepted = { ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.169.254/32"] } };

describeControl(userPodMetadataBlocked, [
  [
    "a release whose name is not known yet",
    "pass",
    [hub({ singleuser: { cloudMetadata: { blockWithIptables: false } } }, { name: UNKNOWN }), calico],
  ],
  // the chart's init container
  ["chart default: the init container", "pass", hub({})],
  ["a whole network in iptables", "pass", hub({ singleuser: { cloudMetadata: { ip: "169.254.0.0/16" } } })],
  ["iptables of another address", "fail", hub({ singleuser: { cloudMetadata: { ip: "10.0.0.1" } } })],
  ["0.9: the flag is inverted", "fail", hubOf("0.9.1", { singleuser: { cloudMetadata: { enabled: true } } })],
  [
    "0.10 ignores the flag of today",
    "unknown",
    hubOf("0.10.6", { singleuser: { cloudMetadata: { blockWithIptables: true } } }),
  ],
  ["0.10 reads the old one", "pass", hubOf("0.10.6", { singleuser: { cloudMetadata: { enabled: false } } })],
  [
    "a text, which is not the flag",
    "fail",
    hub({ singleuser: { cloudMetadata: { blockWithIptables: "true" }, networkPolicy: { enabled: false } } }),
  ],
  [
    "flag deleted by null, no policy",
    "fail",
    hub({ singleuser: { cloudMetadata: { blockWithIptables: null }, networkPolicy: { enabled: false } } }),
  ],
  ["own init containers beside it", "pass", hub({ singleuser: { initContainers: [{ name: "a", image: "a:1" }] } })],
  ["replaced by hub.config", "unknown", hub({ hub: { config: { KubeSpawner: { init_containers: [] } } } })],
  [
    "replaced by hub.config, no policy",
    "fail",
    hub({
      hub: { config: { KubeSpawner: { init_containers: [] } } },
      singleuser: { networkPolicy: { enabled: false } },
    }),
  ],
  [
    "replaced by the pod's own field",
    "fail",
    hub({ singleuser: { extraPodConfig: { initContainers: [] }, networkPolicy: { enabled: false } } }),
  ],
  [
    "replaced by the pod's own field, snake case",
    "fail",
    hub({ singleuser: { extraPodConfig: { init_containers: [] }, networkPolicy: { enabled: false } } }),
  ],
  [
    "replaced in one profile",
    "fail",
    hub({ singleuser: { ...profile({ init_containers: [] }), networkPolicy: { enabled: false } } }),
  ],
  [
    "replaced in one choice",
    "fail",
    hub({
      singleuser: {
        profileList: [
          { profile_options: { o: { choices: { c: { kubespawner_override: { init_containers: [] } } } } } },
        ],
        networkPolicy: { enabled: false },
      },
    }),
  ],
  ["a base class cannot replace it", "pass", hub({ hub: { config: { Spawner: { init_containers: [] } } } })],
  ["Python that may replace it", "unknown", hub({ hub: { extraConfig: { x: "c.KubeSpawner.init_containers = []" } } })],

  // NetworkPolicy with an engine
  ["policy and Calico", "pass", [byPolicy(), securedCluster, calico]],
  [
    "policy and an engine that is asserted",
    "pass",
    byPolicy(),
    { settings: { assume: { networkPolicyEnforced: true } } },
  ],
  ["policy, engine not shown", "unknown", byPolicy()],
  ["policy and the VPC CNI, which skips user pods", "unknown", [byPolicy(), securedCluster, vpcCni("true")]],
  ["policy in a cluster without engine", "fail", [byPolicy(), cluster()]],
  ["policy off", "fail", [byPolicy({ networkPolicy: { enabled: false } }), calico]],
  [
    "policy that allows it",
    "fail",
    [byPolicy({ networkPolicy: { egressAllowRules: { cloudMetadataServer: true } } }), calico],
  ],
  ["policy about another address", "fail", [byPolicy({ cloudMetadata: { ip: "10.0.0.1" } }), calico]],
  [
    "the article's rule: ports without addresses",
    "fail",
    [egress({ ports: [{ port: 53, protocol: "UDP" }, { port: 80 }, { port: 443 }] }), calico],
  ],
  ["port 443 without addresses", "pass", [egress({ ports: [{ port: 443 }] }), calico]],
  ["a range of ports around 80", "fail", [egress({ ports: [{ port: 1, endPort: 1024 }], to: [everywhere] }), calico]],
  ["a range of ports above 80", "pass", [egress({ ports: [{ port: 81, endPort: 1024 }], to: [everywhere] }), calico]],
  ["a named port", "fail", [egress({ ports: [{ port: "http" }] }), calico]],
  ["port 80 by UDP only", "pass", [egress({ ports: [{ port: 80, protocol: "UDP" }] }), calico]],
  ["an empty rule opens all", "fail", [egress({}), calico]],
  [
    "everywhere but private networks: link-local stays open",
    "fail",
    [egress({ to: [privateExcepted], ports: [{ port: 80 }] }), calico],
  ],
  ["everywhere but the metadata server", "pass", [egress({ to: [metadataExcepted] }), calico]],
  [
    "everywhere but link-local",
    "pass",
    [egress({ to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.0.0/16"] } }] }), calico],
  ],
  [
    "everywhere by IPv6, where some instances answer, too",
    "unknown",
    [egress({ to: [{ ipBlock: { cidr: "::/0" } }] }), calico],
  ],
  [
    "everywhere by IPv6 but the metadata server",
    "pass",
    [egress({ to: [{ ipBlock: { cidr: "::/0", except: ["fd00:ec2::254/128"] } }] }), calico],
  ],
  ["pods only", "pass", [egress({ to: [{ podSelector: {} }, { namespaceSelector: {} }] }), calico]],
  ["a database by address", "pass", [egress({ to: [{ ipBlock: { cidr: "10.1.2.3/32" } }] }), calico]],
  ["a rule that is not known yet", "unknown", [egress(UNKNOWN), calico]],
  ["an open rule beside one that is not known yet", "fail", [egress(UNKNOWN, {}), calico]],
  [
    "before 2.0 an own list replaces the one that excepts",
    "fail",
    [
      hubOf("1.2.0", {
        singleuser: { cloudMetadata: { blockWithIptables: false }, networkPolicy: { egress: [{ to: [everywhere] }] } },
      }),
      calico,
    ],
  ],
  [
    "before 2.0 the default list excepts",
    "pass",
    [hubOf("1.2.0", { singleuser: { cloudMetadata: { blockWithIptables: false } } }), calico],
  ],

  // pods that leave the policy
  ["labels replaced", "fail", [kubespawner({ common_labels: { team: "x" } }), calico]],
  [
    "labels replaced by the same ones",
    "pass",
    [kubespawner({ common_labels: { app: "jupyterhub", release: "hub", team: "x" } }), calico],
  ],
  [
    "labels added in a profile merge and do no harm",
    "pass",
    [byPolicy(profile({ common_labels: { team: "x" } })), calico],
  ],
  [
    "labels added in a profile while the release's name is not known yet",
    "pass",
    [
      hub(
        { singleuser: { cloudMetadata: { blockWithIptables: false }, ...profile({ common_labels: { team: "x" } }) } },
        { name: UNKNOWN },
      ),
      calico,
    ],
  ],
  ["a label overwritten in a profile", "fail", [byPolicy(profile({ common_labels: { app: "x" } })), calico]],
  ["another component label", "fail", [kubespawner({ component_label: "notebook" }), calico]],
  ["another namespace", "fail", [kubespawner({ namespace: "users" }), calico]],
  ["the same namespace", "pass", [kubespawner({ namespace: "jhub" }), calico]],
  ["a namespace for each user", "fail", [kubespawner({ enable_user_namespaces: true }), calico]],
  [
    "the node's own network",
    "fail",
    [byPolicy({ extraPodConfig: { hostNetwork: true } }), calico, ...nodes(safeMetadata)],
  ],
  [
    "the node's own network, snake case, in a profile",
    "fail",
    [byPolicy(profile({ extra_pod_config: { host_network: true } })), calico, ...nodes(safeMetadata)],
  ],

  // the nodes
  ["every node with IMDSv2 and one hop", "pass", [byPolicy(), cluster(), ...nodes(safeMetadata)]],
  [
    "two hops, no engine",
    "fail",
    [byPolicy(), cluster(), ...nodes({ httpTokens: "required", httpPutResponseHopLimit: 2 })],
  ],
  ["one pool of two without own template", "fail", [byPolicy(), cluster(), ...nodes(safeMetadata), bareNodes]],
  [
    "hop limit not known yet",
    "unknown",
    [byPolicy(), cluster(), ...nodes({ httpTokens: "required", httpPutResponseHopLimit: UNKNOWN })],
  ],
  [
    "a template of another stack",
    "unknown",
    [byPolicy(), cluster(), resource("aws:eks/nodeGroup:NodeGroup", "n", { launchTemplate: { id: "lt-1" } })],
  ],
  [
    "nodes elsewhere, asserted",
    "pass",
    byPolicy({ networkPolicy: { enabled: false } }),
    { settings: { assume: { imdsHopLimitOne: true } } },
  ],
  [
    "nodes asserted, but the stack shows otherwise",
    "fail",
    [byPolicy({ networkPolicy: { enabled: false } }), bareNodes],
    { settings: { assume: { imdsHopLimitOne: true } } },
  ],
  [
    "Karpenter's default",
    "pass",
    [
      byPolicy({ networkPolicy: { enabled: false } }),
      resource("kubernetes:karpenter.k8s.aws/v1:EC2NodeClass", "k", { spec: {} }),
    ],
  ],
  [
    "Karpenter with two hops",
    "fail",
    [
      byPolicy({ networkPolicy: { enabled: false } }),
      resource("kubernetes:karpenter.k8s.aws/v1:EC2NodeClass", "k", {
        spec: { metadataOptions: { httpPutResponseHopLimit: 2 } },
      }),
    ],
  ],

  ["nothing at all", "fail", byPolicy({ networkPolicy: { enabled: false } })],
  ["no value is known", "unknown", hub(UNKNOWN)],
  ["no hub", "notApplicable", [calico, cluster()]],
]);
