import type { Cloud, CloudObject } from "../cloud";
import { identifier } from "../cloud";
import { type Problem, type ResourceType, refuse, type Subject } from "../resource-type";
import type { Properties } from "../wire";
import { listed, policyFault, type Statement, statementsOf } from "./policy-documents";
import { awsType, checkJson, matches, text } from "./service";

const bucketType = "aws:s3/bucket:Bucket";
const bucketObjectType = "aws:s3/bucketObject:BucketObject";
const policyType = "aws:s3/bucketPolicy:BucketPolicy";
const publicAccessType = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
const encryptionType = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";

const policyOf = (bucketPolicy: CloudObject | undefined) =>
  statementsOf(text(bucketPolicy?.inputs ?? {}, "policy") || "{}");

/** A policy that lets in everybody is what the block for public policies is for. */
function admitPolicy({ inputs, cloud, scope }: Subject): void {
  const policy = text(inputs, "policy");
  const bucket = `arn:aws:s3:::${text(inputs, "bucket")}`;
  const fault = policyFault(policy, "resource");
  if (fault !== undefined) refuse("MalformedPolicy", fault);
  const resources = statementsOf(policy).flatMap(({ Resource }) => listed(Resource));
  if (resources.some((resource) => resource !== bucket && !resource.startsWith(`${bucket}/`)))
    refuse("MalformedPolicy", "Policy has invalid resource");
  const isPublic = statementsOf(policy).some(
    ({ Effect, Principal, Condition }) =>
      Effect === "Allow" && JSON.stringify(Principal ?? "").includes('"*"') && Condition === undefined,
  );
  const [block] = cloud.where(publicAccessType, scope, { bucket: inputs.bucket ?? null });
  if (isPublic && block?.inputs.blockPublicPolicy === true) {
    refuse(
      "AccessDenied",
      "User is not authorized to perform: s3:PutBucketPolicy on resource because public policies are blocked by the BlockPublicPolicy block public access setting.",
    );
  }
}

/** Whether the service may do this with the resource, by the bucket's policy. */
function allows(policy: readonly Statement[], service: string, action: string, resource: string): boolean {
  const covers = (patterns: string | readonly string[] | undefined, wanted: string) =>
    listed(patterns).some(
      (pattern) => pattern === wanted || (pattern.endsWith("*") && wanted.startsWith(pattern.slice(0, -1))),
    );
  return policy.some(
    ({ Effect, Principal, Action, Resource }) =>
      Effect === "Allow" &&
      typeof Principal === "object" &&
      listed(Principal.Service).includes(service) &&
      covers(Action, action) &&
      covers(Resource, resource),
  );
}

/** Who writes the logs of a load balancer ("Elastic Load Balancing, Access logs"). */
const writers: Readonly<Record<string, { service: string; actions: readonly string[] }>> = {
  application: { service: "logdelivery.elasticloadbalancing.amazonaws.com", actions: ["s3:PutObject"] },
  network: { service: "delivery.logs.amazonaws.com", actions: ["s3:PutObject", "s3:GetBucketAcl"] },
};

/** A load balancer tries at once whether it may write where its logs shall go. */
export function admitAccessLogs({ inputs, cloud, scope }: Subject): void {
  const { enabled, bucket, prefix } = (inputs.accessLogs ?? {}) as Properties;
  if (enabled !== true) return;
  const name = String(bucket);
  const denied = (why: string) =>
    refuse(
      "InvalidConfigurationRequest",
      `Access Denied for bucket: ${name}. Please check S3bucket permission: ${why}`,
    );
  if (cloud.get(bucketType, scope, name) === undefined) {
    refuse("InvalidConfigurationRequest", `S3 bucket '${name}' does not exist in ${scope}`);
  }
  const [encryption] = cloud.where(encryptionType, scope, { bucket: name });
  if (JSON.stringify(encryption?.inputs.rules ?? []).includes("aws:kms")) denied("only SSE-S3 is supported");
  const [policy] = cloud.where(policyType, scope, { bucket: name });
  const writer = writers[text(inputs, "loadBalancerType") || "application"];
  const folder = prefix ? `${String(prefix)}/AWSLogs` : "AWSLogs";
  for (const action of writer?.actions ?? []) {
    const object = action === "s3:PutObject" ? `/${folder}/${cloud.account.id}/` : "";
    if (!allows(policyOf(policy), writer?.service ?? "", action, `arn:aws:s3:::${name}${object}`)) {
      denied(`${writer?.service} may not ${action}`);
    }
  }
}

/** What a load balancer leaves in the bucket when it tries. */
export function accessLogFiles({ inputs, scope }: CloudObject, { account }: Cloud): CloudObject[] {
  const { enabled, bucket } = (inputs.accessLogs ?? {}) as Properties;
  if (enabled !== true) return [];
  const name = String(bucket);
  const key = `AWSLogs/${account.id}/ELBAccessLogTestFile`;
  return [
    {
      type: bucketObjectType,
      scope,
      id: `${name}/${key}`,
      inputs: { bucket: name, key },
      computed: {},
      owner: `${bucketType}#${scope}#${name}`,
    },
  ];
}

/** One of its kind per bucket, that goes by the bucket's name. */
function partOf(
  thing: string,
  rest: { required: string[]; check?: (inputs: Properties) => Problem[]; admit?: (subject: Subject) => void },
) {
  return awsType({
    service: "S3",
    thing,
    id: ({ inputs }) => text(inputs, "bucket"),
    missing: ["NoSuchConfiguration", (name) => `The bucket ${name} has no such configuration`],
    references: { bucket: { to: bucketType, weak: true } },
    replaceOn: ["bucket", "region"],
    ...rest,
    required: ["bucket", ...rest.required],
  });
}

/** Buckets and what can be said of them. */
export const bucketTypes: Readonly<Record<string, ResourceType>> = {
  [bucketType]: awsType({
    service: "S3",
    thing: "Bucket",
    id: ({ inputs }) => text(inputs, "bucket"),
    missing: ["NoSuchBucket", () => "The specified bucket does not exist"],
    exists: [
      "BucketAlreadyOwnedByYou",
      () => "Your previous request to create the named bucket succeeded and you already own it.",
    ],
    normalize: (inputs, { olds, seed }) =>
      typeof inputs.bucketPrefix === "string" && inputs.bucket === undefined
        ? { ...inputs, bucket: olds.bucket ?? `${inputs.bucketPrefix}${seed.toString("hex").slice(0, 26)}` }
        : inputs,
    autoName: { property: "bucket", max: 63, lower: true },
    check: (inputs) => [
      ...matches(
        "bucket",
        /^(?!\d+\.\d+\.\d+\.\d+$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
        "3 to 63 lower-case letters, digits, dots and hyphens",
      )(inputs),
      ...matches(
        "bucketPrefix",
        /^[a-z0-9][a-z0-9.-]{0,36}$/,
        "at most 37 lower-case letters, digits, dots and hyphens",
      )(inputs),
    ],
    replaceOn: ["bucket", "bucketPrefix", "region"],
    defaults: { forceDestroy: false },
    computed: {
      arn: ({ id }) => `arn:aws:s3:::${id}`,
      bucketDomainName: ({ id }) => `${id}.s3.amazonaws.com`,
      bucketRegionalDomainName: ({ id, scope }) => `${id}.s3.${scope}.amazonaws.com`,
      hostedZoneId: () => `Z${identifier(13).toUpperCase()}`,
    },
    release(bucket, cloud) {
      const files = cloud.list(bucketObjectType).filter((file) => file.inputs.bucket === bucket.id);
      if (files.length > 0 && bucket.inputs.forceDestroy !== true)
        refuse("BucketNotEmpty", "The bucket you tried to delete is not empty");
    },
  }),
  [policyType]: partOf("Bucket Policy", { required: ["policy"], check: checkJson("policy"), admit: admitPolicy }),
  [publicAccessType]: partOf("Bucket Public Access Block", { required: [] }),
  [encryptionType]: partOf("Bucket Server Side Encryption Configuration", { required: ["rules"] }),
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": partOf("Bucket Ownership Controls", { required: ["rule"] }),
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": partOf("Bucket Lifecycle Configuration", {
    required: ["rules"],
  }),
};
