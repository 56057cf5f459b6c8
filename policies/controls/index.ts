import type { Control } from "../control";
import { loginHasAllowRule, loginIsReal } from "./authentication";
import { clusterEndpointRestricted, clusterSecretsEncrypted } from "./cluster";
import { httpsEffective } from "./https";
import { imagesPinned } from "./images";
import { userPodMetadataBlocked } from "./metadata";
import { networkPoliciesEnabled, networkPoliciesEnforced } from "./network-policies";
import { nodeMetadataHopLimit } from "./nodes";
import { userPodHasNoApiCredentials } from "./pods";
import { rbacEnabled } from "./rbac";
import { registryTagsImmutableAndScanned } from "./registry";
import { cookieSecretStrong, proxyTokenStrong } from "./secrets";
import { chartVersionHasNoKnownVulnerability } from "./versions";

/** Every control of the security pack, in the order in which results are shown. */
export const controls: readonly Control[] = [
  rbacEnabled,
  userPodMetadataBlocked,
  httpsEffective,
  loginIsReal,
  loginHasAllowRule,
  networkPoliciesEnabled,
  networkPoliciesEnforced,
  proxyTokenStrong,
  cookieSecretStrong,
  userPodHasNoApiCredentials,
  imagesPinned,
  chartVersionHasNoKnownVulnerability,
  clusterEndpointRestricted,
  clusterSecretsEncrypted,
  nodeMetadataHopLimit,
  registryTagsImmutableAndScanned,
];
