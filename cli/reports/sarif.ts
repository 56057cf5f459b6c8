import { isAbsolute } from "node:path";
import { pathToFileURL } from "node:url";
import type { Location, Log, Notification, ReportingDescriptor, Result } from "sarif";
import packageJson from "../../package.json";
import type { Control, Severity } from "../../policies/control";
import { controls } from "../../policies/controls";
import type { LocatedResult, SubjectReport } from "../judging";
import { noteworthy } from "./words";

/** What code scanning sorts by, on the scale of CVSS. */
const scores: Readonly<Record<Severity, string>> = { critical: "9.5", high: "8.0", medium: "5.5", low: "3.0" };

/** The report for code scanning, as SARIF 2.1.0: what failed or is undecided, with line and column. */
export function asSarif(reports: readonly SubjectReport[]): string {
  const results = reports.flatMap(noteworthy);
  const named = new Set(results.map(({ control }) => control));
  const rules = controls.filter(({ name }) => named.has(name));
  const log: Log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: packageJson.name, version: packageJson.version, rules: rules.map(ruleOf) } },
        columnKind: "utf16CodeUnits",
        invocations: [
          {
            executionSuccessful: reports.every(({ error }) => error === undefined),
            toolExecutionNotifications: reports.flatMap(notificationOf),
          },
        ],
        results: results.map((result) => resultOf(result, rules)),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function ruleOf({ name, title, why, remediation, severity, reference }: Control): ReportingDescriptor {
  return {
    id: name,
    shortDescription: { text: title },
    fullDescription: { text: `${title}: ${why}.` },
    help: { text: remediation },
    properties: { tags: ["security", ...reference], "security-severity": scores[severity] },
  };
}

function resultOf(result: LocatedResult, rules: readonly Control[]): Result {
  const { control, verdict, level, message, remediation, location, resource, path, exemption } = result;
  const logicalName = [resource, path].filter((part) => part !== null).join(" ");
  return {
    ruleId: control,
    ruleIndex: rules.findIndex(({ name }) => name === control),
    // SARIF: a result of any other kind than "fail" has no level.
    ...(verdict === "fail"
      ? { kind: "fail", level: level === "mandatory" ? "error" : "warning" }
      : { kind: "open", level: "none" }),
    message: { text: `${message}\nFix: ${remediation}` },
    locations: [
      {
        ...(location ? physical(location.file, location.line, location.column) : {}),
        ...(logicalName === "" ? {} : { logicalLocations: [{ fullyQualifiedName: logicalName }] }),
      },
    ],
    partialFingerprints: { "controlAndPath/v1": [control, resource, path].filter((part) => part !== null).join("|") },
    ...(exemption ? { suppressions: [{ kind: "external", status: "accepted", justification: exemption.reason }] } : {}),
  };
}

function notificationOf({ error, problem }: SubjectReport): Notification[] {
  if (error === undefined || !problem) return [];
  const { line, column } = problem.position ?? { line: 1, column: 1 };
  return [{ level: "error", message: { text: error }, locations: [physical(problem.file, line, column)] }];
}

function physical(file: string, line: number, column: number): Location {
  const region = { startLine: line, startColumn: column };
  return { physicalLocation: { artifactLocation: { uri: uriOf(file) }, region } };
}

function uriOf(file: string): string {
  if (file === "-") return "stdin";
  if (isAbsolute(file)) return pathToFileURL(file).href;
  return file.split("/").map(encodeURIComponent).join("/");
}
