import type { z } from "zod";
import { bytes, overlap } from "./formats";
import type { Settings } from "./settings";

type Path = readonly PropertyKey[];

/** Settings without those that were refused for themselves: these have been reported already. */
type Understood<T> = T extends (infer Item)[]
  ? Understood<Item>[] | undefined
  : T extends object
    ? { readonly [Key in keyof T]?: Understood<T[Key]> } | undefined
    : T | undefined;

/** Something that has to hold between settings. */
interface Relation {
  /** The setting that is to be changed where it does not. */
  readonly path: string[];
  /** What is wrong, if anything. */
  readonly broken: (settings: Understood<Settings>) => string | false | undefined;
}

/** Docker's own bridge on the nodes. */
const dockerBridge = "172.17.0.0/16";

const nodePoolRelations = (purpose: "core" | "user"): Relation[] => [
  {
    path: ["nodePools", purpose, "maxSize"],
    broken: (settings) => {
      const { minSize, maxSize } = settings?.nodePools?.[purpose] ?? {};
      return isLess(maxSize, minSize) && `expected at least minSize (${minSize})`;
    },
  },
  {
    path: ["nodePools", purpose, "zones"],
    broken: (settings) => {
      const zones = settings?.network?.zones;
      return (
        isLess(zones, settings?.nodePools?.[purpose]?.zones) &&
        `expected at most network.zones (${zones}); raise that, or ask for fewer pools`
      );
    },
  },
];

const relations: readonly Relation[] = [
  {
    path: ["auth", "allowedOrganizations"],
    broken: ({ auth } = {}) =>
      auth?.allowedOrganizations?.length === 0 &&
      auth.allowedUsers?.length === 0 &&
      "nobody may log in; set this or auth.allowedUsers, for example by `pulumi config set --path 'auth.allowedOrganizations[0]' acme`",
  },
  {
    path: ["network", "cidr"],
    broken: ({ network, cluster } = {}) =>
      overlap(network?.cidr, cluster?.serviceCidr) &&
      `that overlaps cluster.serviceCidr (${cluster?.serviceCidr}); choose another, for example ${rangeBeside(cluster?.serviceCidr)}`,
  },
  {
    path: ["network", "cidr"],
    broken: ({ network, cluster } = {}) =>
      overlap(network?.cidr, dockerBridge) &&
      `that overlaps the range that Docker uses on nodes (${dockerBridge}); choose another, for example ${rangeBeside(cluster?.serviceCidr)}`,
  },
  ...nodePoolRelations("core"),
  ...nodePoolRelations("user"),
  {
    path: ["users", "cpu", "limit"],
    broken: ({ users } = {}) =>
      isLess(users?.cpu?.limit, users?.cpu?.guarantee) && `expected at least guarantee (${users?.cpu?.guarantee})`,
  },
  {
    path: ["users", "memory", "limit"],
    broken: ({ users } = {}) => {
      const { guarantee, limit } = users?.memory ?? {};
      return (
        isLess(limit && bytes(limit), guarantee && bytes(guarantee)) && `expected at least guarantee (${guarantee})`
      );
    },
  },
  {
    path: ["hostedZone", "name"],
    broken: ({ domain, hostedZone } = {}) => {
      const zone = hostedZone?.name;
      if (domain === undefined || zone === undefined || domain === zone || domain.endsWith(`.${zone}`)) return;
      return `expected a zone that holds ${domain}, for example ${domain.split(".").slice(1).join(".")}`;
    },
  },
];

/** What does not hold between the settings that were understood, given what was already refused. */
export function brokenRelations(
  settings: unknown,
  refused: readonly z.core.$ZodRawIssue[],
): z.core.$ZodSuperRefineIssue[] {
  const understood = without(settings, refused.flatMap(refusedPath)) as Understood<Settings>;
  return relations.flatMap(({ path, broken }) => {
    const message = broken(understood);
    return message ? [{ code: "custom" as const, path, message, input: valueAt(understood, path) }] : [];
  });
}

/** What an issue makes unusable. Next to a key too many everything else is fine; a wrong kind spoils all that depends on it. */
function refusedPath({ code, path = [] }: z.core.$ZodRawIssue): Path[] {
  if (code === "unrecognized_keys") return [];
  return [code === "invalid_union" ? path.slice(0, -1) : path];
}

function without(value: unknown, paths: readonly Path[]): unknown {
  if (paths.length === 0) return value;
  if (typeof value !== "object" || value === null || paths.some((path) => path.length === 0)) return undefined;
  const below = (key: string) => paths.filter((path) => String(path[0]) === key).map((path) => path.slice(1));
  if (Array.isArray(value)) return value.map((item, index) => without(item, below(String(index))));
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, without(each, below(key))]));
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((each, key) => (each as Record<PropertyKey, unknown> | undefined)?.[key], value);
}

function isLess(one: number | "" | undefined, other: number | "" | undefined): boolean {
  return typeof one === "number" && typeof other === "number" && one < other;
}

/** A range for a VPC that the range of the services leaves free. */
function rangeBeside(serviceCidr: string | undefined): string | undefined {
  return ["10.0.0.0/16", "192.168.0.0/16"].find((range) => !overlap(range, serviceCidr));
}
