import { writeFileSync } from "node:fs";
import { chartDefaults, defaultChartVersion } from "../chart/releases";
import { parse } from "../chart/version";
import type { Configuration } from "../policies/evaluate";
import type { Resource } from "../policies/evidence/resource";
import { InputError } from "../policies/subjects/input-error";
import type { Kind } from "../policies/subjects/kinds";
import { kindOf, readSubjects } from "../policies/subjects/read";
import { whereThrown } from "../policies/where-thrown";
import { satisfied, UsageError, unusable, violated } from "./exit-codes";
import { readSource } from "./inputs";
import { type Judging, judgeSubject, type SubjectReport, unreadable, violates } from "./judging";
import { controlsOf } from "./packs";
import type { AuditFormat, PackName } from "./program";
import type { Terminal } from "./terminal";

export interface AuditOptions {
  readonly values: readonly string[];
  readonly kind: Kind | "auto";
  readonly chartVersion?: string;
  readonly valuesKey?: string;
  readonly config?: string;
  readonly checkConfig?: boolean;
  readonly pack: PackName;
  readonly format: AuditFormat;
  readonly output?: string;
}

/** The `audit` command. Everything that can be judged is judged, also when another input is unusable. */
export async function audit(files: readonly string[], options: AuditOptions, io: Terminal): Promise<number> {
  checkUsage(files, options);
  const { configuration, problems } = await readConfigurationFile(options.config, io);
  if (options.checkConfig) {
    if (problems === 0) io.err(`${options.config}: correct`);
    return problems === 0 ? satisfied : unusable;
  }
  const judging: Judging = { configuration, controls: controlsOf(options.pack) };
  const { reports, resources, assumedVersion } = judgeAll(inputsOf(files, options.values), options, judging);
  for (const { error } of reports) if (error !== undefined) io.err(`error: ${error}`);
  for (const note of notesOn(reports, assumedVersion)) io.err(`note: ${note}`);
  const unmatched = await unmatchedExemptions(options.config, judging, resources);
  for (const reason of unmatched) io.err(`error: ${options.config}: ${reason}`);
  const { render } = await import("./reports/render.js");
  const colour = io.colour && (options.output ?? "-") === "-";
  deliver(await render(options.format, reports, colour), options.output, io);
  if (problems + unmatched.length > 0 || reports.some(({ error }) => error !== undefined)) return unusable;
  return reports.some((report) => report.results.some((result) => violates(result, judging))) ? violated : satisfied;
}

function checkUsage(files: readonly string[], options: AuditOptions): void {
  const given = [...files, ...options.values];
  if (options.checkConfig && options.config === undefined) throw new UsageError("--check-config needs --config FILE");
  if (!options.checkConfig && given.length === 0) {
    throw new UsageError("audit needs a file to judge, or - for standard input");
  }
  if ([...given, options.config].filter((name) => name === "-").length > 1) {
    throw new UsageError("- (standard input) can be read only once");
  }
  if (options.values.length > 1 && options.kind !== "auto" && options.kind !== "values") {
    throw new UsageError(`several -f files are merged as values files; --kind ${options.kind} has nothing to merge`);
  }
  if (options.chartVersion !== undefined && parse(options.chartVersion) === null) {
    throw new UsageError(
      `--chart-version "${options.chartVersion}" is no version; give one such as ${defaultChartVersion}`,
    );
  }
}

async function readConfigurationFile(
  file: string | undefined,
  io: Terminal,
): Promise<{ configuration: Configuration; problems: number }> {
  if (file === undefined) return { configuration: {}, problems: 0 };
  const { checkConfiguration } = await import("./configuration.js");
  try {
    const { configuration, problems } = checkConfiguration(readSource(file));
    for (const problem of problems) io.err(`error: ${problem.message}`);
    return { configuration, problems: problems.length };
  } catch (error) {
    throw error instanceof InputError ? new UsageError(error.message) : error;
  }
}

async function unmatchedExemptions(
  file: string | undefined,
  { controls, configuration }: Judging,
  resources: readonly Resource[],
): Promise<string[]> {
  if (file === undefined) return [];
  return (await import("./configuration.js")).idleExemptions(controls, configuration, resources);
}

/** Files that are one subject together: those of -f, and each other file on its own. */
function inputsOf(files: readonly string[], merged: readonly string[]): (readonly string[])[] {
  return [...(merged.length > 0 ? [merged] : []), ...files.map((file) => [file])];
}

interface Judged {
  readonly reports: readonly SubjectReport[];
  /** Everything that was judged, to see which exemptions matched. */
  readonly resources: readonly Resource[];
  readonly assumedVersion: boolean;
}

function judgeAll(inputs: readonly (readonly string[])[], options: AuditOptions, judging: Judging): Judged {
  const judged = inputs.map((names) => judgeInput(names, options, judging));
  return {
    reports: judged.flatMap(({ reports }) => reports),
    resources: judged.flatMap(({ resources }) => resources),
    assumedVersion: judged.some(({ assumedVersion }) => assumedVersion),
  };
}

function judgeInput(names: readonly string[], options: AuditOptions, judging: Judging): Judged {
  const name = names.join(",");
  let kind = options.kind === "auto" ? null : options.kind;
  try {
    const sources = names.map(readSource);
    kind = kindOf(sources, options.kind);
    const chartVersion = parse(options.chartVersion ?? "")?.version;
    const { subjects, assumedVersion } = readSubjects(sources, { ...options, kind, chartVersion });
    const reports = subjects.map((subject) => judgeSubject(name, subject, judging));
    const resources = subjects
      .flatMap((subject) => subject.resources)
      .map(({ type, name, urn }) => ({ type, name, urn, properties: {} }));
    return { reports, resources, assumedVersion };
  } catch (error) {
    const problem =
      error instanceof InputError ? error : new InputError(name, `cannot be judged: internal: ${whereThrown(error)}`);
    return { reports: [unreadable(name, kind, problem)], resources: [], assumedVersion: false };
  }
}

/** What a reader of the report should know of how it came about. */
function notesOn(reports: readonly SubjectReport[], assumedVersion: boolean): ReadonlySet<string> {
  const notes = new Set<string>();
  if (assumedVersion) notes.add(`judged for chart ${defaultChartVersion}; --chart-version names another one`);
  for (const { subject, chartVersion, results, error } of reports) {
    if (error === undefined && results.length === 0) notes.add(`${subject}: nothing to judge, neither hub nor cluster`);
    if (chartVersion === null) continue;
    const { exact, release } = chartDefaults(chartVersion);
    if (!exact) notes.add(`chart ${chartVersion} is not known here; judged with the defaults of ${release.chart}`);
  }
  return notes;
}

function deliver(report: string, file: string | undefined, io: Terminal): void {
  if (file === undefined || file === "-") {
    io.out(report);
    return;
  }
  try {
    writeFileSync(file, report);
  } catch (error) {
    throw new UsageError(`the report cannot be written to ${file} (${(error as NodeJS.ErrnoException).code})`);
  }
}
