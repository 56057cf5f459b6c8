import { all, any, not, type Truth } from "../../chart/three-valued";
import { at, type Found, isList, own, scalarText, UNKNOWN } from "../../chart/values";
import { type Control, describe, type Finding, fail, notApplicable, pass, undecided, unknown } from "../control";
import { isTooWide, parseNetwork } from "../evidence/addresses";
import { albAnnotation as alb, loadBalancerAnnotation } from "../evidence/aws";
import { type Hub, hubTypes, onHub } from "../evidence/hub";
import { isAlb } from "../evidence/ingress";
import { is, isGiven, isTruthy, matches } from "../evidence/truth";
import { otherChart } from "../example";

const service = "service.beta.kubernetes.io/";

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
      values: { proxy: { service: { annotations: { [`${loadBalancerAnnotation}scheme`]: "internal" } } } },
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
      title: "a range that is none",
      verdict: "fail",
      values: { proxy: { service: { loadBalancerSourceRanges: ["<office>/32"] } } },
    },
    {
      title: "ranges not known yet",
      verdict: "unknown",
      values: { proxy: { service: { loadBalancerSourceRanges: UNKNOWN } } },
    },
    {
      title: "an AWS load balancer with its own security groups",
      verdict: "unknown",
      values: {
        proxy: { service: { type: "ClusterIP" } },
        ingress: {
          enabled: true,
          ingressClassName: "alb",
          annotations: { [`${alb}scheme`]: "internet-facing", [`${alb}security-groups`]: "sg-0123456789abcdef0" },
        },
      },
    },
    {
      title: "a load balancer whose scheme the controller decides",
      verdict: "unknown",
      values: { proxy: { service: { annotations: { [`${loadBalancerAnnotation}type`]: "external" } } } },
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
  const internal = isInternal(annotations);
  if (internal === true) return [pass("proxy.service.annotations", "an internal load balancer")];
  const path = "proxy.service.loadBalancerSourceRanges";
  const groups = own(annotations, `${loadBalancerAnnotation}security-groups`);
  const byAnnotation = own(annotations, `${service}load-balancer-source-ranges`);
  const finding = judgeRanges(own(values, "loadBalancerSourceRanges"), byAnnotation, path);
  if (isGiven(groups) !== false && finding.verdict === "pass")
    return [
      unknown(path, "ranges that an own security group replaces", "a security group for the networks of the users"),
    ];
  const open = internal === UNKNOWN || balanced === UNKNOWN || isGiven(groups) !== false;
  return [open ? undecided(finding) : finding];
}

/** Two annotations say it, to different controllers; without either the AWS Load Balancer Controller has a default of its own. */
function isInternal(annotations: Found): Truth {
  const scheme = own(annotations, `${loadBalancerAnnotation}scheme`);
  const flag = own(annotations, `${loadBalancerAnnotation}internal`);
  const said: Truth[] = [];
  if (isGiven(scheme) !== false) said.push(is(scheme, "internal"));
  if (isGiven(flag) !== false) said.push(matches(flag, /^(?!false$).+/i));
  if (said.length > 0) return any(said) === all(said) ? any(said) : UNKNOWN;
  return matches(own(annotations, `${loadBalancerAnnotation}type`), /^(external|nlb-ip)$/) === false ? false : UNKNOWN;
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
  const none = ranges.findIndex((range) => range !== UNKNOWN && parseNetwork(scalarText(range)) === undefined);
  if (none >= 0) return fail(`${path}[${none}]`, "a text that is no network", expected);
  if (ranges.includes(UNKNOWN)) return unknown(path, describe(UNKNOWN), expected);
  return pass(path, describe(ranges));
}

function judgeIngress(hub: Hub): Finding[] {
  const ingress = at(hub.values, "ingress");
  const enabled = isTruthy(own(ingress, "enabled"));
  if (enabled === false) return [];
  const annotations = own(ingress, "annotations");
  const byAlb = isAlb(annotations, own(ingress, "ingressClassName"));
  const nginx = "nginx.ingress.kubernetes.io/";
  const keys =
    byAlb === false ? [`${nginx}whitelist-source-range`, `${nginx}allowlist-source-range`] : [`${alb}inbound-cidrs`];
  const key = keys.find((each) => isGiven(own(annotations, each)) !== false) ?? keys[0];
  const path = `ingress.annotations["${key}"]`;
  if (annotations === UNKNOWN) return [unknown(path, describe(annotations), expected)];
  // The AWS load balancer controller makes internal load balancers unless told otherwise.
  const scheme = own(annotations, `${alb}scheme`);
  const internal = all([byAlb, any([is(scheme, "internal"), not(isGiven(scheme))])]);
  if (internal === true) return [pass("ingress.annotations", "an internal load balancer")];
  const groups = ["security-groups", "security-group-prefix-lists"].map((each) =>
    isGiven(own(annotations, alb + each)),
  );
  if (byAlb !== false && any(groups) !== false)
    return [unknown(path, "own security groups or prefix lists in its place", "groups for the networks of the users")];
  const cidrs = own(annotations, String(key));
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
  remediation: `remove proxy.service.loadBalancerIP; let a CNAME or alias record follow the load balancer's name, or give a network load balancer elastic addresses by the annotation ${loadBalancerAnnotation}eip-allocations`,
  types: hubTypes,
  scope: "resource",
  examples: [
    {
      title: "elastic addresses",
      verdict: "pass",
      values: {
        proxy: {
          service: { annotations: { [`${loadBalancerAnnotation}eip-allocations`]: "eipalloc-0123456789abcdef0" } },
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
              [`${loadBalancerAnnotation}eip-allocations`]: "eipalloc-0123456789abcdef0",
              [`${loadBalancerAnnotation}scheme`]: "internal",
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
    const allocations = own(annotations, `${loadBalancerAnnotation}eip-allocations`);
    const where = `proxy.service.annotations["${loadBalancerAnnotation}eip-allocations"]`;
    if (allocations === UNKNOWN) return unknown(where, describe(allocations), "elastic addresses, or none");
    if (isGiven(allocations) !== true) return notApplicable("no fixed address is asked for");
    const internal = isInternal(annotations);
    if (internal === UNKNOWN) return unknown(where, "elastic addresses", "an internet-facing network load balancer");
    return internal
      ? fail(where, "elastic addresses for an internal load balancer", "the scheme internet-facing")
      : pass(where, "elastic addresses");
  }),
};
