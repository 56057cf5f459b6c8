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
  const [first] = sources;
  if (!first) return { subjects: [], assumedVersion: false };
  switch (kindOf(sources, options.kind)) {
    case "values":
      for (const source of sources) refuseOtherKinds(source, sources.length > 1);
      return readValues(sources, options);
    case "manifests":
      return readManifests(first);
    case "state":
      return readState(first);
  }
}

/** What an input is read as. Only values can be in several files. */
export function kindOf([first, ...more]: readonly Source[], asked: Kind | "auto"): Kind {
  if (asked !== "auto") return asked;
  return first && more.length === 0 ? recognise(first) : "values";
}

/** Looks at the content. What cannot be read as anything counts as values, so that reading it says what is wrong. */
function recognise(source: Source): Kind {
  if (isState(source.text)) return "state";
  return holdsManifests(source) ? "manifests" : "values";
}

function holdsManifests(source: Source): boolean {
  // Manifests have these two keys at the start of a line, or between braces.
  if (!/(^|[{,\s"'])apiVersion\b/.test(source.text) || !/(^|[{,\s"'])kind\b/.test(source.text)) return false;
  try {
    return readYaml(source).some(({ value }) => isManifest(value));
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return /^apiVersion:/m.test(source.text) && /^kind:/m.test(source.text);
  }
}

const contents = { manifests: "Kubernetes manifests", state: "an exported stack" } as const;

function refuseOtherKinds(source: Source, merged: boolean): void {
  const kind = recognise(source);
  if (kind === "values") return;
  const reason = `is no values file but ${contents[kind]}`;
  throw new InputError(source.name, merged ? `${reason}; only values files can be merged` : reason);
}
