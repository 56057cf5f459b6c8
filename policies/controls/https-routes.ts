import { any, type Truth } from "../../chart/three-valued";
import { at, type Found, isList, isMap, own, scalarText, UNKNOWN } from "../../chart/values";
import { describe, type Finding, fail, pass, unknown } from "../control";
import { loadBalancerAnnotation } from "../evidence/aws";
import { answersInTls, type Hub, inNamespaceOf } from "../evidence/hub";
import { judgeIngress } from "../evidence/ingress";
import { listenersToBinding } from "../evidence/load-balancers";
import type { Resource, Stack } from "../evidence/resource";
import { isGiven, listOf } from "../evidence/truth";

const loadBalancerCertificate = `${loadBalancerAnnotation}ssl-cert`;

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

const ingressTypes =
  /^kubernetes:(networking\.k8s\.io\/v1|networking\.k8s\.io\/v1beta1|extensions\/v1beta1):Ingress(Patch)?$/;
/** Routes of the Gateway API and of other controllers, which take what they need to know about TLS from elsewhere. */
const routeTypes =
  /^kubernetes:(gateway\.networking\.k8s\.io\/[^:]+:(HTTP|TLS|TCP)Route|traefik\.(io|containo\.us)\/[^:]+:IngressRoute(TCP)?|networking\.istio\.io\/[^:]+:VirtualService|projectcontour\.io\/[^:]+:HTTPProxy)$/;
const bindingTypes = /^kubernetes:elbv2\.k8s\.aws\/[^:]+:TargetGroupBinding$/;

/** Whatever in the stack leads to the proxy, beside what the chart itself makes. */
export function besideChart(hub: Hub, stack: Stack): Finding[] {
  const ofType = (types: RegExp) => stack.resources.filter((each) => types.test(each.type) && inNamespaceOf(hub, each));
  return [
    ...ofType(ingressTypes).flatMap(judgeOtherIngress),
    ...ofType(routeTypes).flatMap(judgeOtherRoute),
    ...ofType(bindingTypes).flatMap((binding) => judgeBinding(binding, hub, stack)),
    ...ofType(/^kubernetes:core\/v1:Service$/)
      .filter((service) => exposesProxyPods(service) && !isOfChart(service, hub))
      .map((service) => judgeOtherService(service, hub)),
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
  const found = `the route ${route.name}, which does not decide about TLS itself`;
  return [unknown("proxy.service", found, "a gateway or load balancer with HTTPS listeners only")];
}

/** The pods behind the proxy's service as targets of a load balancer of the stack. */
function judgeBinding(binding: Resource, hub: Hub, stack: Stack): Finding[] {
  if (leadsToProxy(binding) === false) return [];
  const path = "proxy.service";
  const expected = "HTTPS listeners with a TLS >= 1.2 policy in front of it, and redirects to them";
  const judged = listenersToBinding(stack, binding, answersInTls(hub) === true ? "tls" : "http");
  const wrong = judged.find(({ secure }) => secure === false) ?? judged.find(({ secure }) => secure === UNKNOWN);
  if (wrong) {
    const finding = wrong.secure === false ? fail : unknown;
    return [finding(path, `listener ${wrong.listener.name} in front of ${binding.name}: ${wrong.reason}`, expected)];
  }
  return judged.length > 0 && stack.complete
    ? [pass(path, `TLS ends at ${judged.map(({ listener }) => listener.name).join(", ")}`)]
    : [unknown(path, `${binding.name}, whose listeners this stack does not show`, expected)];
}

function judgeOtherService(service: Resource, hub: Hub): Finding {
  const found = `the service ${service.name}, which exposes the proxy beside the chart's own`;
  const remedy = `remove the service ${service.name} and expose the hub by the chart's proxy.service or ingress`;
  return isPlain(service, hub)
    ? fail("proxy.service", `${found} without TLS`, "no other way to the hub", remedy)
    : unknown("proxy.service", found, "no other way to the hub", remedy);
}

/** Whether a load balancer of its own opens the port that speaks plain HTTP, and neither end of it adds TLS. */
function isPlain(service: Resource, hub: Hub): boolean {
  const spec = own(service.properties, "spec");
  const addsTls = isGiven(own(at(service.properties, "metadata.annotations"), loadBalancerCertificate));
  return (
    own(spec, "type") === "LoadBalancer" &&
    addsTls === false &&
    answersInTls(hub) === false &&
    listOf(own(spec, "ports")).some((port) =>
      ["http", "8000"].includes(scalarText(own(port, "targetPort") ?? own(port, "port"))),
    )
  );
}

/** A service that selects the proxy's pods and opens them to the outside. */
function exposesProxyPods(service: Resource): boolean {
  const spec = own(service.properties, "spec");
  const opens = ["LoadBalancer", "NodePort", UNKNOWN].includes(own(spec, "type") as string);
  const selector = own(spec, "selector");
  const component = own(selector, "component") ?? own(selector, "app.kubernetes.io/component");
  return opens && /^(proxy|autohttps)$/.test(scalarText(component));
}

/** The service that the chart rendered out of the values, and that nobody changed since. */
function isOfChart(service: Resource, hub: Hub): boolean {
  const labels = at(service.properties, "metadata.labels");
  const rendered = own(labels, "component") === "proxy-public" && own(labels, "heritage") === "Helm";
  return rendered && at(service.properties, "spec.type") === at(hub.values, "proxy.service.type");
}

/** Keys of an Ingress or a route that never name a backend. */
const besideBackends = ["hosts", "hostnames", "tls", "path", "pathType", "port", "ingressClassName", "parentRefs"];

/** The proxy's service, also by a longer name in the cluster's DNS. */
const proxyService = /^([a-z0-9-]+-)?proxy-(public|http)(\.[a-z0-9.-]+)?$/;

/** Whether a backend of an Ingress or a route is the proxy's service, wherever in the spec it is named. */
function leadsToProxy(resource: Resource): Truth {
  const names = (value: Found): Truth => {
    if (value === UNKNOWN) return UNKNOWN;
    if (typeof value === "string") return proxyService.test(value);
    if (isList(value)) return any(value.map(names));
    const entries = Object.entries(isMap(value) ? value : {}).filter(([key]) => !besideBackends.includes(key));
    // A host is what users type, except in a destination of Istio's, where it is the service.
    return any(entries.map(([key, item]) => (key === "host" && item === UNKNOWN ? false : names(item))));
  };
  return names(own(resource.properties, "spec"));
}
