import type { Cloud } from "../cloud";
import { type ResourceType, refuse } from "../resource-type";
import { awsType, matches, text } from "./service";

const cacheRuleType = "aws:ecr/pullThroughCacheRule:PullThroughCacheRule";

/** Registries that ECR copies from, and whether with a login ("Amazon ECR User Guide, Pull through cache", 2026-11-22). */
const upstreams: readonly { readonly host: RegExp; readonly needsLogin: boolean }[] = [
  { host: /^(public\.ecr\.aws|quay\.io|registry\.k8s\.io)$/, needsLogin: false },
  { host: /^(registry-1\.docker\.io|ghcr\.io|registry\.gitlab\.com|[a-z0-9]+\.azurecr\.io)$/, needsLogin: true },
];

const loginName = /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:ecr-pullthroughcache\/./;

/** Rules by which ECR copies images of other registries. */
export const imageCacheTypes: Readonly<Record<string, ResourceType>> = {
  [cacheRuleType]: awsType({
    service: "ECR",
    thing: "Pull Through Cache Rule",
    id: ({ inputs }) => text(inputs, "ecrRepositoryPrefix"),
    missing: [
      "PullThroughCacheRuleNotFoundException",
      (prefix) => `Pull through cache rule with the prefix '${prefix}' does not exist`,
    ],
    exists: [
      "PullThroughCacheRuleAlreadyExistsException",
      (prefix) => `A pull through cache rule with the prefix '${prefix}' already exists`,
    ],
    required: ["ecrRepositoryPrefix", "upstreamRegistryUrl"],
    check: (inputs) => [
      ...matches(
        "ecrRepositoryPrefix",
        /^(?=.{2,30}$)(?:(?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*\/?|ROOT)$/,
        "2 to 30 lower-case letters, digits and single ._- between them, parts separated by /",
      )(inputs),
      ...matches(
        "credentialArn",
        loginName,
        "the ARN of a secret whose name begins with ecr-pullthroughcache/",
      )(inputs),
    ],
    admit({ inputs, cloud }) {
      const credential = text(inputs, "credentialArn");
      if (credential && !Object.keys(cloud.account.secrets ?? {}).includes(credential))
        refuse(
          "SecretNotFoundException",
          "The ARN of the secret specified in the pull through cache rule was not found. Update the secret ARN in the pull through cache rule and try again.",
        );
      const host = text(inputs, "upstreamRegistryUrl");
      const upstream = upstreams.find((each) => each.host.test(host));
      if (upstream === undefined)
        refuse("UnsupportedUpstreamRegistryException", `The specified upstream registry ${host} isn't supported`);
      if (upstream.needsLogin && !inputs.credentialArn)
        refuse("InvalidParameterException", `credentialArn is required for the upstream registry ${host}`);
    },
    replaceOn: ["ecrRepositoryPrefix", "upstreamRegistryUrl", "region"],
    defaults: { upstreamRepositoryPrefix: "ROOT" },
    computed: { registryId: ({ cloud }) => cloud.account.id },
  }),
};

/** Whether a repository is filled from another registry when somebody pulls. */
export function isCache(cloud: Cloud, region: string, repository: string): boolean {
  return cloud
    .list(cacheRuleType)
    .some((rule) => rule.scope === region && repository.startsWith(`${rule.id.replace(/\/$/, "")}/`));
}
