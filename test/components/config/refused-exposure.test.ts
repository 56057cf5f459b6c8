import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { makeCertificate } from "../../support/certificates";
import { problemsOf, settings } from "../../support/refusals";

type Tree = Record<string, unknown>;

const letsEncrypt = { kind: "letsencrypt", contactEmail: "it@acme.science" };
const own = makeCertificate({ names: ["hub.acme.science"] });
const ownCertificate = { kind: "certificate", certificate: own.certificate, key: pulumi.secret(own.key) };
const webAclArn = "arn:aws:wafv2:eu-central-1:123456789012:regional/webacl/hub/12345678-90ab-cdef-1234-567890abcdef";
const theirs = {
  cluster: { kind: "existing", name: "research" },
  networkPolicyEngine: { kind: "calico" },
  network: {
    kind: "existing",
    vpcId: "vpc-0a1b2c3d4e5f67890",
    privateSubnetIds: ["subnet-0a1b2c3d4e5f67890", "subnet-0a1b2c3d4e5f67891"],
    publicSubnetIds: ["subnet-0a1b2c3d4e5f67892", "subnet-0a1b2c3d4e5f67893"],
  },
};

describe("pairs that contradict each other are refused, both named, with a way out", () => {
  test.each<[what: string, changes: Tree, path: string, other: string, wayOut: RegExp]>([
    [
      "Let's Encrypt, with a sub-domain for each user",
      { https: letsEncrypt, "users.subdomains": true },
      "https.kind",
      "users.subdomains",
      /needs a certificate for \*\.hub\.acme\.science, .* choose https\.kind offload/,
    ],
    [
      "a certificate for the host alone, with a sub-domain for each user",
      { https: ownCertificate, "users.subdomains": true },
      "https.certificate",
      "users.subdomains",
      /expected one for hub\.acme\.science and \*\.hub\.acme\.science, or https\.kind offload/,
    ],
    [
      "a Secret in a namespace that is made",
      { https: { kind: "tls-secret", name: "hub-tls" } },
      "https.kind",
      "hub.createNamespace",
      /set that to false for a namespace that exists, or choose https\.kind certificate/,
    ],
    [
      "Let's Encrypt, behind an internal load balancer",
      { https: letsEncrypt, "exposure.kind": "internal" },
      "https.kind",
      "exposure.kind",
      /choose https\.kind offload/,
    ],
    [
      "Let's Encrypt, for some sources",
      { https: letsEncrypt, "exposure.sourceCidrs": ["203.0.113.0/24"] },
      "https.kind",
      "exposure.sourceCidrs",
      /choose https\.kind offload/,
    ],
    [
      "Let's Encrypt, at the chart's own service",
      { ...theirs, https: letsEncrypt, "exposure.managedBy": "service" },
      "https.kind",
      "exposure.managedBy",
      /choose https\.kind offload/,
    ],
    [
      "an ALB, at the chart's own service",
      { ...theirs, "exposure.managedBy": "service" },
      "https.loadBalancer",
      "exposure.managedBy",
      /set https\.loadBalancer to nlb$/,
    ],
    [
      "fixed addresses of an ALB",
      { "exposure.fixedAddresses": true },
      "exposure.fixedAddresses",
      "https.loadBalancer",
      /set https\.loadBalancer to nlb$/,
    ],
    [
      "fixed addresses inside",
      { "https.loadBalancer": "nlb", exposure: { kind: "internal", fixedAddresses: true } },
      "exposure.fixedAddresses",
      "exposure.kind",
      /set exposure\.kind to internet$/,
    ],
    [
      "fixed addresses of somebody else's load balancer",
      { ...theirs, "https.loadBalancer": "nlb", exposure: { managedBy: "service", fixedAddresses: true } },
      "exposure.fixedAddresses",
      "exposure.managedBy",
      /set exposure\.managedBy to pulumi$/,
    ],
    [
      "a web ACL at an NLB",
      { "https.loadBalancer": "nlb", exposure: { webAclArn } },
      "exposure.webAclArn",
      "https.loadBalancer",
      /set https\.kind to offload and https\.loadBalancer to alb/,
    ],
    [
      "a web ACL in front of TLS",
      { https: ownCertificate, exposure: { webAclArn } },
      "exposure.webAclArn",
      "https.kind",
      /set https\.kind to offload and https\.loadBalancer to alb \(https\.kind is certificate\)$/,
    ],
    [
      "a web ACL at a load balancer of the cluster's",
      { ...theirs, "https.loadBalancer": "nlb", exposure: { webAclArn, managedBy: "service" } },
      "exposure.webAclArn",
      "exposure.managedBy",
      /https\.loadBalancer to alb, and exposure\.managedBy to pulumi/,
    ],
    [
      "logs of what nobody reads",
      { https: { kind: "tls-secret", name: "hub-tls" }, "hub.createNamespace": false, exposure: { accessLogs: {} } },
      "exposure.accessLogs",
      "https.kind",
      /set https\.kind to offload, or leave exposure\.accessLogs out$/,
    ],
    [
      "a controller in a cluster that is not there",
      { "https.loadBalancer": "nlb", "exposure.managedBy": "service" },
      "exposure.managedBy",
      "cluster.kind",
      /cluster\.kind: existing.*or set exposure\.managedBy to pulumi$/,
    ],
    [
      "one port for two things",
      { "hub.nodePorts": { https: 30_500, http: 30_500 } },
      "hub.nodePorts.http",
      "hub.nodePorts.https",
      /choose another, for example 30080$/,
    ],
  ])("%s", (_, changes, path, other, wayOut) => {
    const problems = problemsOf(settings(changes));
    expect(problems).toHaveLength(1);
    expect(problems[0]?.startsWith(`${path} is `)).toBe(true);
    expect(problems[0]).toContain(other);
    expect(problems[0]).toMatch(wayOut);
  });

  test("several at once are all told", () =>
    expect(
      problemsOf(
        settings({ https: letsEncrypt, exposure: { kind: "internal", sourceCidrs: ["10.0.0.0/8"], webAclArn } }),
      ),
    ).toHaveLength(3));
});

describe("single settings that are wrong", () => {
  test.each<[what: string, changes: Tree, message: string]>([
    [
      "everybody, spelled out",
      { "exposure.sourceCidrs": ["0.0.0.0/0"] },
      'exposure.sourceCidrs[0] is "0.0.0.0/0": that is everybody, or nearly; leave the list empty for that, or name who may connect, for example 203.0.113.0/24',
    ],
    [
      "everybody, in halves",
      { "exposure.sourceCidrs": ["0.0.0.0/1"] },
      'exposure.sourceCidrs[0] is "0.0.0.0/1": that is everybody, or nearly; leave the list empty for that, or name who may connect, for example 203.0.113.0/24',
    ],
    [
      "a source twice",
      { "exposure.sourceCidrs": ["203.0.113.0/24", "198.51.100.0/24", "203.0.113.0/24"] },
      'exposure.sourceCidrs[2] is "203.0.113.0/24": that is in the list already; expected each once',
    ],
    [
      "a source with host bits",
      { "exposure.sourceCidrs": ["203.0.113.7/24"] },
      'exposure.sourceCidrs[0] is "203.0.113.7/24": expected an IPv4 range, written as its first address and a prefix length, for example 203.0.113.0/24',
    ],
    [
      "no e-mail address",
      { https: { ...letsEncrypt, contactEmail: "it" } },
      'https.contactEmail is "it": expected an e-mail address, for example it@acme.science',
    ],
    [
      "a guide's e-mail address",
      { https: { ...letsEncrypt, contactEmail: "you@example.com" } },
      'https.contactEmail is "you@example.com": that is a placeholder; put your own address, for example it@acme.science',
    ],
    [
      "an unknown server",
      { https: { ...letsEncrypt, server: "test" } },
      'https.server is "test": expected one of production, staging',
    ],
    [
      "an unknown kind",
      { https: { kind: "http" } },
      'https.kind is "http": expected one of offload, letsencrypt, certificate, tls-secret',
    ],
    [
      "a certificate of IAM",
      { "https.certificateArn": "arn:aws:iam::123456789012:server-certificate/c" },
      'https.certificateArn is "arn:aws:iam::123456789012:server-certificate/c": expected the ARN of an ACM certificate, for example arn:aws:acm:eu-central-1:123456789012:certificate/12345678-90ab-cdef-1234-567890abcdef',
    ],
    [
      "a web ACL of CloudFront",
      { "exposure.webAclArn": webAclArn.replace("regional", "global") },
      `exposure.webAclArn is "${webAclArn.replace("regional", "global")}": expected the ARN of a regional WAFv2 web ACL, for example arn:aws:wafv2:eu-central-1:123456789012:regional/webacl/hub/12345678-90ab-cdef-1234-567890abcdef`,
    ],
    [
      "logs for no time",
      { "exposure.accessLogs": { retentionDays: 0 } },
      "exposure.accessLogs.retentionDays is 0: expected at least 1, for example 90",
    ],
    [
      "a Secret that no Secret can be called",
      { https: { kind: "tls-secret", name: "Hub_TLS" }, "hub.createNamespace": false },
      'https.name is "Hub_TLS": expected a Kubernetes name, for example hub-tls',
    ],
  ])("%s", (_, changes, message) => expect(problemsOf(settings(changes))).toEqual([message]));

  test("a key in plain text is refused and not shown", () => {
    const problems = problemsOf(settings({ https: { ...ownCertificate, key: "canary" } }));
    expect(problems).toEqual([
      "https.key is plain text: expected a secret, for example by `pulumi config set --secret --path https.key`",
    ]);
  });
});
