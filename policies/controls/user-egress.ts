import { all, any, type Truth } from "../../chart/three-valued";
import { at, type Found, own, UNKNOWN } from "../../chart/values";
import { type Context, type Control, describe, type Finding, fail, pass, unknown, when } from "../control";
import { toNumber } from "../evidence/aws";
import { egressAdmits } from "../evidence/egress";
import { type Hub, hubTypes, onHub } from "../evidence/hub";
import { networkPoliciesIn, policyAdmitting } from "../evidence/network-policies";
import { isTruthy, listOf } from "../evidence/truth";
import { userPods } from "../evidence/user-pods";
import { otherChart } from "../example";

const source = "Zero to JupyterHub, Security: Kubernetes Network Policies";

/** Either end of the private networks, by which a rule for a whole one is told from a rule for a part. */
const privateNetworks: readonly (readonly [string, string])[] = [
  ["10.0.0.1", "10.255.255.254"],
  ["172.16.0.1", "172.31.255.254"],
  ["192.168.0.1", "192.168.255.254"],
  ["fd00::1", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:fffe"],
];
/** Ports of what lies in private networks: the API server, databases, other users' servers, shells. */
const innerPorts = [443, 80, 5432, 8888, 22];

export const userEgressNarrow: Control = {
  name: "user-egress-narrow",
  title: "User pods do not reach whole private networks",
  reference: ["NET-04", "NET-06"],
  severity: "medium",
  pack: "security",
  why: "in private networks lie the API server, databases and other users' pods, which trust whoever reaches them",
  source: `${source}, limiting network access from pods (whose example opens all addresses on three ports)`,
  remediation:
    "set singleuser.networkPolicy.egressAllowRules.privateIPs: false, and give each rule under egress a `to` with the networks that users need; before chart 2.0 except 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 and 169.254.169.254/32 from 0.0.0.0/0",
  types: hubTypes,
  scope: "stack",
  examples: [
    { title: "chart default", verdict: "pass", values: {} },
    {
      title: "one endpoint in the private network",
      verdict: "pass",
      values: {
        singleuser: {
          networkPolicy: {
            egress: [{ to: [{ ipBlock: { cidr: "10.0.7.0/24" } }], ports: [{ port: 443, protocol: "TCP" }] }],
          },
        },
      },
    },
    { title: "chart default before 2.0", verdict: "fail", version: "1.2.0", values: {} },
    {
      title: "all private networks",
      verdict: "fail",
      values: { singleuser: { networkPolicy: { egressAllowRules: { privateIPs: true } } } },
    },
    {
      title: "the example of the documentation",
      verdict: "fail",
      values: {
        singleuser: {
          networkPolicy: {
            egress: [{ ports: [{ port: 53, protocol: "UDP" }] }, { ports: [{ port: 80 }] }, { ports: [{ port: 443 }] }],
          },
        },
      },
    },
    {
      title: "every IPv6 address, private ones too",
      verdict: "fail",
      values: { singleuser: { networkPolicy: { egress: [{ to: [{ ipBlock: { cidr: "::/0" } }] }] } } },
    },
    {
      title: "one port of everything",
      verdict: "fail",
      values: { singleuser: { networkPolicy: { egress: [{ ports: [{ port: 9999 }] }] } } },
    },
    {
      title: "the whole internet, for users nobody trusts at all",
      verdict: "fail",
      values: {},
      configuration: { settings: { profile: "strict" } },
    },
    { title: "not known yet", verdict: "unknown", values: { singleuser: { networkPolicy: { egress: UNKNOWN } } } },
    {
      title: "no NetworkPolicy, which another control refuses",
      verdict: "notApplicable",
      values: { singleuser: { networkPolicy: { enabled: false } } },
    },
    otherChart,
  ],
  evaluate: onHub((hub, context) =>
    when(isTruthy(at(hub.values, "singleuser.networkPolicy.enabled")), "user pods have no NetworkPolicy", () => [
      judgeFlag(hub, "privateIPs"),
      ...(context.settings.profile === "strict" ? [judgeFlag(hub, "nonPrivateIPs")] : []),
      judgeEgress(at(hub.values, "singleuser.networkPolicy.egress")),
      ...judgeOthers(hub, context),
    ]),
  ),
};

function judgeFlag(hub: Hub, name: string): Finding {
  const path = `singleuser.networkPolicy.egressAllowRules.${name}`;
  const allowed = isTruthy(at(hub.values, path));
  if (allowed === UNKNOWN) return unknown(path, describe(UNKNOWN), "false");
  return allowed ? fail(path, "true", "false") : pass(path, "false");
}

function judgeEgress(rules: Found): Finding {
  const path = "singleuser.networkPolicy.egress";
  const expected = "rules for the networks that users need";
  const ports = [...new Set([...innerPorts, ...portsOf(rules)])];
  const wide = any(
    privateNetworks.map((network) => admitsAll(network, ports, (address, port) => egressAdmits(rules, address, port))),
  );
  if (wide === UNKNOWN) return unknown(path, describe(UNKNOWN), expected);
  return wide
    ? fail(path, "a rule that opens a whole private network", expected)
    : pass(path, "no whole private network");
}

function admitsAll(
  [first, last]: readonly [string, string],
  ports: readonly number[],
  admits: (address: string, port: number) => Truth,
): Truth {
  return any(ports.map((port) => all([admits(first, port), admits(last, port)])));
}

/** Ports that rules name, but for that of DNS, which user pods need everywhere. */
function portsOf(rules: Found): number[] {
  const ports = listOf(rules).flatMap((rule) => listOf(own(rule, "ports")).map((port) => toNumber(own(port, "port"))));
  return ports.filter((port): port is number => typeof port === "number" && port !== 53);
}

function judgeOthers(hub: Hub, { stack }: Context): Finding[] {
  const [pod] = userPods(hub);
  if (!pod) return [];
  const path = "singleuser.networkPolicy";
  const expected = "no other NetworkPolicy that opens private networks to user pods";
  const others = networkPoliciesIn(stack).map(({ properties }) => at(properties, "spec.egress"));
  const ports = [...new Set([...innerPorts, ...others.flatMap(portsOf)])];
  const wide = any(
    privateNetworks.map((network) =>
      admitsAll(network, ports, (address, port) => policyAdmitting(stack, pod, address, port)[0]),
    ),
  );
  if (wide === false) return [];
  return [
    (wide === true ? fail : unknown)(
      path,
      "another NetworkPolicy of the stack that opens a whole private network",
      expected,
    ),
  ];
}
