import { stringify } from "yaml";
import { UNKNOWN } from "../chart/values";
import type { Example } from "./example";

/** An example as the data it is, in YAML; what a preview does not know yet is said in words. */
export function exampleText({ values, version, release, resources, configuration }: Example): string {
  const parts = Object.entries({ version, release, values, resources, configuration });
  const given = Object.fromEntries(parts.filter(([, part]) => part !== undefined));
  const shown = JSON.parse(
    JSON.stringify(given, (_, value) => (value === UNKNOWN ? "(known after deployment)" : value)),
  );
  return stringify(shown).trimEnd();
}
