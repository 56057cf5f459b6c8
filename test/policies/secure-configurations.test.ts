import { describe, expect, test } from "vitest";
import { mergeHelmValues } from "../../chart/helm-merge";
import type { ValueMap } from "../../chart/values";
import { securityControls } from "../../policies/controls";
import { judge } from "../../policies/evaluate";
import { hub } from "./support";

const hex = (seed: string) =>
  Array.from({ length: 8 }, (_, i) => `${seed}${(i * 2654435761).toString(16)}`.slice(0, 8).padEnd(8, "7")).join("");
const host = "hub.acme.science";
const arn = "arn:aws:acm:eu-west-1:123456789012:certificate/11111111-2222-3333-4444-555555555555";
const tlsPolicy = "ELBSecurityPolicy-TLS13-1-2-2021-06";
const service = "service.beta.kubernetes.io/aws-load-balancer-";
const alb = "alb.ingress.kubernetes.io/";

const merged = (...parts: readonly ValueMap[]): ValueMap =>
  parts.reduce((below, over) => mergeHelmValues(below, over), {});

function login(authenticator_class: string, section: string, settings: ValueMap): ValueMap {
  const client = {
    client_id: "a1b2c3",
    client_secret: hex("5e"),
    oauth_callback_url: `https://${host}/hub/oauth_callback`,
  };
  return { hub: { config: { JupyterHub: { authenticator_class }, [section]: { ...client, ...settings } } } };
}
const github = login("github", "GitHubOAuthenticator", { allowed_organizations: ["acme"], scope: ["read:org"] });

const letsEncrypt: ValueMap = {
  proxy: { https: { enabled: true, hosts: [host], letsencrypt: { contactEmail: "ops@acme.science" } } },
};
const offload = (annotations: ValueMap): ValueMap => ({
  proxy: {
    https: { enabled: true, type: "offload", hosts: [host] },
    service: {
      disableHttpPort: true,
      annotations: Object.fromEntries(Object.entries(annotations).map(([key, value]) => [`${service}${key}`, value])),
    },
  },
});
const behindIngress = (ingress: ValueMap): ValueMap => ({
  proxy: { service: { type: "ClusterIP" } },
  ingress: { enabled: true, hosts: [host], ...ingress },
});
const hardenedPods: ValueMap = {
  hub: {
    config: {
      Spawner: { disable_user_config: true },
      KubeSpawner: {
        automount_service_account_token: false,
        container_security_context: {
          allowPrivilegeEscalation: false,
          runAsNonRoot: true,
          runAsUser: 1000,
          capabilities: { drop: ["ALL"] },
          seccompProfile: { type: "RuntimeDefault" },
        },
        pod_security_context: { runAsNonRoot: true, fsGroup: 100, seccompProfile: { type: "RuntimeDefault" } },
      },
    },
  },
  singleuser: { cloudMetadata: { blockWithIptables: false }, extraPodConfig: { enableServiceLinks: false } },
};

/** Secure hubs as the documentation of chart, JupyterHub and oauthenticator describes them. */
const configurations: Readonly<Record<string, ValueMap>> = {
  "HTTPS by Let's Encrypt": merged(github, letsEncrypt),
  "a certificate in a Secret": merged(github, {
    proxy: { https: { enabled: true, hosts: [host], type: "secret", secret: { name: "hub-tls" } } },
  }),
  "a certificate in the values": merged(github, {
    proxy: {
      https: {
        enabled: true,
        hosts: [host],
        type: "manual",
        manual: {
          key: "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\n-----END PRIVATE KEY-----\n",
          cert: "-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAw\n-----END CERTIFICATE-----\n",
        },
      },
    },
  }),
  "TLS at a classic load balancer": merged(
    github,
    offload({
      "ssl-cert": arn,
      "backend-protocol": "tcp",
      "ssl-ports": "https",
      "connection-idle-timeout": "3600",
      "ssl-negotiation-policy": tlsPolicy,
    }),
  ),
  "TLS at a network load balancer": merged(
    github,
    offload({
      type: "external",
      "nlb-target-type": "ip",
      scheme: "internet-facing",
      "ssl-cert": arn,
      "ssl-ports": "443",
      "ssl-negotiation-policy": tlsPolicy,
    }),
  ),
  "TLS at an application load balancer": merged(
    github,
    behindIngress({
      ingressClassName: "alb",
      annotations: {
        [`${alb}scheme`]: "internet-facing",
        [`${alb}target-type`]: "ip",
        [`${alb}listen-ports`]: '[{"HTTP":80},{"HTTPS":443}]',
        [`${alb}ssl-redirect`]: "443",
        [`${alb}certificate-arn`]: arn,
        [`${alb}ssl-policy`]: tlsPolicy,
      },
    }),
  ),
  "an ingress of nginx": merged(
    github,
    behindIngress({ ingressClassName: "nginx", tls: [{ hosts: [host], secretName: "hub-tls" }] }),
  ),
  "metadata blocked by NetworkPolicy instead of iptables": merged(github, letsEncrypt, {
    singleuser: {
      cloudMetadata: { blockWithIptables: false },
      networkPolicy: { enabled: true, egressAllowRules: { cloudMetadataServer: false } },
    },
  }),
  "the load balancer for named networks": merged(github, letsEncrypt, {
    proxy: { service: { loadBalancerSourceRanges: ["111.111.111.111/32", "222.222.222.222/32"] } },
  }),
  "the small image of the hub": merged(github, letsEncrypt, {
    hub: { image: { name: "quay.io/jupyterhub/k8s-hub-slim" } },
  }),
  "pods of another namespace may ask for metrics": merged(github, letsEncrypt, {
    hub: {
      networkPolicy: {
        ingress: [
          {
            ports: [{ port: 8081, protocol: "TCP" }],
            from: [
              {
                namespaceSelector: { matchLabels: { name: "monitoring" } },
                podSelector: { matchLabels: { app: "prometheus" } },
              },
            ],
          },
        ],
      },
    },
  }),
  "profiles with images and sizes": merged(github, letsEncrypt, {
    singleuser: {
      profileList: [
        { display_name: "Minimal", default: true },
        {
          display_name: "Large",
          kubespawner_override: {
            image: "quay.io/jupyter/datascience-notebook:2025-03-14",
            mem_limit: "8G",
            environment: { JULIA_NUM_THREADS: "4" },
          },
        },
        {
          display_name: "Choice",
          profile_options: {
            image: { choices: { r: { kubespawner_override: { image: "quay.io/jupyter/r-notebook:2025-03-14" } } } },
          },
        },
      ],
    },
  }),
  "a database over TLS": merged(github, letsEncrypt, {
    hub: {
      db: {
        type: "postgres",
        url: `postgresql+psycopg2://hub@db.${host}:5432/hub?sslmode=verify-full&sslrootcert=/etc/ssl/rds.pem`,
        password: hex("db"),
      },
    },
  }),
  "every pod as Pod Security restricted demands": merged(github, letsEncrypt, hardenedPods),
  "Google, the organisation's domain": merged(
    letsEncrypt,
    login("google", "GoogleOAuthenticator", {
      hosted_domain: ["acme.science"],
      allow_all: true,
      login_service: "Acme",
    }),
  ),
  "Entra ID, the organisation's tenant": merged(
    letsEncrypt,
    login("azuread", "AzureAdOAuthenticator", {
      tenant_id: "11111111-2222-3333-4444-555555555555",
      allow_all: true,
      username_claim: "preferred_username",
    }),
  ),
  "Auth0, named people": merged(
    letsEncrypt,
    login("auth0", "Auth0OAuthenticator", {
      auth0_domain: "acme.us.auth0.com",
      scope: ["openid", "email"],
      allowed_users: ["ann@acme.science"],
    }),
  ),
  "OpenID Connect, by groups": merged(
    letsEncrypt,
    login("generic-oauth", "GenericOAuthenticator", {
      authorize_url: "https://id.acme.science/authorize",
      token_url: "https://id.acme.science/token",
      userdata_url: "https://id.acme.science/userinfo",
      scope: ["openid", "email", "groups"],
      username_claim: "email",
      manage_groups: true,
      auth_state_groups_key: "oauth_user.groups",
      allowed_groups: ["hub"],
      admin_groups: ["hub-admins"],
    }),
  ),
  "CILogon, one institution": merged(
    letsEncrypt,
    login("cilogon", "CILogonOAuthenticator", {
      idps: {
        "https://idp.acme.science/shibboleth": { username_derivation: { username_claim: "eppn" }, allow_all: true },
      },
    }),
  ),
  "GitLab, by groups": merged(
    letsEncrypt,
    login("gitlab", "GitLabOAuthenticator", {
      gitlab_url: "https://gitlab.acme.science",
      allowed_gitlab_groups: ["hub"],
      scope: ["read_api"],
    }),
  ),
};

/** What a values file cannot show, asserted. */
const assumed = { settings: { assume: { imdsHopLimitOne: true, networkPolicyEnforced: true } } };

describe("is accepted by every control of the security pack:", () => {
  test.each(Object.entries(configurations))("%s", (_title, values) => {
    const refused = judge([hub(values)], assumed, securityControls).filter(
      ({ verdict }) => verdict === "fail" || verdict === "unknown",
    );
    expect(refused.map(({ control, message }) => `${control}: ${message}`)).toEqual([]);
  });
});
