/*
 * Stands for what the team runs already, made without this library: a VPC with private and public subnets, and a cluster with a
 * node and the usual add-ons. In your own program this file is yours, a stack reference, or a few ids.
 */
import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as ec2 from "@pulumi/aws/ec2";
import * as eks from "@pulumi/aws/eks";
import { getAvailabilityZonesOutput } from "@pulumi/aws/getAvailabilityZones";
import { getRegionOutput } from "@pulumi/aws/getRegion";
import * as iam from "@pulumi/aws/iam";
import * as kms from "@pulumi/aws/kms";
import * as pulumi from "@pulumi/pulumi";

const name = "research";
const zones = getAvailabilityZonesOutput({ state: "available" }).names;

// ---- the network ----------------------------------------------------------------------------------------------------------

const vpc = new ec2.Vpc(name, { cidrBlock: "10.20.0.0/16", enableDnsHostnames: true, tags: { Name: name } });
new ec2.DefaultSecurityGroup(name, { vpcId: vpc.id });
const subnet = (kind: string, index: number, third: number) =>
  new ec2.Subnet(`${name}-${kind}-${index}`, {
    vpcId: vpc.id,
    cidrBlock: `10.20.${third}.0/20`,
    availabilityZone: zones.apply((names) => names[index] as string),
    tags: { Name: `${name}-${kind}-${index}` },
  });
const privateSubnets = [subnet("private", 0, 0), subnet("private", 1, 16)];
const publicSubnets = [subnet("public", 0, 128), subnet("public", 1, 144)];

const internetGateway = new ec2.InternetGateway(name, { vpcId: vpc.id });
const address = new ec2.Eip(name, { domain: "vpc" }, { dependsOn: internetGateway });
const natGateway = new ec2.NatGateway(name, {
  subnetId: publicSubnets[0]?.id as pulumi.Output<string>,
  allocationId: address.id,
});
const routes = (kind: string, subnets: ec2.Subnet[], defaultRoute: Partial<ec2.RouteArgs>) => {
  const table = new ec2.RouteTable(`${name}-${kind}`, { vpcId: vpc.id });
  const route = new ec2.Route(`${name}-${kind}`, {
    routeTableId: table.id,
    destinationCidrBlock: "0.0.0.0/0",
    ...defaultRoute,
  });
  const associations = subnets.map(
    ({ id }, index) =>
      new ec2.RouteTableAssociation(`${name}-${kind}-${index}`, { routeTableId: table.id, subnetId: id }),
  );
  return [route, ...associations];
};
const publicRoutes = routes("public", publicSubnets, { gatewayId: internetGateway.id });
const privateRoutes = routes("private", privateSubnets, { natGatewayId: natGateway.id });

// ---- the cluster ----------------------------------------------------------------------------------------------------------

const role = (suffix: string, service: string, policies: string[]) => {
  const actions = service.startsWith("pods.") ? ["sts:AssumeRole", "sts:TagSession"] : ["sts:AssumeRole"];
  const made = new iam.Role(`${name}-${suffix}`, {
    assumeRolePolicy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: actions }],
    }),
  });
  const attachments = policies.map(
    (policy) =>
      new iam.RolePolicyAttachment(`${name}-${suffix}-${policy.split("/").at(-1)}`, {
        role: made.name,
        policyArn: `arn:aws:iam::aws:policy/${policy}`,
      }),
  );
  return { arn: made.arn, attachments };
};
const clusterRole = role("cluster", "eks.amazonaws.com", ["AmazonEKSClusterPolicy"]);
const logs = new cloudwatch.LogGroup(name, { name: `/aws/eks/${name}/cluster`, retentionInDays: 30 });
const key = new kms.Key(name, { description: "Kubernetes secrets of the research cluster", enableKeyRotation: true });
const cluster = new eks.Cluster(
  name,
  {
    name,
    version: "1.35",
    roleArn: clusterRole.arn,
    vpcConfig: {
      subnetIds: privateSubnets.map(({ id }) => id),
      endpointPrivateAccess: true,
      endpointPublicAccess: true,
      publicAccessCidrs: ["203.0.113.7/32"],
    },
    accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: true },
    encryptionConfig: { provider: { keyArn: key.arn }, resources: ["secrets"] },
    enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
  },
  { dependsOn: [logs, ...clusterRole.attachments] },
);

const addOn = (addonName: string, dependsOn: pulumi.Resource[] = []) =>
  new eks.Addon(`${name}-${addonName}`, { clusterName: cluster.name, addonName }, { dependsOn });
const early = ["vpc-cni", "kube-proxy", "eks-pod-identity-agent"].map((addonName) => addOn(addonName));

// Without a role of its own, the CNI acts under the nodes'.
const nodeRole = role("nodes", "ec2.amazonaws.com", [
  "AmazonEKSWorkerNodePolicy",
  "AmazonEC2ContainerRegistryPullOnly",
  "AmazonEKS_CNI_Policy",
]);
const template = new ec2.LaunchTemplate(name, {
  metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 },
  blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { volumeType: "gp3", volumeSize: 40, encrypted: "true" } }],
  updateDefaultVersion: true,
});
const nodes = new eks.NodeGroup(
  name,
  {
    clusterName: cluster.name,
    nodeRoleArn: nodeRole.arn,
    subnetIds: privateSubnets.map(({ id }) => id),
    instanceTypes: ["t3.large"],
    launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
    scalingConfig: { minSize: 1, desiredSize: 1, maxSize: 2 },
  },
  { dependsOn: [...privateRoutes, ...publicRoutes, ...nodeRole.attachments, ...early] },
);

const driverRole = role("ebs-csi", "pods.eks.amazonaws.com", ["service-role/AmazonEBSCSIDriverPolicy"]);
const driver = new eks.Addon(
  `${name}-ebs-csi`,
  {
    clusterName: cluster.name,
    addonName: "aws-ebs-csi-driver",
    configurationValues: pulumi.jsonStringify({ controller: { region: getRegionOutput().region } }),
    podIdentityAssociations: [{ serviceAccount: "ebs-csi-controller-sa", roleArn: driverRole.arn }],
  },
  { dependsOn: [nodes, ...driverRole.attachments] },
);
const ready = [...early, driver, addOn("coredns", [nodes])];

export const team = {
  vpcId: vpc.id,
  privateSubnetIds: privateSubnets.map(({ id }) => id),
  publicSubnetIds: publicSubnets.map(({ id }) => id),
  /** Known once the cluster can take pods: what is made in it by this name waits for that, and goes before it. */
  clusterName: pulumi.all([cluster.name, ...ready.map(({ id }) => id)]).apply(([clusterName]) => clusterName as string),
};
