import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { role, trust } from "./cluster";
import { type Instance, type Made, World } from "./world";

const allow = (more: object = {}) => ({ Effect: "Allow", Action: "s3:GetObject", Resource: "*", ...more });
const json = (...statements: object[]) => JSON.stringify({ Version: "2012-10-17", Statement: statements });

describe("the aws stand-in, for policies", () => {
  let world: World;
  let aws: Instance;
  let pods: Made;
  let bucket: Made;
  beforeAll(async () => {
    world = await World.start();
    aws = await world.aws();
    pods = await role(aws, "pods", "pods.eks.amazonaws.com", []);
    bucket = await aws.make("aws:s3/bucket:Bucket", "logs", { bucket: "acme-logs" });
  });
  afterAll(() => world.end());

  const identityPolicies: [what: string, policy: string, words: RegExp][] = [
    ["an action without a service", json(allow({ Action: "GetObject" })), /must be prefaced by a vendor/],
    ["a bucket by its name alone", json(allow({ Resource: "acme-data/*" })), /Resource acme-data\/\* must be in ARN/],
    ["nothing to act on", json({ Effect: "Allow", Action: "s3:GetObject" }), /Missing required field Resource/],
    ["an effect in lower case", json(allow({ Effect: "allow" })), /Invalid effect: allow/],
    ["somebody", json(allow({ Principal: "*" })), /should not specify a principal/],
    ["an id with a hyphen", json(allow({ Sid: "read-data" })), /must be alpha-numeric/],
    ["one id twice", json(allow({ Sid: "Data" }), allow({ Sid: "Data" })), /must be unique/],
    ["a condition that is none", json(allow({ Condition: { Equals: { a: "b" } } })), /Invalid Condition type : Equals/],
    ["a version of its own", JSON.stringify({ Version: "2026-01-01", Statement: [allow()] }), /valid version string/],
    [
      "more than fits",
      json(...Array.from({ length: 200 }, (_, each) => allow({ Resource: `arn:aws:s3:::bucket-${each}/*` }))),
      /InlinePolicySizePerRole: 10240/,
    ],
  ];
  it.each(identityPolicies)("refuses a role's policy with %s", async (_what, policy, words) => {
    const inputs = { role: pods.id, policy };
    await expect(aws.make("aws:iam/rolePolicy:RolePolicy", "refused", inputs)).rejects.toThrow(words);
  });

  it("counts what the policies of one role say together", async () => {
    const large = json(
      ...Array.from({ length: 80 }, (_, each) => allow({ Resource: `arn:aws:s3:::bucket-${each}/*` })),
    );
    const inputs = { role: pods.id, policy: large };
    const first = await aws.make("aws:iam/rolePolicy:RolePolicy", "first", inputs);
    await expect(aws.make("aws:iam/rolePolicy:RolePolicy", "second", inputs)).rejects.toThrow(/LimitExceeded/);
    await aws.update(first, inputs);
  });

  const trustPolicies: [what: string, policy: string, words: RegExp][] = [
    ["a resource", json(allow({ Action: "sts:AssumeRole", Principal: { Service: "a" } })), /prohibited field Resource/],
    ["nobody", json({ Effect: "Allow", Action: "sts:AssumeRole" }), /Missing required field Principal/],
    [
      "what is no assuming",
      json({ Effect: "Allow", Action: "s3:GetObject", Principal: { Service: "ec2.amazonaws.com" } }),
      /may only specify STS AssumeRole actions/,
    ],
  ];
  it.each(trustPolicies)("refuses a role that trusts with %s", async (_what, assumeRolePolicy, words) => {
    await expect(aws.make("aws:iam/role:Role", "refused", { assumeRolePolicy })).rejects.toThrow(words);
  });

  it("lets a role carry ten managed policies", async () => {
    const carrier = await aws.make("aws:iam/role:Role", "carrier", { assumeRolePolicy: trust("ec2.amazonaws.com") });
    const attach = async (number: number) => {
      const policy = await aws.make("aws:iam/policy:Policy", `p${number}`, { policy: json(allow()) });
      const inputs = { role: carrier.id, policyArn: policy.id };
      await aws.make("aws:iam/rolePolicyAttachment:RolePolicyAttachment", `p${number}`, inputs);
    };
    for (let number = 0; number < 10; number++) await attach(number);
    await expect(attach(10)).rejects.toThrow(/PoliciesPerRole: 10/);
  });

  it("keeps whoever makes a key from locking themselves out", async () => {
    const whole = (principal: object) =>
      json({ Effect: "Allow", Principal: principal, Action: "kms:*", Resource: "*" });
    const service = whole({ Service: "logs.eu-central-1.amazonaws.com" });
    await expect(aws.make("aws:kms/key:Key", "locked", { policy: service })).rejects.toThrow(/update the key policy/);
    await aws.make("aws:kms/key:Key", "open", { policy: whole({ AWS: "arn:aws:iam::123456789012:root" }) });
  });

  it("refuses a bucket's policy for another bucket", async () => {
    const policy = (resource: string) => json(allow({ Principal: { Service: "a" }, Resource: resource }));
    const make = (resource: string) =>
      aws.make("aws:s3/bucketPolicy:BucketPolicy", "p", { bucket: bucket.id, policy: policy(resource) });
    await expect(make("arn:aws:s3:::acme-log/*")).rejects.toThrow(/MalformedPolicy: Policy has invalid resource/);
    await make("arn:aws:s3:::acme-logs/*");
  });
});
