import { UNKNOWN, type Value, type ValueMap } from "../../chart/values";
import { httpsEffective } from "../../policies/controls/https";
import type { Resource } from "../../policies/evidence/resource";
import { balancer, describeControl, httpsListener, hub, redirectListener, resource } from "./support";

const insideCluster = { proxy: { service: { type: "ClusterIP" } } };
const ingress = (settings: ValueMap) => hub({ ...insideCluster, ingress: { enabled: true, ...settings } });
const hosts = ["hub.example.org"];
const tls = [{ hosts, secretName: "tls" }];

const inStack = (type: string, spec: ValueMap, annotations: ValueMap = {}) =>
  resource(`kubernetes:${type}`, "other", { metadata: { namespace: "jhub", annotations }, spec });
const stackIngress = (spec: ValueMap, annotations: ValueMap = {}) =>
  inStack("networking.k8s.io/v1:Ingress", spec, annotations);
const ruleTo = (name: Value): Value => ({
  host: hosts[0] ?? "",
  http: { paths: [{ backend: { service: { name } } }] },
});
const service = (type: Value, component: string, spec: ValueMap = {}, annotations: ValueMap = {}) =>
  inStack("core/v1:Service", { type, selector: { component }, ...spec }, annotations);
const route = (name: Value) =>
  resource("kubernetes:gateway.networking.k8s.io/v1:HTTPRoute", "other", {
    metadata: { namespace: "jhub" },
    spec: { rules: [{ backendRefs: [{ name }] }] },
  });
const binding = (groups: readonly Resource[]) =>
  resource(
    "kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding",
    "pods",
    {
      metadata: { namespace: "jhub" },
      spec: { serviceRef: { name: "proxy-public", port: 80 }, targetGroupARN: UNKNOWN },
    },
    { spec: groups },
  );
const bound = (...listeners: ValueMap[]) => {
  const balanced = balancer(listeners, 8000);
  return [...balanced, binding(balanced.slice(1, 2)), hub(insideCluster)];
};
const oldRule: Value = {
  host: hosts[0] ?? "",
  http: { paths: [{ backend: { serviceName: "proxy-public", servicePort: 80 } }] },
};

const acm = "arn:aws:acm:eu-west-1:123456789012:certificate/c";
const elb = "service.beta.kubernetes.io/aws-load-balancer-";
const alb = "alb.ingress.kubernetes.io/";
const plainPorts = { ports: [{ port: 80, targetPort: "http" }] };
const extraPorts = [{ name: "more", port: 8080, targetPort: "http" }];
const offloaded = (service: ValueMap, annotations: ValueMap = {}) =>
  hub({
    proxy: {
      https: { enabled: true, type: "offload" },
      service: {
        disableHttpPort: true,
        annotations: { [`${elb}ssl-cert`]: acm, [`${elb}ssl-ports`]: "https", ...annotations },
        ...service,
      },
    },
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
  [
    "a load balancer of the stack on the proxy's plain port",
    "fail",
    [hub(insideCluster), service("LoadBalancer", "proxy", plainPorts)],
  ],
  [
    "the same by the common labels",
    "fail",
    [
      hub(insideCluster),
      service("LoadBalancer", "", { ...plainPorts, selector: { "app.kubernetes.io/component": "proxy" } }),
    ],
  ],
  [
    "the same with a certificate",
    "unknown",
    [hub(insideCluster), service("LoadBalancer", "proxy", plainPorts, { [`${elb}ssl-cert`]: acm })],
  ],

  [
    "an Ingress of an older API",
    "fail",
    [hub(insideCluster), inStack("extensions/v1beta1:Ingress", { rules: [oldRule] })],
  ],
  [
    "an Ingress of an older API, with TLS",
    "pass",
    [hub(insideCluster), inStack("networking.k8s.io/v1beta1:Ingress", { rules: [oldRule], tls })],
  ],
  [
    "Traefik's own kind of route",
    "unknown",
    [
      hub(insideCluster),
      inStack("traefik.io/v1alpha1:IngressRoute", { routes: [{ services: [{ name: "proxy-public" }] }] }),
    ],
  ],
  [
    "Istio's own kind of route",
    "unknown",
    [
      hub(insideCluster),
      inStack("networking.istio.io/v1:VirtualService", {
        hosts,
        http: [{ route: [{ destination: { host: "proxy-public.jhub.svc.cluster.local" } }] }],
      }),
    ],
  ],
  [
    "Istio's own kind of route to another service",
    "notApplicable",
    [
      hub(insideCluster),
      inStack("networking.istio.io/v1:VirtualService", {
        hosts: UNKNOWN,
        http: [{ route: [{ destination: { host: "web" } }] }],
      }),
    ],
  ],

  ["pods bound to a target group of who knows what", "unknown", [hub(insideCluster), binding([])]],
  ["pods bound to a target group behind HTTPS", "pass", bound(httpsListener, redirectListener)],
  ["pods bound to a target group behind plain HTTP", "fail", bound({ port: 80, protocol: "HTTP" })],
  [
    "a redirect that is off, as a boolean",
    "fail",
    ingress({ hosts, tls, annotations: { "nginx.ingress.kubernetes.io/ssl-redirect": false } }),
  ],
  [
    "a redirect that is not known yet",
    "unknown",
    ingress({ hosts, tls, annotations: { "nginx.ingress.kubernetes.io/ssl-redirect": UNKNOWN } }),
  ],
  [
    "an AWS ingress told by its annotations alone",
    "fail",
    ingress({ hosts, tls, annotations: { [`${alb}scheme`]: "internet-facing" } }),
  ],
  [
    "an AWS ingress with a placeholder for its certificate",
    "fail",
    ingress({ hosts, annotations: { [`${alb}certificate-arn`]: "<certificate-arn>" } }),
  ],
  [
    "an AWS ingress whose ports are a list instead of a text",
    "fail",
    ingress({ hosts, annotations: { [`${alb}certificate-arn`]: acm, [`${alb}listen-ports`]: [{ HTTPS: 443 }] } }),
  ],
  [
    "an AWS ingress that redirects by an action",
    "unknown",
    ingress({
      hosts,
      annotations: {
        [`${alb}certificate-arn`]: acm,
        [`${alb}listen-ports`]: '[{"HTTP": 80}, {"HTTPS": 443}]',
        [`${alb}actions.ssl-redirect`]: '{"Type": "redirect", "RedirectConfig": {"Protocol": "HTTPS"}}',
      },
    }),
  ],

  ["TLS at the load balancer, one more port for the proxy", "fail", offloaded({ extraPorts })],
  [
    "TLS at the load balancer on that port, too",
    "pass",
    offloaded({ extraPorts }, { [`${elb}ssl-ports`]: "https, more" }),
  ],
  [
    "TLS at the load balancer, one more port for something else",
    "pass",
    offloaded({ extraPorts: [{ name: "ssh", port: 22, targetPort: "ssh" }] }),
  ],
  ["TLS at the load balancer, more ports not known yet", "unknown", offloaded({ extraPorts: UNKNOWN })],
  [
    "a role in the place of a certificate",
    "fail",
    offloaded({}, { [`${elb}ssl-cert`]: "arn:aws:iam::123456789012:role/hub" }),
  ],
  [
    "plain HTTP at addresses of the nodes",
    "fail",
    hub({ proxy: { service: { type: "ClusterIP", externalIPs: ["203.0.113.5"] } } }),
  ],
]);
