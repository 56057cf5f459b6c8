import { parse } from "yaml";
import { identifier } from "../cloud";
import { type Problem, type ResourceType, refuse, type Subject } from "../resource-type";
import { isUnknown, type Properties, valuesAt } from "../wire";
import { addOnType, clusterType, ofRole, ordinaryNodes, podIdentityType } from "./eks-facts";
import { addOnFits, needsNode, newestAddOn, newestKubernetes } from "./eks-versions";
import { roleByArn, trusts } from "./identity";
import { arnOf, awsType, matches, text } from "./service";

const accessEntryType = "aws:eks/accessEntry:AccessEntry";

function checkConfiguration({ configurationValues: given }: Properties): Problem[] {
  if (typeof given !== "string" || given === "" || isUnknown(given)) return [];
  try {
    const values: unknown = parse(given);
    if (typeof values === "object" && values !== null && !Array.isArray(values)) return [];
  } catch {
    // Said below, with what is an object of no kind.
  }
  const reason = "ConfigurationValue provided in request is not supported: expected a JSON or YAML object";
  return [{ property: "configurationValues", reason }];
}

/** Entries are asked where the cluster does not read its config map alone. */
function admitEntry({ inputs, cloud, scope }: Subject): void {
  const [mode] = valuesAt(cloud.get(clusterType, scope, inputs.clusterName)?.inputs, "accessConfig.authenticationMode");
  if (mode === "CONFIG_MAP")
    refuse(
      "InvalidRequestException",
      "The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this operation.",
    );
  const system = valuesAt(inputs, "kubernetesGroups.*").find((group) => String(group).startsWith("system:"));
  if (system)
    refuse(
      "InvalidParameterException",
      `The kubernetes group name ${String(system)} is invalid, it cannot start with system:`,
    );
}

function admitAddOn({ inputs, cloud, scope }: Subject): void {
  const clusterName = text(inputs, "clusterName");
  const name = text(inputs, "addonName");
  const kubernetes = text(cloud.get(clusterType, scope, clusterName)?.inputs ?? {}, "version") || newestKubernetes;
  const version = text(inputs, "addonVersion");
  if (newestAddOn(name, kubernetes) === undefined)
    refuse("InvalidParameterException", `Addon ${name} specified is not supported in ${kubernetes} kubernetes version`);
  if (version && !addOnFits(name, version, kubernetes))
    refuse(
      "InvalidParameterException",
      `Addon version specified is not supported: ${name} ${version} with Kubernetes ${kubernetes}`,
    );
  if (needsNode.has(name) && ordinaryNodes(cloud, scope, clusterName) === 0) {
    refuse(
      "InsufficientNumberOfReplicas",
      `waiting for EKS Add-On (${clusterName}:${name}) create: timeout while waiting for state to become 'ACTIVE' (last state: 'DEGRADED', timeout: 20m0s): The add-on is unhealthy because it doesn't have the desired number of replicas: no node without a taint can take its pods`,
    );
  }
}

/** What is added to a cluster: add-ons, and who may act in it. */
export const clusterAdditionTypes: Readonly<Record<string, ResourceType>> = {
  [addOnType]: awsType({
    service: "EKS",
    thing: "Addon",
    id: ({ inputs }) => `${text(inputs, "clusterName")}:${text(inputs, "addonName")}`,
    missing: ["ResourceNotFoundException", (id) => `No addon: ${id} found.`],
    exists: ["ResourceInUseException", () => "Addon already exists."],
    required: ["clusterName", "addonName"],
    references: {
      clusterName: { to: clusterType, weak: true },
      ...ofRole("serviceAccountRoleArn"),
      ...ofRole("podIdentityAssociations.*.roleArn"),
    },
    check: checkConfiguration,
    admit: admitAddOn,
    replaceOn: ["clusterName", "addonName", "region"],
    computed: {
      addonVersion: ({ inputs }) => newestAddOn(text(inputs, "addonName"), newestKubernetes) ?? "",
      arn: arnOf(
        "eks",
        ({ inputs }) => `addon/${text(inputs, "clusterName")}/${text(inputs, "addonName")}/${identifier(8)}`,
      ),
      configurationValues: () => "",
      createdAt: () => new Date().toISOString(),
      modifiedAt: () => new Date().toISOString(),
    },
    changing: ["modifiedAt"],
  }),

  [accessEntryType]: awsType({
    service: "EKS",
    thing: "Access Entry",
    id: ({ inputs }) => `${text(inputs, "clusterName")}:${text(inputs, "principalArn")}`,
    missing: [
      "ResourceNotFoundException",
      (principal) => `The specified principalArn could not be found: ${principal}`,
    ],
    exists: ["ResourceInUseException", () => "The specified access entry resource is already in use on this cluster."],
    required: ["clusterName", "principalArn"],
    check: matches("principalArn", /^arn:aws[a-z-]*:iam::\d{12}:(role|user)\/.+$/, "the ARN of an IAM role or user"),
    references: { clusterName: { to: clusterType, weak: true } },
    admit: admitEntry,
    replaceOn: ["clusterName", "principalArn", "type", "region"],
    defaults: { type: "STANDARD" },
    computed: {
      accessEntryArn: arnOf("eks", ({ inputs }) => `access-entry/${text(inputs, "clusterName")}/${identifier(8)}`),
      createdAt: () => new Date().toISOString(),
      modifiedAt: () => new Date().toISOString(),
      kubernetesGroups: () => [],
      userName: ({ inputs }) => text(inputs, "principalArn"),
    },
  }),

  "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": awsType({
    service: "EKS",
    thing: "Access Policy Association",
    id: ({ inputs }) =>
      [text(inputs, "clusterName"), text(inputs, "principalArn"), text(inputs, "policyArn")].join("#"),
    missing: ["ResourceNotFoundException", (id) => `no association ${id}`],
    required: ["clusterName", "principalArn", "policyArn", "accessScope"],
    check: matches(
      "policyArn",
      /^arn:aws[a-z-]*:eks::aws:cluster-access-policy\/AmazonEKS(Cluster)?(Admin|AdminView|Edit|View|SecretReader)Policy$/,
      "for example arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
    ),
    references: {
      clusterName: { to: clusterType, weak: true },
      principalArn: { to: accessEntryType, by: "principalArn", weak: true },
    },
    replaceOn: ["clusterName", "principalArn", "policyArn", "accessScope", "region"],
    computed: { associatedAt: () => new Date().toISOString(), modifiedAt: () => new Date().toISOString() },
  }),

  [podIdentityType]: awsType({
    service: "EKS",
    thing: "Pod Identity Association",
    id: () => `a-${identifier(17)}`,
    missing: ["ResourceNotFoundException", (id) => `The specified association ${id} could not be found.`],
    exists: ["ResourceInUseException", () => "Association already exists for this service account."],
    unique: ["clusterName", "namespace", "serviceAccount"],
    required: ["clusterName", "namespace", "serviceAccount", "roleArn"],
    references: { clusterName: { to: clusterType, weak: true }, ...ofRole("roleArn") },
    replaceOn: ["clusterName", "namespace", "serviceAccount", "region"],
    admit({ inputs, cloud }) {
      const role = roleByArn(cloud, inputs.roleArn);
      if (role && !trusts(role, "pods.eks.amazonaws.com", ["sts:AssumeRole", "sts:TagSession"])) {
        refuse(
          "InvalidParameterException",
          `Trust policy of role ${role.id} does not allow pods.eks.amazonaws.com to perform sts:AssumeRole and sts:TagSession`,
        );
      }
    },
    computed: {
      associationArn: arnOf("eks", ({ id, inputs }) => `podidentityassociation/${text(inputs, "clusterName")}/${id}`),
      associationId: ({ id }) => id,
    },
  }),
};
