import { type LocatedResult, type SubjectReport, summarise } from "../judging";
import { clean, headingOf, noteworthy, place, standing, totals } from "./words";

/** The report for a pull request or a wiki. */
export function asMarkdown(reports: readonly SubjectReport[]): string {
  const sections = reports.map(section);
  return `${["# JupyterHub audit", totals(summarise(reports)), ...sections].join("\n\n")}\n`;
}

function section(report: SubjectReport): string {
  const heading = `## ${escaped(headingOf(report))}`;
  const error = report.error === undefined ? [] : [`**Error:** ${escaped(report.error)}`];
  const rows = noteworthy(report).map(row);
  const body =
    rows.length > 0 ? [[...tableHead, ...rows].join("\n")] : error.length > 0 ? [] : [sentence(clean(report))];
  return [heading, ...error, ...body].join("\n\n");
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

const tableHead = ["| Result | Severity | Control | Where | Found | Fix |", "| --- | --- | --- | --- | --- | --- |"];

function row(result: LocatedResult): string {
  const { control, reference, severity, resource, message, remediation, exemption } = result;
  const fix = exemption ? `exempted until ${exemption.expires}: ${exemption.reason}` : remediation;
  const where = [resource, place(result)].filter(Boolean).join("\n");
  const cells = [standing(result), severity, `${control} (${reference.join(", ")})`, where, message, fix];
  return `| ${cells.map(escaped).join(" | ")} |`;
}

/** Text as it is, not as Markdown or HTML. */
export function escaped(text: string): string {
  return text
    .replace(/[\\`*_[\]|~#]/g, "\\$&")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/\n/g, "<br>");
}
