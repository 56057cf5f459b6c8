import { type CloudObject, identifier } from "../cloud";
import { type Problem, type ResourceType, refuse, type Subject } from "../resource-type";
import { isProperties, isUnknown, type Properties, valuesAt } from "../wire";
import { clusterType, listOf, nodeGroupType, ofRole, podsMay, subnetsOf, subnetType, vpcConfigOf } from "./eks-facts";
import { newestKubernetes } from "./eks-versions";
import { policiesOf, roleByArn, trusts } from "./identity";
import { autoscalingGroupOf } from "./load-balancing";
import { wayOut } from "./routing";
import { arnOf, awsType, matches, text } from "./service";

const launchTemplateType = "aws:ec2/launchTemplate:LaunchTemplate";

function admitNodeGroup(subject: Subject): void {
  const { inputs, cloud, scope } = subject;
  const clusterName = text(inputs, "clusterName");
  const cluster = cloud.get(clusterType, scope, clusterName);
  const vpc = text(vpcConfigOf(cluster?.inputs ?? {}), "vpcId");
  const subnets = subnetsOf(subject, listOf(inputs, "subnetIds"));
  if (subnets.length === 0) refuse("InvalidParameterException", "Subnets are required");
  const foreign = subnets.find((subnet) => subnet.inputs.vpcId !== vpc);
  if (foreign) refuse("InvalidParameterException", `The subnet ${foreign.id} is not in the VPC ${vpc} of the cluster`);
  const strange = listOf(inputs, "instanceTypes").find(
    (type) => !/^[a-z][a-z0-9-]*\d[a-z0-9-]*\.([a-z0-9]*large|medium|small|micro|nano|metal[a-z0-9-]*)$/.test(type),
  );
  if (strange) refuse("InvalidParameterException", `The following supplied instance types do not exist: [${strange}]`);

  const otherProcessor = processorMisfit(inputs);
  if (otherProcessor)
    refuse(
      "InvalidParameterException",
      `[${otherProcessor}] Instance types are not supported for amiType ${text(inputs, "amiType")}`,
    );

  const template = (inputs.launchTemplate ?? {}) as Properties;
  const doubled = saidTwice(inputs, cloud.get(launchTemplateType, scope, template.id)?.inputs ?? {});
  if (template.id && doubled) refuse("InvalidRequestException", doubled);
  const latest = Number(cloud.get(launchTemplateType, scope, template.id)?.computed.latestVersion ?? 0);
  const wanted = text(template, "version");
  if (latest > 0 && /^\d+$/.test(wanted) && (Number(wanted) < 1 || Number(wanted) > latest)) {
    refuse("InvalidRequestException", `Launch template version ${wanted} of ${text(template, "id")} does not exist.`);
  }
  const sizes = (inputs.scalingConfig ?? {}) as { minSize?: number; desiredSize?: number; maxSize?: number };
  const { minSize = 0, desiredSize = minSize, maxSize = 0 } = sizes;
  if (maxSize < 1 || minSize > desiredSize || desiredSize > maxSize) {
    refuse(
      "InvalidParameterException",
      `Minimum capacity ${minSize} <= desired capacity ${desiredSize} <= maximum capacity ${maxSize} does not hold`,
    );
  }
  admitNodes(subject, clusterName, subnets, desiredSize);
}

/** Families of ARM processors have a g behind their number, but for the oldest: t4g, c7gn, im4gn, a1. */
const isArm = (instanceType: string) => /^([a-z]+\d+[a-z]*g[a-z]*|a1)\./.test(instanceType);

function processorMisfit(inputs: Properties): string | undefined {
  const image = /ARM_64|x86_64/.exec(text(inputs, "amiType") || "AL2023_x86_64_STANDARD")?.[0];
  return image && listOf(inputs, "instanceTypes").find((type) => isArm(type) !== (image === "ARM_64"));
}

/** What belongs into either the node group or its template ("Amazon EKS user guide, Launch templates"). */
function saidTwice(inputs: Properties, template: Properties): string | undefined {
  if (inputs.diskSize) return "Disk size must be specified within the launch template.";
  if (template.instanceType && listOf(inputs, "instanceTypes").length > 0)
    return "Instance types must be specified either within the launch template or the node group, not both.";
  if (template.iamInstanceProfile) return "IAM instance profile must not be specified within the launch template.";
  if (template.instanceMarketOptions) return "Spot instances must be requested by the node group's capacity type.";
  if (template.imageId && inputs.amiType && inputs.amiType !== "CUSTOM")
    return "You cannot specify an AMI type when specifying an image id within the launch template.";
  return undefined;
}

/** What kubelet itself may not say of its node ("Amazon EKS API reference, CreateNodegroup"). */
function checkLabels({ labels }: Properties): Problem[] {
  if (!isProperties(labels)) return [];
  return Object.entries(labels).flatMap(([key, value]): Problem[] => {
    const property = `labels["${key}"]`;
    if (/^(kubernetes\.io|k8s\.io|eks\.amazonaws\.com)\//.test(key))
      return [
        { property, reason: "Label cannot contain reserved prefixes [kubernetes.io/, k8s.io/, eks.amazonaws.com/]" },
      ];
    if (!/^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/.test(key))
      return [{ property, reason: "no valid key of a Kubernetes label" }];
    if (isUnknown(value) || /^([A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?)?$/.test(String(value))) return [];
    return [{ property, reason: `"${String(value)}" is no valid value of a Kubernetes label` }];
  });
}

/** What has to be there before a node becomes ready; without it EKS gives up after half an hour. */
function admitNodes(
  { inputs, cloud, scope }: Subject,
  clusterName: string,
  subnets: CloudObject[],
  nodes: number,
): void {
  const role = roleByArn(cloud, inputs.nodeRoleArn);
  if (role === undefined) return;
  if (!trusts(role, "ec2.amazonaws.com")) {
    refuse(
      "InvalidParameterException",
      `Following required service principals [ec2.amazonaws.com] were not found in the trust relationships of nodeRole ${role.id}`,
    );
  }
  if (nodes === 0) return;
  const policies = policiesOf(cloud, role.id);
  const fail = (code: string, reason: string) =>
    refuse(
      "NodeCreationFailure",
      `waiting for EKS Node Group (${clusterName}) create: unexpected state 'CREATE_FAILED', wanted target 'ACTIVE'. last error: ${code}: ${reason}`,
    );
  const joined = "Instances failed to join the kubernetes cluster";
  if (!policies.some((policy) => /^AmazonEKSWorkerNode(Minimal)?Policy$/.test(policy)))
    fail(joined, `the role ${role.id} lacks AmazonEKSWorkerNodePolicy`);
  if (!policies.some((policy) => policy.startsWith("AmazonEC2ContainerRegistry")))
    fail(joined, `the role ${role.id} may not pull images from ECR`);
  const cut = subnets.find((subnet) => wayOut(cloud, scope, subnet.id) === "none");
  if (cut) fail(joined, `the route table of ${cut.id} leads neither to a NAT gateway nor to an internet gateway`);
  const vpc = cloud.get("aws:ec2/vpc:Vpc", scope, subnets[0]?.inputs.vpcId)?.inputs ?? {};
  if (vpc.enableDnsHostnames !== true || vpc.enableDnsSupport === false)
    fail(joined, "the VPC needs enableDnsHostnames and enableDnsSupport, else nodes do not find the private endpoint");
  const network =
    policies.includes("AmazonEKS_CNI_Policy") ||
    podsMay(cloud, scope, clusterName, "kube-system", "aws-node", /^AmazonEKS_CNI_Policy$/);
  if (!network)
    fail(
      "Unhealthy nodes in the kubernetes cluster",
      "container runtime network not ready: neither the node role nor a Pod Identity association of kube-system/aws-node carries AmazonEKS_CNI_Policy",
    );
}

/** Managed node groups and the templates of their instances. */
export const nodeTypes: Readonly<Record<string, ResourceType>> = {
  [nodeGroupType]: awsType({
    service: "EKS",
    thing: "Node Group",
    id: ({ inputs }) => `${text(inputs, "clusterName")}:${text(inputs, "nodeGroupName")}`,
    missing: ["ResourceNotFoundException", (id) => `No node group found for name: ${id}.`],
    exists: ["ResourceInUseException", (id) => `NodeGroup already exists with name ${id}`],
    autoName: { property: "nodeGroupName", max: 63 },
    required: ["clusterName", "nodeRoleArn", "subnetIds", "scalingConfig"],
    check: (inputs) => [
      ...matches(
        "nodeGroupName",
        /^[0-9A-Za-z][A-Za-z0-9_-]{0,62}$/,
        "1 to 63 letters, digits, hyphens or underscores",
      )(inputs),
      ...checkLabels(inputs),
    ],
    references: {
      clusterName: { to: clusterType },
      ...ofRole("nodeRoleArn"),
      "subnetIds.*": { to: subnetType },
      "launchTemplate.id": { to: launchTemplateType, weak: true },
    },
    admit: admitNodeGroup,
    companions: (nodeGroup) => [
      autoscalingGroupOf(nodeGroup, String(valuesAt(nodeGroup.computed, "resources.*.autoscalingGroups.*.name")[0])),
    ],
    replaceOn: [
      "clusterName",
      "nodeGroupName",
      "nodeGroupNamePrefix",
      "nodeRoleArn",
      "subnetIds",
      "instanceTypes",
      "amiType",
      "capacityType",
      "diskSize",
      "launchTemplate.id",
      "region",
    ],
    defaults: { capacityType: "ON_DEMAND" },
    computed: {
      arn: arnOf(
        "eks",
        ({ inputs }) => `nodegroup/${text(inputs, "clusterName")}/${text(inputs, "nodeGroupName")}/${identifier(8)}`,
      ),
      amiType: () => "AL2023_x86_64_STANDARD",
      releaseVersion: () => `${newestKubernetes}.0-20261101`,
      resources: ({ inputs }) => [
        {
          autoscalingGroups: [{ name: `eks-${text(inputs, "nodeGroupName")}-${identifier(8)}` }],
          remoteAccessSecurityGroupId: "",
        },
      ],
      status: () => "ACTIVE",
      version: ({ cloud, scope, inputs }) =>
        text(cloud.get(clusterType, scope, inputs.clusterName)?.inputs ?? {}, "version") || newestKubernetes,
    },
  }),

  [launchTemplateType]: awsType({
    service: "EC2",
    thing: "Launch Template",
    id: () => `lt-${identifier(17)}`,
    missing: [
      "InvalidLaunchTemplateId.NotFound",
      (id) => `The specified launch template, with template ID ${id}, does not exist.`,
    ],
    exists: [
      "InvalidLaunchTemplateName.AlreadyExistsException",
      (name) => `Launch template name already in use: ${name}`,
    ],
    autoName: { property: "name", max: 125 },
    unique: ["name"],
    check: matches("name", /^[a-zA-Z0-9().\-/_]{3,128}$/, "3 to 128 letters, digits or ().-/_"),
    references: { "vpcSecurityGroupIds.*": { to: "aws:ec2/securityGroup:SecurityGroup", weak: true } },
    replaceOn: ["name", "namePrefix", "region"],
    computed: {
      arn: arnOf("ec2", ({ id }) => `launch-template/${id}`),
      latestVersion: ({ before }) => Number(before?.latestVersion ?? 0) + 1,
      defaultVersion: ({ before, inputs }) =>
        inputs.updateDefaultVersion ? Number(before?.latestVersion ?? 0) + 1 : Number(before?.defaultVersion ?? 1),
    },
    changing: ["latestVersion", "defaultVersion"],
  }),
};
