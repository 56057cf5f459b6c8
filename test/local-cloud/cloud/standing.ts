import { cluster, network, nodePolicies, role } from "./cluster";
import { type Instance, type Made, World } from "./world";

/** Things that exist while the tables below ask for what AWS refuses. */
export interface Standing {
  vpc: Made;
  otherVpc: Made;
  table: Made;
  subnetIds: string[];
  group: Made;
  targetGroup: Made;
  balancer: Made;
  certificate: Made;
  eks: Made;
  nodeRole: Made;
  zoneId: string;
}

/** What is asked for, and the words of the refusal. */
export type Refusals = [what: string, type: string, inputs: () => object | Promise<object>, words: RegExp][];

export const action = (type: string, more: object) => [{ type, ...more }] as never;

export async function standing(): Promise<{ world: World; aws: Instance; s: Standing }> {
  const world = await World.start();
  const aws = await world.aws();
  const { vpc, table, subnetIds } = await network(aws);
  const group = await aws.make("aws:ec2/securityGroup:SecurityGroup", "lb", { vpcId: vpc.id });
  const balancer = await aws.make("aws:lb/loadBalancer:LoadBalancer", "lb", {
    subnets: subnetIds,
    securityGroups: [group.id],
  });
  const targetGroup = await aws.make("aws:lb/targetGroup:TargetGroup", "tg", {
    vpcId: vpc.id,
    port: 80,
    protocol: "HTTP",
  });
  await aws.make("aws:lb/listener:Listener", "http", {
    loadBalancerArn: balancer.id,
    port: 80,
    protocol: "HTTP",
    defaultActions: action("forward", { targetGroupArn: targetGroup.id }),
  });
  const zone = await aws.invoke("aws:route53/getZone:getZone", { name: "local-cloud.test" });
  const s: Standing = {
    vpc,
    table,
    subnetIds,
    group,
    balancer,
    targetGroup,
    zoneId: String(zone.zoneId),
    otherVpc: await aws.make("aws:ec2/vpc:Vpc", "other", { cidrBlock: "10.1.0.0/16" }),
    certificate: await aws.make("aws:acm/certificate:Certificate", "c", {
      domainName: "hub.local-cloud.test",
      validationMethod: "DNS",
    }),
    eks: await cluster(aws, subnetIds, { enabledClusterLogTypes: ["api"] }),
    nodeRole: await role(aws, "nodes", "ec2.amazonaws.com", nodePolicies),
  };
  await aws.make("aws:route53/record:Record", "a", {
    zoneId: s.zoneId,
    name: "a",
    type: "A",
    ttl: 60,
    records: ["192.0.2.1"],
  });
  await aws.make("aws:ecr/repository:Repository", "taken", { name: "taken" });
  await aws.make("aws:ecr/pullThroughCacheRule:PullThroughCacheRule", "taken", {
    ecrRepositoryPrefix: "taken",
    upstreamRegistryUrl: "quay.io",
  });
  return { world, aws, s };
}
