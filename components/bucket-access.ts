import * as pulumi from "@pulumi/pulumi";

/** What the pods of one role may do in a bucket. */
export interface BucketAccess {
  readonly name: pulumi.Input<string>;
  /** Beginning of the keys, for example `datasets`; default: the whole bucket. */
  readonly prefix?: string | undefined;
  readonly access: "read" | "read-write";
  /** Each pod reaches only keys below its own name. */
  readonly perUser: boolean;
}

/**
 * What EKS says of the pod that holds the credentials ("Amazon EKS User Guide, Pod Identity, session tags"). The hub names pods
 * after their users, and no user can choose or change it.
 */
const podName = "$" + "{aws:PrincipalTag/kubernetes-pod-name}";

const actions = {
  read: ["s3:GetObject"],
  "read-write": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"],
};

/** An IAM policy for the buckets, as JSON; undefined without buckets. */
export function bucketPolicy(buckets: readonly BucketAccess[]): pulumi.Output<string> | undefined {
  if (buckets.length === 0) return undefined;
  return pulumi.jsonStringify({ Version: "2012-10-17", Statement: buckets.flatMap(statements) });
}

function statements({ name, prefix, access, perUser }: BucketAccess) {
  const bucket = pulumi.interpolate`arn:aws:s3:::${name}`;
  const parts = [prefix?.replace(/\/$/, ""), ...(perUser ? [podName] : [])].filter((part) => part !== undefined);
  const keys = parts.map((part) => `${part}/`).join("");
  return [
    {
      Effect: "Allow",
      Action: ["s3:ListBucket"],
      Resource: bucket,
      ...(keys !== "" && { Condition: { StringLike: { "s3:prefix": [`${keys}*`] } } }),
    },
    { Effect: "Allow", Action: actions[access], Resource: pulumi.interpolate`${bucket}/${keys}*` },
  ];
}
