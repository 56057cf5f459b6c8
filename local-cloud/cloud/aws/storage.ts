import { type Problem, type ResourceType, refuse } from "../resource-type";
import type { Properties } from "../wire";
import { keyType } from "./identity";
import { policyFault } from "./policy-documents";
import { arnOf, awsType, checkJson, matches, text } from "./service";

export const logGroupType = "aws:cloudwatch/logGroup:LogGroup";

/** Days for which CloudWatch can keep logs; 0 is for ever ("CloudWatch Logs API, PutRetentionPolicy"). */
const retentions = [
  0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

function checkRetention({ retentionInDays: days }: Properties): Problem[] {
  if (typeof days !== "number" || retentions.includes(days)) return [];
  return [
    {
      property: "retentionInDays",
      reason: `expected retention_in_days to be one of [${retentions.join(" ")}], got ${days}`,
    },
  ];
}

interface LifecycleRule {
  readonly rulePriority?: number;
  readonly selection?: {
    readonly tagStatus?: string;
    readonly tagPatternList?: readonly string[];
    readonly tagPrefixList?: readonly string[];
    readonly countType?: string;
    readonly countUnit?: string;
    readonly countNumber?: number;
  };
  readonly action?: { readonly type?: string };
}

/** What ECR refuses of rules for old images ("Amazon ECR User Guide, Lifecycle policy parameters"). */
function lifecycleFault(document: string): string | undefined {
  const { rules = [] } = JSON.parse(document) as { rules?: readonly LifecycleRule[] };
  const invalid = (why: string) => `Lifecycle policy validation failure: ${why}`;
  if (rules.length === 0) return invalid("there are no rules");
  const priorities = rules.map(({ rulePriority }) => rulePriority ?? 0);
  if (priorities.some((priority) => priority < 1) || new Set(priorities).size < rules.length)
    return invalid("each rule needs a rulePriority of its own, at least 1");
  for (const { rulePriority = 0, selection = {}, action } of rules) {
    const { tagStatus, tagPatternList = [], tagPrefixList = [], countType, countUnit, countNumber = 0 } = selection;
    const lists = [tagPatternList, tagPrefixList].filter((list) => list.length > 0).length;
    if (!["tagged", "untagged", "any"].includes(String(tagStatus))) return invalid(`tagStatus is ${tagStatus}`);
    if ((tagStatus === "tagged") !== (lists === 1))
      return invalid("a rule for tagged images, and only such a one, has tagPatternList or tagPrefixList");
    if (tagStatus === "any" && rulePriority < Math.max(...priorities))
      return invalid("the rule for any image must have the highest rulePriority, so that it comes last");
    if (!["imageCountMoreThan", "sinceImagePushed"].includes(String(countType)))
      return invalid(`countType is ${countType}`);
    if ((countType === "sinceImagePushed") !== (countUnit === "days"))
      return invalid("countUnit days belongs to countType sinceImagePushed");
    if (countNumber < 1) return invalid("countNumber is at least 1");
    if (action?.type !== "expire") return invalid(`action is ${action?.type}`);
  }
  return undefined;
}

export const repositoryType = "aws:ecr/repository:Repository";
const inRepository = { repository: { to: repositoryType, weak: true } };

/** Logs and images. */
export const storageTypes: Readonly<Record<string, ResourceType>> = {
  [logGroupType]: awsType({
    service: "CloudWatch Logs",
    thing: "Log Group",
    id: ({ inputs }) => text(inputs, "name"),
    missing: ["ResourceNotFoundException", () => "The specified log group does not exist."],
    exists: ["ResourceAlreadyExistsException", () => "The specified log group already exists"],
    autoName: { property: "name", max: 512 },
    check: (inputs) => [
      ...matches("name", /^[\w./#-]{1,512}$/, "1 to 512 letters, digits or ./#_-")(inputs),
      ...checkRetention(inputs),
    ],
    references: { kmsKeyId: { to: keyType, by: "arn", weak: true } },
    replaceOn: ["name", "namePrefix", "logGroupClass", "region"],
    defaults: { retentionInDays: 0, skipDestroy: false, logGroupClass: "STANDARD" },
    computed: { arn: arnOf("logs", ({ inputs }) => `log-group:${text(inputs, "name")}`) },
  }),

  [repositoryType]: awsType({
    service: "ECR",
    thing: "Repository",
    id: ({ inputs }) => text(inputs, "name"),
    missing: [
      "RepositoryNotFoundException",
      (name) => `The repository with name '${name}' does not exist in the registry`,
    ],
    exists: [
      "RepositoryAlreadyExistsException",
      (name) => `The repository with name '${name}' already exists in the registry`,
    ],
    autoName: { property: "name", max: 256, lower: true },
    check: matches(
      "name",
      /^(?=.{2,256}$)[a-z0-9]+(?:[._-][a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-][a-z0-9]+)*)*$/,
      "2 to 256 lower-case letters, digits and single ._- between them, parts separated by /",
    ),
    references: { "encryptionConfigurations.*.kmsKey": { to: keyType, by: "arn", weak: true } },
    replaceOn: ["name", "encryptionConfigurations", "region"],
    defaults: { imageTagMutability: "MUTABLE", forceDelete: false },
    computed: {
      arn: arnOf("ecr", ({ inputs }) => `repository/${text(inputs, "name")}`),
      registryId: ({ cloud }) => cloud.account.id,
      repositoryUrl: ({ cloud, scope, inputs }) =>
        `${cloud.account.id}.dkr.ecr.${scope}.amazonaws.com/${text(inputs, "name")}`,
    },
    release(repository, cloud) {
      const images = cloud.list("aws:ecr/image:Image").filter((image) => image.inputs.repository === repository.id);
      if (images.length > 0 && !repository.inputs.forceDelete) {
        refuse(
          "RepositoryNotEmptyException",
          `The repository with name '${repository.id}' in registry with id '${cloud.account.id}' cannot be deleted because it still contains images`,
        );
      }
    },
  }),
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": repositoryDocument("Lifecycle", lifecycleFault),
  "aws:ecr/repositoryPolicy:RepositoryPolicy": repositoryDocument("Repository", (policy) =>
    policyFault(policy, "resource"),
  ),
};

/** A document that hangs on a repository: there is one of its kind, and it goes by the repository's name. */
function repositoryDocument(kind: "Lifecycle" | "Repository", faultOf: (document: string) => string | undefined) {
  return awsType({
    service: "ECR",
    thing: `${kind} Policy`,
    id: ({ inputs }) => text(inputs, "repository"),
    missing: [`${kind}PolicyNotFoundException`, (name) => `${kind} policy does not exist for the repository '${name}'`],
    required: ["repository", "policy"],
    references: inRepository,
    check: checkJson("policy"),
    admit({ inputs }) {
      const fault = faultOf(text(inputs, "policy"));
      if (fault !== undefined)
        refuse(
          "InvalidParameterException",
          `Invalid parameter at '${kind === "Lifecycle" ? "LifecyclePolicyText" : "PolicyText"}' failed to satisfy constraint: '${fault}'`,
        );
    },
    replaceOn: ["repository", "region"],
    computed: { registryId: ({ cloud }) => cloud.account.id },
  });
}
