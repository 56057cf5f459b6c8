import SemVer from "semver/classes/semver";
import parseSemVer from "semver/functions/parse";

export type { SemVer };

/** Reads an exact version; a leading `v` is fine. Null for a range or any other text. */
export function parse(version: string): SemVer | null {
  return parseSemVer(version, { loose: true });
}

/** Compares major, minor and patch only: a pre-release of 4.0.0 already behaves like 4.0.0. */
export function compareMain(version: SemVer, other: string): number {
  return version.compareMain(new SemVer(other));
}
