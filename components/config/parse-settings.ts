import { describe, SettingsError } from "./problems";
import { type Settings, secretSettings, settingsSchema } from "./settings";

/** What is known about settings beside themselves. */
export interface SettingsSource {
  /** Settings whose values came from secret configuration and are shown in no message. */
  readonly hiddenKeys?: ReadonlySet<string>;
  /** What is wrong where the settings come from: reported together with what is wrong in them. */
  readonly problems?: readonly string[];
}

/**
 * Checks settings and fills in defaults, before any resource is registered.
 * @throws SettingsError naming every problem: path, what was found (never a secret), what is expected, an example.
 */
export function parseSettings(input: unknown, { hiddenKeys, problems = [] }: SettingsSource = {}): Settings {
  const result = settingsSchema.safeParse(input, { reportInput: true });
  if (result.success && problems.length === 0) return result.data;
  const isHidden = (path: readonly PropertyKey[]) => hiddenKeys?.has(String(path[0])) || touchesSecret(path);
  const issues = result.error?.issues ?? [];
  throw new SettingsError([
    ...problems,
    ...issues.flatMap((issue) => describe(issue, settingsSchema, input, isHidden)),
  ]);
}

/** Whether a secret lies at the path, around it or below it. */
function touchesSecret(path: readonly PropertyKey[]): boolean {
  return secretSettings.some((secret) =>
    Array.from({ length: Math.min(path.length, secret.length) }).every((_, index) => path[index] === secret[index]),
  );
}
