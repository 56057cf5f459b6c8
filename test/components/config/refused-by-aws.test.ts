import { expect, test } from "vitest";
import { problemsOf, settings } from "../../support/refusals";

const addresses = (count: number) => Array.from({ length: count }, (_, index) => `203.0.113.${index}/32`);

test.each<[what: string, changes: Record<string, unknown>, message: string]>([
  [
    "a tag of AWS's own",
    { tags: { "aws:owner": "me" } },
    'tags.aws:owner is "aws:owner": expected a name of 1 to 128 letters, digits, spaces or _ . : / = + - @ that does not begin with aws:, for example cost-center',
  ],
  [
    "a tag with a sign that IAM refuses",
    { tags: { team: "Research & Development" } },
    'tags.team is "Research & Development": expected at most 256 letters, digits, spaces or _ . : / = + - @, for example data-science',
  ],
  [
    "two tags that are one to IAM",
    { tags: { owner: "a", Owner: "b" } },
    'tags.Owner is "Owner": expected one of owner and Owner, because IAM takes them for the same',
  ],
  [
    "more tags than AWS takes with those that Kubernetes adds",
    { tags: Object.fromEntries(Array.from({ length: 41 }, (_, index) => [`tag-${index}`, "x"])) },
    'tags is an object: expected at most 40 tags, because AWS takes 50 on one thing and some are added, for example {"cost-center":"data-science"}',
  ],
  [
    "more sources than a security group has rules for",
    { "exposure.sourceCidrs": addresses(31) },
    "exposure.sourceCidrs is a list: expected at most 30 ranges, because each takes a rule for 443 and one for 80, which redirects, and a security group takes 60; join neighbours, for example 203.0.113.0/24",
  ],
  [
    "more sources than it has rules for where TLS ends in the cluster",
    {
      "exposure.sourceCidrs": addresses(31),
      https: { kind: "tls-secret", name: "hub-tls" },
      "hub.createNamespace": false,
    },
    "exposure.sourceCidrs is a list: expected at most 30 ranges, because each takes a rule for 443 and one for 80, which redirects, and a security group takes 60; join neighbours, for example 203.0.113.0/24",
  ],
  [
    "more sources than a security group of a network load balancer has rules for",
    { "exposure.sourceCidrs": addresses(61), "https.loadBalancer": "nlb" },
    "exposure.sourceCidrs is a list: expected at most 60 ranges, because each takes a rule for 443, and a security group takes 60; join neighbours, for example 203.0.113.0/24",
  ],
  [
    "more ranges than EKS takes",
    { "cluster.publicAccessCidrs": addresses(41) },
    "cluster.publicAccessCidrs is a list: expected at most 40 ranges, because EKS takes no more; join neighbours, for example 203.0.113.0/24",
  ],
  [
    "more buckets than a role's policy holds",
    {
      "users.awsAccess": { buckets: Array.from({ length: 21 }, (_, index) => ({ name: `acme-${index}` })) },
    },
    "users.awsAccess.buckets is a list: expected at most 20, because the policy of a role ends at 10240 characters; put more into a managed policy and name that in policyArns",
  ],
])("what AWS would refuse half-way: %s", (_, changes, message) =>
  expect(problemsOf(settings(changes))).toEqual([message]),
);

test.each(["a1.large", "t4g.large", "m7gd.xlarge", "c7gn.4xlarge", "im4gn.large", "g5g.xlarge"])(
  "nodes with ARM processors: %s",
  (type) =>
    expect(problemsOf(settings({ "nodePools.user": { instanceType: type } }))).toEqual([
      `nodePools.user.instanceType is "${type}": that has ARM processors; expected one for the x86-64 image of the nodes, for example t3.large`,
    ]),
);
