import { expect, test } from "vitest";
import { UNKNOWN, type Value, type ValueMap } from "../../chart/values";
import { userPodMetadataBlocked } from "../../policies/controls/metadata";
import { calico, describeControl, hub, judgementOf, networkPolicy } from "./support";

/** A hub whose only block is its NetworkPolicy. */
const byPolicy = (hubValues: ValueMap = {}, policy: ValueMap = {}) =>
  hub({ hub: hubValues, singleuser: { cloudMetadata: { blockWithIptables: false }, networkPolicy: policy } });
const kubespawner = (traits: ValueMap): ValueMap => ({ config: { KubeSpawner: traits } });
/** A hub without policy, with an option of a profile. */
const option = (option: Value) =>
  hub({ singleuser: { profileList: [{ profile_options: { o: option } }], networkPolicy: { enabled: false } } });
const replacing = { kubespawner_override: { init_containers: [] } };
const privateExcepted = { ipBlock: { cidr: "0.0.0.0/0", except: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"] } };
const userPods = { matchLabels: { component: "singleuser-server" } };

describeControl(userPodMetadataBlocked, [
  // choices that users have
  ["replaced in a choice that users type", "fail", option({ unlisted_choice: { enabled: true, ...replacing } })],
  ["replaced in a choice that is not offered", "pass", option({ unlisted_choice: { enabled: false, ...replacing } })],
  [
    "replaced in a choice that may be offered",
    "unknown",
    option({ unlisted_choice: { enabled: UNKNOWN, ...replacing } }),
  ],
  [
    "something else in a choice that may be offered",
    "pass",
    option({ unlisted_choice: { enabled: UNKNOWN, kubespawner_override: { image: "{value}" } } }),
  ],
  ["choices that are not known yet", "unknown", option({ choices: UNKNOWN })],
  ["options that are not known yet", "unknown", option(UNKNOWN)],

  // other policies of the stack add up
  [
    "another policy opens it",
    "fail",
    [byPolicy(), calico, networkPolicy({ podSelector: userPods, egress: [{ to: [privateExcepted] }] })],
  ],
  [
    "another policy for all pods opens it",
    "fail",
    [byPolicy(), calico, networkPolicy({ podSelector: {}, egress: [{}] })],
  ],
  [
    "another policy by expression opens it",
    "fail",
    [
      byPolicy(),
      calico,
      networkPolicy({
        podSelector: { matchExpressions: [{ key: "component", operator: "In", values: ["singleuser-server"] }] },
        egress: [{}],
      }),
    ],
  ],
  [
    "another policy for pods with an access that user pods do not have",
    "pass",
    [
      byPolicy(),
      calico,
      networkPolicy({
        podSelector: { matchLabels: { "hub.jupyter.org/network-access-proxy-http": "true" } },
        egress: [{}],
      }),
    ],
  ],
  [
    "another policy for one user's pod",
    "unknown",
    [
      byPolicy(),
      calico,
      networkPolicy({ podSelector: { matchLabels: { "hub.jupyter.org/username": "ada" } }, egress: [{}] }),
    ],
  ],
  [
    "another policy for the hub only",
    "pass",
    [byPolicy(), calico, networkPolicy({ podSelector: { matchLabels: { component: "hub" } }, egress: [{}] })],
  ],
  [
    "another policy in another namespace",
    "pass",
    [byPolicy(), calico, networkPolicy({ podSelector: {}, egress: [{}] }, "web")],
  ],
  [
    "another policy without that port",
    "pass",
    [byPolicy(), calico, networkPolicy({ podSelector: userPods, egress: [{ ports: [{ port: 443 }] }] })],
  ],
  ["another policy that is not known yet", "unknown", [byPolicy(), calico, networkPolicy(UNKNOWN)]],

  [
    "egress rules of a policy for ingress only, which count for nothing",
    "pass",
    [byPolicy(), calico, networkPolicy({ podSelector: {}, policyTypes: ["Ingress"], egress: [{}] })],
  ],
]);

const policyOff = { enabled: false };

test.each([
  ["a flag", byPolicy({}, policyOff), "singleuser.cloudMetadata"],
  ["an egress rule", byPolicy({}, { egress: [{ ports: [{ port: 80 }] }] }), "singleuser.networkPolicy.egress"],
  ["a label", byPolicy(kubespawner({ component_label: "notebook" })), "hub.config.KubeSpawner.component_label"],
  [
    "a list of init containers",
    hub({ hub: kubespawner({ init_containers: [] }), singleuser: { networkPolicy: policyOff } }),
    "hub.config.KubeSpawner.init_containers",
  ],
])("the path of a failure is what undoes a block: %s", (_title, release, path) => {
  expect(judgementOf(userPodMetadataBlocked, [release, calico])).toMatchObject({ verdict: "fail", path });
});
