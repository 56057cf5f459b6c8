import { expect } from "vitest";
import { makeCertificate } from "../support/certificates";
import { deploys } from "./variant";

const release = "kubernetes:helm.sh/v3:Release";
const client = { clientId: "the-client", clientSecret: { secure: "not-a-secret-of-anybody" } };

const own = makeCertificate({ names: ["hub-variant.local-cloud.test"] });
// The programs read them where they run.
process.env.HUB_CERTIFICATE = own.certificate;
process.env.HUB_KEY = own.key;

/* Choices that other variants make one by one, several at once. */
deploys([
  {
    name: "TLS at an NLB for named sources, GitLab, sub-domains, profiles, allow-listed egress, no cache, access logs",
    settings: {
      https: { loadBalancer: "nlb" },
      exposure: { sourceCidrs: ["203.0.113.0/24"], accessLogs: { retentionDays: 30 } },
      auth: { provider: "gitlab", ...client, allowedGroups: ["research"] },
      users: {
        subdomains: true,
        namedServers: { perUser: 3 },
        profiles: [{ name: "Small" }, { name: "Large", memory: { limit: "16G" } }],
        egress: { kind: "allow-list", to: [{ cidr: "198.51.100.0/24" }] },
      },
      images: { pullThroughCache: false },
    },
    deployed: ({ inputs }) => expect(inputs("aws:ecr/pullThroughCacheRule:PullThroughCacheRule")).toEqual([]),
  },
  {
    name: "Let's Encrypt with fixed addresses in a child zone, Google, AWS access, nodes in three zones",
    settings: {
      hostedZone: { kind: "child" },
      https: { kind: "letsencrypt", contactEmail: "it@acme.science" },
      exposure: { fixedAddresses: true },
      network: { zones: 3, natGateways: "per-zone" },
      nodePools: { core: { zones: 3 }, user: { zones: 3 } },
      auth: { provider: "google", ...client, hostedDomains: ["acme.science"], allowEveryone: true },
      users: { awsAccess: { buckets: [{ name: "acme-datasets", prefix: "public" }] } },
    },
    deployed: ({ outputs }) => expect(outputs.fixedAddresses).toHaveLength(3),
  },
  {
    name: "the VPC CNI as policy engine, Entra ID, an image by digest, extra values",
    settings: {
      networkPolicyEngine: { kind: "vpc-cni" },
      auth: {
        provider: "entra-id",
        ...client,
        tenantId: "12345678-90ab-4def-8234-567890abcdef",
        allowedGroups: ["32345678-90ab-4def-8234-567890abcdef"],
      },
      users: { image: { name: "quay.io/acme/lab", digest: `sha256:${"0a1b2c3d".repeat(8)}` } },
      extraValues: { hub: { activeServerLimit: 50 } },
    },
    assume: { networkPolicyEnforced: true },
    deployed: ({ inputs }) => expect(inputs(release)).toHaveLength(1),
  },
  {
    name: "everything brought: network, cluster by kubeconfig, nodes, namespace, storage class, secrets, engine",
    program: "everything-brought.ts",
    assume: { networkPolicyEnforced: true },
    deployed: ({ inputs, resources }) => {
      expect(inputs(release)).toMatchObject([{ namespace: "labs" }]);
      expect(resources.filter(({ type }) => type === "eks:index:Cluster")).toEqual([]);
    },
  },
  {
    name: "Secrets brought: the certificate, a registry's login; a repository of the team's, no way out for servers",
    program: "brought-secrets.ts",
    deployed: ({ inputs }) => {
      expect(inputs("aws:acm/certificate:Certificate")).toEqual([]);
      expect(JSON.stringify(inputs(release))).toContain("hub-certificate");
    },
  },
]);
