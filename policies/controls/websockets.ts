import { all, any, type Truth } from "../../chart/three-valued";
import { at, type Found, own, UNKNOWN } from "../../chart/values";
import { type Control, describe, type Finding, fail, notApplicable, pass, undecided, unknown } from "../control";
import { albAnnotation, loadBalancerAnnotation, toNumber } from "../evidence/aws";
import { type Hub, hubTypes, onHub } from "../evidence/hub";
import { isAlb } from "../evidence/ingress";
import { is, isGiven, isTruthy, matches } from "../evidence/truth";
import { otherChart } from "../example";
import { offloadedWith } from "./tls-versions";

export const offloadKeepsWebsockets: Control = {
  name: "offload-keeps-websockets",
  title: "A load balancer that ends TLS passes websockets on, also silent ones",
  reference: ["TLS-10", "TLS-09"],
  severity: "low",
  pack: "operations",
  why: "kernels talk over websockets, which an HTTP backend breaks and a timeout of 60 s cuts",
  source: "Zero to JupyterHub, Security: off-loading SSL to a load balancer",
  remediation: `set the annotations ${loadBalancerAnnotation}backend-protocol: "tcp" and ${loadBalancerAnnotation}connection-idle-timeout: "3600"; for an Ingress ${albAnnotation}load-balancer-attributes: idle_timeout.timeout_seconds=3600`,
  types: hubTypes,
  scope: "resource",
  examples: [
    {
      title: "the example of the documentation",
      verdict: "pass",
      values: offloadedWith({ "backend-protocol": "tcp", "connection-idle-timeout": "3600" }),
    },
    {
      title: "a network load balancer, whose timeout is its own",
      verdict: "pass",
      values: offloadedWith({ type: "external", "nlb-target-type": "ip" }),
    },
    {
      title: "a load balancer of Auto Mode, which makes network ones only",
      verdict: "pass",
      values: offloadedWith({ scheme: "internet-facing" }),
    },
    { title: "HTTP to the proxy", verdict: "fail", values: offloadedWith({ "backend-protocol": "http" }) },
    { title: "the default timeout", verdict: "fail", values: offloadedWith({ "backend-protocol": "tcp" }) },
    {
      title: "an AWS ingress with the default timeout",
      verdict: "fail",
      values: { ingress: { enabled: true, ingressClassName: "alb" } },
    },
    {
      title: "not known yet",
      verdict: "unknown",
      values: offloadedWith({ "backend-protocol": UNKNOWN, "connection-idle-timeout": "3600" }),
    },
    { title: "TLS ends in the cluster", verdict: "notApplicable", values: { proxy: { https: { enabled: true } } } },
    otherChart,
  ],
  evaluate: onHub((hub) => {
    const findings = [...serviceBackend(hub), ...ingressTimeout(hub)];
    return findings.length > 0 ? findings : notApplicable("no load balancer of AWS ends TLS by annotations");
  }),
};

function serviceBackend(hub: Hub): Finding[] {
  const service = at(hub.values, "proxy.service");
  const annotations = own(service, "annotations");
  const offloads = all([
    is(own(service, "type"), "LoadBalancer"),
    isGiven(own(annotations, `${loadBalancerAnnotation}ssl-cert`)),
  ]);
  if (offloads === false) return [];
  const isNetwork = makesNetworkBalancer(annotations);
  const findings = [judgeProtocol(annotations, isNetwork === true), ...judgeTimeout(annotations, isNetwork)];
  return offloads === true ? findings : findings.map(undecided);
}

/** By its type, or by annotations that only the AWS Load Balancer Controller and Auto Mode know, which make no other ones. */
function makesNetworkBalancer(annotations: Found): Truth {
  return any([
    matches(own(annotations, `${loadBalancerAnnotation}type`), /^(external|nlb|nlb-ip)$/),
    ...["scheme", "nlb-target-type"].map((key) => isGiven(own(annotations, `${loadBalancerAnnotation}${key}`))),
  ]);
}

function judgeProtocol(annotations: Found, isNetwork: boolean): Finding {
  const key = `${loadBalancerAnnotation}backend-protocol`;
  const path = `proxy.service.annotations["${key}"]`;
  const protocol = own(annotations, key);
  if (protocol === UNKNOWN) return unknown(path, describe(protocol), "tcp");
  if (typeof protocol === "string" && /^(tcp|ssl)$/i.test(protocol.trim())) return pass(path, "tcp or ssl");
  if (protocol === undefined || protocol === null)
    return isNetwork
      ? pass(path, "not set, which is tcp for a network load balancer")
      : unknown(path, "not set, which not every controller takes for tcp", "tcp");
  return fail(path, "a protocol that breaks websockets", "tcp");
}

function judgeTimeout(annotations: Found, isNetwork: ReturnType<typeof matches>): Finding[] {
  if (isNetwork === true) return [];
  const key = `${loadBalancerAnnotation}connection-idle-timeout`;
  const path = `proxy.service.annotations["${key}"]`;
  const finding = longEnough(toNumber(own(annotations, key)), path);
  return [isNetwork === UNKNOWN ? undecided(finding) : finding];
}

function ingressTimeout(hub: Hub): Finding[] {
  const ingress = at(hub.values, "ingress");
  const annotations = own(ingress, "annotations");
  const used = all([isTruthy(own(ingress, "enabled")), isAlb(annotations, own(ingress, "ingressClassName"))]);
  if (used === false) return [];
  const key = `${albAnnotation}load-balancer-attributes`;
  const path = `ingress.annotations["${key}"]`;
  const attributes = own(annotations, key);
  const seconds =
    typeof attributes === "string" ? /idle_timeout\.timeout_seconds=(\d+)/.exec(attributes)?.[1] : attributes;
  const finding = longEnough(toNumber(seconds), path);
  return [used === true ? finding : undecided(finding)];
}

/** What a network load balancer takes as a matter of course; shorter ones cut kernels that compute. */
const shortestTimeout = 350;

function longEnough(seconds: Found, path: string): Finding {
  if (seconds === UNKNOWN) return unknown(path, describe(seconds), "3600");
  if (typeof seconds === "number" && seconds >= shortestTimeout) return pass(path, `${seconds} s`);
  return fail(path, typeof seconds === "number" ? `${seconds} s` : `${describe(seconds)}, which means 60 s`, "3600");
}
