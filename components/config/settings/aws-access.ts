import { z } from "zod";
import { orOutput, policyArn } from "../formats";

const bucketName = z
  .string()
  .regex(
    /^(?=.{3,63}$)(?![0-9]+(\.[0-9]+){3}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/,
    "expected the name of a bucket, for example acme-datasets",
  );

/** Policies that make their holder an administrator of the account. */
const administrative = /:policy\/(job-function\/)?(AdministratorAccess.*|PowerUserAccess|IAMFullAccess)$/;

const bucket = z.strictObject({
  name: orOutput(bucketName, "expected the name of a bucket, as text or as an output"),
  /** Beginning of the keys that users reach, for example `datasets`. Default: the whole bucket. */
  prefix: z
    .string()
    .regex(
      /^[\w!.()-]+(\/[\w!.()-]+)*\/?$/,
      "expected the beginning of a key without wildcards, for example datasets/2026",
    )
    .optional(),
  access: z.enum(["read", "read-write"]).default("read"),
  /** Each server reaches only keys below its pod's name, which the hub chooses: `PREFIX/jupyter-ada/`. */
  perUser: z.boolean().default(false),
});

/** Attachments are called by their policies' names. An account has no two of one name, but may have one that AWS has, too. */
function differentNames(arns: readonly string[], context: z.RefinementCtx): void {
  const names = arns.map((each) => each.slice(each.lastIndexOf("/") + 1));
  for (const [index, name] of names.entries())
    if (names.indexOf(name) < index)
      context.addIssue({
        code: "custom",
        path: [index],
        message: `a policy ${name} is in the list already; expected each name once, so put what both allow into one policy`,
        params: { relation: true },
        input: arns[index],
      });
}

const nothing = "expected buckets or policyArns, for example {buckets: [{name: acme-datasets}]}";

/** What user servers may do in AWS, as one IAM role for all of them, without keys. */
export const awsAccess = z
  .strictObject(
    {
      buckets: z
        .array(bucket)
        .max(
          20,
          "expected at most 20, because the policy of a role ends at 10240 characters; put more into a managed policy and name that in policyArns",
        )
        .default([]),
      /** Further managed policies. Every user holds what they allow. */
      policyArns: z
        .array(
          policyArn.refine((arn) => !administrative.test(arn), {
            error:
              "that makes every user an administrator of the account; name a policy with what users need, for example arn:aws:iam::aws:policy/AmazonAthenaFullAccess",
          }),
        )
        .superRefine(differentNames)
        .default([]),
    },
    nothing,
  )
  .refine(({ buckets, policyArns }) => buckets.length + policyArns.length > 0, { error: nothing })
  .optional();
