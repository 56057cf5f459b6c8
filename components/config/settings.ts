import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { defaultChartVersion, floor } from "../../chart/releases";
import { compareMain, parse } from "../../chart/version";
import { defaultKubernetesVersion, kubernetesVersions } from "../kubernetes-versions";
import { maximumZones, vpcPrefix } from "../subnets";
import { cidr, filledIn, hostName, iamPrincipal, inside, instanceType, memory, prefixOf, storageSize } from "./formats";
import { brokenRelations } from "./relations";

/** Private ranges (RFC 1918). The chart's NetworkPolicies keep user pods away from these, and from these only. */
const privateRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];
/** Ranges that nobody has on the internet: private, shared by carriers (RFC 6598), loopback and link-local. */
const unroutedRanges = [...privateRanges, "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"];
/** Days that CloudWatch accepts as a retention. */
const retentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const logRetention = z.number().refine((days) => retentionDays.includes(days), {
  error: `expected a number of days that CloudWatch knows: ${retentionDays.join(", ")}`,
});

/** A secret: `pulumi config set --secret` in a stack, a Pulumi secret in code. Its value is never shown. */
const secret = z
  .custom<pulumi.Output<string>>((value) => pulumi.Output.isInstance(value), {
    error: "expected a secret, for example by `pulumi config set --secret --path auth.clientSecret`",
    params: { secret: true },
    abort: false,
  })
  .transform((value) => pulumi.secret(value));

function isOlderThanFloor(version: string): boolean {
  const parsed = parse(version);
  return parsed !== null && compareMain(parsed, floor.version) < 0;
}

/** A range of public addresses that is not (nearly) the whole internet. */
const publicRange = cidr
  .refine((range) => !prefixOf(range, (prefix) => prefix < 8), {
    error: "that opens the Kubernetes API to the internet; name your own addresses, for example 203.0.113.7/32",
  })
  .refine((range) => inside(range, unroutedRanges) !== true, {
    error:
      "nobody reaches the public endpoint from a private address; name your public addresses, for example 203.0.113.7/32",
  });

const apiAccess =
  'expected at least your own public address, because the deploying machine must reach the Kubernetes API, for example ["203.0.113.7/32"]';

/** A range of private addresses with so many bits of prefix. */
const privateRange = (prefix: { largest: number; smallest: number }, example: string) =>
  cidr
    .refine((range) => !prefixOf(range, (length) => length < prefix.largest || length > prefix.smallest), {
      error: `expected a range of /${prefix.largest} to /${prefix.smallest}, for example ${example}`,
    })
    .refine((range) => inside(range, privateRanges) !== false, {
      error: `expected a range in ${privateRanges.join(", ")}, because the chart's NetworkPolicies protect those only, for example ${example}`,
    });

/** Prefix lengths that EKS accepts for services ("Amazon EKS API reference, KubernetesNetworkConfigRequest"). */
const servicePrefix = { largest: 12, smallest: 24 };

// Not z.int(), whose refusal would keep the relations below from being judged.
const wholeNumber = z.number().refine(Number.isSafeInteger, "expected a whole number");

const noAutoscaler = (purpose: string) =>
  `expected at least 1, because there is no autoscaler that would start the first ${purpose} node`;

const nodePool = (purpose: string, defaults: { instanceType: string; maxSize: number }) =>
  z
    .strictObject({
      /** EC2 instance type of the nodes. */
      instanceType: instanceType.default(defaults.instanceType),
      /** How many zones get a pool. Volumes cannot leave their zone, so each zone keeps at least `minSize` nodes of its own. */
      zones: wholeNumber.min(1).max(maximumZones).default(1),
      /** Fewest nodes per zone. */
      minSize: wholeNumber.min(1, noAutoscaler(purpose)).default(1),
      /** Most nodes per zone. */
      maxSize: wholeNumber.min(1).max(450).default(defaults.maxSize),
      /** Disk of a node, in GiB: images live there. */
      diskSizeGiB: wholeNumber.min(20, "expected at least 20, because images need the space").max(16_384).default(80),
    })
    .prefault({});

const cores = z.number().positive("expected a number of CPU cores above 0");

const github = z.strictObject({
  provider: z.literal("github"),
  /** Client ID of the GitHub OAuth app. */
  clientId: filledIn("Ov23liAbCdEfGhIjKlMn"),
  /** Client secret of the GitHub OAuth app. */
  clientSecret: secret,
  /** Whose members may log in: organizations, or teams as `organization:team`. */
  allowedOrganizations: z.array(filledIn("acme")).default([]),
  /** GitHub accounts that may log in. */
  allowedUsers: z.array(filledIn("octocat")).default([]),
  /** GitHub accounts that administer the hub; they may log in, too. */
  adminUsers: z.array(filledIn("octocat")).default([]),
});

/** Namespaces of Kubernetes itself and of Calico. */
const clusterNamespaces = /^(default|kube-.*|tigera-operator|calico-.*)$/;

/** AWS keeps names with its own prefix to itself. */
const tagKey = /^(?!aws:).{1,128}$/i;

const nodePort = "expected a Kubernetes node port, 30000 to 32767, for example 30443";

const shape = z.strictObject({
  /** The hub's host name, for example `hub.acme.science`. */
  domain: hostName.refine((name) => name.length <= 64, {
    error:
      "expected at most 64 characters, because certificates name no longer host (RFC 5280), for example hub.acme.science",
  }),
  /** The public Route 53 zone of the host name. Default: the host name without its first label. */
  hostedZone: z.strictObject({ name: hostName }).optional(),
  /** Who may log in, and how. */
  auth: z.discriminatedUnion("provider", [github], {
    error: ({ input }) =>
      typeof input !== "object" || input === null
        ? "expected who may log in: provider, clientId, clientSecret, and allowedOrganizations or allowedUsers; begin with `pulumi config set --path auth.provider github`"
        : undefined,
  }),
  cluster: z.strictObject(
    {
      /** Kubernetes version. */
      version: z.enum(kubernetesVersions).default(defaultKubernetesVersion),
      /** IPv4 ranges that may reach the Kubernetes API; the deploying machine's must be among them. */
      publicAccessCidrs: z.array(publicRange, apiAccess).min(1, apiAccess),
      /** IAM roles and users that administer the cluster beside its creator; EKS refuses the creator's own ARN here. */
      adminArns: z.array(iamPrincipal).default([]),
      /** Days that control-plane logs are kept. */
      logRetentionDays: logRetention.default(30),
      /** Addresses of Kubernetes services. */
      serviceCidr: privateRange(servicePrefix, "172.20.0.0/16").default("172.20.0.0/16"),
    },
    "expected who may reach the Kubernetes API, for example by `pulumi config set --path 'cluster.publicAccessCidrs[0]' 203.0.113.7/32`",
  ),
  network: z
    .strictObject({
      /** IPv4 range of the VPC. */
      cidr: privateRange(vpcPrefix, "10.0.0.0/16").default("10.0.0.0/16"),
      /** Availability zones with subnets. */
      zones: wholeNumber
        .min(2, "expected at least 2, because EKS and the load balancer demand two zones")
        .max(maximumZones)
        .default(2),
      /** `single`: one NAT gateway for all zones; `per-zone`: one in each. */
      natGateways: z.enum(["single", "per-zone"]).default("single"),
      /** Days that VPC flow logs are kept. */
      flowLogRetentionDays: logRetention.default(30),
    })
    .prefault({}),
  nodePools: z
    .strictObject({
      core: nodePool("core", { instanceType: "t3.large", maxSize: 2 }),
      user: nodePool("user", { instanceType: "t3.xlarge", maxSize: 5 }),
    })
    .prefault({}),
  /** A user's server. */
  users: z
    .strictObject({
      /** The image of user servers. Default: the chart's public sample image, at the chart's version. */
      image: z
        .strictObject({ name: filledIn("quay.io/jupyter/scipy-notebook"), tag: filledIn("2026-11-02") })
        .optional(),
      cpu: z.strictObject({ guarantee: cores.default(0.25), limit: cores.default(2) }).prefault({}),
      memory: z.strictObject({ guarantee: memory.default("1G"), limit: memory.default("4G") }).prefault({}),
      /** Size of a home directory. */
      homeSize: storageSize.default("10Gi"),
      /** Seconds without activity after which a server is stopped; its home stays. */
      idleTimeoutSeconds: wholeNumber
        .min(300, "expected at least 300, because people lose what they compute")
        .default(3600),
    })
    .prefault({}),
  hub: z
    .strictObject({
      /** Version of the JupyterHub chart. */
      chartVersion: z
        .string()
        .refine((version) => parse(version) !== null, `expected an exact version, for example ${defaultChartVersion}`)
        .refine((version) => !isOlderThanFloor(version), {
          error: `expected ${floor.version} or newer, because older releases have published vulnerabilities that concern every hub (as of ${floor.asOf})`,
        })
        .default(defaultChartVersion),
      /** Kubernetes namespace of the hub. */
      namespace: z
        .string()
        .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, "expected a Kubernetes name, for example jupyterhub")
        .refine((name) => !clusterNamespaces.test(name), {
          error:
            "that namespace belongs to the cluster; the hub reads every secret of its namespace, so give it its own, for example jupyterhub",
        })
        .default("jupyterhub"),
      /** Counts rotations of the proxy token, the cookie secret and the crypt key. */
      secretRotation: wholeNumber.min(1).default(1),
      /** Port of the nodes that leads to the proxy. */
      nodePort: wholeNumber.min(30_000, nodePort).max(32_767, nodePort).default(30_443),
    })
    .prefault({}),
  /** Tags for everything that can be tagged. */
  tags: z
    .record(
      z.string().regex(tagKey, "expected a name of 1 to 128 characters that does not begin with aws:"),
      z.string().max(256),
    )
    .default({}),
});

/** One home for every setting of a hub: names, types, defaults, and what is refused. */
export const settingsSchema = shape.superRefine(
  (settings, context) => {
    for (const issue of brokenRelations(settings, context.issues)) context.addIssue(issue);
  },
  // Also where single settings are wrong, so that all problems show at once.
  { when: () => true },
);

/** What a user sets: only what has no default is required. */
export type SettingsInput = z.input<typeof settingsSchema>;
/** Every setting with its default filled in. */
export type Settings = z.output<typeof shape>;

/** Where secrets are, for whoever reads settings from plain text. */
export const secretSettings: readonly (readonly string[])[] = [["auth", "clientSecret"]];
