import { randomUUID } from "node:crypto";
import { type Account, type CloudObject, identifier } from "../cloud";
import { type Problem, type ProviderConfig, Refusal, type ResourceType, type Subject } from "../resource-type";
import { isUnknown, type Properties, type Value } from "../wire";

/** What a type of an AWS service leaves to say beyond {@link ResourceType}. */
export interface AwsType extends Omit<Partial<ResourceType>, "missing" | "exists" | "inUse"> {
  /** The AWS service, as its errors name it. */
  readonly service: string;
  /** What the resource is called in errors; the service's operations are named after it. */
  readonly thing: string;
  /** Global services know no region. */
  readonly global?: boolean;
  readonly missing: readonly [code: string, message: (name: string) => string];
  readonly exists?: readonly [code: string, message: (name: string) => string];
  readonly inUse?: readonly [code: string, message: (object: CloudObject, user: CloudObject) => string];
}

const verbs = {
  create: ["creating", "Create"],
  update: ["updating", "Modify"],
  delete: ["deleting", "Delete"],
  read: ["reading", "Describe"],
} as const;

/** Makes a resource type of an AWS service: its scope, its tags, and its errors in AWS's own style. */
export function awsType(definition: AwsType): ResourceType {
  const { service, thing, global, missing, exists, inUse, ...rest } = definition;
  const describe: ResourceType["describe"] = (operation, subject, refusal) => {
    const [doing, verb] = verbs[operation];
    const call = `operation error ${service}: ${verb}${thing.split(" ").map(capitalized).join("")}`;
    return `${doing} ${service} ${thing} (${subject}): ${call}, https response error StatusCode: 400, RequestID: ${randomUUID()}, api error ${refusal.code}: ${refusal.message}`;
  };
  return {
    id: () => identifier(17),
    scope: global ? () => "" : regionOf,
    describe,
    ...rest,
    known: (inputs, config) => ({
      ...(global ? {} : { region: regionOf(inputs, config) }),
      ...tagsAll(inputs, config),
      ...rest.known?.(inputs, config),
    }),
    missing: (name) => new Refusal(missing[0], missing[1](name)),
    ...(exists && { exists: (name: string) => new Refusal(exists[0], exists[1](name)) }),
    ...(inUse && { inUse: (object: CloudObject, user: CloudObject) => new Refusal(inUse[0], inUse[1](object, user)) }),
  };
}

const capitalized = (word: string) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase();

export const regionOf = (inputs: Properties, config: ProviderConfig): string =>
  String(inputs.region ?? config.region ?? "");

function tagsAll(inputs: Properties, config: ProviderConfig): Properties {
  const defaultTags = config.defaultTags as { tags?: Properties } | undefined;
  const tags = inputs.tags;
  if (defaultTags?.tags === undefined) return tags === undefined ? {} : { tagsAll: tags };
  return typeof tags === "string" ? { tagsAll: tags } : { tagsAll: { ...defaultTags.tags, ...(tags as Properties) } };
}

/** An ARN of this account. */
export const arn = (service: string, account: Account, region: string, resource: string): string =>
  `arn:aws:${service}:${region}:${account.id}:${resource}`;

/** Computes an ARN from the resource's id. */
export const arnOf =
  (service: string, resource: (subject: Subject) => string) =>
  (subject: Subject): Value =>
    arn(service, subject.cloud.account, subject.scope, resource(subject));

export const accountId = ({ cloud }: Subject): Value => cloud.account.id;

/** Text of a property, empty when absent. */
export const text = (properties: Properties, name: string): string => {
  const value = properties[name];
  return value === undefined || value === null ? "" : String(value);
};

/** A check that properties, where given and known, match a pattern. */
export function matches(property: string, pattern: RegExp, expected: string) {
  return (inputs: Properties): Problem[] => {
    const value = inputs[property];
    if (typeof value !== "string" || isUnknown(value) || pattern.test(value)) return [];
    return [{ property, reason: `${JSON.stringify(value)} is no valid ${property}: ${expected}` }];
  };
}

/** A check that a property, where known, holds JSON. */
export function checkJson(property: string) {
  return (inputs: Properties): Problem[] => {
    const document = inputs[property];
    if (typeof document !== "string" || isUnknown(document)) return [];
    try {
      JSON.parse(document);
      return [];
    } catch {
      return [{ property, reason: `"${property}" contains an invalid JSON policy` }];
    }
  };
}
