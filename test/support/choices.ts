import * as pulumi from "@pulumi/pulumi";
import type { SettingsInput } from "../../components";
import { randomHex } from "./aws-answers";
import { makeCertificate } from "./certificates";
import { team } from "./existing-parts";
import { clientSecret, minimalSettings } from "./hub-settings";
import { logins } from "./logins";

/** A certificate for the hub and the host names below it. */
const own = makeCertificate({ names: ["hub.acme.science", "*.hub.acme.science"] });

type Part = { readonly [Key in keyof SettingsInput]?: unknown };

const ownCertificateArn = "arn:aws:acm:eu-central-1:123456789012:certificate/12345678-90ab-cdef-1234-567890abcdef";

/** What may be chosen for each aspect of a hub, the default first. A choice says no more than it has to. */
export const choices = {
  https: {
    "offload on an ALB": {},
    "offload on an ALB, own ACM certificate": { https: { kind: "offload", certificateArn: ownCertificateArn } },
    "offload on an NLB": { https: { kind: "offload", loadBalancer: "nlb" } },
    letsencrypt: { https: { kind: "letsencrypt", contactEmail: "ops@acme.science" } },
    certificate: { https: { kind: "certificate", certificate: own.certificate, key: pulumi.secret(own.key) } },
    "tls-secret": { https: { kind: "tls-secret", name: "hub-tls" } },
  },
  reach: {
    "the internet": {},
    internal: { exposure: { kind: "internal" } },
  },
  sources: {
    anybody: {},
    "named sources": { exposure: { sourceCidrs: ["203.0.113.0/24"] } },
  },
  addresses: {
    "any address": {},
    "fixed addresses": { exposure: { fixedAddresses: true } },
  },
  requests: {
    unfiltered: {},
    "web ACL": {
      exposure: {
        webAclArn: "arn:aws:wafv2:eu-central-1:123456789012:regional/webacl/hub/0a1b2c3d-0000-4000-8000-000000000000",
      },
    },
  },
  accessLogs: {
    none: {},
    kept: { exposure: { accessLogs: { retentionDays: 90 } } },
  },
  managedBy: {
    pulumi: {},
    service: { exposure: { managedBy: "service" } },
  },
  zone: {
    "of the parent": {},
    "by id": { hostedZone: { id: "Z0123456789ABCDEFGHIJ" } },
    child: { hostedZone: { kind: "child", parent: { name: "acme.science" } } },
    private: { hostedZone: { kind: "private", name: "acme.science" } },
    elsewhere: { hostedZone: { kind: "elsewhere" } },
  },
  login: Object.fromEntries(Object.entries(logins).map(([name, auth]) => [name, { auth: auth() }])),
  network: {
    "of its own": {},
    existing: { network: { kind: "existing", ...team } },
  },
  cluster: {
    "of its own": {},
    existing: { cluster: { kind: "existing", name: "research" } },
    "by kubeconfig": { cluster: { kind: "kubeconfig", kubeconfig: pulumi.secret("{}") } },
  },
  nodes: {
    "of its own": {},
    existing: { nodePools: { kind: "existing", autoscalingGroupNames: ["eks-core-0a1b2c3d"] } },
  },
  engine: {
    default: {},
    calico: { networkPolicyEngine: { kind: "calico" } },
    "vpc-cni": { networkPolicyEngine: { kind: "vpc-cni" } },
    external: { networkPolicyEngine: { kind: "external", enforcedBy: "Cilium, run by the platform team" } },
  },
  namespace: {
    made: {},
    existing: { hub: { createNamespace: false } },
  },
  secrets: {
    made: {},
    kept: {
      hub: {
        secrets: Object.fromEntries(
          ["proxyToken", "cookieSecret", "cryptKey"].map((name) => [name, pulumi.secret(randomHex(name))]),
        ),
      },
    },
  },
  storage: {
    "of its own": {},
    existing: { users: { storageClass: "gp3-encrypted" } },
  },
  trust: {
    "semi-trusted": {},
    "semi-trusted, sub-domains": { users: { subdomains: true } },
    untrusted: { users: { trust: "untrusted", serverCommand: "/opt/jupyterhub/bin/jupyterhub-singleuser" } },
  },
  egress: {
    internet: {},
    "allow-list": { users: { egress: { kind: "allow-list", to: [{ cidr: "198.51.100.0/24", ports: [443] }] } } },
    none: { users: { egress: { kind: "none" } } },
  },
  awsAccess: {
    none: {},
    buckets: { users: { awsAccess: { buckets: [{ name: "acme-research", prefix: "shared/", access: "read" }] } } },
  },
  profiles: {
    none: {},
    some: {
      users: {
        groups: { physics: ["ada"] },
        profiles: [
          { name: "Small" },
          { name: "Large", memory: { limit: "16G" }, gpu: 1, allowedGroups: ["physics"] },
          { name: "Genomes", image: { name: "quay.io/acme/genomes", tag: "2026-11-02" } },
        ],
      },
    },
  },
  serversPerUser: {
    one: {},
    several: { users: { namedServers: { perUser: 3 }, maximumAgeSeconds: 86_400 } },
  },
  image: {
    sample: {},
    "pushed by tag": { users: { image: { tag: "2026-11-02" } } },
    "foreign by digest": { users: { image: { name: "ghcr.io/acme/lab", digest: `sha256:${"0a1b2c3d".repeat(8)}` } } },
  },
  cache: {
    default: {},
    none: { images: { pullThroughCache: false } },
  },
  pullSecret: {
    none: {},
    existing: { images: { pullSecret: { kind: "existing", name: "ghcr" } } },
    made: {
      images: {
        pullSecret: { kind: "create", registry: "ghcr.io", username: "puller", password: pulumi.secret(clientSecret) },
      },
    },
  },
  registry: {
    made: {},
    existing: {
      images: {
        registry: { kind: "existing", repositoryUrl: "123456789012.dkr.ecr.eu-central-1.amazonaws.com/lab" },
      },
    },
  },
  extraValues: {
    none: {},
    some: { extraValues: { hub: { activeServerLimit: 50 } } },
  },
} as const satisfies Record<string, Record<string, Part>>;

export type Aspect = keyof typeof choices;
/** A choice for each aspect. */
export type Combination = Readonly<Record<Aspect, string>>;

/** The settings of a hub with these choices; what is not chosen is the default. */
export function settingsOf(combination: Partial<Combination>): SettingsInput {
  const parts = Object.entries(combination).map(
    ([aspect, choice]) => choices[aspect as Aspect][choice as never] as Part,
  );
  return parts.reduce<Record<string, unknown>>(laidOver, { ...minimalSettings() }) as unknown as SettingsInput;
}

/** Sections that are one of several kinds are replaced, all others are added to. */
function laidOver(settings: Record<string, unknown>, part: Part): Record<string, unknown> {
  const sections = Object.entries(part).map(([key, section]) => {
    const present = settings[key];
    const isChoice = (section as { kind?: unknown }).kind !== undefined && key !== "exposure";
    return [key, isChoice || key === "auth" ? section : { ...(present as object | undefined), ...(section as object) }];
  });
  return { ...settings, ...Object.fromEntries(sections) };
}
