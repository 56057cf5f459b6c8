import type { Severity } from "../../policies/control";
import { type LocatedResult, type SubjectReport, summarise } from "../judging";
import type { Paint, Style } from "../terminal";
import { clean, headingOf, noteworthy, place, standing, totals } from "./words";

const colours: Readonly<Record<string, Style>> = { FAIL: "red", ADVICE: "yellow", UNKNOWN: "magenta", EXEMPT: "blue" };
const severityColours: Readonly<Record<Severity, Style>> = {
  critical: "red",
  high: "red",
  medium: "yellow",
  low: "gray",
};

/** The report for people: per subject what is to be done, then the numbers. */
export function asTable(reports: readonly SubjectReport[], paint: Paint): string {
  const width = Math.max(
    0,
    ...reports
      .flatMap(noteworthy)
      .map(nameOf)
      .map(({ length }) => length),
  );
  const blocks = reports.map((report) => block(report, width, paint));
  return `${[...blocks, paint("bold", totals(summarise(reports)))].join("\n\n")}\n`;
}

function block(report: SubjectReport, width: number, paint: Paint): string {
  const lines = [paint("bold", headingOf(report))];
  if (report.error !== undefined) lines.push(`  ${paint("red", "ERROR".padEnd(8))} ${report.error}`);
  for (const result of noteworthy(report)) lines.push(...row(result, width, paint));
  if (isClean(report)) lines.push(`  ${clean(report)}`);
  return lines.join("\n");
}

function isClean(report: SubjectReport): boolean {
  return report.error === undefined && noteworthy(report).length === 0;
}

function row(result: LocatedResult, width: number, paint: Paint): string[] {
  const word = standing(result);
  const { severity, message, remediation, resource, exemption } = result;
  const cells = [
    paint(colours[word] ?? "reset", word.padEnd(8)),
    paint(severityColours[severity], severity.padEnd(8)),
    nameOf(result).padEnd(width),
    paint("gray", place(result)),
  ];
  const details = [
    ...(resource === null ? [] : [`on   ${resource}`]),
    ...message.split("\n"),
    ...(exemption ? [`exempted until ${exemption.expires}: ${exemption.reason}`] : fixes(remediation)),
  ];
  return [`  ${cells.join(" ")}`.trimEnd(), ...details.map((line) => `           ${line}`)];
}

function fixes(remediation: string): string[] {
  return remediation.split("\n").map((line) => `fix: ${line}`);
}

function nameOf({ control, reference }: LocatedResult): string {
  return `${control} [${reference.join(", ")}]`;
}
