import { isMap } from "../../chart/values";
import { recognise } from "../evidence/hub";
import type { Resource } from "../evidence/resource";
import type { InputError, Position } from "./input-error";
import type { Kind } from "./kinds";

export type { Kind };

/** One deployment to judge: at most one hub, with what else is known of it. */
export interface Subject {
  readonly kind: Kind;
  /** Version of the hub's chart; null without a hub, or when it does not say. */
  readonly chartVersion: string | null;
  readonly resources: readonly Resource[];
  /** What makes the input unusable although it could be judged. */
  readonly problem?: InputError | undefined;
  /** Where it stands: a path of the hub's values, or at least the resource. */
  locate(path: string | null, urn: string): Location;
}

export interface Location extends Position {
  readonly file: string;
}

/** What was read out of one input. */
export interface Reading {
  readonly subjects: readonly Subject[];
  /** Whether the chart's version was assumed. */
  readonly assumedVersion: boolean;
}

/** One subject per hub, each with everything that is no other hub; a deployment without one is a subject, too. */
export function oneHubEach(
  resources: readonly Resource[],
): { hub: Resource | undefined; resources: readonly Resource[] }[] {
  const hubs = new Set(resources.filter((resource) => recognise(resource).kind !== "other"));
  if (hubs.size === 0) return [{ hub: undefined, resources }];
  return [...hubs].map((hub) => ({
    hub,
    resources: resources.filter((resource) => resource === hub || !hubs.has(resource)),
  }));
}

/** A hub whose values are encrypted or broken: every verdict on it would be unknown. */
export function isUnreadable({ properties }: Resource): boolean {
  return !isMap(properties.values ?? {});
}

export function versionOf(hub: Resource | undefined): string | null {
  const version = hub?.properties.version;
  return typeof version === "string" ? version : null;
}
