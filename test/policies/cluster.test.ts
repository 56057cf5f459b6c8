import { UNKNOWN, type Value } from "../../chart/values";
import { clusterEndpointRestricted, clusterSecretsEncrypted } from "../../policies/controls/cluster";
import { registryTagsImmutableAndScanned } from "../../policies/controls/registry";
import { cluster, describeControl, hub, resource } from "./support";

const endpoint = (vpcConfig: Value) => cluster({ vpcConfig });

describeControl(clusterEndpointRestricted, [
  [
    "named networks",
    "pass",
    endpoint({ endpointPublicAccess: true, publicAccessCidrs: ["203.0.113.7/32", "2001:db8::/48"] }),
  ],
  ["private only", "pass", endpoint({ endpointPublicAccess: false })],
  ["private only, as a text", "pass", endpoint({ endpointPublicAccess: "false", publicAccessCidrs: ["0.0.0.0/0"] })],
  ["an organisation's whole /8", "pass", endpoint({ publicAccessCidrs: ["17.0.0.0/8"] })],
  ["nothing said", "fail", endpoint({})],
  ["no network section at all", "fail", cluster()],
  ["null", "fail", endpoint({ publicAccessCidrs: null })],
  ["a text that is no network", "fail", endpoint({ publicAccessCidrs: ["0/0"] })],
  ["an empty list means the world", "fail", endpoint({ publicAccessCidrs: [] })],
  ["the world", "fail", endpoint({ publicAccessCidrs: ["203.0.113.7/32", "0.0.0.0/0"] })],
  ["the world in IPv6", "fail", endpoint({ publicAccessCidrs: ["::/0"] })],
  ["the world in two halves", "fail", endpoint({ publicAccessCidrs: ["0.0.0.0/1", "128.0.0.0/1"] })],
  ["the world beside an unknown", "fail", endpoint({ publicAccessCidrs: [UNKNOWN, "0.0.0.0/0"] })],
  ["a network that is not known yet", "unknown", endpoint({ publicAccessCidrs: ["203.0.113.7/32", UNKNOWN] })],
  ["a list that is not known yet", "unknown", endpoint({ publicAccessCidrs: UNKNOWN })],
  ["open, but maybe not public", "unknown", endpoint({ endpointPublicAccess: UNKNOWN })],
  ["everything unknown", "unknown", cluster({ vpcConfig: UNKNOWN })],
  ["no cluster", "notApplicable", hub({})],
]);

const encryption = (encryptionConfig: Value) => cluster({ encryptionConfig });

describeControl(clusterSecretsEncrypted, [
  ["own key", "pass", encryption({ resources: ["secrets"], provider: { keyArn: "arn:aws:kms:eu-west-1:1:key/k" } })],
  [
    "own key that a preview does not know",
    "pass",
    encryption({ resources: ["secrets"], provider: { keyArn: UNKNOWN } }),
  ],
  ["nothing said", "fail", cluster()],
  ["no key", "fail", encryption({ resources: ["secrets"], provider: {} })],
  ["an empty key", "fail", encryption({ resources: ["secrets"], provider: { keyArn: "" } })],
  ["other resources", "fail", encryption({ resources: [], provider: { keyArn: UNKNOWN } })],
  ["resources not known yet", "unknown", encryption({ resources: UNKNOWN, provider: { keyArn: "arn" } })],
  ["everything unknown", "unknown", encryption(UNKNOWN)],
  ["no cluster", "notApplicable", hub({})],
]);

const repository = (properties: Record<string, Value>) =>
  resource("aws:ecr/repository:Repository", "images", { name: "hub/user", ...properties });
const scanned = { imageScanningConfiguration: { scanOnPush: true } };
const registry = (filter: string, scanFrequency = "SCAN_ON_PUSH") =>
  resource("aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration", "scan", {
    rules: [{ scanFrequency, repositoryFilters: [{ filter, filterType: "WILDCARD" }] }],
  });
const immutable = { imageTagMutability: "IMMUTABLE" };

describeControl(registryTagsImmutableAndScanned, [
  [
    "scanned by a registry filter that the name contains",
    "pass",
    [repository({ ...immutable, name: "team/user" }), registry("team")],
  ],
  ["immutable and scanned", "pass", repository({ ...immutable, ...scanned })],
  [
    "immutable but for named tags",
    "pass",
    repository({
      ...scanned,
      imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
      imageTagMutabilityExclusionFilters: [{ filter: "cache-*", filterType: "WILDCARD" }],
    }),
  ],
  ["scanned by the registry", "pass", [repository(immutable), registry("*")]],
  ["scanned by the registry, by name", "pass", [repository(immutable), registry("hub/*", "CONTINUOUS_SCAN")]],
  ["nothing said", "fail", repository({})],
  ["mutable", "fail", repository({ imageTagMutability: "MUTABLE", ...scanned })],
  [
    "an exclusion of everything",
    "fail",
    repository({
      ...scanned,
      imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
      imageTagMutabilityExclusionFilters: [{ filter: "*" }],
    }),
  ],
  ["not scanned", "fail", repository({ ...immutable, imageScanningConfiguration: { scanOnPush: false } })],
  ["a registry that scans others", "fail", [repository(immutable), registry("web/*")]],
  ["a registry that scans by hand", "fail", [repository(immutable), registry("*", "MANUAL")]],
  ["mutability not known yet", "unknown", repository({ imageTagMutability: UNKNOWN, ...scanned })],
  ["no repository", "notApplicable", hub({})],
]);
