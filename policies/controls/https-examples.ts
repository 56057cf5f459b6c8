import { UNKNOWN, type Value, type ValueMap } from "../../chart/values";
import { type Example, type ExampleResource, otherChart } from "../example";

const https = (settings: ValueMap, service: ValueMap = {}): ValueMap => ({ proxy: { https: settings, service } });
const hosts = ["hub.acme.science"];
const letsencrypt = (settings: ValueMap = {}) =>
  https({ enabled: true, type: "letsencrypt", hosts, letsencrypt: { contactEmail: "ops@acme.science" }, ...settings });

const certificate = "service.beta.kubernetes.io/aws-load-balancer-ssl-cert";
const ports = "service.beta.kubernetes.io/aws-load-balancer-ssl-ports";
const arn = "arn:aws:acm:eu-west-1:123456789012:certificate/0a1b2c3d";
const offload = (annotations: Value, disableHttpPort = true) =>
  https({ enabled: true, type: "offload" }, { annotations, disableHttpPort });

const nodePort = https(
  { enabled: true, type: "offload", hosts },
  { type: "NodePort", nodePorts: { https: 30443 }, disableHttpPort: true },
);
const ownTls = https(
  { enabled: true, type: "secret", secret: { name: "hub-tls" } },
  { type: "NodePort", nodePorts: { https: 30443, http: 30080 } },
);
const listener = (name: string, properties: ValueMap): ExampleResource => ({
  type: "aws:lb/listener:Listener",
  name,
  properties: { loadBalancerArn: UNKNOWN, ...properties },
  sources: { loadBalancerArn: ["lb"], ...("defaultActions" in properties ? {} : { defaultActions: ["hub-targets"] }) },
});
const behind = (...listeners: readonly ExampleResource[]): readonly ExampleResource[] => [
  { type: "aws:lb/loadBalancer:LoadBalancer", name: "lb", properties: {} },
  {
    type: "aws:lb/targetGroup:TargetGroup",
    name: "hub-targets",
    properties: { port: 30443, protocol: "HTTP" },
  },
  ...listeners,
];
const tls = listener("https", { port: 443, protocol: "HTTPS", sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06" });
const redirect = listener("http", {
  port: 80,
  protocol: "HTTP",
  defaultActions: [{ type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } }],
});

const ingress = (settings: ValueMap, service: ValueMap = { type: "ClusterIP" }): ValueMap => ({
  proxy: { service },
  ingress: { enabled: true, hosts, ...settings },
});
const alb = {
  "alb.ingress.kubernetes.io/certificate-arn": arn,
  "alb.ingress.kubernetes.io/listen-ports": '[{"HTTP": 80}, {"HTTPS": 443}]',
  "alb.ingress.kubernetes.io/ssl-redirect": "443",
};

export const httpsEffectiveExamples: readonly Example[] = [
  { title: "Let's Encrypt", verdict: "pass", values: letsencrypt() },
  {
    title: "a certificate of one's own",
    verdict: "pass",
    values: https({ enabled: true, type: "manual", manual: { key: "key in PEM", cert: "certificate in PEM" } }),
  },
  {
    title: "a certificate in a Secret",
    verdict: "pass",
    values: https({ enabled: true, type: "secret", secret: { name: "hub-tls" } }),
  },
  {
    title: "a Secret whose name is not known yet, and a port 80 that redirects",
    verdict: "unknown",
    values: https(
      { enabled: true, type: "secret", secret: { name: UNKNOWN } },
      { type: "NodePort", nodePorts: { https: 30443, http: 30080 } },
    ),
    resources: [
      ...behind(),
      { type: "aws:lb/targetGroup:TargetGroup", name: "redirecting", properties: { port: 30080, protocol: "TCP" } },
      {
        ...listener("plain", { port: 80, protocol: "TCP" }),
        sources: { loadBalancerArn: ["lb"], defaultActions: ["redirecting"] },
      },
    ],
  },
  {
    title: "TLS at the load balancer, and no plain port",
    verdict: "pass",
    values: offload({ [certificate]: arn, [ports]: "https" }),
  },
  {
    title: "a node port behind HTTPS and a redirect",
    verdict: "pass",
    values: nodePort,
    resources: behind(tls, redirect),
  },
  {
    title: "a node port behind TLS at a network load balancer",
    verdict: "pass",
    values: nodePort,
    resources: behind(
      listener("tls", { port: 443, protocol: "TLS", sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06" }),
    ),
  },
  {
    title: "TLS in the cluster behind TCP that passes through",
    verdict: "pass",
    values: ownTls,
    resources: behind(
      listener("tcp", { port: 443, protocol: "TCP" }),
      listener("plain", { port: 80, protocol: "TCP", defaultActions: [] }),
    ),
  },
  {
    title: "TLS in the cluster behind a listener without TLS",
    verdict: "fail",
    values: ownTls,
    resources: behind(listener("http", { port: 80, protocol: "HTTP" })),
  },
  {
    title: "TCP that passes through to plain HTTP",
    verdict: "fail",
    values: nodePort,
    resources: behind(listener("tcp", { port: 443, protocol: "TCP" })),
  },
  {
    title: "TLS 1.0 at a network load balancer",
    verdict: "fail",
    values: nodePort,
    resources: behind(listener("tls", { port: 443, protocol: "TLS", sslPolicy: "ELBSecurityPolicy-2016-08" })),
  },
  {
    title: "an ingress with TLS for its host",
    verdict: "pass",
    values: ingress({ tls: [{ hosts, secretName: "hub-tls" }] }),
  },
  { title: "an ingress of an AWS load balancer", verdict: "pass", values: ingress({ annotations: alb }) },

  { title: "chart default", verdict: "fail", values: {} },
  { title: "Let's Encrypt without hosts, so plain HTTP", verdict: "fail", values: letsencrypt({ hosts: [] }) },
  {
    title: "Let's Encrypt for the article's placeholder",
    verdict: "fail",
    values: letsencrypt({ hosts: ["<your-domain-name>"] }),
  },
  { title: "Let's Encrypt without an address", verdict: "fail", values: letsencrypt({ letsencrypt: {} }) },
  {
    title: "Let's Encrypt's staging service",
    verdict: "fail",
    values: letsencrypt({
      letsencrypt: {
        contactEmail: "ops@acme.science",
        acmeServer: "https://acme-staging-v02.api.letsencrypt.org/directory",
      },
    }),
  },
  { title: "an empty type, so plain HTTP", verdict: "fail", values: https({ enabled: true, type: "", hosts }) },
  { title: "a type deleted by null", verdict: "fail", values: https({ enabled: true, type: null, hosts }) },
  { title: "a text for the flag", verdict: "fail", values: letsencrypt({ enabled: "true" }) },
  {
    title: "a certificate at the load balancer, but the flag off",
    verdict: "fail",
    values: { proxy: { service: { annotations: { [certificate]: arn, [ports]: "https" } } } },
  },
  {
    title: "TLS at the load balancer beside plain HTTP, as documentation has it",
    verdict: "fail",
    values: offload({ [certificate]: arn, [ports]: "https" }, false),
  },
  { title: "TLS at the load balancer without certificate", verdict: "fail", values: offload({ [ports]: "https" }) },
  {
    title: "an ingress with TLS, but the load balancer of the service open",
    verdict: "fail",
    values: ingress({ tls: [{ hosts, secretName: "hub-tls" }] }, { type: "LoadBalancer" }),
  },
  { title: "an ingress without TLS", verdict: "fail", values: ingress({}) },
  {
    title: "a node port behind plain HTTP, too",
    verdict: "fail",
    values: nodePort,
    resources: behind(tls, listener("http", { port: 80, protocol: "HTTP" })),
  },
  {
    title: "a node port behind HTTPS without a TLS policy, for which AWS allows TLS 1.0",
    verdict: "fail",
    values: nodePort,
    resources: behind(listener("https", { port: 443, protocol: "HTTPS" })),
  },
  { title: "a node port whose load balancer is not shown", verdict: "unknown", values: nodePort },
  { title: "hosts not known yet", verdict: "unknown", values: letsencrypt({ hosts: UNKNOWN }) },
  {
    title: "a certificate not known yet",
    verdict: "unknown",
    values: offload({ [certificate]: UNKNOWN, [ports]: "https" }),
  },
  {
    title: "a route of the Gateway API",
    verdict: "unknown",
    values: { proxy: { service: { type: "ClusterIP" } }, httpRoute: { enabled: true } },
  },
  {
    title: "nothing leads to the hub",
    verdict: "notApplicable",
    values: { proxy: { service: { type: "ClusterIP" } } },
  },
  otherChart,
];
