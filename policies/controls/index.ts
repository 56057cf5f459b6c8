import type { Control } from "../control";
import { loginHasAllowRule, loginIsReal } from "./authentication";
import { browserProtectionsKept } from "./browser-protections";
import { certificateRenewsItself } from "./certificate-renewal";
import { certificateTrusted, manualCertificateWellFormed } from "./certificates";
import { clusterEndpointRestricted, clusterSecretsEncrypted } from "./cluster";
import { clusterAdministratorsNamed } from "./cluster-access";
import { cryptKeysStrong } from "./crypt-keys";
import { databasePrivateAndEncrypted, hubDatabaseConnectionProtected, volumesEncrypted } from "./database";
import { dnsRecordFitsTarget, hubHasOwnDomain } from "./domain";
import { loadBalancerSourcesRestricted, staticAddressEffective } from "./exposure";
import { userPodsOffTheHost } from "./host-access";
import { httpsEffective } from "./https";
import { hubFullyEvaluable } from "./hub-code";
import { hubSecretsStable, proxyTokenReachesBoth } from "./hub-secrets";
import { imagesPinned } from "./images";
import { hubSecretsNotInUserPods, tlsKeyNotInUserPods } from "./leaks";
import { noKubernetesDashboard, noTiller } from "./leftovers";
import { loginScopesSmall } from "./login-scopes";
import { userPodMetadataBlocked } from "./metadata";
import { metadataBlockConsistent, metadataBlockFitsPodSecurity, metadataBlockUnprivileged } from "./metadata-block";
import { onlyLabelledPodsReachHub } from "./network-access";
import { networkPoliciesEnabled, networkPoliciesEnforced } from "./network-policies";
import { nodeMetadataHopLimit } from "./nodes";
import { oauthCallbackIsHttps, oauthCallbackMatchesHub } from "./oauth-callback";
import { loginClientConfigured, loginSectionMatchesClass } from "./oauth-client";
import { identityProviderOffersMfa, loginProviderOverTls, oauthCallbackRegistered } from "./oauth-provider";
import { userPodHasNoApiCredentials } from "./pods";
import {
  pullSecretComplete,
  pullSecretPasswordReal,
  pullSecretReallyMade,
  pullSecretsAreRegistryLogins,
  registryLoginLasts,
} from "./pull-secrets";
import { rbacEnabled } from "./rbac";
import { registryTagsImmutableAndScanned } from "./registry";
import { registryPrivate } from "./registry-access";
import { chartVersionExact, hubHasOwnNamespace, imageVersionsMatchChart, releaseCleansUp } from "./release";
import { rolesMinimal } from "./role-bindings";
import { cookieSecretStrong, proxyTokenStrong } from "./secrets";
import { serverEnvironmentOutsideHome, serverStartsWithoutShell } from "./server-start";
import { componentsHaveOwnAccounts } from "./service-accounts";
import { servicesReviewed, usersReachOwnServersOnly } from "./shared-origin";
import { subdomainsHaveWildcardCertificate, userConfigDisabled, usersHaveOwnSubdomains } from "./sub-domains";
import { hubLeavesTlsToProxy, tlsSecretWellFormed } from "./tls-secret";
import { tlsModern } from "./tls-versions";
import { typedImagesRestricted } from "./typed-images";
import { userAccountLimited } from "./user-account";
import { userEgressNarrow } from "./user-egress";
import { userImageIsOwn, userImagesFromPrivateRegistry } from "./user-images";
import { userServerUnprivileged } from "./user-servers";
import { chartVersionHasNoKnownVulnerability } from "./versions";
import { offloadKeepsWebsockets } from "./websockets";

/** Every control, in the order in which results are shown. */
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
  loginSectionMatchesClass,
  loginClientConfigured,
  oauthCallbackIsHttps,
  oauthCallbackMatchesHub,
  hubSecretsNotInUserPods,
  tlsKeyNotInUserPods,
  tlsSecretWellFormed,
  manualCertificateWellFormed,
  hubLeavesTlsToProxy,
  tlsModern,
  hubHasOwnDomain,
  dnsRecordFitsTarget,
  certificateRenewsItself,
  certificateTrusted,
  offloadKeepsWebsockets,
  loadBalancerSourcesRestricted,
  staticAddressEffective,
  oauthCallbackRegistered,
  identityProviderOffersMfa,
  loginProviderOverTls,
  loginScopesSmall,
  cryptKeysStrong,
  hubSecretsStable,
  proxyTokenReachesBoth,
  hubDatabaseConnectionProtected,
  databasePrivateAndEncrypted,
  volumesEncrypted,
  userImagesFromPrivateRegistry,
  userImageIsOwn,
  pullSecretPasswordReal,
  pullSecretComplete,
  registryLoginLasts,
  pullSecretsAreRegistryLogins,
  pullSecretReallyMade,
  registryPrivate,
  rolesMinimal,
  userAccountLimited,
  componentsHaveOwnAccounts,
  clusterAdministratorsNamed,
  noTiller,
  noKubernetesDashboard,
  metadataBlockFitsPodSecurity,
  metadataBlockUnprivileged,
  metadataBlockConsistent,
  onlyLabelledPodsReachHub,
  userEgressNarrow,
  usersHaveOwnSubdomains,
  subdomainsHaveWildcardCertificate,
  userConfigDisabled,
  userServerUnprivileged,
  userPodsOffTheHost,
  typedImagesRestricted,
  serverEnvironmentOutsideHome,
  serverStartsWithoutShell,
  usersReachOwnServersOnly,
  servicesReviewed,
  browserProtectionsKept,
  hubFullyEvaluable,
  chartVersionExact,
  imageVersionsMatchChart,
  releaseCleansUp,
  hubHasOwnNamespace,
];

/** What the gate refuses by default. */
export const securityControls: readonly Control[] = controls.filter(({ pack }) => pack === "security");

/** What is advice by default. */
export const operationsControls: readonly Control[] = controls.filter(({ pack }) => pack === "operations");
