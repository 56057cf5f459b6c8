import type { Verdict } from "../../policies/control";
import type { LocatedResult, SubjectReport, Summary } from "../judging";

/** What a reader must act on or know of: violations, accepted risks, and what nobody could decide. */
export function noteworthy({ results }: SubjectReport): readonly LocatedResult[] {
  return results
    .filter(({ verdict, level }) => level !== "disabled" && (verdict === "fail" || verdict === "unknown"))
    .sort((a, b) => weight(b) - weight(a));
}

/** What stands in the place of findings where there are none. */
export function clean({ results }: SubjectReport): string {
  return results.length === 0 ? "nothing to judge" : "nothing to mend";
}

const severities = ["low", "medium", "high", "critical"];

function weight({ verdict, level, severity, exemption }: LocatedResult): number {
  const standing = exemption ? 0 : verdict === "unknown" ? 1 : level === "advisory" ? 2 : 3;
  return standing * severities.length + severities.indexOf(severity);
}

const names: Readonly<Record<Verdict, string>> = {
  fail: "FAIL",
  unknown: "UNKNOWN",
  pass: "pass",
  notApplicable: "not applicable",
};

/** What became of a result in one word. */
export function standing({ verdict, level, exemption }: LocatedResult): string {
  if (exemption) return "EXEMPT";
  return verdict === "fail" && level === "advisory" ? "ADVICE" : names[verdict];
}

export function headingOf({ subject, kind, chartVersion }: SubjectReport): string {
  const facts = [kind, chartVersion && `chart ${chartVersion}`].filter((fact) => fact !== null);
  return facts.length > 0 ? `${subject} (${facts.join(", ")})` : subject;
}

export function place({ location }: LocatedResult): string {
  return location ? `${location.file}:${location.line}:${location.column}` : "";
}

export function totals(summary: Summary): string {
  const parts = [
    `${summary.fail} failed`,
    `${summary.unknown} undecided`,
    `${summary.exempted} exempted`,
    `${summary.pass} passed`,
    `${summary.notApplicable} not applicable`,
  ];
  return [...parts, ...(summary.errors > 0 ? [`${summary.errors} unreadable`] : [])].join(", ");
}
