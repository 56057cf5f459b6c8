import { describe, expect, test } from "vitest";
import { SecureHub } from "../../components";
import { awsAnswers } from "../support/aws-answers";
import { recordedHub } from "../support/hub-programs";
import { minimalSettings } from "../support/hub-settings";
import { record } from "../support/recorded-program";
import { all, inputsOf, madeBefore, only } from "../support/wire";

const nodeGroup = "aws:eks/nodeGroup:NodeGroup";
const addon = "aws:eks/addon:Addon";
const release = "kubernetes:helm.sh/v3:Release";

describe.each(["dev", "prod"] as const)("order of the %s stack", (stack) => {
  test("the hub comes after all that guards, stores and leads to it", async () => {
    const program = await recordedHub(stack);
    const before = madeBefore(program, only(program, release, "hub"));
    for (const needed of [
      `${release} hub-calico`,
      "kubernetes:storage.k8s.io/v1:StorageClass hub",
      "aws:lb/listener:Listener hub-https",
      "aws:lb/listener:Listener hub-http",
      "aws:route53/record:Record hub",
      "aws:autoscaling/attachment:Attachment hub-core-0",
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule hub-nodes",
      `${addon} hub-coredns`,
      `${addon} hub-ebs-csi`,
      `${nodeGroup} hub-core-0`,
      `${nodeGroup} hub-user-0`,
      "random:index/randomBytes:RandomBytes hub-proxy-token",
    ])
      expect(before).toContain(needed);
  });

  test("nodes come after the cluster and their way out, and in the end go before them", async () => {
    const program = await recordedHub(stack);
    for (const pool of all(program, nodeGroup)) {
      const before = madeBefore(program, pool);
      expect(before).toContain("eks:index:Cluster hub");
      expect(before).toContain("aws:ec2/route:Route hub-private-0");
      expect(before).toContain("aws:ec2/natGateway:NatGateway hub-0");
      expect(before).toContain(`${addon} hub-pod-identity-agent`);
      expect(before).toContain("aws:eks/podIdentityAssociation:PodIdentityAssociation hub-vpc-cni");
    }
  });

  test("add-ons that need nodes come after the core pools and wait for no user pool", async () => {
    const program = await recordedHub(stack);
    for (const name of ["hub-coredns", "hub-ebs-csi"]) {
      const before = madeBefore(program, only(program, addon, name));
      expect(before).toContain(`${nodeGroup} hub-core-0`);
      expect([...before].filter((each) => each.startsWith(`${nodeGroup} hub-user`))).toEqual([]);
    }
  });

  test("the policy engine comes after names resolve; homes after their driver", async () => {
    const program = await recordedHub(stack);
    expect(madeBefore(program, only(program, release, "hub-calico"))).toContain(`${addon} hub-coredns`);
    const storage = only(program, "kubernetes:storage.k8s.io/v1:StorageClass");
    expect(madeBefore(program, storage)).toContain(`${addon} hub-ebs-csi`);
  });

  test("the CNI may annotate pods before the first node brings some, and until the last one is gone", async () => {
    const program = await recordedHub(stack);
    const right = "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding hub-annotate-pods";
    for (const pool of all(program, nodeGroup)) expect(madeBefore(program, pool)).toContain(right);
  });

  test("the load balancer waits for the validated certificate", async () => {
    const program = await recordedHub(stack);
    const before = madeBefore(program, only(program, "aws:lb/listener:Listener", "hub-https"));
    expect(before).toContain("aws:acm/certificateValidation:CertificateValidation hub");
  });
});

describe("dev is cheap", () => {
  test("one NAT gateway, one pool of each kind, in the same zone", async () => {
    const program = await recordedHub("dev");
    expect(all(program, "aws:ec2/natGateway:NatGateway")).toHaveLength(1);
    expect(all(program, nodeGroup).map(({ name, inputs }) => [name, inputs.subnetIds])).toEqual([
      ["hub-core-0", ["hub-private-0-id"]],
      ["hub-user-0", ["hub-private-0-id"]],
    ]);
  });
});

describe("prod survives a zone", () => {
  test("a NAT gateway and pools in each of three zones, each pool in one of them", async () => {
    const program = await recordedHub("prod");
    expect(all(program, "aws:ec2/natGateway:NatGateway")).toHaveLength(3);
    const pools = all(program, nodeGroup).map(({ name, inputs }) => [name, inputs.subnetIds]);
    expect(pools.sort()).toEqual(
      ["core", "user"].flatMap((purpose) =>
        [0, 1, 2].map((zone) => [`hub-${purpose}-${zone}`, [`hub-private-${zone}-id`]]),
      ),
    );
  });

  test("all core pools take traffic, no user pool does", async () => {
    const attachments = all(await recordedHub("prod"), "aws:autoscaling/attachment:Attachment");
    expect(attachments.map(({ inputs }) => inputs.autoscalingGroupName).sort()).toEqual([
      "eks-hub-core-0",
      "eks-hub-core-1",
      "eks-hub-core-2",
    ]);
  });

  test("logs are kept for a year", async () => {
    const groups = all(await recordedHub("prod"), "aws:cloudwatch/logGroup:LogGroup");
    expect(groups.map(({ inputs }) => inputs.retentionInDays)).toEqual([365, 365]);
  });
});

test("what belongs together is the same everywhere: node port, host, cluster name, security group", async () => {
  const program = await recordedHub("dev");
  const values = inputsOf(program, release, "hub").values;
  expect(inputsOf(program, "aws:lb/targetGroup:TargetGroup").port).toBe(values.proxy.service.nodePorts.https);
  expect(values.hub.config.JupyterHub.public_url).toBe(
    `https://${inputsOf(program, "aws:route53/record:Record", "hub").name}/`,
  );
  expect(inputsOf(program, "aws:ec2/subnet:Subnet", "hub-private-0").tags).toHaveProperty([
    `kubernetes.io/cluster/${inputsOf(program, "eks:index:Cluster").name}`,
  ]);
  expect(
    all(program, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule").map(
      ({ inputs }) => inputs.securityGroupId,
    ),
  ).toContain("sg-cluster");
  expect(values.singleuser.storage.dynamic.storageClass).toBe(
    inputsOf(program, "kubernetes:storage.k8s.io/v1:StorageClass").metadata.name,
  );
});

test("the cluster stays the same one for Kubernetes when its kubeconfig is written differently", async () =>
  expect(inputsOf(await recordedHub("dev"), "pulumi:providers:kubernetes").clusterIdentifier).toBe("hub"));

test.each([
  [undefined, "acme.science"],
  [{ name: "science.acme.org" }, "science.acme.org"],
])("the hosted zone is the one above the host, or the one that is named (%j)", async (hostedZone, name) => {
  const domain = `hub.${name}`;
  const settings = { ...minimalSettings(), domain, ...(hostedZone && { hostedZone }) };
  const { calls } = await record(() => ({ url: new SecureHub("hub", settings).url }), { answers: awsAnswers });
  expect(calls.find(({ token }) => token.endsWith(":getZone"))?.inputs).toMatchObject({ name, privateZone: false });
});

const account = "123456789012.dkr.ecr.eu-central-1.amazonaws.com";

test("every setting of a hub reaches its component", async () => {
  const settings = {
    ...minimalSettings(),
    cluster: {
      publicAccessCidrs: ["198.51.100.0/24"],
      adminArns: ["arn:aws:iam::123456789012:role/admin"],
      serviceCidr: "10.100.0.0/16",
      logRetentionDays: 60,
    },
    network: { cidr: "10.7.0.0/20", flowLogRetentionDays: 14 },
    nodePools: { user: { instanceType: "c7i.large", minSize: 2, maxSize: 9, diskSizeGiB: 200 } },
    users: { image: { name: "quay.io/acme/lab", tag: "7" }, homeSize: "50Gi" },
    hub: { namespace: "lab", nodePorts: { https: 31_000 }, secretRotation: 3 },
  };
  const program = await record(() => ({ url: new SecureHub("hub", settings).url }), { answers: awsAnswers });
  const cluster = inputsOf(program, "eks:index:Cluster");
  expect(cluster).toMatchObject({
    publicAccessCidrs: ["198.51.100.0/24"],
    kubernetesServiceIpAddressRange: "10.100.0.0/16",
  });
  expect(Object.keys(cluster.accessEntries)).toHaveLength(1);
  expect(inputsOf(program, "aws:cloudwatch/logGroup:LogGroup", "hub").retentionInDays).toBe(60);
  expect(inputsOf(program, "aws:cloudwatch/logGroup:LogGroup", "hub-flow").retentionInDays).toBe(14);
  expect(inputsOf(program, "aws:ec2/vpc:Vpc").cidrBlock).toBe("10.7.0.0/20");
  expect(inputsOf(program, nodeGroup, "hub-user-0")).toMatchObject({
    instanceTypes: ["c7i.large"],
    scalingConfig: { minSize: 2, maxSize: 9, desiredSize: 2 },
  });
  expect(inputsOf(program, "random:index/randomBytes:RandomBytes", "hub-crypt-key").keepers).toEqual({ rotation: "3" });
  expect(inputsOf(program, release, "hub")).toMatchObject({
    namespace: "lab",
    values: {
      proxy: { service: { nodePorts: { https: 31_000 } } },
      singleuser: { image: { name: `${account}/hub/quay/acme/lab`, tag: "7" }, storage: { capacity: "50Gi" } },
    },
  });
});

// "Elastic Load Balancing API reference, CreateLoadBalancer", "Amazon EC2 API reference, CreateSecurityGroup", "Amazon ECR API
// reference, CreateRepository".
test.each([
  ["internal-hub", "AWS keeps names that begin with internal- to itself"],
  ["sg-hub", "AWS keeps names that begin with sg- to itself"],
  ["hub--prod", "expected at most 24 lower-case letters, digits and single hyphens between them"],
  ["hub-", "expected at most 24"],
  ["Hub", "expected at most 24"],
  ["h".repeat(25), "expected at most 24"],
])("the name %s is refused, because AWS would", (name, reason) =>
  expect(() => new SecureHub(name, minimalSettings())).toThrow(`the hub's name is "${name}": ${reason}`),
);
