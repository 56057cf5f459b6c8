import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { defaultChartVersion, floor } from "../../chart/releases";
import { compareMain, parse } from "../../chart/version";
import { defaultKubernetesVersion, kubernetesVersions } from "../kubernetes-versions";
import { maximumZones, vpcPrefix } from "../subnets";
import {
  cidr,
  filledIn,
  hostName,
  iamPrincipal,
  inside,
  instanceType,
  memory,
  overlap,
  prefixOf,
  storageSize,
} from "./formats";

/** Private ranges (RFC 1918). The chart's NetworkPolicies keep user pods away from these, and from these only. */
const privateRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];
/** Docker's own bridge on the nodes. */
const dockerBridge = "172.17.0.0/16";
/** Days that CloudWatch accepts as a retention. */
const retentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const logRetention = z.number().refine((days) => retentionDays.includes(days), {
  error: `expected a number of days that CloudWatch knows: ${retentionDays.join(", ")}`,
});

/** A secret: `pulumi config set --secret` in a stack, a Pulumi secret in code. Its value is never shown. */
const secret = z.custom<pulumi.Input<string>>((value) => pulumi.Output.isInstance(value), {
  error: "has to be a secret, for example `pulumi config set --secret --path auth.clientSecret`",
  params: { secret: true },
});

function isOlderThanFloor(version: string): boolean {
  const parsed = parse(version);
  return parsed !== null && compareMain(parsed, floor.version) < 0;
}

/** A range of public addresses that is not (nearly) the whole internet. */
const publicRange = cidr
  .refine((range) => !prefixOf(range, (prefix) => prefix < 8), {
    error: "opens the Kubernetes API to the internet: name your own addresses, for example 203.0.113.7/32",
  })
  .refine((range) => inside(range, privateRanges) !== true, {
    error:
      "is a private range, which never reaches the public endpoint: name your public addresses, for example 203.0.113.7/32",
  });

const nodePool = (purpose: string, defaults: { instanceType: string; maxSize: number }) =>
  z
    .strictObject({
      /** EC2 instance type of the nodes. */
      instanceType: instanceType.default(defaults.instanceType),
      /** How many zones get a pool. Volumes cannot leave their zone, so each zone keeps at least `minSize` nodes of its own. */
      zones: z.int().min(1).max(maximumZones).default(1),
      /** Fewest nodes per zone. */
      minSize: z
        .int()
        .min(1, `expected at least 1: there is no autoscaler that would start the first ${purpose} node`)
        .default(1),
      /** Most nodes per zone. */
      maxSize: z.int().min(1).max(450).default(defaults.maxSize),
      /** Disk of a node, in GiB: images live there. */
      diskSizeGiB: z.int().min(20, "expected at least 20: images need the space").max(16_384).default(80),
    })
    .refine((pool) => pool.maxSize >= pool.minSize, { error: "is smaller than minSize", path: ["maxSize"] })
    .prefault({});

const github = z
  .strictObject({
    provider: z.literal("github"),
    /** Client ID of the GitHub OAuth app. */
    clientId: filledIn("Ov23liAbCdEfGhIjKlMn"),
    /** Client secret of the GitHub OAuth app. */
    clientSecret: secret,
    /** Whose members may log in: organizations, or teams as `organization:team`. */
    allowedOrganizations: z.array(filledIn("acme or acme:data-science")).default([]),
    /** GitHub accounts that may log in. */
    allowedUsers: z.array(filledIn("octocat")).default([]),
    /** GitHub accounts that administer the hub; they may log in, too. */
    adminUsers: z.array(filledIn("octocat")).default([]),
  })
  .refine((auth) => auth.allowedOrganizations.length + auth.allowedUsers.length > 0, {
    error:
      "names nobody who may log in: set allowedOrganizations or allowedUsers, for example `pulumi config set --path 'auth.allowedOrganizations[0]' acme`",
  });

const shape = z.strictObject({
  /** The hub's host name, for example `hub.acme.science`. */
  domain: hostName,
  /** The public Route 53 zone of the host name. Default: the host name without its first label. */
  hostedZone: z.strictObject({ name: hostName }).optional(),
  /** Who may log in, and how. */
  auth: z.discriminatedUnion("provider", [github]),
  cluster: z.strictObject({
    /** Kubernetes version. */
    version: z.enum(kubernetesVersions).default(defaultKubernetesVersion),
    /** IPv4 ranges that may reach the Kubernetes API; the deploying machine's must be among them. */
    publicAccessCidrs: z
      .array(publicRange)
      .min(
        1,
        'names no range: the deploying machine must reach the Kubernetes API, for example ["203.0.113.7/32"] (your own public address)',
      ),
    /** IAM roles and users that administer the cluster beside its creator. */
    adminArns: z.array(iamPrincipal).default([]),
    /** Days that control-plane logs are kept. */
    logRetentionDays: logRetention.default(30),
    /** Addresses of Kubernetes services. */
    serviceCidr: cidr.default("172.20.0.0/16"),
  }),
  network: z
    .strictObject({
      /** IPv4 range of the VPC. */
      cidr: cidr.default("10.0.0.0/16"),
      /** Availability zones with subnets. */
      zones: z
        .int()
        .min(2, "expected at least 2: EKS and the load balancer demand two zones")
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
      cpu: z
        .strictObject({ guarantee: z.number().positive().default(0.25), limit: z.number().positive().default(2) })
        .refine((cpu) => cpu.limit >= cpu.guarantee, { error: "is smaller than guarantee", path: ["limit"] })
        .prefault({}),
      memory: z.strictObject({ guarantee: memory.default("1G"), limit: memory.default("4G") }).prefault({}),
      /** Size of a home directory. */
      homeSize: storageSize.default("10Gi"),
      /** Seconds without activity after which a server is stopped; its home stays. */
      idleTimeoutSeconds: z
        .int()
        .min(300, "expected at least 300: shorter, and people lose what they compute")
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
          error: `is older than ${floor.version}, the oldest release without a published vulnerability that concerns every hub (as of ${floor.asOf})`,
        })
        .default(defaultChartVersion),
      /** Kubernetes namespace of the hub. */
      namespace: z
        .string()
        .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, "expected a Kubernetes name, for example jupyterhub")
        .refine((name) => !["default", "kube-system", "kube-public", "kube-node-lease"].includes(name), {
          error:
            "is a namespace of Kubernetes itself: the hub reads every secret of its namespace, give it its own, for example jupyterhub",
        })
        .default("jupyterhub"),
      /** Counts rotations of the proxy token, the cookie secret and the crypt key. */
      secretRotation: z.int().min(1).default(1),
      /** Port of the nodes that leads to the proxy. */
      nodePort: z.int().min(30_000, "expected a Kubernetes node port, 30000 to 32767").max(32_767).default(30_443),
    })
    .prefault({}),
  /** Tags for everything that can be tagged. */
  tags: z.record(z.string().min(1).max(128), z.string().max(256)).default({}),
});

/** Settings that were not (all) understood: whatever is missing or malformed here has been reported already. */
type Incomplete<T> = T extends (infer Item)[]
  ? Incomplete<Item>[] | undefined
  : T extends object
    ? { readonly [Key in keyof T]?: Incomplete<T[Key]> } | undefined
    : T | undefined;

/** What has to hold between settings; each is judged even where other settings are wrong, so that all problems show at once. */
const relations: {
  readonly path: (string | number)[];
  readonly broken: (settings: Incomplete<z.output<typeof shape>>) => string | false | undefined;
}[] = [
  {
    path: ["network", "cidr"],
    broken: (settings) =>
      prefixOf(settings?.network?.cidr, (prefix) => prefix < vpcPrefix.largest || prefix > vpcPrefix.smallest) &&
      `expected a range of /${vpcPrefix.largest} to /${vpcPrefix.smallest}, for example 10.0.0.0/16`,
  },
  {
    path: ["network", "cidr"],
    broken: (settings) =>
      inside(settings?.network?.cidr, privateRanges) === false &&
      `has to lie in ${privateRanges.join(", ")}: the chart's NetworkPolicies protect those ranges only. For example 10.0.0.0/16`,
  },
  {
    path: ["network", "cidr"],
    broken: (settings) =>
      overlap(settings?.network?.cidr, settings?.cluster?.serviceCidr) &&
      `overlaps cluster.serviceCidr (${settings?.cluster?.serviceCidr}): choose another, for example 10.0.0.0/16`,
  },
  {
    path: ["network", "cidr"],
    broken: (settings) =>
      overlap(settings?.network?.cidr, dockerBridge) &&
      `overlaps the range that Docker uses on the nodes (${dockerBridge}): choose another, for example 10.0.0.0/16`,
  },
  ...(["core", "user"] as const).map((purpose) => ({
    path: ["nodePools", purpose, "zones"],
    broken: (settings: Incomplete<z.output<typeof shape>>) =>
      (settings?.nodePools?.[purpose]?.zones ?? 1) > (settings?.network?.zones ?? maximumZones) &&
      `is more than network.zones (${settings?.network?.zones}): raise that, or ask for fewer pools`,
  })),
  {
    path: ["hostedZone", "name"],
    broken: (settings) => {
      const [domain, zone] = [settings?.domain, settings?.hostedZone?.name];
      if (domain === undefined || zone === undefined || domain === zone || domain.endsWith(`.${zone}`)) return;
      return `does not hold the name ${domain}: name the zone it ends with, for example ${domain.split(".").slice(1).join(".")}`;
    },
  },
];

/** One home for every setting of a hub: names, types, defaults, and what is refused. */
export const settingsSchema = shape.check((payload) => {
  for (const { path, broken } of relations) {
    const message = broken(payload.value as Incomplete<Settings>);
    if (!message) continue;
    const input = path.reduce<unknown>(
      (value, key) => (value as Record<string, unknown> | undefined)?.[key],
      payload.value,
    );
    payload.issues.push({ code: "custom", path, message, input });
  }
});

/** What a user sets: only what has no default is required. */
export type SettingsInput = z.input<typeof settingsSchema>;
/** Every setting with its default filled in. */
export type Settings = z.output<typeof settingsSchema>;

/** Where secrets are, for whoever reads settings from plain text. */
export const secretSettings: readonly (readonly string[])[] = [["auth", "clientSecret"]];
