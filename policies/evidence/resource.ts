import type { ValueMap } from "../../chart/values";

/**
 * A resource as a program registers it: its inputs after the provider's check, as plain data, with unknown leaves.
 * Where the shape comes from (the engine's policy protocol, an exported stack, a test) makes no difference to a control.
 */
export interface Resource {
  /** Pulumi type token, for example `aws:eks/cluster:Cluster`. */
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  readonly properties: ValueMap;
  /** URN of the parent. */
  readonly parent?: string | undefined;
  /** Version of the provider plugin, where it is known. */
  readonly providerVersion?: string | undefined;
  /** URNs of all resources it depends on. */
  readonly dependencies?: readonly string[] | undefined;
  /** How a hub is delivered that was recognised in what a chart rendered; without it by Helm itself. */
  readonly delivery?: Delivery | undefined;
  /** Path of a hub's values in the values of the chart that includes JupyterHub's, with a dot behind it. */
  readonly valuesPrefix?: string | undefined;
  /** URNs by the top-level property whose value was made from their outputs. */
  readonly propertyDependencies?: Readonly<Record<string, readonly string[]>> | undefined;
}

/** The type of a hub, whichever way it is delivered: each is judged as the release that it is or could have been. */
export const hubType = "kubernetes:helm.sh/v3:Release";

/**
 * How a hub gets into its cluster: by Helm itself, or as objects that one of Pulumi's charts or something else rendered. A file
 * of values does not say it.
 */
export type Delivery = "release" | "v3-chart" | "v4-chart" | "manifests" | "values";

/** The resources that controls may look at beside the one they judge. */
export interface Stack {
  readonly resources: readonly Resource[];
  /** False while resources are still being registered: then what is not here may still come. */
  readonly complete: boolean;
  ofType(...types: readonly string[]): readonly Resource[];
  withUrn(urn: string): Resource | undefined;
}

export function makeStack(resources: readonly Resource[], complete: boolean): Stack {
  const byUrn = new Map<string, Resource>();
  const byType = new Map<string, Resource[]>();
  for (const resource of resources) {
    byUrn.set(resource.urn, resource);
    const same = byType.get(resource.type);
    if (same) same.push(resource);
    else byType.set(resource.type, [resource]);
  }
  return {
    resources,
    complete,
    ofType: (...types) => types.flatMap((type) => byType.get(type) ?? []),
    withUrn: (urn) => byUrn.get(urn),
  };
}

/** Resources of the given types out of which a top-level property of `resource` was made. */
export function sourcesOf(stack: Stack, resource: Resource, property: string, types: readonly string[]): Resource[] {
  const urns = resource.propertyDependencies?.[property] ?? [];
  return urns.flatMap((urn) => {
    const source = stack.withUrn(urn);
    return source && types.includes(source.type) ? [source] : [];
  });
}

/** Remembers a pure function's result for as long as its argument lives. */
export function memoise<Key extends object, Result>(compute: (key: Key) => Result): (key: Key) => Result {
  const results = new WeakMap<Key, { result: Result }>();
  return (key) => {
    let entry = results.get(key);
    if (!entry) {
      entry = { result: compute(key) };
      results.set(key, entry);
    }
    return entry.result;
  };
}
