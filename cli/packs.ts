import { isMap, own } from "../chart/values";
import { type Level, levels } from "../policies/configuration";
import type { Control, Pack } from "../policies/control";
import { controls } from "../policies/controls";
import type { Configuration } from "../policies/evaluate";
import type { PackName } from "./program";

const defaultLevels: Readonly<Record<Pack, Level>> = { security: "mandatory", operations: "advisory" };

export function controlsOf(pack: PackName): readonly Control[] {
  return pack === "all" ? controls : controls.filter((control) => control.pack === pack);
}

/** The level of a control: its own, else that of `all`, else its pack's. */
export function levelOf(control: Control, configuration: Configuration): Level {
  const own = givenLevel(configuration, control.name) ?? givenLevel(configuration, "all");
  return levels.find((level) => level === own) ?? defaultLevels[control.pack];
}

/** An entry of the configuration is a level, or a map that may have one. */
export function givenLevel(configuration: Configuration, key: string): unknown {
  const entry = Object.hasOwn(configuration, key) ? configuration[key] : undefined;
  return isMap(entry) ? own(entry, "enforcementLevel") : entry;
}
