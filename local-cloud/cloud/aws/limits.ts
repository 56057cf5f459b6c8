import type { Problem } from "../resource-type";
import { isUnknown, type Properties, type Value, valuesAt } from "../wire";

/** Values that a property may have: some words, a range of numbers, or a form. */
type Limit = readonly string[] | { readonly min: number; readonly max: number } | RegExp;

const port = { min: 1, max: 65535 };
const onOff = ["enabled", "disabled"];
const volumeTypes = ["gp2", "gp3", "io1", "io2", "sc1", "st1", "standard"];

/** By type token and path, in which `*` stands for every element ("Amazon EC2", "Amazon EKS" and "ELB" API references). */
const limits: Readonly<Record<string, Readonly<Record<string, Limit>>>> = {
  "aws:lb/targetGroup:TargetGroup": {
    protocol: ["GENEVE", "HTTP", "HTTPS", "TCP", "TCP_UDP", "TLS", "UDP"],
    port,
    targetType: ["instance", "ip", "lambda", "alb"],
    "healthCheck.path": /^\/.{0,1023}$/,
    "healthCheck.interval": { min: 5, max: 300 },
    "healthCheck.timeout": { min: 2, max: 120 },
    "healthCheck.healthyThreshold": { min: 2, max: 10 },
    "healthCheck.unhealthyThreshold": { min: 2, max: 10 },
    deregistrationDelay: { min: 0, max: 3600 },
  },
  "aws:lb/loadBalancer:LoadBalancer": {
    idleTimeout: { min: 1, max: 4000 },
    loadBalancerType: ["application", "gateway", "network"],
  },
  "aws:lb/listener:Listener": {
    port,
    protocol: ["GENEVE", "HTTP", "HTTPS", "TCP", "TCP_UDP", "TLS", "UDP"],
    "defaultActions.*.redirect.statusCode": ["HTTP_301", "HTTP_302"],
  },
  "aws:ec2/launchTemplate:LaunchTemplate": {
    "metadataOptions.httpTokens": ["optional", "required"],
    "metadataOptions.httpEndpoint": onOff,
    "metadataOptions.httpPutResponseHopLimit": { min: 1, max: 64 },
    "blockDeviceMappings.*.ebs.volumeType": volumeTypes,
  },
  "aws:ec2/flowLog:FlowLog": { trafficType: ["ACCEPT", "ALL", "REJECT"], maxAggregationInterval: ["60", "600"] },
  "aws:ec2/eip:Eip": { domain: ["vpc", "standard"] },
  "aws:ecr/repository:Repository": {
    "encryptionConfigurations.*.encryptionType": ["AES256", "KMS", "KMS_DSSE"],
    imageTagMutability: ["IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION", "MUTABLE", "MUTABLE_WITH_EXCLUSION"],
  },
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": {
    "rule.objectOwnership": ["BucketOwnerPreferred", "ObjectWriter", "BucketOwnerEnforced"],
  },
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": { "rules.*.status": ["Disabled", "Enabled"] },
  "aws:kms/key:Key": { deletionWindowInDays: { min: 7, max: 30 } },
  "aws:eks/cluster:Cluster": {
    "accessConfig.authenticationMode": ["API", "API_AND_CONFIG_MAP", "CONFIG_MAP"],
    "encryptionConfig.resources.*": ["secrets"],
  },
  "aws:eks/addon:Addon": {
    resolveConflictsOnCreate: ["NONE", "OVERWRITE"],
    resolveConflictsOnUpdate: ["NONE", "OVERWRITE", "PRESERVE"],
  },
  "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": { "accessScope.type": ["cluster", "namespace"] },
  "aws:eks/nodeGroup:NodeGroup": {
    amiType:
      /^(CUSTOM|(AL2023|BOTTLEROCKET)_(x86_64|ARM_64)(_(STANDARD|NVIDIA|NEURON|FIPS))*|WINDOWS_(CORE|FULL)_20\d\d_x86_64)$/,
    capacityType: ["CAPACITY_BLOCK", "ON_DEMAND", "SPOT"],
    "taints.*.effect": ["NO_EXECUTE", "NO_SCHEDULE", "PREFER_NO_SCHEDULE"],
  },
};

/** What is wrong with the values of a resource of this type. */
export function checkLimits(token: string, inputs: Properties): Problem[] {
  return Object.entries(limits[token] ?? {}).flatMap(([path, limit]) =>
    valuesAt(inputs, path)
      .filter((value) => value !== "" && !isUnknown(value) && !within(limit, value))
      .map((value) => ({ property: path, reason: `expected ${path} to be ${wordsOf(limit)}, got ${value}` })),
  );
}

function within(limit: Limit, value: Value): boolean {
  if (limit instanceof RegExp) return limit.test(String(value));
  return "min" in limit ? Number(value) >= limit.min && Number(value) <= limit.max : limit.includes(String(value));
}

function wordsOf(limit: Limit): string {
  if (limit instanceof RegExp) return `of the form ${limit.source}`;
  return "min" in limit ? `in the range (${limit.min} - ${limit.max})` : `one of [${limit.join(" ")}]`;
}
