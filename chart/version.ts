import SemVer from "semver/classes/semver";
import parseSemVer from "semver/functions/parse";

export type { SemVer };

/** Reads an exact version; a leading `v` is fine. Null for a range or any other text. */
export function parse(version: string): SemVer | null {
  return parseSemVer(version, { loose: true });
}

const known = new Map<string, SemVer>();

/** Compares major, minor and patch only: a pre-release of 4.0.0 already behaves like 4.0.0. */
export function compareMain(version: SemVer, other: string): number {
  let compared = known.get(other);
  if (!compared) {
    compared = new SemVer(other);
    known.set(other, compared);
  }
  return version.compareMain(compared);
}
