import { expect, test } from "vitest";
import { Cluster, type ClusterArgs } from "../../components";
import { awsAnswers, kubeconfigCanary } from "../support/aws-answers";
import { record } from "../support/recorded-program";
import { remembered } from "../support/remembered";
import { all, inputsOf, isSecret, madeBefore, only } from "../support/wire";

const args: ClusterArgs = {
  version: "1.35",
  vpcId: "vpc-1",
  privateSubnetIds: ["subnet-1", "subnet-2"],
  publicSubnetIds: ["subnet-3", "subnet-4"],
  serviceCidr: "172.20.0.0/16",
  publicAccessCidrs: ["203.0.113.7/32"],
  adminArns: ["arn:aws:iam::123456789012:role/platform/admin", "arn:aws:iam::123456789012:user/ada"],
  logRetentionDays: 90,
};
const recorded = remembered((changes: Partial<ClusterArgs> = {}) =>
  record(() => ({ kubeconfig: new Cluster("lab", { ...args, ...changes }).kubeconfig }), { answers: awsAnswers }),
);
const eks = "eks:index:Cluster";

test("the API is private, and public for named ranges only", async () =>
  expect(inputsOf(await recorded(), eks)).toMatchObject({
    endpointPrivateAccess: true,
    endpointPublicAccess: true,
    publicAccessCidrs: ["203.0.113.7/32"],
  }));

test("every control-plane log is kept, in a group that is there before EKS makes its own", async () => {
  const program = await recorded();
  // "Amazon EKS user guide, Send control plane logs to CloudWatch Logs": five types.
  expect(inputsOf(program, eks).enabledClusterLogTypes.sort()).toEqual([
    "api",
    "audit",
    "authenticator",
    "controllerManager",
    "scheduler",
  ]);
  expect(inputsOf(program, "aws:cloudwatch/logGroup:LogGroup")).toMatchObject({
    name: "/aws/eks/lab/cluster",
    retentionInDays: 90,
  });
  expect(madeBefore(program, only(program, eks))).toContain("aws:cloudwatch/logGroup:LogGroup lab");
});

test("Kubernetes secrets are encrypted with a key of the cluster's own that rotates", async () => {
  const program = await recorded();
  expect(inputsOf(program, "aws:kms/key:Key").enableKeyRotation).toBe(true);
  expect(inputsOf(program, eks).encryptionConfigKeyArn).toBe("arn:aws:kms:eu-central-1:123456789012:key/lab");
});

test("access is by access entries, named after whom they let in", async () => {
  const { authenticationMode, accessEntries } = inputsOf(await recorded(), eks);
  expect(authenticationMode).toBe("API");
  expect(Object.keys(accessEntries)).toEqual(["123456789012/role/platform/admin", "123456789012/user/ada"]);
  expect(accessEntries["123456789012/user/ada"]).toEqual({
    principalArn: "arn:aws:iam::123456789012:user/ada",
    accessPolicies: {
      admin: {
        policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
        accessScope: { type: "cluster" },
      },
    },
  });
});

test("nobody is let in beside the creator unless named", async () =>
  expect(inputsOf(await recorded({ adminArns: [] }), eks).accessEntries).toEqual({}));

test("roles and users with similar names each get their own entry", async () => {
  const adminArns = [
    "arn:aws:iam::123456789012:role/a/b",
    "arn:aws:iam::123456789012:role/a-b",
    "arn:aws:iam::210987654321:role/a-b",
  ];
  const entries = Object.values(inputsOf(await recorded({ adminArns }), eks).accessEntries) as {
    principalArn: string;
  }[];
  expect(entries.map(({ principalArn }) => principalArn).sort()).toEqual([...adminArns].sort());
});

test("the component's own defaults that open or surprise are off", async () =>
  expect(inputsOf(await recorded(), eks)).toMatchObject({
    name: "lab",
    version: "1.35",
    vpcId: "vpc-1",
    privateSubnetIds: ["subnet-1", "subnet-2"],
    publicSubnetIds: ["subnet-3", "subnet-4"],
    kubernetesServiceIpAddressRange: "172.20.0.0/16",
    createOidcProvider: false,
    skipDefaultNodeGroup: true,
    skipDefaultSecurityGroups: true,
    corednsAddonOptions: { enabled: false },
  }));

test("the VPC CNI leaves NetworkPolicies to the engine and tells pods' addresses", async () => {
  const { vpcCniOptions } = inputsOf(await recorded(), eks);
  expect(vpcCniOptions).toMatchObject({
    enableNetworkPolicy: false,
    configurationValues: { env: { ANNOTATE_POD_IP: "true" } },
  });
});

test("the CNI may write pods' addresses where the engine reads them", async () => {
  const program = await recorded();
  const role = inputsOf(program, "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole");
  expect(role.rules).toEqual([{ apiGroups: [""], resources: ["pods"], verbs: ["patch"] }]);
  expect(inputsOf(program, "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding")).toMatchObject({
    roleRef: { kind: "ClusterRole", name: role.metadata.name },
    subjects: [{ kind: "ServiceAccount", name: "aws-node", namespace: "kube-system" }],
  });
});

test("add-ons that need no node are here, each pinned to a build, and no other", async () => {
  const program = await recorded();
  const { vpcCniOptions, kubeProxyAddonOptions } = inputsOf(program, eks);
  const agent = inputsOf(program, "aws:eks/addon:Addon");
  expect(agent).toMatchObject({ addonName: "eks-pod-identity-agent", clusterName: "lab" });
  const versions = [vpcCniOptions.addonVersion, kubeProxyAddonOptions.version, agent.addonVersion];
  for (const version of versions) expect(version).toMatch(/^v\d+\.\d+\.\d+-eksbuild\.\d+$/);
  expect(kubeProxyAddonOptions.version).toMatch(/^v1\.35\./);
});

test("the CNI has a role of its own by Pod Identity", async () => {
  const program = await recorded();
  expect(inputsOf(program, "aws:eks/podIdentityAssociation:PodIdentityAssociation")).toMatchObject({
    clusterName: "lab",
    namespace: "kube-system",
    serviceAccount: "aws-node",
    roleArn: "arn:aws:iam::123456789012:role/lab-vpc-cni",
  });
  const [statement] = JSON.parse(inputsOf(program, "aws:iam/role:Role").assumeRolePolicy).Statement;
  // "Amazon EKS user guide, EKS Pod Identities": the service and both actions.
  expect(statement).toMatchObject({
    Principal: { Service: "pods.eks.amazonaws.com" },
    Action: ["sts:AssumeRole", "sts:TagSession"],
  });
  expect(
    all(program, "aws:iam/rolePolicyAttachment:RolePolicyAttachment").map(({ inputs }) => inputs.policyArn),
  ).toEqual(["arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy"]);
});

test("the kubeconfig leaves the component as a secret", async () => {
  const { registrations, componentOutputs } = await recorded();
  const urn = only({ registrations }, "jupyterhub-eks:index:Cluster").urn;
  const kubeconfig = componentOutputs.get(urn)?.kubeconfig;
  expect(isSecret(kubeconfig)).toBe(true);
  expect((kubeconfig as { value: string }).value).toBe(kubeconfigCanary);
});

test("another name in EKS than in the program", async () => {
  const program = await recorded({ clusterName: "research" });
  expect(inputsOf(program, eks, "lab").name).toBe("research");
  expect(inputsOf(program, "aws:cloudwatch/logGroup:LogGroup").name).toBe("/aws/eks/research/cluster");
});

test("asked to, the VPC CNI enforces NetworkPolicies itself, and nothing is made ready for Calico", async () => {
  const program = await recorded({ networkPolicyAgent: true });
  const { vpcCniOptions } = inputsOf(program, eks);
  expect(vpcCniOptions.enableNetworkPolicy).toBe(true);
  expect(vpcCniOptions).not.toHaveProperty("configurationValues");
  expect(all(program, "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole")).toEqual([]);
});
