import awsPackage from "@pulumi/aws/package.json";
import type { Provider, ProviderFunction } from "../provider";
import type { Problem, ProviderConfig, ResourceType } from "../resource-type";
import { isUnknown, type Properties } from "../wire";
import { bucketTypes } from "./buckets";
import { certificateTypes } from "./certificates";
import { dnsTypes, getZone } from "./dns";
import { clusterAdditionTypes } from "./eks-additions";
import { clusterTypes } from "./eks-cluster";
import { nodeTypes } from "./eks-nodes";
import { newestAddOn } from "./eks-versions";
import { firewallTypes } from "./firewall";
import { identityTypes, keyTypes } from "./identity";
import { imageCacheTypes } from "./image-cache";
import { checkLimits } from "./limits";
import { listenerTypes } from "./listeners";
import { getHostedZoneId, loadBalancingTypes } from "./load-balancing";
import { getAddon, getCluster, getSubnet } from "./lookups";
import { networkTypes } from "./network";
import { regions, zonesOf } from "./regions";
import { routingTypes } from "./routing";
import { securityGroupTypes } from "./security-groups";
import { regionOf, text } from "./service";
import { storageTypes } from "./storage";
import { getSecretVersion } from "./stored-secrets";
import { checkTags } from "./tags";
import { getUserPool, getUserPoolClient, userPoolTypes } from "./user-pools";

const everyType: Readonly<Record<string, ResourceType>> = {
  ...networkTypes,
  ...routingTypes,
  ...securityGroupTypes,
  ...identityTypes,
  ...keyTypes,
  ...storageTypes,
  ...imageCacheTypes,
  ...bucketTypes,
  ...firewallTypes,
  ...dnsTypes,
  ...certificateTypes,
  ...loadBalancingTypes,
  ...listenerTypes,
  ...clusterTypes,
  ...clusterAdditionTypes,
  ...nodeTypes,
  ...userPoolTypes,
};

const types = Object.fromEntries(
  Object.entries(everyType).map(([token, type]): [string, ResourceType] => [
    token,
    {
      ...type,
      check: (inputs, config) => [
        ...(type.check?.(inputs, config) ?? []),
        ...checkLimits(token, inputs),
        ...checkTags(token, inputs, config),
      ],
    },
  ]),
);

/** The real provider takes its region from config or from the environment. */
function withRegion(config: ProviderConfig): ProviderConfig {
  const region = config.region ?? process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION;
  return region === undefined ? config : { ...config, region };
}

function checkConfig(config: Properties): Problem[] {
  const { region } = withRegion(config);
  if (isUnknown(region)) return [];
  if (region === undefined || region === "") {
    return [
      {
        property: "region",
        reason: "Missing region configuration. Set it, for example: pulumi config set aws:region eu-central-1",
      },
    ];
  }
  if (regions.includes(String(region))) return [];
  return [{ property: "region", reason: `invalid AWS Region: ${region}` }];
}

const getAvailabilityZones: ProviderFunction = (args, config) => {
  const region = regionOf(args, config);
  const excludedNames = [args.excludeNames ?? []].flat();
  const excludedIds = [args.excludeZoneIds ?? []].flat();
  const zones = zonesOf(region).filter((zone) => !excludedNames.includes(zone.name) && !excludedIds.includes(zone.id));
  return {
    ...args,
    id: region,
    region,
    groupNames: [`${region}-zg-1`],
    names: zones.map((zone) => zone.name),
    zoneIds: zones.map((zone) => zone.id),
  };
};

const getRegion: ProviderFunction = (args, config) => {
  const region = text(args, "name") || regionOf(args, config);
  return { id: region, region, name: region, endpoint: `ec2.${region}.amazonaws.com`, description: region };
};

const getAddonVersion: ProviderFunction = (args, config) => {
  const kubernetes = text(args, "kubernetesVersion");
  const version = newestAddOn(text(args, "addonName"), kubernetes);
  if (version === undefined)
    throw new Error(
      `reading EKS Add-On version info (${text(args, "addonName")}, ${kubernetes}): couldn't find resource`,
    );
  return { ...args, id: text(args, "addonName"), region: regionOf(args, config), version };
};

interface StatementArgs {
  sid?: string;
  effect?: string;
  actions?: string[];
  notActions?: string[];
  resources?: string[];
  principals?: { type: string; identifiers: string[] }[];
  conditions?: { test: string; variable: string; values: string[] }[];
}

const oneOrMany = (values: string[]) => (values.length === 1 ? values[0] : values);

const getPolicyDocument: ProviderFunction = (args) => {
  const statements = (args.statements ?? []) as unknown as StatementArgs[];
  const document = {
    Version: args.version ?? "2012-10-17",
    Statement: statements.map(({ sid, effect = "Allow", actions, notActions, resources, principals, conditions }) => ({
      ...(sid && { Sid: sid }),
      Effect: effect,
      ...(principals && {
        Principal: Object.fromEntries(principals.map((each) => [each.type, oneOrMany(each.identifiers)])),
      }),
      ...(actions && { Action: oneOrMany(actions) }),
      ...(notActions && { NotAction: oneOrMany(notActions) }),
      ...(resources && { Resource: oneOrMany(resources) }),
      ...(conditions && {
        Condition: Object.fromEntries(
          conditions.map((each) => [each.test, { [each.variable]: oneOrMany(each.values) }]),
        ),
      }),
    })),
  };
  return { ...args, id: "0", json: JSON.stringify(document, null, 2), minifiedJson: JSON.stringify(document) };
};

/** Stands in for the aws provider. */
export const aws: Provider = {
  name: "aws",
  version: awsPackage.version,
  typeOf: (token) => types[token],
  checkConfig,
  configReplaces: (olds, news) => (olds.region === news.region ? [] : ["region"]),
  functions: {
    "aws:index/getAvailabilityZones:getAvailabilityZones": getAvailabilityZones,
    "aws:index/getRegion:getRegion": getRegion,
    "aws:index/getPartition:getPartition": () => ({
      id: "aws",
      partition: "aws",
      dnsSuffix: "amazonaws.com",
      reverseDnsPrefix: "com.amazonaws",
    }),
    "aws:index/getCallerIdentity:getCallerIdentity": (_args, _config, cloud) => ({
      id: cloud.account.id,
      accountId: cloud.account.id,
      arn: `arn:aws:iam::${cloud.account.id}:user/local`,
      userId: "AIDALOCALCLOUD",
    }),
    "aws:cognito/getUserPool:getUserPool": getUserPool,
    "aws:cognito/getUserPoolClient:getUserPoolClient": getUserPoolClient,
    "aws:route53/getZone:getZone": getZone,
    "aws:secretsmanager/getSecretVersion:getSecretVersion": getSecretVersion,
    "aws:lb/getHostedZoneId:getHostedZoneId": getHostedZoneId,
    "aws:ec2/getSubnet:getSubnet": getSubnet,
    "aws:eks/getAddon:getAddon": getAddon,
    "aws:eks/getCluster:getCluster": getCluster,
    "aws:eks/getAddonVersion:getAddonVersion": getAddonVersion,
    "aws:iam/getPolicyDocument:getPolicyDocument": getPolicyDocument,
  },
};
