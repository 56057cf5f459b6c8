import { expect, test } from "vitest";
import { AccessLogs } from "../../components";
import { awsAnswers } from "../support/aws-answers";
import { record } from "../support/recorded-program";
import { remembered } from "../support/remembered";
import { inputsOf, madeBefore, only } from "../support/wire";

const recorded = remembered(() =>
  record(() => ({ bucketName: new AccessLogs("hub", { retentionDays: 30, tags: { team: "a" } }).bucketName }), {
    answers: awsAnswers,
  }),
);
const part = (name: string) => `aws:s3/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`;

test("the bucket is closed to the public and takes no foreign owners", async () => {
  const program = await recorded();
  expect(inputsOf(program, part("BucketPublicAccessBlock"))).toMatchObject({
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  });
  expect(inputsOf(program, part("BucketOwnershipControls")).rule).toEqual({ objectOwnership: "BucketOwnerEnforced" });
});

// "Elastic Load Balancing, Enable access logs": SSE-S3 is the only encryption that application load balancers can write to.
test("it is encrypted in the way that load balancers can write to", async () =>
  expect(inputsOf(await recorded(), part("BucketServerSideEncryptionConfiguration")).rules).toEqual([
    { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } },
  ]));

test("logs expire, and end with the stack", async () => {
  const program = await recorded();
  expect(inputsOf(program, part("BucketLifecycleConfiguration")).rules).toMatchObject([
    { status: "Enabled", expiration: { days: 30 } },
  ]);
  expect(inputsOf(program, part("Bucket"))).toMatchObject({ forceDestroy: true, tags: { team: "a" } });
});

test("its policy lets load balancers of this account write, by TLS, and nobody else", async () => {
  const { Statement } = JSON.parse(inputsOf(await recorded(), part("BucketPolicy")).policy);
  const allowed = Statement.filter(({ Effect }: { Effect: string }) => Effect === "Allow");
  expect(allowed.map((each: Record<string, unknown>) => [each.Principal, each.Action, each.Resource])).toEqual([
    [
      { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
      "s3:PutObject",
      "arn:aws:s3:::hub/AWSLogs/123456789012/*",
    ],
    [{ Service: "delivery.logs.amazonaws.com" }, "s3:GetBucketAcl", "arn:aws:s3:::hub"],
    [{ Service: "delivery.logs.amazonaws.com" }, "s3:PutObject", "arn:aws:s3:::hub/AWSLogs/123456789012/*"],
  ]);
  expect(Statement[0]).toMatchObject({
    Effect: "Deny",
    Principal: "*",
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  });
});

test("its name is known only when load balancers may write to it", async () => {
  const program = await recorded();
  const before = madeBefore(program, only(program, part("BucketPolicy")));
  expect(before).toContain(`${part("BucketPublicAccessBlock")} hub`);
  expect(program.outputs.bucketName).toBe("hub-id");
});
