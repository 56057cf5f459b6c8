import type { PolicyResource, ResourceValidationArgs, StackValidationArgs } from "@pulumi/policy";
import * as policySdk from "@pulumi/policy";
import { UNKNOWN, type Value } from "../../chart/values";
import { crossguardPolicies } from "../../policies/adapters/crossguard";
import type { Control } from "../../policies/control";
import type { Configuration } from "../../policies/evaluate";
import type { Resource } from "../../policies/evidence/resource";

/** The proxy behind which the SDK hands out properties; exported, but not declared. */
const { unknownCheckingProxy } = policySdk as unknown as { unknownCheckingProxy: <T>(properties: T) => T };

/** What stands for an unknown text in the engine's protocol. */
export const unknownText = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const releaseType = "kubernetes:helm.sh/v3:Release";

export interface Diagnostic {
  readonly policy: string;
  readonly phase: "resource" | "stack";
  readonly message: string;
  /** Undefined is the policy's own level. */
  readonly level: string | undefined;
  readonly urn: string | undefined;
}

/** Runs the pack's policies as the SDK does: every resource in order, then the stack. */
export function runPack(
  controls: readonly Control[],
  resources: readonly Resource[],
  config: Configuration = {},
  { settings = true } = {},
): Diagnostic[] {
  const enabled = ({ name }: Policy) => settings || name !== "settings";
  const policies = (crossguardPolicies(controls) as unknown as readonly Policy[]).filter(enabled);
  const diagnostics: Diagnostic[] = [];
  const report =
    (policy: string, phase: Diagnostic["phase"]) => (message: string | Record<string, string>, urn?: string) => {
      const given = typeof message === "string" ? { message, urn } : message;
      diagnostics.push({
        policy: ("name" in given && given.name) || policy,
        phase,
        message: given.message ?? "",
        level: "enforcementLevel" in given ? given.enforcementLevel : undefined,
        urn: given.urn,
      });
    };
  for (const each of resources) {
    for (const policy of policies) {
      // Asked anew for each resource, as the SDK does.
      const wanted = policy.validateResource.__pulumiType;
      if (wanted !== undefined && wanted !== each.type) continue;
      try {
        policy.validateResource(resourceArgs(each, config[policy.name]), report(policy.name, "resource"));
      } catch (error) {
        if (!(error instanceof NotApplicable)) throw error;
      }
    }
  }
  const byUrn = new Map(resources.map((each) => [each.urn, policyResource(each)]));
  for (const each of resources) link(byUrn, each);
  for (const policy of policies) {
    const wanted = policy.validateStack?.__pulumiType;
    if (wanted !== undefined && !resources.some(({ type }) => type === wanted)) continue;
    const args = { resources: [...byUrn.values()], getConfig: () => config[policy.name] ?? {} };
    policy.validateStack?.(args as unknown as StackValidationArgs, report(policy.name, "stack"));
  }
  return diagnostics;
}

interface Policy {
  readonly name: string;
  readonly validateResource: ((args: ResourceValidationArgs, report: object) => void) & { __pulumiType?: string };
  readonly validateStack?: ((args: StackValidationArgs, report: object) => void) & { __pulumiType?: string };
}

class NotApplicable extends Error {}

function resourceArgs(each: Resource, config: unknown): ResourceValidationArgs {
  const args = {
    type: each.type,
    name: each.name,
    urn: each.urn,
    props: unknownCheckingProxy(wire(each.properties)),
    opts: { parent: each.parent },
    provider: { props: unknownCheckingProxy({ version: each.providerVersion }) },
    getConfig: () => config ?? {},
    notApplicable: () => {
      throw new NotApplicable();
    },
  };
  return args as unknown as ResourceValidationArgs;
}

/** At a preview the stack phase has no values of a release whose cluster does not exist yet. */
function policyResource(each: Resource): PolicyResource {
  const props = each.type === releaseType ? {} : wire(each.properties);
  const { type, name, urn } = each;
  return {
    type,
    name,
    urn,
    props: unknownCheckingProxy(props),
    opts: {},
    dependencies: [],
    propertyDependencies: {},
  } as unknown as PolicyResource;
}

function link(byUrn: ReadonlyMap<string, PolicyResource>, each: Resource): void {
  const target = byUrn.get(each.urn);
  if (!target) return;
  if (each.parent !== undefined) Object.assign(target, { parent: byUrn.get(each.parent) });
  for (const [property, urns] of Object.entries(each.propertyDependencies ?? {})) {
    target.propertyDependencies[property] = urns.flatMap((urn) => byUrn.get(urn) ?? []);
  }
}

/** Plain data with the protocol's placeholder where a value is not known. */
export function wire(value: Value): never {
  const convert = (each: Value): unknown => {
    if (each === UNKNOWN) return unknownText;
    if (Array.isArray(each)) return each.map(convert);
    if (typeof each === "object" && each !== null) {
      return Object.fromEntries(Object.entries(each).map(([key, item]) => [key, convert(item as Value)]));
    }
    return each;
  };
  return convert(value) as never;
}
