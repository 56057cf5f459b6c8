import { type SubjectReport, summarise } from "../judging";

/** The report as data, in the form of audit.schema.json. */
export function asJson(reports: readonly SubjectReport[]): string {
  const subjects = reports.map(({ subject, kind, chartVersion, error, results }) => ({
    subject,
    kind,
    chartVersion,
    ...(error === undefined ? {} : { error }),
    results: results.map(({ location: _, ...result }) => result),
  }));
  return `${JSON.stringify({ version: 1, subjects, summary: summarise(reports) }, null, 2)}\n`;
}
