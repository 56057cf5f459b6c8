import * as pulumi from "@pulumi/pulumi";
import { keyProblem } from "../own-certificate";
import { isFilledIn } from "./formats";
import { parseSettings } from "./parse-settings";
import { type Settings, secretSettings } from "./settings";

const missingRegion =
  "aws:region is missing: expected an AWS region, for example by `pulumi config set aws:region eu-central-1`";

/** Where the aws provider takes credentials from, and nobody else does. */
const credentialSettings = ["accessKey", "secretKey", "token", "profile", "assumeRole", "assumeRoles"];

/**
 * Reads the settings of the current stack: all keys of the project's namespace, JSON where they hold objects or lists.
 * @throws SettingsError naming every problem of the configuration at once.
 */
export function stackSettings(project: string = pulumi.getProject()): Settings {
  const prefix = `${project}:`;
  const input: Record<string, unknown> = {};
  const hiddenKeys = new Set<string>();
  const secretKeys = secretConfigKeys();
  for (const [fullKey, text] of Object.entries(pulumi.runtime.allConfig())) {
    if (!fullKey.startsWith(prefix)) continue;
    const key = fullKey.slice(prefix.length);
    input[key] = parseValue(text);
    if (secretKeys.has(fullKey)) hiddenKeys.add(key);
  }
  const unfitting = unfittingKey(input.https);
  const unfilled = secretSettings
    .filter(([key = ""]) => hiddenKeys.has(key))
    .filter((path) => !markSecret(input, path))
    .map((path) => unfilledSecret(path.join(".")));
  // Which of its texts is the secret one nobody can tell.
  if (hiddenKeys.has("extraValues")) input.extraValues = secretTexts(input.extraValues);
  return parseSettings(input, {
    hiddenKeys,
    problems: [
      ...(region() === undefined ? [missingRegion] : []),
      ...misplacedCredentials(),
      ...unfilled,
      ...unfitting,
    ],
  });
}

/** The engine names the keys that are encrypted in an environment variable; the SDK has no public reader for it. */
function secretConfigKeys(): Set<string> {
  return new Set(JSON.parse(process.env.PULUMI_CONFIG_SECRET_KEYS ?? "[]") as string[]);
}

function region(): string | undefined {
  return pulumi.runtime.allConfig()["aws:region"] ?? process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION;
}

/** The AWS CLI gives the Kubernetes provider its tokens, and reads the environment only: Kubernetes would refuse everything. */
function misplacedCredentials(): string[] {
  return credentialSettings
    .filter((setting) => pulumi.runtime.allConfig()[`aws:${setting}`] !== undefined)
    .map(
      (setting) =>
        `aws:${setting} is set: expected credentials in the environment, because the AWS CLI, which logs in to Kubernetes, does not read this configuration; for example \`pulumi config rm aws:${setting}\` and \`export AWS_PROFILE=admin\``,
    );
}

/** Structured configuration arrives as JSON, scalars as their text. */
function parseValue(text: string): unknown {
  if (!/^[[{]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/**
 * Marks the text at the path as a secret, and every text below it: the last moment at which it can be looked at.
 * @returns whether nothing speaks against it.
 */
function markSecret(input: Record<string, unknown>, [key = "", ...rest]: readonly string[]): boolean {
  const value = input[key];
  if (typeof value === "object" && value !== null) {
    const tree = value as Record<string, unknown>;
    const below = rest.length > 0 ? [rest] : Object.keys(tree).map((each) => [each]);
    return below.map((path) => markSecret(tree, path)).every(Boolean);
  }
  if (rest.length > 0 || typeof value !== "string") return true;
  input[key] = pulumi.secret(value);
  return isFilledIn(value);
}

/** What is wrong with the key of a certificate, while both can be looked at. */
function unfittingKey(https: unknown): string[] {
  const { certificate, key } = (typeof https === "object" && https !== null ? https : {}) as Record<string, unknown>;
  if (typeof certificate !== "string" || typeof key !== "string" || !isFilledIn(key)) return [];
  const problem = keyProblem(key, certificate);
  return problem === undefined ? [] : [`https.key is (hidden): ${problem}`];
}

/** The same tree with every text in it a secret. */
function secretTexts(value: unknown): unknown {
  if (typeof value === "string") return pulumi.secret(value);
  if (Array.isArray(value)) return value.map(secretTexts);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, secretTexts(each)]));
}

function unfilledSecret(path: string): string {
  return `${path} is (hidden): that is empty or a placeholder; put the real value by \`pulumi config set --secret --path ${path}\``;
}
