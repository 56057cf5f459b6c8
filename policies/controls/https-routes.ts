import { any, type Truth } from "../../chart/three-valued";
import { at, type Found, isList, isMap, own, UNKNOWN } from "../../chart/values";
import { describe, type Finding, fail, pass, unknown } from "../control";
import type { Hub } from "../evidence/hub";
import { judgeIngress } from "../evidence/ingress";
import type { Resource, Stack } from "../evidence/resource";

/** The chart's own ingress. */
export function throughIngress(hub: Hub): Finding[] {
  const ingress = at(hub.values, "ingress");
  const enabled = own(ingress, "enabled");
  if (ingress !== UNKNOWN && !enabled) return [];
  if (enabled === UNKNOWN) return [unknown("ingress.enabled", describe(enabled), "false, or an ingress with TLS")];
  const { secure, reason } = judgeIngress({
    hosts: own(ingress, "hosts"),
    tls: own(ingress, "tls"),
    annotations: own(ingress, "annotations"),
    className: own(ingress, "ingressClassName"),
  });
  return [ingressFinding("ingress.tls", "the ingress", secure, reason)];
}

function ingressFinding(path: string, what: string, secure: boolean | typeof UNKNOWN, reason: string): Finding {
  if (secure === true) return pass(path, reason);
  const finding = secure === false ? fail : unknown;
  const remedy =
    "list every host of the ingress under tls with the secret of its certificate, or for an AWS load balancer set the annotations certificate-arn, listen-ports and ssl-redirect";
  return finding(path, `${what}: ${reason}`, "TLS for every host, and no plain HTTP", remedy);
}

/** The chart's own route of the Gateway API. */
export function throughRoute(hub: Hub): Finding[] {
  const enabled = at(hub.values, "httpRoute.enabled");
  if (enabled === undefined || enabled === null || enabled === false) return [];
  return [unknown("httpRoute", "a route whose gateway decides about TLS", "a gateway with an HTTPS listener only")];
}

/** Whatever in the stack leads to the proxy, beside what the chart itself makes. */
export function besideChart(hub: Hub, stack: Stack): Finding[] {
  const inNamespace = (resource: Resource) => {
    const namespace = at(resource.properties, "metadata.namespace");
    return typeof namespace !== "string" || typeof hub.namespace !== "string" || namespace === hub.namespace;
  };
  const ofType = (...types: readonly string[]) => stack.ofType(...types).filter(inNamespace);
  const gateway = "kubernetes:gateway.networking.k8s.io";
  return [
    ...ofType("kubernetes:networking.k8s.io/v1:Ingress").flatMap(judgeOtherIngress),
    ...ofType(`${gateway}/v1:HTTPRoute`, `${gateway}/v1beta1:HTTPRoute`).flatMap(judgeOtherRoute),
    ...ofType("kubernetes:core/v1:Service")
      .filter((service) => exposesProxyPods(service) && !isOfChart(service, hub))
      .map(judgeOtherService),
  ];
}

function judgeOtherIngress(ingress: Resource): Finding[] {
  const leads = leadsToProxy(ingress);
  if (leads === false) return [];
  const spec = own(ingress.properties, "spec");
  const rules = own(spec, "rules");
  const { secure, reason } = judgeIngress({
    hosts: isList(rules) ? rules.flatMap((rule) => own(rule, "host") ?? []) : (rules ?? []),
    tls: own(spec, "tls"),
    annotations: at(ingress.properties, "metadata.annotations") ?? {},
    className: own(spec, "ingressClassName"),
  });
  const mayBeOpen = secure === false && leads === UNKNOWN ? UNKNOWN : secure;
  return [ingressFinding("proxy.service", `ingress ${ingress.name}`, mayBeOpen, reason)];
}

function judgeOtherRoute(route: Resource): Finding[] {
  if (leadsToProxy(route) === false) return [];
  const found = `the route ${route.name}, whose gateway decides about TLS`;
  return [unknown("proxy.service", found, "a gateway with an HTTPS listener only")];
}

function judgeOtherService(service: Resource): Finding {
  const found = `the service ${service.name}, which exposes the proxy beside the chart's own`;
  const remedy = `remove the service ${service.name} and expose the hub by the chart's proxy.service or ingress`;
  return unknown("proxy.service", found, "no other way to the hub", remedy);
}

/** A service that selects the proxy's pods and opens them to the outside. */
function exposesProxyPods(service: Resource): boolean {
  const spec = own(service.properties, "spec");
  const opens = ["LoadBalancer", "NodePort", UNKNOWN].includes(own(spec, "type") as string);
  return opens && /^(proxy|autohttps)$/.test(String(at(spec, "selector.component")));
}

/** The service that the chart rendered out of the values, and that nobody changed since. */
function isOfChart(service: Resource, hub: Hub): boolean {
  const labels = at(service.properties, "metadata.labels");
  const rendered = own(labels, "component") === "proxy-public" && own(labels, "heritage") === "Helm";
  return rendered && at(service.properties, "spec.type") === at(hub.values, "proxy.service.type");
}

/** Keys of an Ingress or a route that never name a backend. */
const besideBackends = [
  "host",
  "hosts",
  "hostnames",
  "tls",
  "path",
  "pathType",
  "port",
  "ingressClassName",
  "parentRefs",
];

/** Whether a backend of an Ingress or a route is the service proxy-public, wherever in the spec it is named. */
function leadsToProxy(resource: Resource): Truth {
  const names = (value: Found): Truth => {
    if (value === UNKNOWN) return UNKNOWN;
    if (typeof value === "string") return /(^|-)proxy-public$/.test(value);
    if (isList(value)) return any(value.map(names));
    const entries = Object.entries(isMap(value) ? value : {});
    return any(entries.filter(([key]) => !besideBackends.includes(key)).map(([, item]) => names(item)));
  };
  return names(own(resource.properties, "spec"));
}
