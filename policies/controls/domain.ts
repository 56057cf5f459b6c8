import { isIP } from "node:net";
import { any, not } from "../../chart/three-valued";
import { at, type Found, own, UNKNOWN } from "../../chart/values";
import {
  type Context,
  type Control,
  describe,
  type Finding,
  fail,
  notApplicable,
  pass,
  unknown,
  when,
} from "../control";
import { authenticatorOf } from "../evidence/authenticator";
import { hostNames, hostOf, whyNoOwnName } from "../evidence/host-names";
import { type Hub, hubTypes, onHub } from "../evidence/hub";
import { type Resource, type Stack, sourcesOf } from "../evidence/resource";
import { is, isGiven, isTruthy, listOf, matches } from "../evidence/truth";
import { otherChart } from "../example";

const recordTypes = ["aws:route53/record:Record"];
const certificateTypes = ["aws:acm/certificate:Certificate"];

export const hubHasOwnDomain: Control = {
  name: "hub-has-own-domain",
  title: "The hub is published under a name of your own",
  reference: ["TLS-02"],
  severity: "medium",
  pack: "operations",
  why: "nobody gets a certificate for the load balancer's own name, and it changes with the load balancer",
  source: "Setting up JupyterHub Securely on AWS: enabling HTTPS; Zero to JupyterHub, Security: set up your domain",
  remediation: 'set proxy.https.hosts (or ingress.hosts) to the hub\'s own name, for example ["hub.acme.science"]',
  types: hubTypes,
  scope: "stack",
  examples: [
    { title: "a name of one's own", verdict: "pass", values: { proxy: { https: { hosts: ["hub.acme.science"] } } } },
    {
      title: "capital letters and a final dot are the same name",
      verdict: "pass",
      values: { proxy: { https: { hosts: ["Hub.Acme.Science."] } } },
    },
    {
      title: "a record in the same stack",
      verdict: "pass",
      values: {},
      resources: [
        { type: "aws:route53/record:Record", properties: { type: "A", name: "hub.acme.science", aliases: [{}] } },
      ],
    },
    {
      title: "the chart is not told the name, but the login comes back to it",
      verdict: "pass",
      values: {
        hub: {
          config: {
            JupyterHub: { authenticator_class: "github" },
            OAuthenticator: { oauth_callback_url: "https://hub.acme.science/hub/oauth_callback" },
          },
        },
      },
    },
    {
      title: "a name for ExternalDNS",
      verdict: "pass",
      values: {
        proxy: { service: { annotations: { "external-dns.alpha.kubernetes.io/hostname": "hub.acme.science" } } },
      },
    },
    { title: "chart default", verdict: "fail", values: {} },
    {
      title: "the load balancer's name",
      verdict: "fail",
      values: { proxy: { https: { hosts: ["a1b2-123.eu-west-1.elb.amazonaws.com"] } } },
    },
    { title: "an address", verdict: "fail", values: { proxy: { https: { hosts: ["203.0.113.9"] } } } },
    {
      title: "a name that only documentation has",
      verdict: "fail",
      values: { proxy: { https: { hosts: ["jupyter.yourdomain.com"] } } },
    },
    {
      title: "the placeholder of the documentation",
      verdict: "fail",
      values: { ingress: { enabled: true, hosts: ["<your-domain-name>"] } },
    },
    { title: "a name not known yet", verdict: "unknown", values: { proxy: { https: { hosts: [UNKNOWN] } } } },
    { title: "nothing leads in", verdict: "notApplicable", values: { proxy: { service: { type: "ClusterIP" } } } },
    otherChart,
  ],
  evaluate: onHub((hub, { stack }) => {
    const names = hostNames(hub);
    const published = any([
      not(is(at(hub.values, "proxy.service.type"), "ClusterIP", null, undefined)),
      isTruthy(at(hub.values, "ingress.enabled")),
      isTruthy(at(hub.values, "httpRoute.enabled")),
      names.length > 0,
    ]);
    return when(published, "nothing publishes the hub", () =>
      names.length > 0 ? names.map(({ path, value }) => judgeName(path, value)) : judgeUnnamed(hub, stack),
    );
  }),
};

const expectedName = "the hub's own name in public DNS";

function judgeName(path: string, value: Found): Finding {
  if (value === UNKNOWN) return unknown(path, describe(value), expectedName);
  const flaw = whyNoOwnName(value);
  return flaw === undefined ? pass(path, "a name of its own") : fail(path, flaw, expectedName);
}

/** Names for which ExternalDNS makes records that lead to the load balancer. */
const externalDns = "external-dns.alpha.kubernetes.io/hostname";

/** Where the chart is not told the name, the address that people come back to from their login has it, or a record. */
function judgeUnnamed(hub: Hub, stack: Stack): Finding | Finding[] {
  const path = "proxy.https.hosts";
  const callback = authenticatorOf(hub).trait("oauth_callback_url");
  if (isGiven(callback.value) !== false)
    return judgeName(callback.path, callback.value === UNKNOWN ? UNKNOWN : hostOf(callback.value));
  const names = own(at(hub.values, "proxy.service.annotations"), externalDns);
  if (isGiven(names) !== false) {
    const where = `proxy.service.annotations["${externalDns}"]`;
    const asked: Found[] = typeof names === "string" ? names.split(",") : [names];
    return asked.map((name) => judgeName(where, name));
  }
  const address = (record: Resource) => is(own(record.properties, "type"), "A", "AAAA", "CNAME") === true;
  const record = stack.ofType(...recordTypes).find((each) => address(each) && !validatesCertificate(stack, each));
  if (record) return pass(path, `none, but the stack has the record ${record.name}`);
  const finding = stack.complete ? fail : unknown;
  return finding(path, "no name at all, so that people use the load balancer's", expectedName);
}

// ---- records -----------------------------------------------------------------------------------------------------------

export const dnsRecordFitsTarget: Control = {
  name: "dns-record-fits-target",
  title: "DNS records lead to load balancers by name, not by address",
  reference: ["TLS-03"],
  severity: "low",
  pack: "operations",
  why: "the addresses of an AWS load balancer change, and an A record cannot hold its name",
  source: "Setting up JupyterHub Securely on AWS: CNAME record; Zero to JupyterHub, Security: set up your domain",
  remediation:
    'use type: "A" with aliases: [{ name: <DNS name of the load balancer>, zoneId: <its zone>, evaluateTargetHealth: false }], or type: "CNAME" with its DNS name in records',
  types: recordTypes,
  scope: "stack",
  examples: [
    {
      title: "an alias",
      verdict: "pass",
      resources: [{ type: "aws:route53/record:Record", properties: { type: "A", aliases: [{ name: UNKNOWN }] } }],
    },
    {
      title: "a CNAME with a name",
      verdict: "pass",
      resources: [
        {
          type: "aws:route53/record:Record",
          properties: { type: "CNAME", records: ["a1b2.eu-west-1.elb.amazonaws.com"] },
        },
      ],
    },
    {
      title: "an A record with a name, as the articles tell to do",
      verdict: "fail",
      resources: [
        { type: "aws:route53/record:Record", properties: { type: "A", records: ["a1b2.eu-west-1.elb.amazonaws.com"] } },
      ],
    },
    {
      title: "an A record made from a load balancer's name",
      verdict: "fail",
      resources: [
        { type: "aws:lb/loadBalancer:LoadBalancer", name: "lb", properties: {} },
        {
          type: "aws:route53/record:Record",
          properties: { type: "A", records: UNKNOWN },
          sources: { records: ["lb"] },
        },
      ],
    },
    {
      title: "a CNAME with an address",
      verdict: "fail",
      resources: [{ type: "aws:route53/record:Record", properties: { type: "CNAME", records: ["203.0.113.9"] } }],
    },
    {
      title: "an A record with an IPv6 address",
      verdict: "fail",
      resources: [{ type: "aws:route53/record:Record", properties: { type: "A", records: ["2001:db8::1"] } }],
    },
    {
      title: "a target not known yet",
      verdict: "unknown",
      resources: [{ type: "aws:route53/record:Record", properties: { type: "A", records: UNKNOWN } }],
    },
    {
      title: "another kind of record",
      verdict: "notApplicable",
      resources: [{ type: "aws:route53/record:Record", properties: { type: "TXT", records: ["v=spf1 -all"] } }],
    },
  ],
  evaluate: (record, context) => judgeRecord(record, context),
};

function judgeRecord(record: Resource, { stack }: Context): Finding {
  if (validatesCertificate(stack, record)) return notApplicable("the record of a certificate's validation");
  const type = own(record.properties, "type");
  if (type === UNKNOWN)
    return stack.complete ? unknown("type", describe(type), "A with an alias, or CNAME") : unknownTarget("type");
  if (type !== "A" && type !== "AAAA" && type !== "CNAME") return notApplicable("a record that leads to no host");
  const aliases = own(record.properties, "aliases");
  if (aliases === UNKNOWN || listOf(aliases).length > 0) return pass("aliases", "an alias");
  const records = own(record.properties, "records");
  if (type === "CNAME") return judgeTargets(records, type);
  if (sourcesOf(stack, record, "records", balancerTypes).length > 0)
    return fail("records", `${type} with the name of a load balancer`, "an alias");
  return judgeTargets(records, type);
}

const balancerTypes = ["lb", "alb", "elb", "elasticloadbalancing"].flatMap((service) => [
  `aws:${service}/loadBalancer:LoadBalancer`,
]);

function unknownTarget(path: string): Finding {
  return unknown(path, describe(UNKNOWN), "a name for a CNAME record, an alias or addresses for an A record");
}

/** What the targets of a record are, as `isIP` tells it: a name, or addresses of one version. */
const targets = {
  A: { version: 4, expected: "IPv4 addresses, or an alias to the load balancer" },
  AAAA: { version: 6, expected: "IPv6 addresses, or an alias to the load balancer" },
  CNAME: { version: 0, expected: "one name" },
};

function judgeTargets(records: Found, type: keyof typeof targets): Finding {
  if (records === UNKNOWN) return unknownTarget("records");
  const { version, expected } = targets[type];
  const wrong = listOf(records).find((target) => typeof target === "string" && isIP(target.trim()) !== version);
  if (typeof wrong === "string")
    return fail("records", isIP(wrong) === 0 ? "a name" : "another kind of address", expected);
  if (listOf(records).includes(UNKNOWN)) return unknownTarget("records");
  return listOf(records).length > 0 ? pass("records", describe(records)) : fail("records", describe(records), expected);
}

/** ACM proves by a CNAME record that a domain is one's own; its type is not known at a first preview. */
function validatesCertificate(stack: Stack, record: Resource): boolean {
  if (["name", "records", "type"].some((property) => sourcesOf(stack, record, property, certificateTypes).length > 0))
    return true;
  return (
    any(listOf(own(record.properties, "records")).map((target) => matches(target, /\.acm-validations\.aws\.?$/))) ===
    true
  );
}
