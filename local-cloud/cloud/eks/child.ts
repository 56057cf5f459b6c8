import type { Registered, Registration } from "../component";
import { isProperties, lift, type Properties, type Value } from "../wire";

/** What is registered below an EKS component, with its parent, provider and version filled in. */
export type Child = Omit<Registration, "parent" | "provider" | "version"> & { readonly parent?: string };
export type Register = (child: Child) => Promise<Registered>;

/** The given ones among these arguments. */
export const given = (args: Properties, names: string[]): Properties =>
  Object.fromEntries(names.flatMap((name) => (args[name] === undefined ? [] : [[name, args[name]]])));

export const tagsOf = (tags: Value | undefined): Properties => (isProperties(tags) ? tags : {});

/** The subnets of a cluster: one list, or the public and the private ones. */
export function subnetIdsOf(args: Properties): Value {
  if (args.subnetIds !== undefined) return args.subnetIds;
  const lists = [args.publicSubnetIds ?? [], args.privateSubnetIds ?? []];
  return lists.every(Array.isArray) ? lists.flat() : lift(lists, (...plain) => plain.flat());
}
