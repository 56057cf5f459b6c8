import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { type BucketAccess, bucketPolicy } from "../../components/bucket-access";

const statements = (...buckets: BucketAccess[]): Promise<Record<string, unknown>[]> =>
  new Promise((resolve) => {
    bucketPolicy(buckets)?.apply((document) => resolve(JSON.parse(document).Statement));
  });

test("a whole bucket to read", async () =>
  expect(await statements({ name: "data", access: "read", perUser: false })).toEqual([
    { Effect: "Allow", Action: ["s3:ListBucket"], Resource: "arn:aws:s3:::data" },
    { Effect: "Allow", Action: ["s3:GetObject"], Resource: "arn:aws:s3:::data/*" },
  ]));

test.each(["team", "team/"])("keys below %s to write, and no others to see", async (prefix) =>
  expect(await statements({ name: pulumi.output("data"), prefix, access: "read-write", perUser: false })).toEqual([
    {
      Effect: "Allow",
      Action: ["s3:ListBucket"],
      Resource: "arn:aws:s3:::data",
      Condition: { StringLike: { "s3:prefix": ["team/*"] } },
    },
    {
      Effect: "Allow",
      Action: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"],
      Resource: "arn:aws:s3:::data/team/*",
    },
  ]),
);

// "Amazon EKS User Guide, Pod Identity": kubernetes-pod-name is a session tag, which IAM compares as a principal's.
test("each server's own keys", async () => {
  const own = "homes/$" + "{aws:PrincipalTag/kubernetes-pod-name}/*";
  const [list, act] = await statements({ name: "data", prefix: "homes", access: "read-write", perUser: true });
  expect(list?.Condition).toEqual({ StringLike: { "s3:prefix": [own] } });
  expect(act?.Resource).toBe(`arn:aws:s3:::data/${own}`);
});

test("nobody gets more than keys: no bucket is deleted, opened or reconfigured", async () => {
  const all = await statements({ name: "data", access: "read-write", perUser: false });
  for (const action of all.flatMap(({ Action }) => Action as string[]))
    expect(action).toMatch(/^s3:(ListBucket|GetObject|PutObject|DeleteObject|AbortMultipartUpload)$/);
});

test("no policy without buckets", () => expect(bucketPolicy([])).toBeUndefined());
