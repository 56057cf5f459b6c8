import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { ExistingCluster, JupyterHub, NodePool, SecureHub, type SettingsInput } from "../../components";
import { existingNetwork } from "../../components/existing-network";
import { awsAnswers } from "../support/aws-answers";
import { byKubeconfig, inExistingCluster, inExistingNetwork, ownKubeconfig, team } from "../support/existing-parts";
import { hubSettings, minimalSettings } from "../support/hub-settings";
import { recordInCluster } from "../support/in-cluster";
import { alarms } from "../support/judged";
import { type Answers, type RecordedProgram, record } from "../support/recorded-program";
import { all, inputsOf, isSecret, madeBefore, only, open, readableText } from "../support/wire";

const nodeGroup = "aws:eks/nodeGroup:NodeGroup";
const release = "kubernetes:helm.sh/v3:Release";
const attachment = "aws:autoscaling/attachment:Attachment";
const storageClass = "kubernetes:storage.k8s.io/v1:StorageClass";

const recordHub = (settings: SettingsInput, answers: Answers = {}): Promise<RecordedProgram> =>
  record(() => ({ url: new SecureHub("hub", settings).url }), { answers: { ...awsAnswers, ...answers } });
const typesOf = ({ registrations }: RecordedProgram) => registrations.map(({ type }) => type);

describe("a hub in a network that exists", () => {
  test("makes no network, and puts everything into the given one", async () => {
    const program = await recordHub(inExistingNetwork());
    expect(typesOf(program).filter((type) => /^aws:ec2\/(vpc|subnet|natGateway|route|eip)/.test(type))).toEqual([]);
    expect(inputsOf(program, "eks:index:Cluster")).toMatchObject({
      vpcId: team.vpcId,
      privateSubnetIds: team.privateSubnetIds,
      publicSubnetIds: team.publicSubnetIds,
    });
    expect(inputsOf(program, nodeGroup, "hub-user-0").subnetIds).toEqual([team.privateSubnetIds[0]]);
    expect(inputsOf(program, "aws:lb/loadBalancer:LoadBalancer").subnets).toEqual(team.publicSubnetIds);
    expect(inputsOf(program, "aws:lb/targetGroup:TargetGroup").vpcId).toBe(team.vpcId);
    expect(alarms(program)).toEqual([]);
  });
});

describe("a hub in a cluster that exists", () => {
  test("makes no cluster and no add-on there, but nodes of its own, of the cluster's version", async () => {
    const program = await recordHub(inExistingCluster());
    expect(all(program, "eks:index:Cluster")).toEqual([]);
    expect(all(program, "aws:eks/addon:Addon")).toEqual([]);
    expect(inputsOf(program, nodeGroup, "hub-core-0")).toMatchObject({
      clusterName: "research",
      version: "1.34",
      subnetIds: [team.privateSubnetIds[0]],
    });
  });

  test("gives its nodes what the CNI of most clusters needs of them", async () => {
    const attached = all(await recordHub(inExistingCluster()), "aws:iam/rolePolicyAttachment:RolePolicyAttachment");
    expect(attached.map(({ name }) => name)).toContain("hub-core-0-AmazonEKS_CNI_Policy");
    const own = all(await recordHub(minimalSettings()), "aws:iam/rolePolicyAttachment:RolePolicyAttachment");
    expect(own.map(({ name }) => name)).not.toContain("hub-core-0-AmazonEKS_CNI_Policy");
  });

  test("reaches it through the AWS CLI, with no credentials of its own", async () => {
    const provider = only(await recordHub(inExistingCluster()), "pulumi:providers:kubernetes");
    expect(isSecret(provider.inputs.kubeconfig)).toBe(true);
    expect(provider.inputs.clusterIdentifier).toBe("research");
    const kubeconfig = JSON.parse(open(provider.inputs.kubeconfig));
    expect(kubeconfig.clusters[0].cluster).toEqual({
      server: "https://0A1B2C.gr7.eu-central-1.eks.amazonaws.com",
      "certificate-authority-data": "LS0tLS1CRUdJTg==",
    });
    expect(kubeconfig.users[0].user).toEqual({
      exec: expect.objectContaining({
        command: "aws",
        args: "--region eu-central-1 eks get-token --cluster-name research --output json".split(" "),
      }),
    });
  });

  test("lets its load balancer through the cluster's security group", async () => {
    const program = await recordHub(inExistingCluster());
    const rules = all(program, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule");
    expect(rules.map(({ inputs }) => inputs.securityGroupId)).toContain("sg-0123456789abcdef0");
  });

  test("does not decide what other claims of the cluster get", async () =>
    expect(inputsOf(await recordHub(inExistingCluster()), storageClass).metadata.annotations).toEqual({
      "storageclass.kubernetes.io/is-default-class": "false",
    }));

  test("installs Calico there when asked for it, and nothing when somebody else enforces policies", async () => {
    expect(all(await recordHub(inExistingCluster()), release, "hub-calico")).toHaveLength(1);
    const external = { kind: "external" as const, enforcedBy: "Cilium, run by the platform team" };
    const program = await recordHub({ ...inExistingCluster(), networkPolicyEngine: external });
    expect(all(program, release).map(({ name }) => name)).toEqual(["hub"]);
  });

  test("passes the gate, Calico and nodes being its own", async () =>
    expect(alarms(await recordHub(inExistingCluster()))).toEqual([]));

  test("with an engine that nobody here sees, the gate asks for the assertion", async () => {
    const external = { kind: "external" as const, enforcedBy: "Cilium, run by the platform team" };
    const program = await recordHub({ ...inExistingCluster(), networkPolicyEngine: external });
    expect(alarms(program)).toEqual([expect.stringMatching(/^network-policies-enforced \(unknown\)/)]);
  });

  test("uses the team's storage class and namespace", async () => {
    const program = await recordHub({
      ...inExistingCluster(),
      users: { storageClass: "gp3-encrypted" },
      hub: { namespace: "lab", createNamespace: false },
    });
    expect(all(program, storageClass)).toEqual([]);
    expect(all(program, "kubernetes:core/v1:Namespace").map(({ inputs }) => open(inputs).metadata.name)).toEqual([
      "tigera-operator",
    ]);
    const { namespace, values } = inputsOf(program, release, "hub");
    expect(namespace).toBe("lab");
    expect(values.singleuser.storage.dynamic.storageClass).toBe("gp3-encrypted");
    expect(values.hub.db.pvc.storageClassName).toBe("gp3-encrypted");
    expect(program.calls.map(({ token }) => token)).not.toContain("aws:eks/getAddon:getAddon");
  });
});

describe("a hub where a kubeconfig leads", () => {
  test("needs no more than the ids it was given", async () => {
    const program = await recordHub(byKubeconfig());
    expect(typesOf(program).filter((type) => /^(aws:eks|eks:)/.test(type))).toEqual([]);
    expect(program.calls.map(({ token }) => token).filter((token) => token.startsWith("aws:eks"))).toEqual([]);
    expect(all(program, attachment).map(({ inputs }) => inputs.autoscalingGroupName)).toEqual([
      "eks-core-a",
      "eks-core-b",
    ]);
    expect(
      all(program, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule").map(
        ({ inputs }) => inputs.securityGroupId,
      ),
    ).toContain("sg-0123456789abcdef0");
    expect(all(program, release).map(({ name }) => name)).toEqual(["hub"]);
  });

  test("needs not even these where the cluster makes the load balancer", async () => {
    const { network: _, ...others } = byKubeconfig();
    const settings: SettingsInput = {
      ...others,
      cluster: { kind: "kubeconfig", kubeconfig: pulumi.secret(ownKubeconfig) },
      nodePools: { kind: "existing" },
      exposure: { managedBy: "service" },
      https: { kind: "offload", loadBalancer: "nlb" },
    };
    const program = await recordHub(settings, {
      [release]: ({ namespace, name }) => ({ status: { namespace, name } }),
      "kubernetes:core/v1:Service": () => ({
        status: { loadBalancer: { ingress: [{ hostname: "hub-1.elb.eu-central-1.amazonaws.com" }] } },
      }),
    });
    expect(typesOf(program).filter((type) => /^aws:(eks|ec2|lb|autoscaling)/.test(type))).toEqual([]);
    expect(inputsOf(program, release, "hub").values.proxy.service.type).toBe("LoadBalancer");
    expect(inputsOf(program, "aws:route53/record:Record", "hub").name).toBe("hub.acme.science");
  });

  test("keeps the kubeconfig secret on every hop", async () => {
    const { registrations, componentOutputs } = await recordHub(byKubeconfig());
    const texts = [...registrations.map(({ inputs }) => inputs), ...componentOutputs.values()].flatMap(readableText);
    expect(texts.filter((text) => text.includes("canary-kubeconfig-token"))).toEqual([]);
    expect(JSON.stringify(registrations.map(({ inputs }) => open(inputs)))).toContain(
      JSON.parse(ownKubeconfig).users[0].user.token,
    );
  });
});

describe("what cannot be used is said during the preview", () => {
  const fails = (message: string) => () => {
    throw new Error(message);
  };
  const elsewhere = { vpcId: "vpc-0000000000000000f", mapPublicIpOnLaunch: false };

  test.each<[what: string, answers: Answers, ...words: string[]]>([
    [
      "a cluster that is not there",
      { "aws:eks/getCluster:getCluster": fails("couldn't find resource") },
      "The EKS cluster research cannot be used",
      "aws eks list-clusters",
    ],
    [
      "a cluster of another VPC",
      {
        "aws:eks/getCluster:getCluster": (inputs) => ({
          ...awsAnswers["aws:eks/getCluster:getCluster"]?.(inputs, ""),
          vpcConfig: { vpcId: "vpc-0000000000000000f", clusterSecurityGroupId: "sg-1" },
        }),
      },
      "The EKS cluster research lies in vpc-0000000000000000f",
      "network.vpcId",
    ],
    [
      "a cluster that makes no volumes",
      { "aws:eks/getAddon:getAddon": fails("No addon") },
      "lacks the add-on aws-ebs-csi-driver",
      "users.storageClass",
      "aws eks create-addon --cluster-name research --addon-name aws-ebs-csi-driver",
    ],
    [
      "a cluster that gives pods no roles, where users are to get one",
      {
        "aws:eks/getAddon:getAddon": ({ addonName }) => {
          if (addonName === "eks-pod-identity-agent") throw new Error("No addon");
          return { addonVersion: "v1" };
        },
      },
      "lacks the add-on eks-pod-identity-agent",
      "users.awsAccess",
    ],
    [
      "a subnet that is not there",
      { "aws:ec2/getSubnet:getSubnet": fails("no matching EC2 Subnet found") },
      "cannot be used",
      "aws ec2 describe-subnets",
    ],
    [
      "a subnet of another VPC",
      { "aws:ec2/getSubnet:getSubnet": ({ id }) => ({ id, ...elsewhere }) },
      "it lies in vpc-0000000000000000f",
      "network.vpcId is vpc-0a1b2c3d4e5f67890",
    ],
    [
      "a private subnet that gives out public addresses",
      { "aws:ec2/getSubnet:getSubnet": ({ id }) => ({ id, vpcId: team.vpcId, mapPublicIpOnLaunch: true }) },
      "it gives every machine a public address",
      "network.privateSubnetIds",
    ],
  ])("%s", async (_, answers, ...words) => {
    const settings = {
      ...inExistingCluster(),
      users: { awsAccess: { buckets: [{ name: "lab", access: "read" as const }] } },
    };
    const message = await recordHub(settings, answers).then(
      () => "",
      (error: Error) => error.message,
    );
    for (const word of words) expect(message).toContain(word);
  });

  test("a public subnet may give out public addresses", async () => {
    const program = await record(
      () => {
        const found = existingNetwork({ ...team, privateSubnetIds: [] }, {});
        return { ids: found.publicSubnetIds };
      },
      {
        answers: {
          "aws:ec2/getSubnet:getSubnet": ({ id }) => ({ id, vpcId: team.vpcId, mapPublicIpOnLaunch: true }),
        },
      },
    );
    expect(program.outputs.ids).toEqual(team.publicSubnetIds);
  });
});

test("a node pool takes a cluster that exists, and comes after it", async () => {
  const program = await record(
    () => {
      const cluster = new ExistingCluster("research", { clusterName: "research" });
      const pool = new NodePool("users", {
        cluster,
        purpose: "user",
        subnetId: "subnet-0a1b2c3d",
        instanceType: "m6i.xlarge",
        minSize: 1,
        maxSize: 3,
        diskSizeGiB: 80,
      });
      return { role: pool.roleArn };
    },
    { answers: awsAnswers },
  );
  expect(inputsOf(program, nodeGroup)).toMatchObject({ clusterName: "research", version: "1.34" });
});

test("a hub takes a namespace that another resource makes", async () => {
  const program = await recordInCluster((provider) => {
    const args = { ...hubSettings(), namespace: "lab", createNamespace: false };
    return { url: new JupyterHub("hub", args, { provider }).url };
  });
  expect(all(program, "kubernetes:core/v1:Namespace")).toEqual([]);
  expect([...madeBefore(program, only(program, release))]).not.toContain("kubernetes:core/v1:Namespace hub");
});
