import { InputError, type Source } from "./input-error";
import { isManifest, readManifests } from "./manifests";
import { isState, readState } from "./state";
import type { Kind, Reading } from "./subject";
import { readValues, type ValuesOptions } from "./values";
import { readYaml } from "./yaml";

export interface ReadOptions extends ValuesOptions {
  /** What the input is; `auto` looks at its content. */
  readonly kind: Kind | "auto";
}

/**
 * What there is to judge in an input: one text, or several values files that belong together.
 *
 * @throws InputError when it cannot be read as what it is
 */
export function readSubjects(sources: readonly Source[], options: ReadOptions): Reading {
  const [first, ...more] = sources;
  if (!first) return { subjects: [], assumedVersion: false };
  if (more.length > 0) {
    const other = sources.find((source) => kindOf(source, options.kind) !== "values");
    if (other) throw new InputError(other.name, "is no values file; only values files can be merged");
    return readValues(sources, options);
  }
  switch (kindOf(first, options.kind)) {
    case "values":
      return readValues(sources, options);
    case "manifests":
      return readManifests(first);
    case "state":
      return readState(first);
  }
}

/** Looks at the content. What cannot be read as anything counts as values, so that reading it says what is wrong. */
function kindOf(source: Source, kind: Kind | "auto"): Kind {
  if (kind !== "auto") return kind;
  if (isState(source.text)) return "state";
  // Manifests have these two keys at the start of a line, or between braces.
  if (!/(^|[{,\s"'])apiVersion\b/.test(source.text) || !/(^|[{,\s"'])kind\b/.test(source.text)) return "values";
  return isManifest(readYaml(source)[0]?.value) ? "manifests" : "values";
}
