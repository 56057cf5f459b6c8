import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { trust } from "./cluster";
import { type Refusals, type Standing, standing } from "./standing";
import type { Instance, World } from "./world";

const cacheRule = "aws:ecr/pullThroughCacheRule:PullThroughCacheRule";

const lifecycle = "aws:ecr/lifecyclePolicy:LifecyclePolicy";
const rules = (...each: object[]) => ({ repository: "taken", policy: JSON.stringify({ rules: each }) });
const oldImages = (more: object, selection: object = {}) => ({
  rulePriority: 1,
  selection: {
    tagStatus: "untagged",
    countType: "sinceImagePushed",
    countUnit: "days",
    countNumber: 7,
    ...selection,
  },
  action: { type: "expire" },
  ...more,
});

describe("the aws stand-in, for storage and identity", () => {
  let world: World;
  let aws: Instance;
  let s: Standing;
  beforeAll(async () => {
    ({ world, aws, s } = await standing());
  });
  afterAll(() => world.end());

  const refusals: Refusals = [
    ["a repository name in capitals", "aws:ecr/repository:Repository", () => ({ name: "Hub/User" }), /lower-case/],
    [
      "a repository name that is taken",
      "aws:ecr/repository:Repository",
      () => ({ name: "taken" }),
      /RepositoryAlreadyExistsException: The repository with name 'taken' already exists/,
    ],
    [
      "a cache's prefix of 31 letters",
      cacheRule,
      () => ({ ecrRepositoryPrefix: "c".repeat(31), upstreamRegistryUrl: "quay.io" }),
      /2 to 30/,
    ],
    [
      "a cache's prefix in capitals",
      cacheRule,
      () => ({ ecrRepositoryPrefix: "Hub/quay", upstreamRegistryUrl: "quay.io" }),
      /lower-case/,
    ],
    [
      "a cache's prefix that is taken",
      cacheRule,
      () => ({ ecrRepositoryPrefix: "taken", upstreamRegistryUrl: "registry.k8s.io" }),
      /PullThroughCacheRuleAlreadyExistsException: A pull through cache rule with the prefix 'taken' already exists/,
    ],
    [
      "a cache of a registry that ECR does not know",
      cacheRule,
      () => ({ ecrRepositoryPrefix: "hub", upstreamRegistryUrl: "gcr.io" }),
      /UnsupportedUpstreamRegistryException/,
    ],
    [
      "a cache of Docker Hub without a login",
      cacheRule,
      () => ({ ecrRepositoryPrefix: "hub", upstreamRegistryUrl: "registry-1.docker.io" }),
      /credentialArn is required/,
    ],
    [
      "a login under a name that ECR does not look at",
      cacheRule,
      () => ({
        ecrRepositoryPrefix: "hub",
        upstreamRegistryUrl: "ghcr.io",
        credentialArn: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:ghcr",
      }),
      /ecr-pullthroughcache/,
    ],
    [
      "a cache with a login that is not there",
      cacheRule,
      () => ({
        ecrRepositoryPrefix: "hub",
        upstreamRegistryUrl: "ghcr.io",
        credentialArn: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:ecr-pullthroughcache/ghcr-a1b2c3",
      }),
      /SecretNotFoundException/,
    ],
    [
      "a rule for old images without an order",
      lifecycle,
      () => rules(oldImages({ rulePriority: 1 }), oldImages({ rulePriority: 1 })),
      /LifecyclePolicyText.*rulePriority of its own/,
    ],
    [
      "a rule for any image that comes before another",
      lifecycle,
      () => rules({ ...oldImages({}, { tagStatus: "any" }) }, oldImages({ rulePriority: 2 })),
      /highest rulePriority/,
    ],
    [
      "a rule for tagged images that names no tag",
      lifecycle,
      () => rules(oldImages({}, { tagStatus: "tagged" })),
      /tagPatternList or tagPrefixList/,
    ],
    [
      "a repository's policy for nobody",
      "aws:ecr/repositoryPolicy:RepositoryPolicy",
      () => ({
        repository: "taken",
        policy: JSON.stringify({ Statement: [{ Effect: "Allow", Action: "ecr:BatchGetImage" }] }),
      }),
      /PolicyText.*Missing required field Principal/,
    ],
    [
      "a log group that EKS made before us",
      "aws:cloudwatch/logGroup:LogGroup",
      () => ({ name: "/aws/eks/hub/cluster" }),
      /ResourceAlreadyExistsException: The specified log group already exists/,
    ],
    [
      "a retention that CloudWatch does not offer",
      "aws:cloudwatch/logGroup:LogGroup",
      () => ({ name: "x", retentionInDays: 31 }),
      /got 31/,
    ],
    [
      "a role whose trust is no JSON",
      "aws:iam/role:Role",
      () => ({ assumeRolePolicy: "nobody" }),
      /invalid JSON policy/,
    ],
    [
      "a role with a name of 65 letters",
      "aws:iam/role:Role",
      () => ({ name: "r".repeat(65), assumeRolePolicy: trust("ec2.amazonaws.com") }),
      /1 to 64/,
    ],
    [
      "a prefix of a role's name with 39 letters",
      "aws:iam/role:Role",
      () => ({ namePrefix: "r".repeat(39), assumeRolePolicy: trust("ec2.amazonaws.com") }),
      /1 to 38/,
    ],
    [
      "a policy that AWS does not keep",
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
      () => ({ role: s.nodeRole.id, policyArn: "arn:aws:iam::aws:policy/AmazonEKSWorkerPolicy" }),
      /NoSuchEntity/,
    ],
    [
      "an alias for a key that is not there",
      "aws:kms/alias:Alias",
      () => ({ name: "alias/x", targetKeyId: "nope" }),
      /NotFoundException: Key 'nope' does not exist/,
    ],
  ];

  it.each(refusals)("refuses %s", async (_what, type, inputs, words) => {
    await expect(aws.make(type, "refused", (await inputs()) as never)).rejects.toThrow(words);
  });
});
