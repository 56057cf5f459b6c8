import * as pulumi from "@pulumi/pulumi";
import { parseSettings } from "./parse-settings";
import { SettingsError } from "./problems";
import { type Settings, secretSettings } from "./settings";

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
  for (const path of secretSettings) {
    if (hiddenKeys.has(path[0] ?? "")) markSecret(input, path);
  }
  if (region() === undefined) {
    throw new SettingsError([
      "aws:region is missing: expected an AWS region, for example `pulumi config set aws:region eu-central-1`",
    ]);
  }
  return parseSettings(input, hiddenKeys);
}

/** The engine names the keys that are encrypted in an environment variable; the SDK has no public reader for it. */
function secretConfigKeys(): Set<string> {
  return new Set(JSON.parse(process.env.PULUMI_CONFIG_SECRET_KEYS ?? "[]") as string[]);
}

function region(): string | undefined {
  return pulumi.runtime.allConfig()["aws:region"] ?? process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION;
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

function markSecret(input: Record<string, unknown>, path: readonly string[]): void {
  const [key, ...rest] = path;
  if (key === undefined) return;
  const value = input[key];
  if (rest.length > 0) {
    if (typeof value === "object" && value !== null) markSecret(value as Record<string, unknown>, rest);
  } else if (typeof value === "string") {
    input[key] = pulumi.secret(value);
  }
}
