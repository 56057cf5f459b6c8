import { all, type Truth } from "../../chart/three-valued";
import { at, type Found, isList, own, UNKNOWN } from "../../chart/values";
import { toNumber } from "./aws";
import { type Resource, type Stack, sourcesOf } from "./resource";

/** The provider has one resource under several historical names. */
const typesOf = (module: string, name: string) =>
  ["lb", "alb", "elasticloadbalancingv2", "applicationloadbalancing"].map(
    (service) => `aws:${service}/${module}:${name}`,
  );
const listenerTypes = typesOf("listener", "Listener");
const ruleTypes = typesOf("listenerRule", "ListenerRule");
const targetGroupTypes = typesOf("targetGroup", "TargetGroup");
const attachmentTypes = typesOf("targetGroupAttachment", "TargetGroupAttachment");

/** What a listener does to the traffic of a node port. */
export interface ListenerJudgement {
  readonly listener: Resource;
  readonly secure: Truth;
  readonly reason: string;
}

/** What a node port speaks: plain HTTP, or TLS that ends behind it. */
export type NodePortSpeech = "http" | "tls";

/**
 * Judges every listener of the stack that forwards to one of the node ports, and those beside them on the same load balancers.
 * Empty when the stack shows none that forwards there.
 */
export function listenersTo(
  stack: Stack,
  nodePorts: readonly number[],
  speech: NodePortSpeech = "http",
): ListenerJudgement[] {
  return listenersOf(stack, targetGroupsOn(stack, nodePorts), speech);
}

/** The same for the target groups that a TargetGroupBinding of the AWS Load Balancer Controller fills with pods. */
export function listenersToBinding(stack: Stack, binding: Resource, speech: NodePortSpeech): ListenerJudgement[] {
  return listenersOf(stack, sourcesOf(stack, binding, "spec", targetGroupTypes), speech);
}

function listenersOf(stack: Stack, groups: readonly Resource[], speech: NodePortSpeech): ListenerJudgement[] {
  const listeners = stack.ofType(...listenerTypes);
  const forwarding = listeners.filter((listener) => forwards(stack, listener, groups));
  const beside = listeners.filter(
    (listener) => !forwarding.includes(listener) && forwarding.some((other) => shareLoadBalancer(listener, other)),
  );
  return [...forwarding.map((listener) => judgeForwarding(listener, speech)), ...beside.flatMap(judgeBeside)];
}

function targetGroupsOn(stack: Stack, nodePorts: readonly number[]): Resource[] {
  const hasPort = (resource: Resource) => nodePorts.some((port) => toNumber(own(resource.properties, "port")) === port);
  const attached = stack
    .ofType(...attachmentTypes)
    .filter(hasPort)
    .flatMap((attachment) => sourcesOf(stack, attachment, "targetGroupArn", targetGroupTypes));
  return [...new Set([...stack.ofType(...targetGroupTypes).filter(hasPort), ...attached])];
}

/** Which target group an action means is rarely known at a preview, but which resource its ARN comes from is. */
function forwards(stack: Stack, listener: Resource, groups: readonly Resource[]): boolean {
  const reaches = (resource: Resource, property: string) =>
    sourcesOf(stack, resource, property, targetGroupTypes).some((group) => groups.includes(group));
  const rules = stack
    .ofType(...ruleTypes)
    .filter((rule) => sourcesOf(stack, rule, "listenerArn", listenerTypes).includes(listener));
  return reaches(listener, "defaultActions") || rules.some((rule) => reaches(rule, "actions"));
}

function shareLoadBalancer(one: Resource, other: Resource): boolean {
  const balancers = (listener: Resource) => listener.propertyDependencies?.loadBalancerArn ?? [];
  const arn = own(one.properties, "loadBalancerArn");
  const sameArn = typeof arn === "string" && arn === own(other.properties, "loadBalancerArn");
  return sameArn || balancers(one).some((urn) => balancers(other).includes(urn));
}

function judgeForwarding(listener: Resource, speech: NodePortSpeech): ListenerJudgement {
  const protocol = own(listener.properties, "protocol") ?? "HTTP";
  if (protocol === UNKNOWN) return { listener, secure: UNKNOWN, reason: "its protocol is not known yet" };
  if (protocol === "TCP" && speech === "tls")
    return { listener, secure: true, reason: "it passes TLS through to the cluster" };
  if (protocol !== "HTTPS" && protocol !== "TLS") return { listener, secure: false, reason: "it forwards without TLS" };
  return { listener, ...judgeTlsPolicy(own(listener.properties, "sslPolicy")) };
}

/** Without a policy AWS takes ELBSecurityPolicy-2016-08, which allows TLS 1.0. */
export function judgeTlsPolicy(policy: Found): { secure: Truth; reason: string } {
  if (policy === UNKNOWN) return { secure: UNKNOWN, reason: "its TLS policy is not known yet" };
  if (policy === undefined || policy === null || policy === "") {
    return { secure: false, reason: "it names no TLS policy, and the default of AWS allows TLS 1.0" };
  }
  const modern = typeof policy === "string" && /^ELBSecurityPolicy-(TLS13-1-[23]|TLS-1-2|FS-1-2)-/.test(policy);
  return modern
    ? { secure: true, reason: "TLS 1.2 or newer" }
    : { secure: false, reason: "its TLS policy allows less than TLS 1.2" };
}

/** A plain listener beside the hub's must send browsers on to HTTPS; one that serves something else is none of our business. */
function judgeBeside(listener: Resource): ListenerJudgement[] {
  const protocol = own(listener.properties, "protocol") ?? "HTTP";
  const actions = own(listener.properties, "defaultActions");
  if (protocol === UNKNOWN || actions === UNKNOWN)
    return [{ listener, secure: UNKNOWN, reason: "what it does is not known yet" }];
  if (protocol !== "HTTP") return [];
  const redirects = (isList(actions) ? actions : []).filter((action) =>
    ["redirect", UNKNOWN].includes(own(action, "type") as string),
  );
  if (redirects.length === 0) return [];
  const secure = all(
    redirects.map((action) => (own(action, "type") === UNKNOWN ? UNKNOWN : redirectsToHttps(at(action, "redirect")))),
  );
  const reasons = { true: "it redirects to HTTPS", false: "it redirects, but not to HTTPS" };
  return [{ listener, secure, reason: secure === UNKNOWN ? "what it does is not known yet" : reasons[`${secure}`] }];
}

function redirectsToHttps(redirect: Found): Truth {
  if (redirect === UNKNOWN) return UNKNOWN;
  const protocol = own(redirect, "protocol");
  return protocol === UNKNOWN ? UNKNOWN : protocol === "HTTPS";
}
