import type { ValueMap } from "../../chart/values";
import { beside, input, type Mutation, property, value, whereLogin, whereTls, without } from "./mutations";

const profile = (override: ValueMap) => [{ display_name: "p", kubespawner_override: override }];
const choice = (override: ValueMap) => [
  { profile_options: { o: { choices: { c: { kubespawner_override: override } } } } },
];
const rbac = "kubernetes:rbac.authorization.k8s.io/v1:";
const spawner = "hub.config.KubeSpawner";

/** What each class that logs in by OAuth is told of the client, weakened. */
const client = (section: string) => [
  value(`hub.config.${section}.client_id`, "<your-client-id>", "login-client-configured"),
  value(`hub.config.${section}.client_secret`, "", "login-client-configured"),
  value(
    `hub.config.${section}.oauth_callback_url`,
    "http://hub.acme.science/hub/oauth_callback",
    "oauth-callback-is-https",
  ),
  value(
    `hub.config.${section}.oauth_callback_url`,
    "https://evil.science/hub/oauth_callback",
    "oauth-callback-matches-hub",
  ),
];

/** What the values of a hub say, each weakened. */
const weakened: readonly Mutation[] = [
  value("rbac.create", false, "rbac-enabled"),
  value("hub.config.JupyterHub.authenticator_class", "dummy", "login-is-real"),
  value("hub.config.JupyterHub.public_url", "http://hub.acme.science/", "https-effective"),
  ...whereLogin("github", [
    value("hub.config.Authenticator.allow_all", true, "login-has-allow-rule"),
    value("hub.config.GitHubOAuthenticator.allowed_organizations", [], "login-has-allow-rule"),
    value("hub.config.GitHubOAuthenticator.scope", ["repo"], "login-scopes-small"),
    value("hub.config.GitHubOAuthenticator.validate_server_cert", false, "login-provider-over-tls"),
    value("hub.config.GitHubOAuthenticator.github_url", "http://github.acme.science", "login-provider-over-tls"),
    ...client("GitHubOAuthenticator"),
  ]),
  ...whereLogin("azuread", [
    value("hub.config.AzureAdOAuthenticator.scope", ["openid", "Directory.ReadWrite.All"], "login-scopes-small"),
    value(
      "hub.config.AzureAdOAuthenticator.authorize_url",
      "http://login.acme.science/authorize",
      "login-provider-over-tls",
    ),
    value("hub.config.AzureAdOAuthenticator.token_url", "http://login.acme.science/token", "login-provider-over-tls"),
    ...client("AzureAdOAuthenticator"),
  ]),
  value("hub.config.CryptKeeper.keys", ["short"], "crypt-keys-strong"),
  value("hub.config.Spawner.disable_user_config", false, "user-config-disabled"),
  value(`${spawner}.automount_service_account_token`, true, "user-pod-has-no-api-credentials"),
  value(`${spawner}.container_security_context.allowPrivilegeEscalation`, true, "user-server-unprivileged"),
  value(`${spawner}.container_security_context.runAsUser`, 0, "user-server-unprivileged"),
  value(`${spawner}.container_security_context.capabilities`, { add: ["SYS_ADMIN"] }, "user-server-unprivileged"),
  value("hub.cookieSecret", "abcdef", "cookie-secret-strong"),
  value("hub.db", { type: "postgres", url: "postgresql://hub:pw@db/hub" }, "hub-database-connection-protected"),
  value("hub.image.tag", "latest", "images-pinned"),
  value("hub.image.tag", "4.0.0", "chart-version-has-no-known-vulnerability"),
  value("hub.networkPolicy.enabled", false, "network-policies-enabled"),
  value("proxy.chp.networkPolicy.enabled", false, "network-policies-enabled"),
  value("singleuser.networkPolicy.enabled", false, "network-policies-enabled"),
  value("singleuser.networkPolicy.egressAllowRules.privateIPs", true, "user-egress-narrow"),
  value("proxy.chp.extraCommandLineFlags", ["--insecure"], "tls-modern"),
  value("proxy.secretToken", "openssl rand -hex 32", "proxy-token-strong"),
  value("proxy.https.type", "", "https-effective"),
  value("proxy.https.hosts", ["hub-1.elb.amazonaws.com"], "hub-has-own-domain"),
  whereTls("offload", value("proxy.service.type", "LoadBalancer", "https-effective")),
  whereTls(
    "letsencrypt",
    value(
      "proxy.https.letsencrypt.acmeServer",
      "https://acme-staging-v02.api.letsencrypt.org/directory",
      "https-effective",
    ),
  ),
  whereTls("letsencrypt", value("proxy.https.letsencrypt.contactEmail", "", "https-effective")),
  whereTls("letsencrypt", value("proxy.traefik.networkPolicy.enabled", false, "network-policies-enabled")),
  value("singleuser.cloudMetadata.blockWithIptables", true, "metadata-block-fits-pod-security"),
  value("singleuser.image.name", "jupyterhub/singleuser", "image-versions-match-chart"),
  value("singleuser.image.tag", "latest", "images-pinned"),
  input("version", "4.0.0", "image-versions-match-chart"),
  input("version", "^4", "chart-version-exact"),
  input("namespace", "default", "hub-has-own-namespace"),
];

/** What the values of a hub do not say, each added. */
const added: readonly Mutation[] = [
  value("hub.config.JupyterHub.ssl_key", "/srv/key.pem", "hub-leaves-tls-to-proxy"),
  value("hub.config.JupyterHub.subdomain_host", "http://hub.acme.science", "users-have-own-subdomains"),
  value(
    "hub.config.JupyterHub.tornado_settings",
    { headers: { "Content-Security-Policy": "frame-ancestors *" } },
    "browser-protections-kept",
  ),
  value("hub.extraConfig", { a: "c.KubeSpawner.privileged = True" }, "hub-fully-evaluable"),
  value("hub.extraEnv", { CONFIGPROXY_AUTH_TOKEN: "x" }, "proxy-token-reaches-both"),
  value("hub.existingSecret", "more", "hub-fully-evaluable"),
  value("hub.loadRoles", { user: { scopes: ["self", "access:servers"] } }, "users-reach-own-servers-only"),
  value("hub.loadRoles", { user: { scopes: ["self", "shares!user"] } }, "chart-version-has-no-known-vulnerability"),
  value("hub.services", { tool: { admin: true } }, "services-reviewed"),
  value("hub.serviceAccount", { create: false }, "components-have-own-accounts"),
  value("hub.networkPolicy.interNamespaceAccessLabels", "accept", "only-labelled-pods-reach-hub"),
  value("hub.networkPolicy.ingress", [{ ports: [{ port: 8081 }] }], "only-labelled-pods-reach-hub"),
  value(
    "imagePullSecret",
    { create: true, registry: "r.acme.science/hub", username: "u", password: "made-up" },
    "pull-secret-complete",
  ),
  value(
    "imagePullSecret",
    { create: true, registry: "r.acme.science", username: "u", password: "aws ecr get-login-password" },
    "pull-secret-password-real",
  ),
  value(
    "imagePullSecret",
    { create: true, registry: "123456789012.dkr.ecr.eu-west-1.amazonaws.com", username: "AWS", password: "made-up" },
    "registry-login-lasts",
  ),
  value("ingress", { enabled: true, hosts: ["hub.acme.science"] }, "https-effective"),
  value("proxy.service.loadBalancerIP", "203.0.113.9", "static-address-effective"),
  value("singleuser.cmd", ["bash", "-lc", "jupyterhub-singleuser"], "server-starts-without-shell"),
  value("singleuser.cmd", ["jupyterhub-singleuser", "--ServerApp.allow_origin=*"], "browser-protections-kept"),
  value("singleuser.extraEnv", { CONFIGPROXY_AUTH_TOKEN: "x" }, "hub-secrets-not-in-user-pods"),
  value("singleuser.extraEnv", { GRANT_SUDO: "yes" }, "user-server-unprivileged"),
  value("singleuser.extraEnv", { PATH: "/home/jovyan/bin:/usr/bin" }, "server-environment-outside-home"),
  value("singleuser.extraEnv", { JUPYTERHUB_ALLOW_TOKEN_IN_URL: "1" }, "browser-protections-kept"),
  value(
    "singleuser.extraFiles",
    { k: { mountPath: "/k", stringData: "-----BEGIN PRIVATE KEY-----\nx" } },
    "tls-key-not-in-user-pods",
  ),
  value(
    "singleuser.extraLabels",
    { "hub.jupyter.org/network-access-proxy-api": "true" },
    "only-labelled-pods-reach-hub",
  ),
  value("singleuser.extraPodConfig.hostNetwork", true, "user-pods-off-the-host"),
  value("singleuser.extraPodConfig.automount_service_account_token", true, "user-pod-has-no-api-credentials"),
  value(
    "singleuser.extraContainers",
    [{ name: "c", image: "c:1", securityContext: { privileged: true } }],
    "user-server-unprivileged",
  ),
  value("singleuser.storage.extraVolumes", [{ name: "h", hostPath: { path: "/" } }], "user-pods-off-the-host"),
  value(
    "singleuser.storage.extraVolumes",
    { s: { name: "s", secret: { secretName: "hub" } } },
    "hub-secrets-not-in-user-pods",
  ),
  value("singleuser.networkPolicy.egress", [{ ports: [{ port: 80 }] }], "user-egress-narrow"),
  value("singleuser.profileList", profile({ image: "docker.io/acme/user:latest" }), "images-pinned"),
  value(
    "singleuser.profileList",
    profile({ container_security_context: { privileged: true } }),
    "user-server-unprivileged",
  ),
  value("singleuser.profileList", profile({ disable_user_config: false }), "user-config-disabled"),
  value("singleuser.profileList", choice({ automount_service_account_token: true }), "user-pod-has-no-api-credentials"),
  value("singleuser.profileList", choice({ environment: { JPY_COOKIE_SECRET: "x" } }), "hub-secrets-not-in-user-pods"),
  value("singleuser.profileList", choice({ extra_pod_config: { host_pid: true } }), "user-pods-off-the-host"),
  value(`${spawner}.privileged`, true, "user-server-unprivileged"),
  value(`${spawner}.extra_container_config`, { securityContext: {} }, "user-server-unprivileged"),
  value(`${spawner}.volumes`, [{ name: "v", host_path: { path: "/" } }], "user-pods-off-the-host"),
];

/** What lies around the hub, each weakened, added or taken away. */
const around: readonly Mutation[] = [
  property(
    "aws:ec2/launchTemplate:LaunchTemplate",
    "metadataOptions.httpPutResponseHopLimit",
    2,
    "node-metadata-hop-limit",
  ),
  property(
    "aws:ec2/launchTemplate:LaunchTemplate",
    "metadataOptions.httpTokens",
    "optional",
    "node-metadata-hop-limit",
  ),
  property("aws:eks/nodeGroup:NodeGroup", "launchTemplate", null, "node-metadata-hop-limit"),
  property("aws:ecr/repository:Repository", "imageTagMutability", "MUTABLE", "registry-tags-immutable-and-scanned"),
  property(
    "aws:ecr/repository:Repository",
    "imageScanningConfiguration.scanOnPush",
    false,
    "registry-tags-immutable-and-scanned",
  ),
  property("aws:lb/listener:Listener", "sslPolicy", "ELBSecurityPolicy-2016-08", "https-effective"),
  property("aws:lb/listener:Listener", "protocol", "HTTP", "https-effective"),
  property("kubernetes:storage.k8s.io/v1:StorageClass", "parameters.encrypted", "false", "volumes-encrypted"),
  without("Calico", ({ properties }) => properties.chart === "tigera-operator", "network-policies-enforced"),
  whereTls(
    "offload",
    without("listeners", ({ type }) => type === "aws:lb/listener:Listener", "https-effective"),
  ),
  beside(
    "an administrator's rights for the hub",
    `${rbac}ClusterRoleBinding`,
    (namespace) => ({
      roleRef: { kind: "ClusterRole", name: "cluster-admin" },
      subjects: [{ kind: "ServiceAccount", name: "hub", namespace }],
    }),
    "roles-minimal",
  ),
  beside(
    "a NetworkPolicy that opens everything",
    "kubernetes:networking.k8s.io/v1:NetworkPolicy",
    (namespace) => ({ metadata: { namespace }, spec: { podSelector: {}, policyTypes: ["Egress"], egress: [{}] } }),
    "user-egress-narrow",
  ),
  beside(
    "an Ingress without TLS",
    "kubernetes:networking.k8s.io/v1:Ingress",
    (namespace) => ({
      metadata: { namespace },
      spec: {
        rules: [{ host: "h.acme.science", http: { paths: [{ backend: { service: { name: "proxy-public" } } }] } }],
      },
    }),
    "https-effective",
  ),
  beside(
    "the Dashboard",
    "kubernetes:helm.sh/v3:Release",
    () => ({ chart: "kubernetes-dashboard" }),
    "no-kubernetes-dashboard",
  ),
  beside(
    "Tiller",
    "kubernetes:core/v1:Service",
    () => ({ metadata: { name: "tiller-deploy", namespace: "kube-system" } }),
    "no-tiller",
  ),
  beside("a cluster that everybody reaches", "aws:eks/cluster:Cluster", () => ({}), "cluster-endpoint-restricted"),
  beside("a cluster without a key of its own", "aws:eks/cluster:Cluster", () => ({}), "cluster-secrets-encrypted"),
  beside("a public registry", "aws:ecrpublic/repository:Repository", () => ({}), "registry-private"),
  beside(
    "a database for everybody",
    "aws:rds/instance:Instance",
    () => ({ publiclyAccessible: true }),
    "database-private-and-encrypted",
  ),
  beside("accounts with a password alone", "aws:cognito/userPool:UserPool", () => ({}), "identity-provider-offers-mfa"),
  beside(
    "a record with an address",
    "aws:route53/record:Record",
    () => ({ type: "CNAME", records: ["203.0.113.9"] }),
    "dns-record-fits-target",
  ),
  beside(
    "a whole account as administrator",
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
    () => ({
      policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
      accessScope: { type: "cluster" },
      principalArn: "arn:aws:iam::123456789012:root",
    }),
    "cluster-administrators-named",
  ),
];

export const weaknesses: readonly Mutation[] = [...weakened, ...added, ...around];

/** Values of a hub that may say anything without weakening it, and why. */
export const harmless: readonly (readonly [RegExp, string])[] = [
  [/^cull\.|^prePuller\.|^scheduling\.|\.(cpu|memory|startTimeout)(\.|$)/, "when and where pods run, and how large"],
  [/\.storage\.|^hub\.db\.pvc\.|\.delete_pvc$/, "volumes, whose class is judged by itself"],
  [
    /\.egressAllowRules\.dns|^(hub|proxy)\..*\.egressAllowRules\./,
    "what the hub's own pods reach; nodes keep their metadata",
  ],
  [/^singleuser\.networkPolicy\.egressAllowRules\.cloudMetadataServer$/, "the nodes keep their metadata to themselves"],
  [/\.cookie_host_prefix_enabled$/, "a second lock on cookies: sub-domains, which are judged, keep them apart"],
  [/\.readOnlyRootFilesystem$/, "what a server writes beside its home is gone with its pod"],
  [/^singleuser\.(uid|allowPrivilegeEscalation)$/, "the container's security context decides"],
  [
    /_security_context\.(runAsNonRoot|seccompProfile|fsGroup)|^singleuser\.fsGid$/,
    "Pod Security of the namespace demands it",
  ],
  [
    /\.(admin_users|allowed_users|admin_access|login_service|username_claim|tenant_id|allowed_groups|admin_groups)$/,
    "who is named is the owner's decision",
  ],
  [/\.(manage_groups|auth_state_groups_key)$/, "without them nobody gets in by a group"],
  [
    /^(hub|proxy\.\w+)\.image\.name$|\.enableServiceLinks$|\.automountServiceAccountToken$/,
    "hardening that no recommendation asks for",
  ],
  [
    /^proxy\.(service\.(disableHttpPort|nodePorts\..*)|https\.enabled|traefik\..*)$/,
    "listeners in front decide; Traefik's policy is weakened where it runs",
  ],
];
