import { describe, expect, test } from "vitest";
import { UNKNOWN, type Value, type ValueMap } from "../../chart/values";
import { httpsEffective } from "../../policies/controls/https";
import {
  balancer,
  describeControl,
  forwarding,
  httpsListener,
  hub,
  hubOf,
  judgementOf,
  redirectListener,
  resource,
  tlsPolicy,
} from "./support";

const https = (settings: Value, rest: ValueMap = {}) => hub({ proxy: { https: settings, ...rest } });
const letsencrypt = (settings: ValueMap) =>
  https({ enabled: true, hosts: ["hub.example.org"], letsencrypt: { contactEmail: "a@example.org" }, ...settings });
const acm = "arn:aws:acm:eu-west-1:123456789012:certificate/c";
const certificate = "service.beta.kubernetes.io/aws-load-balancer-ssl-cert";
const ports = "service.beta.kubernetes.io/aws-load-balancer-ssl-ports";
const offload = (annotations: Value, disableHttpPort: Value = true, sources = {}) =>
  hub({ proxy: { https: { enabled: true, type: "offload" }, service: { annotations, disableHttpPort } } }, {}, sources);
const nodePort = (service: ValueMap = {}) =>
  hub({
    proxy: {
      https: { enabled: true, type: "offload" },
      service: { type: "NodePort", nodePorts: { https: 30443 }, disableHttpPort: true, ...service },
    },
  });
const behind = (...listeners: ValueMap[]) => [nodePort(), ...balancer(listeners)];
const ingress = (settings: ValueMap, service: ValueMap = { type: "ClusterIP" }) =>
  hub({ proxy: { service }, ingress: { enabled: true, ...settings } });
const alb = (annotations: ValueMap) => ingress({ annotations });
const acmResource = resource("aws:acm/certificate:Certificate", "c", {});

describeControl(httpsEffective, [
  [
    "the hub's own address without TLS",
    "fail",
    hub({
      proxy: { https: { enabled: true, hosts: ["h.example.org"], letsencrypt: { contactEmail: "a@example.org" } } },
      hub: { config: { JupyterHub: { public_url: "http://h.example.org/" } } },
    }),
  ],
  ["chart default", "fail", hub({})],
  ["Let's Encrypt", "pass", letsencrypt({})],
  ["Let's Encrypt without hosts serves plain HTTP", "fail", letsencrypt({ hosts: [] })],
  ["Let's Encrypt with a blank host", "fail", letsencrypt({ hosts: [" "] })],
  ["Let's Encrypt with the article's placeholder", "fail", letsencrypt({ hosts: ["<your-domain-name>"] })],
  ["Let's Encrypt without e-mail", "fail", letsencrypt({ letsencrypt: {} })],
  [
    "Let's Encrypt's staging",
    "fail",
    letsencrypt({
      letsencrypt: { contactEmail: "a@b.c", acmeServer: "https://acme-staging-v02.api.letsencrypt.org/directory" },
    }),
  ],
  ["Let's Encrypt, e-mail not known yet", "pass", letsencrypt({ letsencrypt: { contactEmail: UNKNOWN } })],
  ["Let's Encrypt, hosts not known yet", "unknown", letsencrypt({ hosts: UNKNOWN })],
  ["0.9: on by default, without hosts", "fail", hubOf("0.9.1")],
  ["own certificate", "pass", https({ enabled: true, type: "manual", manual: { key: "k", cert: "c" } })],
  ["own certificate without key", "fail", https({ enabled: true, type: "manual", manual: { cert: "c" } })],
  ["certificate in a secret", "pass", https({ enabled: true, type: "secret", secret: { name: "tls" } })],
  ["certificate in a secret without name", "fail", https({ enabled: true, type: "secret" })],
  ["type empty: no TLS", "fail", https({ enabled: true, type: "", hosts: ["h"] })],
  ["type null: no TLS", "fail", https({ enabled: true, type: null, hosts: ["h"] })],
  ["a type that does not exist", "fail", https({ enabled: true, type: "acme", hosts: ["h"] })],
  ["a text for the flag", "fail", letsencrypt({ enabled: "true" })],
  [
    "certificate annotation without the flag",
    "fail",
    hub({ proxy: { service: { annotations: { [certificate]: acm, [ports]: "https" } } } }),
  ],
  ["flag not known yet", "unknown", https({ enabled: UNKNOWN })],

  ["offload with certificate, port and no HTTP", "pass", offload({ [certificate]: acm, [ports]: "https" })],
  ["offload in China's partition", "pass", offload({ [certificate]: acm.replace("aws", "aws-cn"), [ports]: "443" })],
  ["offload without certificate: plain HTTP on 443", "fail", offload({ [ports]: "https" })],
  ["offload without annotations", "fail", offload({})],
  ["offload without TLS port", "fail", offload({ [certificate]: acm })],
  ["offload that leaves port 80 open, as documented", "fail", offload({ [certificate]: acm, [ports]: "https" }, false)],
  ["offload with something else than an ARN", "fail", offload({ [certificate]: "hub.example.org", [ports]: "https" })],
  ["offload, certificate not known yet", "unknown", offload({ [certificate]: UNKNOWN, [ports]: "https" })],
  [
    "offload, certificate not known yet but made in this stack",
    "pass",
    [acmResource, offload({ [certificate]: UNKNOWN, [ports]: "https" }, true, { values: [acmResource] })],
  ],
  [
    "offload, certificate not known yet and port 80 open",
    "fail",
    offload({ [certificate]: UNKNOWN, [ports]: "https" }, false),
  ],

  ["node port behind HTTPS with redirect", "pass", behind(httpsListener, redirectListener)],
  ["node port behind HTTPS alone", "pass", behind(httpsListener)],
  [
    "node port behind TLS of a network load balancer",
    "pass",
    behind({ port: 443, protocol: "TLS", sslPolicy: tlsPolicy }),
  ],
  [
    "node port behind HTTPS, resources by their old names",
    "pass",
    [nodePort(), ...balancer([httpsListener, redirectListener], 30443, "alb")],
  ],
  ["port written as a text", "pass", [nodePort(), ...balancer([httpsListener], "30443")]],
  ["no TLS policy: AWS takes one with TLS 1.0", "fail", behind({ port: 443, protocol: "HTTPS" })],
  ["an old TLS policy", "fail", behind({ port: 443, protocol: "HTTPS", sslPolicy: "ELBSecurityPolicy-2016-08" })],
  [
    "a policy with TLS 1.1",
    "fail",
    behind({ port: 443, protocol: "HTTPS", sslPolicy: "ELBSecurityPolicy-TLS-1-1-2017-01" }),
  ],
  [
    "a policy of TLS 1.3 that goes down to 1.0",
    "fail",
    behind({ port: 443, protocol: "HTTPS", sslPolicy: "ELBSecurityPolicy-TLS13-1-0-2021-06" }),
  ],
  ["TLS 1.3 only", "pass", behind({ port: 443, protocol: "HTTPS", sslPolicy: "ELBSecurityPolicy-TLS13-1-3-2021-06" })],
  ["TLS policy not known yet", "unknown", behind({ port: 443, protocol: "HTTPS", sslPolicy: UNKNOWN })],
  ["plain HTTP forwards, too", "fail", behind(httpsListener, { port: 80, protocol: "HTTP" })],
  ["plain TCP forwards", "fail", behind({ port: 443, protocol: "TCP" })],
  ["protocol left out: HTTP", "fail", behind({ port: 80 })],
  [
    "a redirect to HTTP",
    "fail",
    behind(httpsListener, {
      ...redirectListener,
      defaultActions: [{ type: "redirect", redirect: { protocol: "HTTP", port: "8080" } }],
    }),
  ],
  [
    "a redirect that keeps the protocol",
    "fail",
    behind(httpsListener, {
      ...redirectListener,
      defaultActions: [{ type: "redirect", redirect: { protocol: "#{protocol}" } }],
    }),
  ],
  [
    "another application on port 80 of the same balancer",
    "pass",
    behind(httpsListener, { port: 80, protocol: "HTTP", defaultActions: [forwarding] }),
  ],
  [
    "port 80 of the chart open, too, and forwarded",
    "fail",
    [
      hub({
        proxy: {
          https: { enabled: true, type: "offload" },
          service: { type: "NodePort", nodePorts: { https: 30443, http: 30080 } },
        },
      }),
      ...balancer([httpsListener]),
      ...balancer([{ port: 80, protocol: "HTTP" }], 30080, "alb"),
    ],
  ],
  [
    "no HTTPS in the chart, HTTPS in front of its HTTP port",
    "pass",
    [
      hub({ proxy: { service: { type: "NodePort", nodePorts: { http: 30080 } } } }),
      ...balancer([httpsListener], 30080),
    ],
  ],
  ["node port without listener in this stack", "unknown", nodePort()],
  ["node port with a listener to another port", "unknown", [nodePort(), ...balancer([httpsListener], 31000)]],
  [
    "node port that is not known yet",
    "unknown",
    [nodePort({ nodePorts: { https: UNKNOWN } }), ...balancer([httpsListener])],
  ],
  ["node port on public nodes", "fail", publicNodes()],
  [
    "node port with TLS inside, passed through",
    "pass",
    [
      hub({
        proxy: {
          https: { enabled: true, type: "secret", secret: { name: "t" } },
          service: { type: "NodePort", nodePorts: { https: 30443 } },
        },
      }),
      ...balancer([{ port: 443, protocol: "TCP" }]),
    ],
  ],
  ["a rule of a plain listener forwards", "fail", ruleOfPlainListener()],

  [
    "ingress with TLS for its host",
    "pass",
    ingress({ hosts: ["hub.example.org"], tls: [{ hosts: ["hub.example.org"], secretName: "t" }] }),
  ],
  [
    "ingress, capitals and final dot",
    "pass",
    ingress({ hosts: ["Hub.example.org."], tls: [{ hosts: ["hub.example.org"] }] }),
  ],
  ["ingress with a wildcard", "pass", ingress({ hosts: ["hub.example.org"], tls: [{ hosts: ["*.example.org"] }] })],
  ["ingress without TLS", "fail", ingress({ hosts: ["hub.example.org"] })],
  [
    "ingress with one host uncovered",
    "fail",
    ingress({ hosts: ["a.example.org", "b.example.org"], tls: [{ hosts: ["a.example.org"] }] }),
  ],
  ["ingress for every name", "fail", ingress({ hosts: [], tls: [{ hosts: ["a.example.org"] }] })],
  [
    "ingress whose redirect is off",
    "fail",
    ingress({
      hosts: ["h.example.org"],
      tls: [{ hosts: ["h.example.org"] }],
      annotations: { "nginx.ingress.kubernetes.io/ssl-redirect": "false" },
    }),
  ],
  [
    "ingress of an AWS load balancer",
    "pass",
    alb({
      "alb.ingress.kubernetes.io/certificate-arn": acm,
      "alb.ingress.kubernetes.io/listen-ports": '[{"HTTP": 80}, {"HTTPS": 443}]',
      "alb.ingress.kubernetes.io/ssl-redirect": "443",
    }),
  ],
  [
    "ingress of an AWS load balancer without redirect",
    "fail",
    alb({
      "alb.ingress.kubernetes.io/certificate-arn": acm,
      "alb.ingress.kubernetes.io/listen-ports": '[{"HTTP": 80}, {"HTTPS": 443}]',
    }),
  ],
  [
    "ingress of an AWS load balancer without certificate",
    "fail",
    alb({ "alb.ingress.kubernetes.io/listen-ports": '[{"HTTPS": 443}]' }),
  ],
  ["ingress hosts not known yet", "unknown", ingress({ hosts: UNKNOWN, tls: [{ hosts: ["a"] }] })],
  [
    "TLS ingress beside the default service, whose port 80 stays",
    "fail",
    ingress({ hosts: ["h.example.org"], tls: [{ hosts: ["h.example.org"] }] }, {}),
  ],
  [
    "a route, whose gateway decides",
    "unknown",
    hub({ proxy: { service: { type: "ClusterIP" } }, httpRoute: { enabled: true } }),
  ],

  ["an address that is none", "fail", letsencrypt({ letsencrypt: { contactEmail: "admin" } })],
  [
    "port 80 on charts before 1.0, which cannot turn it off",
    "fail",
    hubOf("0.11.1", {
      proxy: {
        https: { enabled: true, type: "offload" },
        service: { annotations: { [certificate]: acm, [ports]: "https" }, disableHttpPort: true },
      },
    }),
  ],
  [
    "a redirect that is not known yet",
    "unknown",
    behind(httpsListener, { ...redirectListener, defaultActions: [UNKNOWN] }),
  ],
  ["inside the cluster only", "notApplicable", hub({ proxy: { service: { type: "ClusterIP" } } })],
  ["service type not known yet", "unknown", hub({ proxy: { service: { type: UNKNOWN } } })],
  ["no value is known", "unknown", hub(UNKNOWN)],
  ["another chart", "notApplicable", resource("kubernetes:helm.sh/v3:Release", "web", { chart: "nginx" })],
]);

describe("TLS in the cluster, behind TCP that passes through", () => {
  const staging = "https://acme-staging-v02.api.letsencrypt.org/directory";
  const inCluster = (settings: ValueMap) =>
    hub({
      proxy: {
        https: { enabled: true, hosts: ["hub.example.org"], ...settings },
        service: { type: "NodePort", nodePorts: { https: 30443, http: 30080 } },
      },
    });
  const passing = [
    ...balancer([{ port: 443, protocol: "TCP" }]),
    ...balancer([{ port: 80, protocol: "TCP" }], 30080, "alb"),
  ];

  test.each([
    [
      "the staging service",
      { type: "letsencrypt", letsencrypt: { contactEmail: "a@example.org", acmeServer: staging } },
      "letsencrypt.acmeServer",
    ],
    ["nobody to write to", { type: "letsencrypt", letsencrypt: {} }, "letsencrypt.contactEmail"],
    ["no Secret", { type: "secret" }, "secret.name"],
  ])("%s is what is wrong, and not the listeners", (_, settings, path) => {
    for (const listeners of [passing, []]) {
      const { verdict, message } = judgementOf(httpsEffective, [inCluster(settings), ...listeners]);
      expect(verdict).toBe("fail");
      expect(message).toContain(`proxy.https.${path}`);
    }
  });
});

function publicNodes() {
  const subnet = resource("aws:ec2/subnet:Subnet", "public", { mapPublicIpOnLaunch: true });
  return [
    nodePort(),
    subnet,
    resource("aws:eks/nodeGroup:NodeGroup", "n", { subnetIds: [UNKNOWN] }, { subnetIds: [subnet] }),
  ];
}

function ruleOfPlainListener() {
  const [lb, group] = balancer([]);
  if (!lb || !group) throw new Error("a balancer has a target group");
  const listener = resource(
    "aws:lb/listener:Listener",
    "plain",
    { protocol: "HTTP", defaultActions: [{ type: "fixed-response" }] },
    { loadBalancerArn: [lb] },
  );
  const rule = resource(
    "aws:lb/listenerRule:ListenerRule",
    "rule",
    { actions: [forwarding] },
    { listenerArn: [listener], actions: [group] },
  );
  return [nodePort(), lb, group, listener, rule];
}
