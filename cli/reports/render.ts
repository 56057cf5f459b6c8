import type { SubjectReport } from "../judging";
import type { AuditFormat } from "../program";
import { painter } from "../terminal";

/** The report of an audit in the asked form, with a newline at its end. */
export async function render(format: AuditFormat, reports: readonly SubjectReport[], colour: boolean): Promise<string> {
  switch (format) {
    case "table":
      return (await import("./table.js")).asTable(reports, painter(colour));
    case "json":
      return (await import("./json.js")).asJson(reports);
    case "markdown":
      return (await import("./markdown.js")).asMarkdown(reports);
    case "sarif":
      return (await import("./sarif.js")).asSarif(reports);
  }
}
