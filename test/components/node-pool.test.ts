import { describe, expect, test } from "vitest";
import { NodePool, type NodePoolArgs } from "../../components";
import { awsAnswers } from "../support/aws-answers";
import { record } from "../support/recorded-program";
import { remembered } from "../support/remembered";
import { all, inputsOf, madeBefore, only } from "../support/wire";

const args: NodePoolArgs = {
  cluster: { clusterName: "mine", version: "1.35" },
  purpose: "user",
  subnetId: "subnet-1",
  instanceType: "m6i.xlarge",
  minSize: 2,
  maxSize: 7,
  diskSizeGiB: 120,
};
const recorded = remembered((changes: Partial<NodePoolArgs> = {}) =>
  record(
    () => {
      const { autoscalingGroupName, roleArn } = new NodePool("pool", { ...args, ...changes });
      return { autoscalingGroupName, roleArn };
    },
    { answers: awsAnswers },
  ),
);
const nodeGroup = "aws:eks/nodeGroup:NodeGroup";
const launchTemplate = "aws:ec2/launchTemplate:LaunchTemplate";

describe("instances", () => {
  test("give their metadata to sessions only, one hop far: no pod gets there", async () =>
    expect(inputsOf(await recorded(), launchTemplate).metadataOptions).toEqual({
      httpEndpoint: "enabled",
      httpTokens: "required",
      httpPutResponseHopLimit: 1,
    }));

  test("have encrypted gp3 disks under the account's default key", async () => {
    const [disk, ...others] = inputsOf(await recorded(), launchTemplate).blockDeviceMappings;
    expect(others).toEqual([]);
    // The root device of Amazon Linux 2023; another name would add a second, empty disk.
    expect(disk).toEqual({
      deviceName: "/dev/xvda",
      ebs: { volumeType: "gp3", volumeSize: 120, encrypted: "true", deleteOnTermination: "true" },
    });
  });

  test("get a new template version as soon as there is one", async () => {
    const program = await recorded();
    expect(inputsOf(program, launchTemplate).updateDefaultVersion).toBe(true);
    expect(inputsOf(program, nodeGroup).launchTemplate).toEqual({ id: "pool-id", version: "1" });
  });

  test("may register as nodes and pull images, no more", async () => {
    const program = await recorded();
    expect(
      all(program, "aws:iam/rolePolicyAttachment:RolePolicyAttachment").map(({ inputs }) => inputs.policyArn),
    ).toEqual([
      "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy",
      "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly",
    ]);
    const [statement] = JSON.parse(inputsOf(program, "aws:iam/role:Role").assumeRolePolicy).Statement;
    expect(statement.Principal).toEqual({ Service: "ec2.amazonaws.com" });
    const before = madeBefore(program, only(program, nodeGroup));
    expect(before).toContain("aws:iam/rolePolicyAttachment:RolePolicyAttachment pool-AmazonEKSWorkerNodePolicy");
  });
});

describe("the node group", () => {
  test("lies in one zone, with the cluster's version and the given type", async () =>
    expect(inputsOf(await recorded(), nodeGroup)).toMatchObject({
      clusterName: "mine",
      version: "1.35",
      subnetIds: ["subnet-1"],
      instanceTypes: ["m6i.xlarge"],
      amiType: "AL2023_x86_64_STANDARD",
    }));

  test("starts with the fewest nodes; who scales it keeps what they chose", async () => {
    const program = await recorded();
    expect(inputsOf(program, nodeGroup).scalingConfig).toEqual({ minSize: 2, maxSize: 7, desiredSize: 2 });
    expect(only(program, nodeGroup).ignoreChanges).toEqual(["scalingConfig.desiredSize"]);
  });

  // "Zero to JupyterHub, Optimizations": the chart's label and taint, with the same key and value.
  test("of users is labelled and tainted as the chart expects", async () =>
    expect(inputsOf(await recorded(), nodeGroup)).toMatchObject({
      labels: { "hub.jupyter.org/node-purpose": "user" },
      taints: [{ key: "hub.jupyter.org/dedicated", value: "user", effect: "NO_SCHEDULE" }],
    }));

  test("of the core is labelled and open to the cluster's own pods", async () => {
    const inputs = inputsOf(await recorded({ purpose: "core" }), nodeGroup);
    expect(inputs.labels).toEqual({ "hub.jupyter.org/node-purpose": "core" });
    expect(inputs).not.toHaveProperty("taints");
  });
});

test("tells load balancers its autoscaling group", async () =>
  expect((await recorded()).outputs).toEqual({
    autoscalingGroupName: "eks-pool",
    roleArn: "arn:aws:iam::123456789012:role/pool",
  }));

test("a cluster component is reduced to what is needed: nothing else of it becomes an input", async () =>
  expect(inputsOf(await recorded(), "jupyterhub-eks:index:NodePool").cluster).toEqual({
    clusterName: "mine",
    version: "1.35",
  }));
