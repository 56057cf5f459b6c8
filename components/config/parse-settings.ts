import { describe, SettingsError } from "./problems";
import { type Settings, settingsSchema } from "./settings";

/**
 * Checks settings and fills in defaults, before any resource is registered.
 * @param hiddenKeys settings whose values came from secret configuration and are shown in no message.
 * @throws SettingsError naming every problem: path, what was found (never a secret), what is expected, an example.
 */
export function parseSettings(input: unknown, hiddenKeys: ReadonlySet<string> = new Set()): Settings {
  const result = settingsSchema.safeParse(input, { reportInput: true });
  if (result.success) return result.data;
  const isHidden = (path: readonly PropertyKey[]) => hiddenKeys.has(String(path[0]));
  throw new SettingsError(result.error.issues.flatMap((issue) => describe(issue, settingsSchema, isHidden)));
}
