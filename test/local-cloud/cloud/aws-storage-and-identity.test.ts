import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { trust } from "./cluster";
import { type Refusals, type Standing, standing } from "./standing";
import type { Instance, World } from "./world";

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
