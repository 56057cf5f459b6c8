import { propertiesOf } from "../cloud";
import type { ProviderFunction } from "../provider";
import { isProperties, type Properties, type Value } from "../wire";
import { addOnType, clusterType, subnetType } from "./eks-facts";
import { regionOf, text } from "./service";

/** The named properties, as text; lookups leave nothing out that is text. */
const textsOf = (properties: Properties, names: readonly string[]): Properties =>
  Object.fromEntries(names.map((name) => [name, text(properties, name)]));

const oneOf = (value: Value | undefined): Value[] => (value === undefined || value === null ? [] : [value].flat());

/** What is there, in the plural names of lookups; what is not is an empty list there. */
export const getCluster: ProviderFunction = (args, config, cloud) => {
  const region = regionOf(args, config);
  const name = text(args, "name");
  const cluster = cloud.get(clusterType, region, name);
  if (cluster === undefined) throw new Error(`reading EKS Cluster (${name}): couldn't find resource`);
  const properties = propertiesOf(cluster);
  return {
    id: name,
    name,
    region,
    ...textsOf(properties, ["arn", "version", "status", "endpoint", "roleArn", "platformVersion", "createdAt"]),
    deletionProtection: properties.deletionProtection ?? false,
    enabledClusterLogTypes: properties.enabledClusterLogTypes ?? [],
    tags: properties.tags ?? {},
    vpcConfig: {
      controlPlaneEgressMode: "AWS_MANAGED",
      endpointPrivateAccess: false,
      endpointPublicAccess: true,
      publicAccessCidrs: ["0.0.0.0/0"],
      securityGroupIds: [],
      ...(isProperties(properties.vpcConfig) ? properties.vpcConfig : {}),
    },
    accessConfigs: oneOf(properties.accessConfig),
    certificateAuthorities: oneOf(properties.certificateAuthority),
    computeConfigs: oneOf(properties.computeConfig),
    identities: oneOf(properties.identities),
    kubernetesNetworkConfigs: oneOf(properties.kubernetesNetworkConfig),
    storageConfigs: oneOf(properties.storageConfig),
    upgradePolicies: oneOf(properties.upgradePolicy),
  };
};

export const getAddon: ProviderFunction = (args, config, cloud) => {
  const region = regionOf(args, config);
  const [clusterName, addonName] = [text(args, "clusterName"), text(args, "addonName")];
  const id = `${clusterName}:${addonName}`;
  const addOn = cloud.get(addOnType, region, id);
  if (addOn === undefined) {
    const known = cloud.get(clusterType, region, clusterName) !== undefined;
    const reason = known ? `No addon: ${addonName} found.` : `No cluster found for name: ${clusterName}.`;
    throw new Error(`reading EKS Add-On (${id}): ResourceNotFoundException: ${reason}`);
  }
  const properties = propertiesOf(addOn);
  return {
    id,
    region,
    clusterName,
    addonName,
    ...textsOf(properties, [
      "addonVersion",
      "arn",
      "configurationValues",
      "createdAt",
      "modifiedAt",
      "serviceAccountRoleArn",
    ]),
    // Only those that were made through the add-on itself.
    podIdentityAssociations: oneOf(properties.podIdentityAssociations),
    tags: properties.tags ?? {},
  };
};

export const getSubnet: ProviderFunction = (args, config, cloud) => {
  const others = Object.keys(args).filter((name) => name !== "id" && name !== "region");
  if (others.length > 0)
    throw new Error(`the local cloud looks subnets up by id, not by ${others.join(", ")}; see local-cloud/cloud/aws`);
  const region = regionOf(args, config);
  const subnet = cloud.get(subnetType, region, args.id);
  if (subnet === undefined) throw new Error("reading EC2 Subnet: no matching EC2 Subnet found");
  const properties = propertiesOf(subnet);
  return { ...properties, id: subnet.id, region, state: "available", tags: properties.tags ?? {} };
};
