import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { parseSettings } from "../../../components/config/parse-settings";
import { byKubeconfig, inExistingCluster, inExistingNetwork, team } from "../../support/existing-parts";
import { problemsOf, settings } from "../../support/refusals";

type Tree = Record<string, unknown>;

describe("parts that exist are accepted", () => {
  test.each([
    ["a network", inExistingNetwork()],
    ["a cluster", inExistingCluster()],
    ["a kubeconfig", byKubeconfig()],
    ["a kubeconfig alone, where the cluster makes the load balancer", kubeconfigAlone()],
    ["ids of resources of the program", outputsAsIds()],
    ["a namespace and a storage class", { ...inExistingCluster(), hub: { namespace: "lab", createNamespace: false } }],
    ["only private subnets, for an internal hub", internalHub()],
  ])("%s", (_, input) => expect(problemsOf(input)).toEqual([]));

  test("subnets of the internet are not needed by a hub that nobody reaches from there", () =>
    expect(parseSettings(internalHub()).network).toMatchObject({ publicSubnetIds: [] }));
});

const cluster = { kind: "existing", name: "research" };
const calico = { networkPolicyEngine: { kind: "calico" } };
const network = { kind: "existing", ...team };
const kubeconfig = { kind: "kubeconfig", kubeconfig: pulumi.secret("{}"), securityGroupId: "sg-0123456789abcdef0" };
const found = { network, cluster, ...calico };

describe("what does not go together is refused, and both settings are named", () => {
  test.each<[what: string, changes: Tree, path: string, ...words: string[]]>([
    ["a cluster of a team in a network of ours", { cluster, ...calico }, "network.kind", "cluster.kind is existing"],
    [
      "a kubeconfig without network, but with our load balancer",
      {
        cluster: kubeconfig,
        nodePools: { kind: "existing", autoscalingGroupNames: ["a"] },
        ...calico,
        "users.storageClass": "gp3",
      },
      "network.kind",
      "cluster.kind is kubeconfig",
    ],
    [
      "node pools of ours in a cluster without a name",
      { network, cluster: kubeconfig, ...calico, "users.storageClass": "gp3" },
      "nodePools.kind",
      "cluster.kind is kubeconfig",
      "or set cluster.kind to existing",
    ],
    [
      "nodes that exist in a cluster that does not",
      { nodePools: { kind: "existing", autoscalingGroupNames: ["eks-a"] } },
      "nodePools.kind",
      "cluster.kind is create",
    ],
    [
      "our load balancer without targets",
      { ...found, nodePools: { kind: "existing" } },
      "nodePools.autoscalingGroupNames",
      "exposure.managedBy",
    ],
    [
      "our load balancer without a way to the nodes",
      {
        network,
        cluster: { ...kubeconfig, securityGroupId: undefined },
        nodePools: { kind: "existing", autoscalingGroupNames: ["eks-a"] },
        ...calico,
        "users.storageClass": "gp3",
      },
      "cluster.securityGroupId",
      "exposure.managedBy",
    ],
    [
      "a cluster whose policy engine nobody names",
      { network, cluster },
      "networkPolicyEngine",
      "cluster.kind is existing",
      '{"kind": "calico"}',
    ],
    [
      "the CNI of a cluster that is not ours",
      { network, cluster, networkPolicyEngine: { kind: "vpc-cni" } },
      "networkPolicyEngine.kind",
      "cluster.kind is existing",
    ],
    [
      "users who are protected from each other by an engine that skips them",
      { networkPolicyEngine: { kind: "vpc-cni" }, "users.trust": "untrusted" },
      "networkPolicyEngine.kind",
      "users.trust is untrusted",
    ],
    [
      "a way out that an engine guards which skips user pods",
      { networkPolicyEngine: { kind: "vpc-cni" }, "users.egress": { kind: "none" } },
      "networkPolicyEngine.kind",
      "users.egress.kind is none",
    ],
    [
      "volumes of a cluster of which nothing is known",
      { network, cluster: kubeconfig, nodePools: { kind: "existing", autoscalingGroupNames: ["eks-a"] }, ...calico },
      "users.storageClass",
      "cluster.kind is kubeconfig",
    ],
    [
      "one subnet for a cluster of ours",
      { network: { ...network, privateSubnetIds: team.privateSubnetIds.slice(1) } },
      "network.privateSubnetIds",
      "cluster.kind is create",
    ],
    [
      "a load balancer in one public subnet",
      { ...found, network: { ...network, publicSubnetIds: team.publicSubnetIds.slice(1) } },
      "network.publicSubnetIds",
      "exposure.kind is internet",
    ],
    [
      "an internal load balancer in one subnet",
      {
        ...found,
        network: { ...network, privateSubnetIds: team.privateSubnetIds.slice(1) },
        "exposure.kind": "internal",
      },
      "network.privateSubnetIds",
      "exposure.kind is internal",
    ],
    [
      "more pools than there are subnets",
      { ...found, "nodePools.user": { zones: 3 } },
      "nodePools.user.zones",
      "network.privateSubnetIds (2)",
    ],
    [
      "rotation of secrets that are kept elsewhere",
      {
        hub: {
          secretRotation: 2,
          secrets: {
            proxyToken: pulumi.secret("a"),
            cookieSecret: pulumi.secret("b"),
            cryptKey: pulumi.secret("c"),
          },
        },
      },
      "hub.secretRotation",
      "hub.secrets",
    ],
  ])("%s", (_, changes, path, ...words) => {
    const problems = problemsOf(settings(changes));
    expect(problems).toEqual([expect.stringMatching(new RegExp(`^${path.replaceAll(".", "\\.")} (is|are) `))]);
    for (const word of words) expect(problems[0]).toContain(word);
  });
});

describe("ids and names are looked at", () => {
  test.each<[what: string, changes: Tree, message: string]>([
    [
      "a VPC by its name",
      { network: { ...network, vpcId: "research" } },
      'network.vpcId is "research": expected the id of a VPC, for example vpc-0a1b2c3d4e5f67890',
    ],
    [
      "a subnet by its range",
      { network: { ...network, privateSubnetIds: ["10.0.0.0/24", ...team.privateSubnetIds] } },
      'network.privateSubnetIds[0] is "10.0.0.0/24": expected the id of a subnet, for example subnet-0a1b2c3d4e5f67890',
    ],
    [
      "a list of subnets that is known later",
      { network: { ...network, privateSubnetIds: pulumi.output(team.privateSubnetIds) } },
      'network.privateSubnetIds is an object: expected a list of subnet ids, as many as are known before anything is deployed, each as text or as an output, for example ["subnet-0a1b2c3d4e5f67890"]',
    ],
    [
      "a cluster by its ARN",
      { ...found, cluster: { kind: "existing", name: "arn:aws:eks:eu-central-1:123456789012:cluster/research" } },
      'cluster.name is "arn:aws:eks:eu-central-1:123456789012:cluster/research": expected the name of an EKS cluster, for example research',
    ],
    [
      "a kubeconfig in plain text",
      { ...byKubeconfig(), cluster: { kind: "kubeconfig", kubeconfig: "{}", securityGroupId: "sg-0a1b2c3d" } },
      "cluster.kubeconfig is plain text: expected a secret, for example by `pulumi config set --secret --path cluster.kubeconfig`",
    ],
    [
      "an engine nobody answers for",
      { ...found, networkPolicyEngine: { kind: "external", enforcedBy: " " } },
      'networkPolicyEngine.enforcedBy is " ": that is empty or a placeholder; put the real value, for example Cilium, run by the platform team',
    ],
    [
      "an engine that is none",
      { networkPolicyEngine: { kind: "flannel" } },
      'networkPolicyEngine.kind is "flannel": expected one of calico, vpc-cni, external',
    ],
    [
      "a network of another kind",
      { network: { kind: "shared" } },
      'network.kind is "shared": expected one of create, existing',
    ],
  ])("%s", (_, changes, message) => expect(problemsOf(settings(changes))).toEqual([message]));
});

function kubeconfigAlone() {
  const { network: _, ...others } = byKubeconfig();
  return {
    ...others,
    cluster: { kind: "kubeconfig", kubeconfig: pulumi.secret("{}") },
    nodePools: { kind: "existing" },
    https: { loadBalancer: "nlb" },
    exposure: { managedBy: "service" },
  };
}

function outputsAsIds() {
  const ids = (all: readonly string[]) => all.map((id) => pulumi.output(id));
  return {
    ...inExistingCluster(),
    network: {
      kind: "existing",
      vpcId: pulumi.output(team.vpcId),
      privateSubnetIds: ids(team.privateSubnetIds),
      publicSubnetIds: ids(team.publicSubnetIds),
    },
    cluster: { kind: "existing", name: pulumi.output("research") },
    hub: { namespace: pulumi.output("lab"), createNamespace: false },
    users: { storageClass: pulumi.output("gp3") },
  };
}

function internalHub() {
  const { publicSubnetIds: _, ...internal } = network;
  return { ...inExistingCluster(), network: internal, exposure: { kind: "internal" } };
}
