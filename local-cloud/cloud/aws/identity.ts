import { type Cloud, type CloudObject, identifier } from "../cloud";
import { type Problem, type ResourceType, refuse, type Subject } from "../resource-type";
import { isUnknown, type Properties } from "../wire";
import { listed, type PolicyKind, policyFault, statementsOf } from "./policy-documents";
import { accountId, arn, arnOf, awsType, matches, text } from "./service";

export const roleType = "aws:iam/role:Role";
const policyType = "aws:iam/policy:Policy";
const attachmentType = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
const rolePolicyType = "aws:iam/rolePolicy:RolePolicy";

/** Policies that AWS keeps in every account, as far as clusters and their pods need them ("AWS managed policies", 2026-11-22). */
const awsManaged = new Set([
  "AdministratorAccess",
  "AmazonEBSCSIDriverPolicyV2",
  "AmazonEC2ContainerRegistryPowerUser",
  "AmazonEC2ContainerRegistryPullOnly",
  "AmazonEC2ContainerRegistryReadOnly",
  "AmazonEKSBlockStoragePolicy",
  "AmazonEKSClusterPolicy",
  "AmazonEKSComputePolicy",
  "AmazonEKSLoadBalancingPolicy",
  "AmazonEKSNetworkingPolicy",
  "AmazonEKSServicePolicy",
  "AmazonEKSVPCResourceController",
  "AmazonEKSWorkerNodeMinimalPolicy",
  "AmazonEKSWorkerNodePolicy",
  "AmazonEKS_CNI_Policy",
  "AmazonS3FullAccess",
  "AmazonS3ReadOnlyAccess",
  "AmazonSSMManagedInstanceCore",
  "CloudWatchAgentServerPolicy",
  "PowerUserAccess",
  "ReadOnlyAccess",
  "service-role/AmazonEBSCSIDriverPolicy",
  "service-role/AmazonEFSCSIDriverPolicy",
  "service-role/AWSBackupServiceRolePolicyForBackup",
  "service-role/AWSBackupServiceRolePolicyForRestores",
]);

const isAwsManaged = (policyArn: string): boolean =>
  policyArn.startsWith("arn:aws:iam::aws:policy/") &&
  awsManaged.has(policyArn.slice("arn:aws:iam::aws:policy/".length));

function checkDocument(property: string) {
  return (inputs: Properties): Problem[] => {
    const document = inputs[property];
    if (typeof document !== "string" || isUnknown(document)) return [];
    try {
      statementsOf(document);
      return [];
    } catch {
      return [{ property, reason: `"${property}" contains an invalid JSON policy: not a JSON object` }];
    }
  };
}

/** Does the role's trust policy let this AWS service assume it, and do what else it does then? */
export function trusts(role: CloudObject, service: string, actions: readonly string[] = ["sts:AssumeRole"]): boolean {
  const granted = statementsOf(text(role.inputs, "assumeRolePolicy") || "{}").flatMap(
    ({ Effect, Principal, Action }) => {
      const services = typeof Principal === "object" ? listed(Principal.Service) : [];
      return Effect === "Allow" && services.includes(service) ? listed(Action) : [];
    },
  );
  return actions.every((action) => granted.includes(action) || granted.includes("sts:*"));
}

/** Names of the managed policies that a role carries, such as `AmazonEKS_CNI_Policy`. */
export function policiesOf(cloud: Cloud, roleName: string): string[] {
  const attachments = cloud.list(attachmentType).filter((each) => each.inputs.role === roleName);
  return attachments.map((each) => text(each.inputs, "policyArn").split("/").at(-1) ?? "");
}

export const roleByArn = (cloud: Cloud, roleArn: unknown): CloudObject | undefined =>
  cloud.list(roleType).find((role) => role.computed.arn === roleArn);

function admitDocument(document: string, kind: PolicyKind): void {
  const fault = policyFault(document, kind);
  if (fault !== undefined) refuse("MalformedPolicyDocument", fault);
}

/** IAM counts what is not white space, of an inline policy together with the role's others ("IAM and AWS STS quotas"). */
function admitSize(documents: readonly string[], quota: string, most: number): void {
  const size = documents.join("").replaceAll(/\s/g, "").length;
  if (size > most) refuse("LimitExceeded", `Cannot exceed quota for ${quota}: ${most}`);
}

function admitRolePolicy({ inputs, cloud, id }: Subject): void {
  const policy = text(inputs, "policy");
  admitDocument(policy, "identity");
  const others = cloud.list(rolePolicyType).filter((each) => each.inputs.role === inputs.role && each.id !== id);
  admitSize([policy, ...others.map((other) => text(other.inputs, "policy"))], "InlinePolicySizePerRole", 10_240);
}

function admitAttachment({ inputs, cloud }: Subject): void {
  const attached = cloud.list(attachmentType).filter((each) => each.inputs.role === inputs.role);
  if (attached.length >= 10) refuse("LimitExceeded", "Cannot exceed quota for PoliciesPerRole: 10");
}

const nameRule = (max: number) =>
  matches("name", new RegExp(`^[\\w+=,.@-]{1,${max}}$`), `1 to ${max} letters, digits or +=,.@_-`);

export const identityTypes: Readonly<Record<string, ResourceType>> = {
  [roleType]: awsType({
    service: "IAM",
    thing: "Role",
    global: true,
    id: ({ inputs }) => text(inputs, "name") || `${text(inputs, "namePrefix")}${identifier(26)}`,
    missing: ["NoSuchEntity", (name) => `The role with name ${name} cannot be found.`],
    exists: ["EntityAlreadyExists", (name) => `Role with name ${name} already exists.`],
    autoName: { property: "name", max: 64 },
    required: ["assumeRolePolicy"],
    check: (inputs) => [
      ...nameRule(64)(inputs),
      ...matches("namePrefix", /^[\w+=,.@-]{1,38}$/, "1 to 38 letters, digits or +=,.@_-")(inputs),
      ...checkDocument("assumeRolePolicy")(inputs),
    ],
    admit({ inputs }) {
      const trust = text(inputs, "assumeRolePolicy");
      admitDocument(trust, "trust");
      admitSize([trust], "ACLSizePerRole", 2048);
    },
    replaceOn: ["name", "namePrefix", "path"],
    defaults: { path: "/", maxSessionDuration: 3600, forceDetachPolicies: false },
    computed: {
      arn: ({ id, cloud }) => arn("iam", cloud.account, "", `role/${id}`),
      name: ({ id }) => id,
      uniqueId: () => `AROA${identifier(17).toUpperCase()}`,
      createDate: () => new Date().toISOString(),
      managedPolicyArns: () => [],
    },
    release(role, cloud) {
      const attached = policiesOf(cloud, role.id).length > 0;
      if (attached && !role.inputs.forceDetachPolicies)
        refuse("DeleteConflict", "Cannot delete entity, must detach all policies first.");
      const inline = cloud.list(rolePolicyType).some((policy) => policy.inputs.role === role.id);
      if (inline && !role.inputs.forceDetachPolicies)
        refuse("DeleteConflict", "Cannot delete entity, must delete policies first.");
    },
  }),

  [rolePolicyType]: awsType({
    service: "IAM",
    thing: "Role Policy",
    global: true,
    id: ({ inputs }) => `${text(inputs, "role")}:${text(inputs, "name")}`,
    missing: ["NoSuchEntity", (name) => `The role policy with name ${name} cannot be found.`],
    autoName: { property: "name", max: 128 },
    required: ["role", "policy"],
    references: { role: { to: roleType, weak: true } },
    check: (inputs) => [...nameRule(128)(inputs), ...checkDocument("policy")(inputs)],
    admit: admitRolePolicy,
    replaceOn: ["name", "namePrefix", "role"],
  }),

  [policyType]: awsType({
    service: "IAM",
    thing: "Policy",
    global: true,
    id: ({ inputs, cloud }) => arn("iam", cloud.account, "", `policy/${text(inputs, "name")}`),
    missing: ["NoSuchEntity", (policy) => `Policy ${policy} does not exist or is not attachable.`],
    exists: [
      "EntityAlreadyExists",
      (name) => `A policy called ${name} already exists. Duplicate names are not allowed.`,
    ],
    inUse: ["DeleteConflict", () => "Cannot delete a policy attached to entities."],
    autoName: { property: "name", max: 128 },
    required: ["policy"],
    check: (inputs) => [...nameRule(128)(inputs), ...checkDocument("policy")(inputs)],
    admit({ inputs }) {
      admitDocument(text(inputs, "policy"), "identity");
      admitSize([text(inputs, "policy")], "PolicySize", 6144);
    },
    replaceOn: ["name", "namePrefix", "description", "path"],
    defaults: { path: "/" },
    computed: { arn: ({ id }) => id, policyId: () => `ANPA${identifier(17).toUpperCase()}`, attachmentCount: () => 0 },
  }),

  [attachmentType]: awsType({
    service: "IAM",
    thing: "Role Policy Attachment",
    global: true,
    id: ({ inputs }) => `${text(inputs, "role")}-${text(inputs, "policyArn")}`,
    missing: ["NoSuchEntity", (name) => `Policy attachment ${name} was not found.`],
    required: ["role", "policyArn"],
    references: { role: { to: roleType, weak: true }, policyArn: { to: policyType, external: isAwsManaged } },
    admit: admitAttachment,
    replaceOn: ["role", "policyArn"],
  }),
};

/** KMS keeps its callers from locking themselves out: the account has to be able to change the policy. */
function admitKeyPolicy({ inputs, cloud }: Subject): void {
  const policy = text(inputs, "policy");
  if (policy === "") return;
  const fault = policyFault(policy, "resource");
  if (fault !== undefined) refuse("MalformedPolicyDocumentException", fault);
  const account = [`arn:aws:iam::${cloud.account.id}:root`, `arn:aws:iam::${cloud.account.id}:user/local`];
  const keeps = statementsOf(policy).some(
    ({ Effect, Principal, Action }) =>
      Effect === "Allow" &&
      typeof Principal === "object" &&
      listed(Principal.AWS).some((principal) => [...account, cloud.account.id].includes(principal)) &&
      listed(Action).some((action) => ["kms:*", "kms:Put*", "kms:PutKeyPolicy", "*"].includes(action)),
  );
  if (!keeps && inputs.bypassPolicyLockoutSafetyCheck !== true)
    refuse(
      "MalformedPolicyDocumentException",
      "The new key policy will not allow you to update the key policy in the future.",
    );
}

export const keyType = "aws:kms/key:Key";

/** Keys and their aliases. */
export const keyTypes: Readonly<Record<string, ResourceType>> = {
  [keyType]: awsType({
    service: "KMS",
    thing: "Key",
    id: () => [8, 4, 4, 4, 12].map(identifier).join("-"),
    missing: ["NotFoundException", (key) => `Key '${key}' does not exist`],
    // Whatever was encrypted with the key becomes unreadable; KMS does not refuse.
    check: checkDocument("policy"),
    admit: admitKeyPolicy,
    replaceOn: ["customerMasterKeySpec", "keyUsage", "multiRegion", "customKeyStoreId", "region"],
    defaults: {
      customerMasterKeySpec: "SYMMETRIC_DEFAULT",
      keyUsage: "ENCRYPT_DECRYPT",
      isEnabled: true,
      enableKeyRotation: false,
      multiRegion: false,
    },
    computed: {
      arn: arnOf("kms", ({ id }) => `key/${id}`),
      keyId: ({ id }) => id,
      description: () => "",
      policy: ({ cloud }) => ownerPolicy(cloud.account.id),
      rotationPeriodInDays: ({ inputs }) => (inputs.enableKeyRotation ? 365 : 0),
    },
  }),
  "aws:kms/alias:Alias": awsType({
    service: "KMS",
    thing: "Alias",
    id: ({ inputs }) => text(inputs, "name"),
    missing: ["NotFoundException", (alias) => `Alias ${alias} is not found.`],
    exists: ["AlreadyExistsException", (alias) => `An alias with the name ${alias} already exists`],
    required: ["targetKeyId"],
    references: { targetKeyId: { to: keyType, weak: true } },
    check: matches(
      "name",
      /^alias\/(?!aws\/)[a-zA-Z0-9/_-]{1,250}$/,
      "alias/ and 1 to 250 letters, digits or /_-, not alias/aws/",
    ),
    replaceOn: ["name", "namePrefix", "region"],
    normalize: (inputs, { seed, olds }) =>
      inputs.name ? inputs : { ...inputs, name: olds.name ?? `alias/${seed.toString("hex").slice(0, 7)}` },
    computed: {
      arn: arnOf("kms", ({ inputs }) => text(inputs, "name")),
      targetKeyArn: ({ inputs, cloud, scope }) => cloud.get(keyType, scope, inputs.targetKeyId)?.computed.arn ?? "",
      ownerId: accountId,
    },
  }),
};

const ownerPolicy = (account: string): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Id: "key-default-1",
    Statement: [
      {
        Sid: "Enable IAM User Permissions",
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${account}:root` },
        Action: "kms:*",
        Resource: "*",
      },
    ],
  });
