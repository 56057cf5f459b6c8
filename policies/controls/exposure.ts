import { all, any, not } from "../../chart/three-valued";
import { at, type Found, isList, own, UNKNOWN } from "../../chart/values";
import { type Control, describe, type Finding, fail, notApplicable, pass, undecided, unknown } from "../control";
import { isTooWide } from "../evidence/addresses";
import { type Hub, hubTypes, onHub } from "../evidence/hub";
import { is, isGiven, isTruthy, matches } from "../evidence/truth";
import { otherChart } from "../example";

const service = "service.beta.kubernetes.io/";
const alb = "alb.ingress.kubernetes.io/";

export const loadBalancerSourcesRestricted: Control = {
  name: "load-balancer-sources-restricted",
  title: "Only the networks that need it reach the load balancer",
  reference: ["EXP-01", "JX-20"],
  severity: "medium",
  pack: "operations",
  why: "what nobody else can reach, nobody else can attack; a hub for the whole internet should be a decision",
  source: "Zero to JupyterHub, Security: restricting load balancer access",
  remediation:
    'set proxy.service.loadBalancerSourceRanges to the networks of your users, for example ["203.0.113.0/24"]; for an AWS ingress the annotation alb.ingress.kubernetes.io/inbound-cidrs',
  types: hubTypes,
  scope: "resource",
  examples: [
    {
      title: "named networks",
      verdict: "pass",
      values: { proxy: { service: { loadBalancerSourceRanges: ["203.0.113.0/24"] } } },
    },
    {
      title: "an internal load balancer",
      verdict: "pass",
      values: { proxy: { service: { annotations: { [`${service}aws-load-balancer-scheme`]: "internal" } } } },
    },
    { title: "chart default", verdict: "fail", values: {} },
    {
      title: "the whole internet in two halves",
      verdict: "fail",
      values: { proxy: { service: { loadBalancerSourceRanges: ["0.0.0.0/1", "128.0.0.0/1"] } } },
    },
    {
      title: "ranges do nothing for an ingress",
      verdict: "fail",
      values: {
        proxy: { service: { type: "ClusterIP", loadBalancerSourceRanges: ["203.0.113.0/24"] } },
        ingress: { enabled: true, annotations: { [`${alb}scheme`]: "internet-facing" } },
      },
    },
    {
      title: "ranges not known yet",
      verdict: "unknown",
      values: { proxy: { service: { loadBalancerSourceRanges: UNKNOWN } } },
    },
    {
      title: "no load balancer of the chart",
      verdict: "notApplicable",
      values: { proxy: { service: { type: "NodePort" } } },
    },
    otherChart,
  ],
  evaluate: onHub((hub) => {
    const findings = [...judgeService(hub), ...judgeIngress(hub)];
    return findings.length > 0 ? findings : notApplicable("the chart makes no load balancer");
  }),
};

const expected = "the networks of the users";

function judgeService(hub: Hub): Finding[] {
  const values = at(hub.values, "proxy.service");
  const balanced = is(own(values, "type"), "LoadBalancer");
  if (balanced === false) return [];
  const annotations = own(values, "annotations");
  const internal = any([
    is(own(annotations, `${service}aws-load-balancer-scheme`), "internal"),
    matches(own(annotations, `${service}aws-load-balancer-internal`), /^(?!false$).+/i),
  ]);
  if (internal === true) return [pass("proxy.service.annotations", "an internal load balancer")];
  const path = "proxy.service.loadBalancerSourceRanges";
  const groups = own(annotations, `${service}aws-load-balancer-security-groups`);
  const byAnnotation = own(annotations, `${service}load-balancer-source-ranges`);
  const finding = judgeRanges(own(values, "loadBalancerSourceRanges"), byAnnotation, path);
  if (isGiven(groups) !== false && finding.verdict === "pass")
    return [
      unknown(path, "ranges that an own security group replaces", "a security group for the networks of the users"),
    ];
  const open = internal === UNKNOWN || balanced === UNKNOWN || isGiven(groups) !== false;
  return [open ? undecided(finding) : finding];
}

function judgeRanges(list: Found, annotation: Found, path: string): Finding {
  const listed = isList(list) && list.length > 0;
  const ranges =
    listed || list === UNKNOWN ? list : typeof annotation === "string" ? annotation.split(",") : annotation;
  return judgeNetworks(ranges, path);
}

function judgeNetworks(ranges: Found, path: string): Finding {
  if (ranges === UNKNOWN) return unknown(path, describe(ranges), expected);
  if (!isList(ranges) || ranges.length === 0)
    return fail(path, `${describe(ranges)}, so that everybody reaches it`, expected);
  const wide = ranges.findIndex((range) => typeof range === "string" && isTooWide(range));
  if (wide >= 0) return fail(`${path}[${wide}]`, "a range as wide as the internet", expected);
  if (ranges.includes(UNKNOWN)) return unknown(path, describe(UNKNOWN), expected);
  return pass(path, describe(ranges));
}

function judgeIngress(hub: Hub): Finding[] {
  const ingress = at(hub.values, "ingress");
  const enabled = isTruthy(own(ingress, "enabled"));
  if (enabled === false) return [];
  const annotations = own(ingress, "annotations");
  const cidrs =
    own(annotations, `${alb}inbound-cidrs`) ?? own(annotations, "nginx.ingress.kubernetes.io/whitelist-source-range");
  const path = `ingress.annotations["${alb}inbound-cidrs"]`;
  if (annotations === UNKNOWN) return [unknown(path, describe(annotations), expected)];
  // The AWS load balancer controller makes internal load balancers unless told otherwise.
  const isAlb = is(own(ingress, "ingressClassName") ?? own(annotations, "kubernetes.io/ingress.class"), "alb");
  const scheme = own(annotations, `${alb}scheme`);
  const internal = any([is(scheme, "internal"), all([isAlb, not(isGiven(scheme))])]);
  if (internal === true) return [pass("ingress.annotations", "an internal load balancer")];
  const finding = judgeNetworks(typeof cidrs === "string" ? cidrs.split(",").map((text) => text.trim()) : cidrs, path);
  return [internal === UNKNOWN || enabled === UNKNOWN ? undecided(finding) : finding];
}

export const staticAddressEffective: Control = {
  name: "static-address-effective",
  title: "A fixed address is asked for in the way that AWS understands",
  reference: ["EXP-02"],
  severity: "low",
  pack: "operations",
  why: "AWS ignores loadBalancerIP, so that a record that relies on the address breaks",
  source: "Zero to JupyterHub, Security: set up your domain",
  remediation: `remove proxy.service.loadBalancerIP; let a CNAME or alias record follow the load balancer's name, or give a network load balancer elastic addresses by the annotation ${service}aws-load-balancer-eip-allocations`,
  types: hubTypes,
  scope: "resource",
  examples: [
    {
      title: "elastic addresses",
      verdict: "pass",
      values: {
        proxy: {
          service: { annotations: { [`${service}aws-load-balancer-eip-allocations`]: "eipalloc-0123456789abcdef0" } },
        },
      },
    },
    { title: "what AWS ignores", verdict: "fail", values: { proxy: { service: { loadBalancerIP: "203.0.113.9" } } } },
    {
      title: "elastic addresses for an internal load balancer",
      verdict: "fail",
      values: {
        proxy: {
          service: {
            annotations: {
              [`${service}aws-load-balancer-eip-allocations`]: "eipalloc-0123456789abcdef0",
              [`${service}aws-load-balancer-scheme`]: "internal",
            },
          },
        },
      },
    },
    { title: "not known yet", verdict: "unknown", values: { proxy: { service: { loadBalancerIP: UNKNOWN } } } },
    { title: "chart default", verdict: "notApplicable", values: {} },
    otherChart,
  ],
  evaluate: onHub((hub) => {
    const path = "proxy.service.loadBalancerIP";
    const values = at(hub.values, "proxy.service");
    const address = own(values, "loadBalancerIP");
    if (address === UNKNOWN) return unknown(path, describe(address), "no address");
    if (isGiven(address) === true) return fail(path, "an address, which AWS ignores", "no address");
    const annotations = own(values, "annotations");
    const allocations = own(annotations, `${service}aws-load-balancer-eip-allocations`);
    const where = `proxy.service.annotations["${service}aws-load-balancer-eip-allocations"]`;
    if (allocations === UNKNOWN) return unknown(where, describe(allocations), "elastic addresses, or none");
    if (isGiven(allocations) !== true) return notApplicable("no fixed address is asked for");
    const internal = is(own(annotations, `${service}aws-load-balancer-scheme`), "internal");
    if (internal === UNKNOWN) return unknown(where, "elastic addresses", "an internet-facing network load balancer");
    return internal
      ? fail(where, "elastic addresses for an internal load balancer", "the scheme internet-facing")
      : pass(where, "elastic addresses");
  }),
};
