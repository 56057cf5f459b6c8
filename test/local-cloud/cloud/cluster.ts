import type { Instance, Made } from "./world";

export const trust = (service: string): string =>
  JSON.stringify({
    Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: ["sts:AssumeRole", "sts:TagSession"] }],
  });

const managed = (name: string) => `arn:aws:iam::aws:policy/${name}`;

export async function role(aws: Instance, name: string, service: string, policies: string[]): Promise<Made> {
  const made = await aws.make("aws:iam/role:Role", name, { assumeRolePolicy: trust(service) });
  for (const policy of policies) {
    const inputs = { role: made.id, policyArn: managed(policy) };
    await aws.make("aws:iam/rolePolicyAttachment:RolePolicyAttachment", `${name}-${policy}`, inputs);
  }
  return made;
}

/** A VPC with two public subnets, whose route leads to the internet. */
export async function network(aws: Instance) {
  const vpc = await aws.make("aws:ec2/vpc:Vpc", "vpc", { cidrBlock: "10.0.0.0/16", enableDnsHostnames: true });
  const gateway = await aws.make("aws:ec2/internetGateway:InternetGateway", "igw", { vpcId: vpc.id });
  const table = await aws.make("aws:ec2/routeTable:RouteTable", "public", { vpcId: vpc.id });
  const route = { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", gatewayId: gateway.id };
  await aws.make("aws:ec2/route:Route", "public", route);
  const subnets: Made[] = [];
  for (const [index, zone] of ["eu-central-1a", "eu-central-1b"].entries()) {
    const inputs = { vpcId: vpc.id, cidrBlock: `10.0.${index}.0/24`, availabilityZone: zone };
    const subnet = await aws.make("aws:ec2/subnet:Subnet", `public-${index}`, inputs);
    const association = { routeTableId: table.id, subnetId: subnet.id };
    await aws.make("aws:ec2/routeTableAssociation:RouteTableAssociation", `public-${index}`, association);
    subnets.push(subnet);
  }
  return { vpc, gateway, table, subnets, subnetIds: subnets.map((subnet) => subnet.id) };
}

export async function cluster(aws: Instance, subnetIds: string[], more = {}): Promise<Made> {
  const clusterRole = await role(aws, "cluster", "eks.amazonaws.com", ["AmazonEKSClusterPolicy"]);
  return aws.make("aws:eks/cluster:Cluster", "hub", {
    name: "hub",
    version: "1.35",
    roleArn: clusterRole.outputs.arn ?? null,
    vpcConfig: { subnetIds },
    ...more,
  });
}

export const nodePolicies = ["AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly", "AmazonEKS_CNI_Policy"];

export async function nodeGroup(aws: Instance, subnetIds: string[], more = {}): Promise<Made> {
  const nodeRole = await role(aws, "node", "ec2.amazonaws.com", nodePolicies);
  return aws.make("aws:eks/nodeGroup:NodeGroup", "core", {
    clusterName: "hub",
    nodeRoleArn: nodeRole.outputs.arn ?? null,
    subnetIds: subnetIds.slice(0, 1),
    instanceTypes: ["t3.large"],
    scalingConfig: { minSize: 1, desiredSize: 1, maxSize: 2 },
    ...more,
  });
}

/** A kubeconfig that leads to a server. */
export const kubeconfig = (server: unknown): string =>
  JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "c",
    contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
    clusters: [{ name: "c", cluster: { server } }],
    users: [{ name: "u", user: {} }],
  });
