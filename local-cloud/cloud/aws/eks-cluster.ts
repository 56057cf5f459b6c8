import { type Cloud, type CloudObject, identifier, propertiesOf } from "../cloud";
import { type Problem, type ResourceType, refuse, type Subject } from "../resource-type";
import { isUnknown, type Properties, type Value } from "../wire";
import { isPrivate, overlap, parseCidr } from "./addresses";
import { clusterType, listOf, nodeGroupType, ofRole, subnetsOf, subnetType, vpcConfigOf } from "./eks-facts";
import { kubernetesVersions, newestKubernetes } from "./eks-versions";
import { keyType, policiesOf, roleByArn, trusts } from "./identity";
import { ownSecurityGroup } from "./network";
import { zonesOf, zonesWithoutEks } from "./regions";
import { arn, arnOf, awsType, matches, text } from "./service";
import { logGroupType } from "./storage";

const logTypes = ["api", "audit", "authenticator", "controllerManager", "scheduler"];

function checkCluster(inputs: Properties): Problem[] {
  const vpcConfig = vpcConfigOf(inputs);
  const ranges = listOf(vpcConfig, "publicAccessCidrs").filter((range) => !isUnknown(range));
  const bad = ranges
    .filter((range) => parseCidr(range) === undefined)
    .map(
      (range): Problem => ({
        property: "vpcConfig.publicAccessCidrs",
        reason: `"${range}" is not a valid IPv4 CIDR block, for example 203.0.113.7/32`,
      }),
    );
  const tooMany: Problem[] =
    ranges.length > 40
      ? [{ property: "vpcConfig.publicAccessCidrs", reason: `expected at most 40 ranges, got ${ranges.length}` }]
      : [];
  const logs = listOf(inputs, "enabledClusterLogTypes").filter((log) => !isUnknown(log) && !logTypes.includes(log));
  const unknownLogs = logs.map(
    (log): Problem => ({
      property: "enabledClusterLogTypes",
      reason: `expected enabled_cluster_log_types to be one of [${logTypes.join(" ")}], got ${log}`,
    }),
  );
  return [
    ...matches(
      "name",
      /^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$/,
      "1 to 100 letters, digits, hyphens or underscores, beginning with a letter or digit",
    )(inputs),
    ...bad,
    ...tooMany,
    ...unknownLogs,
  ];
}

function admitCluster(subject: Subject): void {
  const { inputs, cloud, scope, before } = subject;
  const version = text(inputs, "version") || newestKubernetes;
  if (!kubernetesVersions.includes(version))
    refuse("InvalidParameterException", `unsupported Kubernetes version: ${version}`);
  const previous = text(before ?? {}, "version") || version;
  const step = Number(version.split(".")[1]) - Number(previous.split(".")[1]);
  if (step < 0 || step > 1)
    refuse("InvalidParameterException", `Unsupported Kubernetes minor version update from ${previous} to ${version}`);

  const role = roleByArn(cloud, inputs.roleArn);
  if (role && !trusts(role, "eks.amazonaws.com")) {
    refuse(
      "InvalidParameterException",
      `Role with arn: ${text(inputs, "roleArn")}, could not be assumed because it does not exist or the trusted entity is not correct`,
    );
  }
  if (role && !policiesOf(cloud, role.id).includes("AmazonEKSClusterPolicy")) {
    refuse(
      "InvalidRequestException",
      `The role ${role.id} lacks the policy AmazonEKSClusterPolicy: the control plane cannot create its network interfaces`,
    );
  }
  const vpcConfig = vpcConfigOf(inputs);
  const subnets = subnetsOf(subject, listOf(vpcConfig, "subnetIds"));
  const zones = new Set(subnets.map((subnet) => propertiesOf(subnet).availabilityZone));
  const without = zonesOf(scope).find(({ id, name }) => zonesWithoutEks.includes(id) && zones.has(name));
  if (without)
    refuse(
      "UnsupportedAvailabilityZoneException",
      `Cannot create cluster '${text(inputs, "name")}' because EKS does not support creating control plane instances in ${without.name}, the targeted availability zone. Retry cluster creation using control plane subnets that span at least two other availability zones.`,
    );
  if (zones.size < 2) refuse("InvalidParameterException", "Subnets specified must be in at least two different AZs");
  const vpcs = new Set(subnets.map((subnet) => subnet.inputs.vpcId));
  if (vpcs.size > 1) refuse("InvalidParameterException", "Subnets must all be from the same VPC");
  const internal = listOf(vpcConfig, "publicAccessCidrs").find(isPrivate);
  if (internal)
    refuse("InvalidParameterException", `The following CIDRs are invalid in publicAccessCidrs: [${internal}]`);
  if (vpcConfig.endpointPublicAccess === false && vpcConfig.endpointPrivateAccess !== true) {
    refuse("InvalidParameterException", "Private and public endpoint access cannot be false");
  }
  admitGroups(subject, [...vpcs][0]);
  const serviceRange = text((inputs.kubernetesNetworkConfig ?? {}) as Properties, "serviceIpv4Cidr");
  const vpcRange = text(cloud.get("aws:ec2/vpc:Vpc", scope, [...vpcs][0])?.inputs ?? {}, "cidrBlock");
  if (serviceRange && (!isPrivate(serviceRange) || overlap(serviceRange, vpcRange))) {
    refuse(
      "InvalidParameterException",
      `The specified service cidr block ${serviceRange} is not allowed: it must be private (RFC 1918) and must not overlap the VPC's ${vpcRange}`,
    );
  }
}

function admitGroups({ inputs, cloud, scope }: Subject, vpcId: Value | undefined): void {
  const groups = listOf(vpcConfigOf(inputs), "securityGroupIds");
  if (groups.length > 5) refuse("InvalidParameterException", "At most five security groups can be specified");
  const foreign = groups.find(
    (id) => cloud.get("aws:ec2/securityGroup:SecurityGroup", scope, id)?.inputs.vpcId !== vpcId,
  );
  if (foreign)
    refuse(
      "InvalidParameterException",
      `The security group ${foreign} is not in the VPC of the subnets, ${String(vpcId)}`,
    );
}

/** The security group that EKS puts on control plane and nodes, and the log group where there is none yet. */
function clusterCompanions(cluster: CloudObject, cloud: Cloud): CloudObject[] {
  const vpcConfig = vpcConfigOf(cluster.inputs);
  const group = ownSecurityGroup(
    cloud,
    cluster,
    text(vpcConfig, "vpcId"),
    `eks-cluster-sg-${cluster.id}`,
    text(vpcConfig, "clusterSecurityGroupId"),
  );
  const name = `/aws/eks/${cluster.id}/cluster`;
  const logs =
    listOf(cluster.inputs, "enabledClusterLogTypes").length > 0 &&
    cloud.get(logGroupType, cluster.scope, name) === undefined;
  const logGroup: CloudObject = {
    type: logGroupType,
    scope: cluster.scope,
    id: name,
    inputs: { name, retentionInDays: 0 },
    computed: { arn: arn("logs", cloud.account, cluster.scope, `log-group:${name}`) },
  };
  return logs ? [group, logGroup] : [group];
}

const hash = (id: string): string => Buffer.from(id).toString("hex").padEnd(32, "0").slice(0, 32).toUpperCase();
/** The control plane. */
export const clusterTypes: Readonly<Record<string, ResourceType>> = {
  [clusterType]: awsType({
    service: "EKS",
    thing: "Cluster",
    id: ({ inputs }) => text(inputs, "name"),
    missing: ["ResourceNotFoundException", (name) => `No cluster found for name: ${name}.`],
    exists: ["ResourceInUseException", (name) => `Cluster already exists with name: ${name}`],
    inUse: [
      "ResourceInUseException",
      (cluster, user) =>
        user.type === nodeGroupType
          ? "Cluster has nodegroups attached"
          : `Cluster ${cluster.id} is in use by ${user.id}`,
    ],
    autoName: { property: "name", max: 100 },
    required: ["roleArn", "vpcConfig"],
    check: checkCluster,
    references: {
      ...ofRole("roleArn"),
      "vpcConfig.subnetIds.*": { to: subnetType },
      "vpcConfig.securityGroupIds.*": { to: "aws:ec2/securityGroup:SecurityGroup" },
      "encryptionConfig.provider.keyArn": { to: keyType, by: "arn", weak: true },
    },
    admit: admitCluster,
    companions: clusterCompanions,
    release(cluster) {
      if (cluster.inputs.deletionProtection)
        refuse("InvalidRequestException", `The cluster ${cluster.id} is protected against deletion`);
    },
    replaceOn: [
      "name",
      "roleArn",
      "bootstrapSelfManagedAddons",
      "accessConfig.bootstrapClusterCreatorAdminPermissions",
      "kubernetesNetworkConfig.serviceIpv4Cidr",
      "kubernetesNetworkConfig.ipFamily",
      "encryptionConfig",
      "region",
    ],
    computed: {
      arn: arnOf("eks", ({ inputs }) => `cluster/${text(inputs, "name")}`),
      endpoint: ({ scope }) => `https://${identifier(32).toUpperCase()}.gr7.${scope}.eks.amazonaws.com`,
      certificateAuthority: ({ id }) => ({ data: Buffer.from(`certificate authority of ${id}`).toString("base64") }),
      certificateAuthorities: ({ id }) => [{ data: Buffer.from(`certificate authority of ${id}`).toString("base64") }],
      createdAt: () => new Date().toISOString(),
      identities: ({ id, scope }) => [
        { oidcs: [{ issuer: `https://oidc.eks.${scope}.amazonaws.com/id/${hash(id)}` }] },
      ],
      platformVersion: () => "eks.1",
      status: () => "ACTIVE",
      version: () => newestKubernetes,
      "vpcConfig.clusterSecurityGroupId": () => `sg-${identifier(17)}`,
      "vpcConfig.vpcId": (subject) =>
        text(subnetsOf(subject, listOf(vpcConfigOf(subject.inputs), "subnetIds"))[0]?.inputs ?? {}, "vpcId"),
      "kubernetesNetworkConfig.serviceIpv4Cidr": () => "172.20.0.0/16",
      "kubernetesNetworkConfig.ipFamily": () => "ipv4",
    },
  }),
};
