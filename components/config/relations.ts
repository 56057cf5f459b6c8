import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import type { Settings } from "./settings";

type Path = readonly PropertyKey[];

/** Settings without those that were refused for themselves: these have been reported already. */
type Understood<T> = T extends pulumi.Output<unknown> | Promise<unknown>
  ? T
  : T extends (infer Item)[]
    ? Understood<Item>[] | undefined
    : T extends object
      ? { readonly [Key in keyof T]?: Understood<T[Key]> } | undefined
      : T | undefined;

/** What relations are judged on. */
export type KnownSettings = Understood<Settings>;

/** Something that has to hold between settings. */
export interface Relation {
  /** The setting that is to be changed where it does not. */
  readonly path: string[];
  /** What is wrong, if anything. */
  readonly broken: (settings: KnownSettings, isRefused: IsRefused) => string | false | undefined;
}

/** Whether a setting, or one in it, was given but refused: it is no more understood than one that is missing. */
export type IsRefused = (...path: string[]) => boolean;

/** What does not hold between the settings that were understood, given what was already refused. */
export function brokenRelations(
  relations: readonly Relation[],
  settings: unknown,
  refused: readonly z.core.$ZodRawIssue[],
): z.core.$ZodSuperRefineIssue[] {
  const refusedPaths = refused.flatMap(refusedPath);
  const isRefused: IsRefused = (...path) =>
    refusedPaths.some((each) => path.every((key, index) => each[index] === key));
  const understood = without(settings, refusedPaths) as KnownSettings;
  return relations.flatMap(({ path, broken }) => {
    const message = broken(understood, isRefused);
    return message
      ? [{ code: "custom" as const, path, message, params: { relation: true }, input: valueAt(understood, path) }]
      : [];
  });
}

/** What an issue makes unusable. Next to a key too many everything else is fine; a wrong kind spoils all that depends on it. */
function refusedPath({ code, path = [] }: z.core.$ZodRawIssue): Path[] {
  if (code === "unrecognized_keys") return [];
  return [code === "invalid_union" ? path.slice(0, -1) : path];
}

function without(value: unknown, paths: readonly Path[]): unknown {
  if (paths.some((path) => path.length === 0)) return undefined;
  if (paths.length === 0 || pulumi.Output.isInstance(value)) return value;
  if (typeof value !== "object" || value === null) return undefined;
  const below = (key: string) => paths.filter((path) => String(path[0]) === key).map((path) => path.slice(1));
  if (Array.isArray(value)) return value.map((item, index) => without(item, below(String(index))));
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, without(each, below(key))]));
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((each, key) => (each as Record<PropertyKey, unknown> | undefined)?.[key], value);
}

/** Whether one is less than the other; false where one of them is missing. */
export function isLess(one: number | "" | undefined, other: number | "" | undefined): boolean {
  return typeof one === "number" && typeof other === "number" && one < other;
}
