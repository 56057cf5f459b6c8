import { UNKNOWN, type Value, type ValueMap } from "../../chart/values";
import { httpsEffective } from "../../policies/controls/https";
import { describeControl, hub, resource } from "./support";

const insideCluster = { proxy: { service: { type: "ClusterIP" } } };
const ingress = (settings: ValueMap) => hub({ ...insideCluster, ingress: { enabled: true, ...settings } });
const hosts = ["hub.example.org"];
const tls = [{ hosts, secretName: "tls" }];

const stackIngress = (spec: ValueMap) =>
  resource("kubernetes:networking.k8s.io/v1:Ingress", "other", { metadata: { namespace: "jhub" }, spec });
const ruleTo = (name: Value): Value => ({
  host: hosts[0] ?? "",
  http: { paths: [{ backend: { service: { name } } }] },
});
const service = (type: Value, component: string) =>
  resource("kubernetes:core/v1:Service", "other", {
    metadata: { namespace: "jhub" },
    spec: { type, selector: { component } },
  });
const route = (name: Value) =>
  resource("kubernetes:gateway.networking.k8s.io/v1:HTTPRoute", "other", {
    metadata: { namespace: "jhub" },
    spec: { rules: [{ backendRefs: [{ name }] }] },
  });

describeControl(httpsEffective, [
  [
    "the AWS controller's class without certificate or ports, which listens on 80 only",
    "fail",
    ingress({ hosts, tls, ingressClassName: "alb" }),
  ],
  ["the same by annotation", "fail", ingress({ hosts, tls, annotations: { "kubernetes.io/ingress.class": "alb" } })],
  ["a class that is not known yet", "unknown", ingress({ hosts, tls, ingressClassName: UNKNOWN })],
  ["another class", "pass", ingress({ hosts, tls, ingressClassName: "nginx" })],

  ["a plain ingress of the stack", "fail", [hub(insideCluster), stackIngress({ rules: [ruleTo("proxy-public")] })]],
  ["a TLS ingress of the stack", "pass", [hub(insideCluster), stackIngress({ rules: [ruleTo("proxy-public")], tls })]],
  ["a plain ingress to who knows what", "unknown", [hub(insideCluster), stackIngress({ rules: [ruleTo(UNKNOWN)] })]],
  [
    "a plain ingress to another service",
    "notApplicable",
    [hub(insideCluster), stackIngress({ rules: [ruleTo("web")] })],
  ],
  [
    "an ingress to another service, its host not known yet",
    "notApplicable",
    [hub(insideCluster), stackIngress({ rules: [{ ...(ruleTo("web") as ValueMap), host: UNKNOWN }] })],
  ],
  ["a route of the stack", "unknown", [hub(insideCluster), route("proxy-public")]],
  ["a route of the stack to another service", "notApplicable", [hub(insideCluster), route("web")]],
  [
    "a load balancer of the stack on the proxy's pods",
    "unknown",
    [hub(insideCluster), service("LoadBalancer", "proxy")],
  ],
  [
    "a service inside the cluster on the proxy's pods",
    "notApplicable",
    [hub(insideCluster), service("ClusterIP", "proxy")],
  ],
  ["a load balancer of the stack on other pods", "notApplicable", [hub(insideCluster), service("LoadBalancer", "web")]],
]);
