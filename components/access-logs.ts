import { getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity";
import { getPartitionOutput } from "@pulumi/aws/getPartition";
import { getRegionOutput } from "@pulumi/aws/getRegion";
import * as s3 from "@pulumi/aws/s3";
import * as pulumi from "@pulumi/pulumi";
import { named, type Tags } from "./tags";

/** Arguments of {@link AccessLogs}. */
export interface AccessLogsArgs {
  /** Days that logs are kept. */
  readonly retentionDays: number;
  /** Tags for everything that can be tagged. */
  readonly tags?: Tags | undefined;
}

/**
 * A bucket for the access logs of load balancers of this account and region: encrypted, closed to the public, reached by TLS
 * only, written to by Elastic Load Balancing only. Logs go when they are old enough, and with the bucket.
 */
export class AccessLogs extends pulumi.ComponentResource {
  /** The bucket's name, known once load balancers may write to it: they try at once. */
  readonly bucketName: pulumi.Output<string>;

  constructor(name: string, args: AccessLogsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jupyterhub-eks:index:AccessLogs", name, args, opts);
    const child = { parent: this };
    const bucket = new s3.Bucket(
      name,
      {
        bucketPrefix: `${name}-access-logs-`,
        // Like other logs of the stack these end with it. A bucket is never empty: a load balancer leaves a test file at once.
        forceDestroy: true,
        tags: named(`${name}-access-logs`, args.tags),
      },
      child,
    );
    new s3.BucketServerSideEncryptionConfiguration(
      name,
      {
        bucket: bucket.id,
        // Load balancers cannot write where a KMS key is demanded ("Elastic Load Balancing, Access logs: Bucket requirements").
        rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
      },
      child,
    );
    const closed = new s3.BucketPublicAccessBlock(
      name,
      {
        bucket: bucket.id,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      child,
    );
    const owned = new s3.BucketOwnershipControls(
      name,
      { bucket: bucket.id, rule: { objectOwnership: "BucketOwnerEnforced" } },
      child,
    );
    new s3.BucketLifecycleConfiguration(
      name,
      {
        bucket: bucket.id,
        rules: [
          {
            id: "retention",
            status: "Enabled",
            filter: { prefix: "" },
            expiration: { days: args.retentionDays },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
          },
        ],
      },
      child,
    );
    const policy = new s3.BucketPolicy(
      name,
      { bucket: bucket.id, policy: deliveryPolicy(bucket.arn, child) },
      // AWS lets a bucket change one thing at a time.
      { ...child, dependsOn: [closed, owned] },
    );

    this.bucketName = policy.bucket;
    this.registerOutputs({ bucketName: this.bucketName });
  }
}

/**
 * "Elastic Load Balancing, Access logs for your Application Load Balancer" and "... Network Load Balancer": each has a
 * principal of its own. Both write for this account only: its number is part of the path.
 */
function deliveryPolicy(bucketArn: pulumi.Output<string>, options: pulumi.InvokeOptions): pulumi.Output<string> {
  const { accountId } = getCallerIdentityOutput({}, options);
  const { region } = getRegionOutput({}, options);
  const { partition } = getPartitionOutput({}, options);
  const logs = pulumi.interpolate`${bucketArn}/AWSLogs/${accountId}/*`;
  const networkDelivery = {
    Effect: "Allow",
    Principal: { Service: "delivery.logs.amazonaws.com" },
    Condition: {
      StringEquals: { "aws:SourceAccount": accountId },
      ArnLike: { "aws:SourceArn": pulumi.interpolate`arn:${partition}:logs:${region}:${accountId}:*` },
    },
  };
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [bucketArn, pulumi.interpolate`${bucketArn}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
      {
        Sid: "ApplicationLoadBalancers",
        Effect: "Allow",
        Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
        Action: "s3:PutObject",
        Resource: logs,
      },
      { Sid: "NetworkLoadBalancersLook", ...networkDelivery, Action: "s3:GetBucketAcl", Resource: bucketArn },
      { Sid: "NetworkLoadBalancersWrite", ...networkDelivery, Action: "s3:PutObject", Resource: logs },
    ],
  });
}
