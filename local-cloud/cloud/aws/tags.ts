/** What AWS takes as tags ("Tagging AWS resources", "Amazon EC2 User Guide, Tag restrictions", "IAM User Guide, Tags"). */
import type { Problem, ProviderConfig } from "../resource-type";
import { isProperties, isUnknown, type Properties, type Value, valuesAt } from "../wire";

const allowed = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
/** EC2 takes any character, other services do not. */
const takesAny = /^aws:(ec2|vpc|autoscaling)\//;
const mostTags = 50;

/** What is wrong with the tags of a resource, the provider's default ones included. */
export function checkTags(token: string, inputs: Properties, config: ProviderConfig): Problem[] {
  const ofInstances = valuesAt(inputs, "tagSpecifications.*.tags").map((tags) => tagProblems(token, tags));
  return [...tagProblems(token, inputs.tags, valuesAt(config, "defaultTags.tags")[0]), ...ofInstances.flat()];
}

function tagProblems(token: string, given: Value | undefined, defaults?: Value): Problem[] {
  if (!isProperties(given)) return [];
  const tags = { ...(isProperties(defaults) ? defaults : {}), ...given };
  const problem = (reason: string): Problem => ({ property: "tags", reason });
  const keys = Object.keys(tags);
  const folded = keys.map((key) => key.toLowerCase());
  const twin = keys.find((_key, index) => folded.indexOf(folded[index] as string) < index);
  return [
    ...(keys.length > mostTags ? [problem(`${keys.length} tags: expected at most ${mostTags}`)] : []),
    ...(token.startsWith("aws:iam/") && twin !== undefined
      ? [problem(`Duplicate tag keys found: ${twin}. Please note that Tag keys are case insensitive.`)]
      : []),
    ...Object.entries(tags).flatMap(([key, value]) => [
      ...textProblems(token, "key", key, 128).map(problem),
      ...(isUnknown(value) ? [] : textProblems(token, "value", String(value ?? ""), 256).map(problem)),
    ]),
  ];
}

function textProblems(token: string, what: "key" | "value", text: string, most: number): string[] {
  if (what === "key" && /^aws:/i.test(text)) return [`tag key ${text}: aws: prefixed tag names are for AWS only`];
  if (text.length > most || (what === "key" && text === ""))
    return [`tag ${what} "${text}": expected at most ${most} characters`];
  if (takesAny.test(token) || allowed.test(text)) return [];
  return [`tag ${what} "${text}" failed to satisfy constraint: must satisfy the pattern ${allowed.source}`];
}
