import { parseSettings } from "../../components/config/parse-settings";
import { SettingsError } from "../../components/config/problems";
import { minimalSettings } from "./hub-settings";

type Tree = Record<string, unknown>;

/** The least that somebody has to set, changed at dotted paths; undefined takes a setting away. */
export function settings(changes: Tree = {}): Tree {
  const changed = { ...minimalSettings() } as Tree;
  for (const [path, value] of Object.entries(changes)) {
    const keys = path.split(".");
    const last = keys.pop() as string;
    const holder = keys.reduce<Tree>((tree, key) => {
      tree[key] = { ...(tree[key] as Tree | undefined) };
      return tree[key] as Tree;
    }, changed);
    if (value === undefined) delete holder[last];
    else holder[last] = value;
  }
  return changed;
}

/** What is wrong with settings, in the words that a user reads. */
export function problemsOf(input: unknown): readonly string[] {
  try {
    parseSettings(input);
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  return [];
}
