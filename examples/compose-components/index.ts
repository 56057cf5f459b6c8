import * as pulumi from "@pulumi/pulumi";
import {
  AddressRecords,
  Cluster,
  ClusterAddons,
  Domain,
  HomeStorage,
  HubSecrets,
  JupyterHub,
  LoadBalancer,
  Network,
  NetworkPolicyEngine,
  NodePool,
} from "jupyterhub-eks";

const config = new pulumi.Config();
const instanceType = config.require("instanceType");
const tags = { project: "campus" };

// ---- one network and one cluster for both hubs ------------------------------------------------------------------------------

const network = new Network("campus", {
  cidr: "10.40.0.0/16",
  zones: 2,
  natGateways: "single",
  clusterName: "campus",
  flowLogRetentionDays: 30,
  tags,
});
const { vpcId, privateSubnetIds, publicSubnetIds } = network;
const cluster = new Cluster(
  "campus",
  {
    version: "1.35",
    vpcId,
    privateSubnetIds,
    publicSubnetIds,
    serviceCidr: "172.20.0.0/16",
    publicAccessCidrs: config.requireObject<string[]>("apiAccess"),
    logRetentionDays: 30,
    tags,
  },
  { dependsOn: network },
);
const [zone] = privateSubnetIds;
if (zone === undefined) throw new Error("The network has no subnet");
const pool = (purpose: "core" | "user", maxSize: number) =>
  new NodePool(
    `campus-${purpose}`,
    { cluster, purpose, subnetId: zone, instanceType, minSize: 1, maxSize, diskSizeGiB: 80, tags },
    // Nodes need their way out to the internet, and what gives their pods addresses and roles.
    { dependsOn: [network, cluster] },
  );
const core = pool("core", 2);
const users = pool("user", 6);
const addons = new ClusterAddons("campus", { cluster, tags }, { dependsOn: core });
const { provider } = cluster;
const engine = new NetworkPolicyEngine("campus", { kind: "calico" }, { provider, dependsOn: [addons, core] });
const storage = new HomeStorage("campus", { tags }, { provider, dependsOn: addons });

// ---- what each hub has for itself: name, certificate, load balancer, namespace, secrets ---------------------------------------

function hub(
  name: string,
  nodePorts: { https: number; http: number },
  people: { allowedOrganizations: string[]; adminUsers: string[] },
) {
  const host = `${name}.${config.require("zone")}`;
  const domain = new Domain(name, { host, hostedZone: { kind: "existing", name: config.require("zone") }, tags });
  if (domain.certificateArn === undefined) throw new Error(`${host} has no certificate`);
  const loadBalancer = new LoadBalancer(
    name,
    {
      tls: { endsAt: "alb", certificateArn: domain.certificateArn },
      vpcId,
      subnetIds: publicSubnetIds,
      clusterSecurityGroupId: cluster.securityGroupId,
      autoscalingGroupNames: { core: core.autoscalingGroupName },
      nodePorts,
      tags,
    },
    { dependsOn: network },
  );
  const records = new AddressRecords(name, { domain, target: loadBalancer });
  return new JupyterHub(
    name,
    {
      namespace: name,
      chartVersion: "4.4.0",
      host,
      https: { kind: "offload" },
      service: { kind: "node-port", nodePorts },
      login: {
        provider: "github",
        clientId: config.require(`${name}ClientId`),
        clientSecret: config.requireSecret(`${name}ClientSecret`),
        allowedUsers: [],
        ...people,
      },
      secrets: new HubSecrets(name),
      servers: {
        image: { name: "quay.io/jupyterhub/k8s-singleuser-sample", tag: "4.4.0" },
        cpu: { guarantee: 0.25, limit: 2 },
        memory: { guarantee: "1G", limit: "4G" },
        homeSize: "10Gi",
        storageClassName: storage.storageClassName,
        idleTimeoutSeconds: 3600,
      },
    },
    // User pods start unguarded where no engine enforces their NetworkPolicy; nobody logs in before there is a way in.
    { provider, dependsOn: [engine, users, loadBalancer, records] },
  );
}

const organization = config.require("organization");
const research = hub(
  "research",
  { https: 30_443, http: 30_080 },
  { allowedOrganizations: [organization], adminUsers: [] },
);
const teaching = hub(
  "teaching",
  { https: 30_444, http: 30_081 },
  { allowedOrganizations: [`${organization}:teachers`], adminUsers: [] },
);

export const urls = [research.url, teaching.url];
export const oauthCallbackUrls = [research.oauthCallbackUrl, teaching.oauthCallbackUrl];
