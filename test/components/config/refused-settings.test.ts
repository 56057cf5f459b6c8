import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { problemsOf, settings } from "../../support/refusals";

type Tree = Record<string, unknown>;

describe("what is refused, with the words that say what to do", () => {
  test.each<[what: string, changes: Tree, message: string]>([
    ["an unknown key", { doman: "x" }, "doman is not a setting: did you mean domain?"],
    [
      "an unknown key below",
      { "network.natGateway": "single" },
      "network.natGateway is not a setting: did you mean natGateways?",
    ],
    [
      "an unknown key deep below",
      { "nodePools.user.maxSizes": 3 },
      "nodePools.user.maxSizes is not a setting: did you mean maxSize?",
    ],
    [
      "an unknown key of the login",
      { "auth.allowedOrganisations": [] },
      "auth.allowedOrganisations is not a setting: did you mean allowedOrganizations?",
    ],
    [
      "a key that resembles none",
      { "users.cpu.frobnicate": 1 },
      "users.cpu.frobnicate is not a setting; there are guarantee, limit",
    ],
    [
      "a setting of another kind",
      { https: { kind: "letsencrypt", contactEmail: "it@acme.science", certificateArn: "arn" } },
      "https.certificateArn is not a setting of https.kind letsencrypt, but of offload: leave it out, or choose another https.kind",
    ],
    [
      "a setting of another kind than the one that is chosen by saying nothing",
      { "hostedZone.parent": { name: "acme.science" } },
      "hostedZone.parent is not a setting of hostedZone.kind existing, but of child: leave it out, or choose another hostedZone.kind",
    ],
    [
      "a setting of other logins",
      { "auth.hostedDomains": ["acme.science"] },
      "auth.hostedDomains is not a setting of auth.provider github, but of google: leave it out, or choose another auth.provider",
    ],
    [
      "a domain that no certificate can name",
      { domain: `${"h".repeat(52)}.acme.science` },
      `domain is "${"h".repeat(52)}.acme.science": expected at most 64 characters, because certificates name no longer host (RFC 5280), for example hub.acme.science`,
    ],
    ["no domain", { domain: undefined }, "domain is missing: expected a host name, for example hub.acme.science"],
    [
      "no login",
      { auth: undefined },
      "auth is missing: expected who may log in: provider (github, gitlab, google, entra-id, auth0, cognito, cilogon, oidc, custom), clientId, clientSecret, and a rule such as allowedOrganizations or allowedUsers; begin with `pulumi config set --path auth.provider github`",
    ],
    [
      "no login provider",
      { "auth.provider": undefined },
      "auth.provider is missing: expected one of github, gitlab, google, entra-id, auth0, cognito, cilogon, oidc, custom, dummy",
    ],
    [
      "no client",
      { "auth.clientId": undefined },
      "auth.clientId is missing: expected the ID of the client that is registered at the provider, for example by `pulumi config set --path auth.clientId Ov23liAbCdEfGhIjKlMn`; or set auth.clientCredentials, if AWS Secrets Manager or a Kubernetes secret keeps both",
    ],
    [
      "no client secret",
      { "auth.clientSecret": undefined },
      "auth.clientSecret is missing: expected the secret of that client, for example by `pulumi config set --secret --path auth.clientSecret`; or set auth.clientCredentials, if AWS Secrets Manager or a Kubernetes secret keeps both",
    ],
    [
      "no way to the API",
      { cluster: undefined },
      "cluster is missing: expected who may reach the Kubernetes API, for example by `pulumi config set --path 'cluster.publicAccessCidrs[0]' 203.0.113.7/32`, or a cluster that exists: kind and name",
    ],
    [
      "half an image",
      { "users.image": { name: "quay.io/a/b" } },
      "users.image is an object: expected a tag, a digest or both, for example {tag: 2026-11-02}",
    ],
    ["text for a number", { "network.zones": "two" }, 'network.zones is "two": expected a number, for example 2'],
    ["half a zone", { "network.zones": 2.5 }, "network.zones is 2.5: expected a whole number, for example 2"],
    ["a number for text", { "users.homeSize": 10 }, "users.homeSize is 10: expected text, for example 10Gi"],
    [
      "a list for an object",
      { network: [] },
      'network is an empty list: expected an object, for example {"kind":"create"}',
    ],
    [
      "text for a list",
      { "cluster.adminArns": "arn" },
      'cluster.adminArns is "arn": expected a list, for example ["arn:aws:iam::123456789012:role/admin"]',
    ],
    ["null", { domain: null }, "domain is null: expected a host name, for example hub.acme.science"],
    [
      "an unknown provider",
      { "auth.provider": "pam" },
      'auth.provider is "pam": expected one of github, gitlab, google, entra-id, auth0, cognito, cilogon, oidc, custom, dummy',
    ],
    ["a tag that is no text", { "tags.cost": 7 }, "tags.cost is 7: expected text, for example data-science"],
  ])("%s", (_, changes, message) => expect(problemsOf(settings(changes))).toEqual([message]));

  test.each(["<your-domain>", "hub.example.com", "example.org", "your-domain.edu", "hub.<domain>.org"])(
    "the placeholder %s",
    (domain) =>
      expect(problemsOf(settings({ domain }))).toEqual([
        `domain is "${domain}": that is a placeholder; put your own name, for example hub.acme.science`,
      ]),
  );

  test.each([
    "https://hub.acme.science",
    "hub.acme.science.",
    "hub.acme.science:443",
    "Hub.Acme.Science",
    "hub",
    "hub_1.acme.science",
  ])("%s, which is no host name", (domain) =>
    expect(problemsOf(settings({ domain }))).toEqual([
      `domain is "${domain}": expected a host name in lower case, without scheme, port or trailing dot, for example hub.acme.science`,
    ]),
  );

  test.each([
    ["auth.clientId", "<client id>"],
    ["auth.clientId", "changeme"],
    ["auth.clientId", "  "],
    ["users.image", { name: "registry.example.com/lab", tag: "1" }],
    ["users.image", { name: "quay.io/acme/lab", tag: "" }],
  ])("a placeholder or nothing in %s", (path, value) =>
    expect(problemsOf(settings({ [path]: value }))).toEqual([
      expect.stringMatching(/that is empty or a placeholder; put the real value, for example/),
    ]),
  );

  test.each<[what: string, changes: Tree, message: RegExp]>([
    [
      "fewer nodes at most than at least",
      { "nodePools.user": { minSize: 3, maxSize: 2 } },
      /^nodePools\.user\.maxSize is 2: expected at least minSize \(3\)$/,
    ],
    [
      "more nodes at least than the default maximum",
      { "nodePools.core": { minSize: 9 } },
      /^nodePools\.core\.maxSize is 2: expected at least minSize \(9\)$/,
    ],
    ["no node", { "nodePools.core.minSize": 0 }, /^nodePools\.core\.minSize is 0: expected at least 1/],
    [
      "a CPU limit below the guarantee",
      { "users.cpu": { guarantee: 2, limit: 1 } },
      /^users\.cpu\.limit is 1: expected at least guarantee \(2\)$/,
    ],
    [
      "a memory limit below the guarantee",
      { "users.memory": { guarantee: "1.5G", limit: "1024M" } },
      /^users\.memory\.limit is "1024M": expected at least guarantee \(1\.5G\)$/,
    ],
    [
      "pools in more zones than the network has",
      { "nodePools.user.zones": 3 },
      /^nodePools\.user\.zones is 3: expected at most network\.zones \(2\)/,
    ],
    ["one zone", { "network.zones": 1 }, /^network\.zones is 1: expected at least 2, because EKS/],
    ["seven zones", { "network.zones": 7 }, /^network\.zones is 7: expected at most 6/],
    [
      "a zone that does not hold the domain",
      { hostedZone: { name: "acme.org" } },
      /^hostedZone\.name is "acme\.org": expected a zone that holds hub\.acme\.science, for example acme\.science$/,
    ],
    [
      "a zone that only ends alike",
      { hostedZone: { name: "me.science" } },
      /^hostedZone\.name is "me\.science": expected a zone that holds/,
    ],
    [
      "a zone by name and id",
      { hostedZone: { name: "acme.science", id: "Z0123456789ABCDEFGHIJ" } },
      /^hostedZone\.id is "Z0123456789ABCDEFGHIJ": expected this or hostedZone\.name, not both; keep the id$/,
    ],
    [
      "an id that is none",
      { hostedZone: { id: "/hostedzone/Z012" } },
      /^hostedZone\.id is "\/hostedzone\/Z012": expected the id of a Route 53 zone, for example Z0123456789ABCDEFGHIJ$/,
    ],
    [
      "an unknown kind of zone",
      { hostedZone: { kind: "public" } },
      /^hostedZone\.kind is "public": expected one of existing, child, private, elsewhere$/,
    ],
    [
      "a child zone that does not hold the domain",
      { hostedZone: { kind: "child", name: "lab.acme.science" } },
      /^hostedZone\.name is "lab\.acme\.science": expected a zone that holds hub\.acme\.science/,
    ],
    [
      "a child zone below a zone that is not above it",
      { hostedZone: { kind: "child", parent: { name: "acme.org" } } },
      /^hostedZone\.parent\.name is "acme\.org": expected a zone above the new one \(hub\.acme\.science\), for example acme\.science$/,
    ],
    [
      "a parent zone by name and id",
      { hostedZone: { kind: "child", parent: { name: "acme.science", id: "Z1" } } },
      /^hostedZone\.parent\.id is "Z1": expected this or hostedZone\.parent\.name, not both/,
    ],
    [
      "a child zone that only a registry could delegate to",
      { domain: "acme.science", hostedZone: { kind: "child" } },
      /^hostedZone\.kind is "child": no zone of yours can delegate to acme\.science; choose existing .* for example hub\.acme\.science$/,
    ],
    [
      "a private zone for a hub on the internet",
      {
        hostedZone: { kind: "private" },
        https: { certificateArn: "arn:aws:acm:eu-central-1:123456789012:certificate/0a1b" },
      },
      /^hostedZone\.kind is "private": nobody on the internet .* exposure\.kind is internet; set exposure\.kind to internal/,
    ],
    [
      "a private zone without a certificate",
      { hostedZone: { kind: "private" }, exposure: { kind: "internal" } },
      /^hostedZone\.kind is "private": ACM looks for its record in public DNS .* name one by https\.certificateArn, for example arn:aws:acm:/,
    ],
    [
      "the top of a zone that nobody names",
      { domain: "acme.science" },
      /^hostedZone\.name is missing: domain \(acme\.science\) is the top of a zone: .* for example by `pulumi config set --path hostedZone\.name acme\.science`$/,
    ],
    [
      "a zone that does not hold such a domain",
      { domain: "acme.science", hostedZone: { name: "acme.org" } },
      /^hostedZone\.name is "acme\.org": expected a zone that holds acme\.science, for example acme\.science$/,
    ],
    [
      "one subnet for two",
      {
        network: {
          kind: "existing",
          vpcId: "vpc-0a1b2c3d4e5f67890",
          privateSubnetIds: ["subnet-0a1b2c3d4e5f67890", "subnet-0a1b2c3d4e5f67890"],
        },
        exposure: { kind: "internal" },
      },
      /^network\.privateSubnetIds\[1\] is "subnet-0a1b2c3d4e5f67890": that is in the list already/,
    ],
    [
      "no time for the owner of a domain",
      { hostedZone: { kind: "elsewhere", validationTimeoutMinutes: 0 } },
      /^hostedZone\.validationTimeoutMinutes is 0: expected at least 1 minute, for example 30$/,
    ],
    [
      "more time than ACM gives",
      { hostedZone: { kind: "elsewhere", validationTimeoutMinutes: 4321 } },
      /^hostedZone\.validationTimeoutMinutes is 4321: expected at most 4320 minutes, because ACM gives a certificate up after 72 hours/,
    ],
    [
      "nobody who may log in",
      { "auth.allowedOrganizations": [] },
      /^auth\.allowedOrganizations is an empty list: nobody may log in; set this or auth\.allowedUsers, for example/,
    ],
    [
      "a chart below the floor",
      { "hub.chartVersion": "4.3.5" },
      /^hub\.chartVersion is "4\.3\.5": expected 4\.4\.0 or newer/,
    ],
    [
      "a range of charts",
      { "hub.chartVersion": "^4.4.0" },
      /^hub\.chartVersion is "\^4\.4\.0": expected an exact version, for example 4\.4\.0$/,
    ],
    ["a chart version that is no image's tag", { "hub.chartVersion": "v4.4.0" }, /expected an exact version/],
    ["a chart version with a space", { "hub.chartVersion": "4.4.0 " }, /expected an exact version/],
    [
      "administrators by a wildcard",
      { "cluster.adminArns": ["arn:aws:iam::123456789012:role/*"] },
      /^cluster\.adminArns\[0\] is .*: expected the ARN of an IAM role or user/,
    ],
    [
      "a certificate of no region",
      { https: { certificateArn: "arn:aws:acm:nowhere:123456789012:certificate/0a1b" } },
      /^https\.certificateArn is .*: expected the ARN of an ACM certificate/,
    ],
    [
      "a certificate of no partition",
      { https: { certificateArn: "arn:awscloud:acm:eu-central-1:123456789012:certificate/0a1b" } },
      /^https\.certificateArn is .*: expected the ARN of an ACM certificate/,
    ],
    [
      "an address that is none, once",
      { https: { kind: "letsencrypt", contactEmail: "Ada <ada@acme.science>" } },
      /^https\.contactEmail is .*: expected an e-mail address, for example it@acme\.science$/,
    ],
    [
      "a private key where a certificate is expected, its lines joined",
      {
        https: { kind: "certificate", certificate: "-----BEGIN PRIVATE KEY-----\\nMIIB", key: pulumi.secret("canary") },
      },
      /^https\.certificate is a text of 33 characters: that holds a private key/,
    ],
    ["half a chart version", { "hub.chartVersion": "4.4" }, /expected an exact version/],
    [
      "a retention that CloudWatch does not know",
      { "cluster.logRetentionDays": 31 },
      /^cluster\.logRetentionDays is 31: expected a number of days that CloudWatch knows: 1, 3, 5, /,
    ],
    [
      "the same for flow logs",
      { "network.flowLogRetentionDays": 0 },
      /^network\.flowLogRetentionDays is 0: expected a number of days/,
    ],
    [
      "an unsupported Kubernetes",
      { "cluster.version": "1.20" },
      /^cluster\.version is "1\.20": expected (one of )?1\.35/,
    ],
    [
      "a port that is no node port",
      { "hub.nodePorts.https": 443 },
      /^hub\.nodePorts\.https is 443: expected a Kubernetes node port, 30000 to 32767, for example 30443$/,
    ],
    [
      "a port beyond",
      { "hub.nodePorts.https": 32_768 },
      /^hub\.nodePorts\.https is 32768: expected a Kubernetes node port, 30000 to 32767/,
    ],
    [
      "memory as Kubernetes writes it",
      { "users.memory.limit": "4Gi" },
      /^users\.memory\.limit is "4Gi": expected a size in K, M, G or T, for example 2G$/,
    ],
    [
      "a home as KubeSpawner writes it",
      { "users.homeSize": "10G" },
      /^users\.homeSize is "10G": expected a size in Mi, Gi or Ti, for example 10Gi$/,
    ],
    [
      "no CPU",
      { "users.cpu.guarantee": 0 },
      /^users\.cpu\.guarantee is 0: expected a number of CPU cores above 0, for example 0\.5$/,
    ],
    [
      "an administrator that is no principal",
      { "cluster.adminArns": ["admin"] },
      /^cluster\.adminArns\[0\] is "admin": expected the ARN of an IAM role or user, for example arn:aws:iam::/,
    ],
  ])("%s", (_, changes, message) => expect(problemsOf(settings(changes))).toEqual([expect.stringMatching(message)]));

  test.each(["kube-system", "default", "kube-public", "tigera-operator"])("the cluster's namespace %s", (namespace) =>
    expect(problemsOf(settings({ "hub.namespace": namespace }))).toEqual([
      expect.stringMatching(/^hub\.namespace is ".*": that namespace belongs to the cluster.*for example jupyterhub$/),
    ]),
  );
});
