import type { Exemption, Level } from "../policies/configuration";
import type { Control, Severity, Verdict } from "../policies/control";
import { type Configuration, type Judgement, judge } from "../policies/evaluate";
import { releaseInputs } from "../policies/evidence/hub";
import { readSettings } from "../policies/settings";
import type { InputError } from "../policies/subjects/input-error";
import type { Kind, Location, Subject } from "../policies/subjects/subject";
import { levelOf } from "./packs";

/** By what subjects are judged. */
export interface Judging {
  readonly configuration: Configuration;
  readonly controls: readonly Control[];
}

/** One control's verdict on one resource of a subject, as it is reported. */
export interface Result {
  readonly control: string;
  readonly reference: readonly string[];
  readonly severity: Severity;
  readonly level: Level;
  readonly verdict: Verdict;
  /** URN, or Kind/namespace/name; null for a values file. */
  readonly resource: string | null;
  /** Dotted path from the root of the values, or of the resource's properties. */
  readonly path: string | null;
  readonly message: string;
  readonly remediation: string;
  readonly exemption?: Exemption;
}

export interface LocatedResult extends Result {
  /** Where it is to be mended; only for what failed or is undecided. */
  readonly location?: Location;
}

export interface SubjectReport {
  /** The path as it was given. */
  readonly subject: string;
  /** What it was read as; null when it could not even be opened. */
  readonly kind: Kind | null;
  readonly chartVersion: string | null;
  readonly error?: string;
  /** Where the error is. */
  readonly problem?: InputError;
  readonly results: readonly LocatedResult[];
}

/** Judges a subject by every control. */
export function judgeSubject(name: string, subject: Subject, { configuration, controls }: Judging): SubjectReport {
  const levels = new Map(controls.map((control) => [control.name, levelOf(control, configuration)]));
  const results = judge(subject.resources, configuration, controls).map((judgement) =>
    resultOf(judgement, levels.get(judgement.control) as Level, subject),
  );
  const { kind, chartVersion, problem } = subject;
  return { subject: name, kind, chartVersion, ...(problem ? { error: problem.message, problem } : {}), results };
}

/** The report of an input that nobody can judge. */
export function unreadable(name: string, kind: Kind | null, problem: InputError): SubjectReport {
  return { subject: name, kind, chartVersion: null, error: problem.message, problem, results: [] };
}

function resultOf(judgement: Judgement, level: Level, subject: Subject): LocatedResult {
  const { control, reference, severity, verdict, message, remediation, exemption } = judgement;
  // A values file has no place for what else a release is given.
  const inValues = subject.kind === "state" || !releaseInputs.includes(judgement.path ?? "");
  const path = inValues ? judgement.path : null;
  const open = verdict === "fail" || verdict === "unknown";
  return {
    control,
    reference,
    severity,
    level,
    verdict,
    resource: subject.kind === "values" ? null : judgement.resource,
    path,
    message,
    remediation,
    ...(exemption ? { exemption } : {}),
    ...(open ? { location: subject.locate(path, judgement.resource) } : {}),
  };
}

/** Whether a result makes the audit fail. */
export function violates({ verdict, level, exemption }: Result, { configuration }: Judging): boolean {
  if (level !== "mandatory" || exemption !== undefined) return false;
  const strict = readSettings(configuration.settings).settings.profile === "strict";
  return verdict === "fail" || (strict && verdict === "unknown");
}

export interface Summary {
  readonly pass: number;
  readonly fail: number;
  readonly unknown: number;
  readonly notApplicable: number;
  /** Accepted risks; they are in no other number. */
  readonly exempted: number;
  /** Inputs that could not be read. */
  readonly errors: number;
}

export function summarise(reports: readonly SubjectReport[]): Summary {
  const counts = { pass: 0, fail: 0, unknown: 0, notApplicable: 0, exempted: 0, errors: 0 };
  for (const { results, error } of reports) {
    if (error !== undefined) counts.errors += 1;
    for (const { verdict, exemption } of results) counts[exemption ? "exempted" : verdict] += 1;
  }
  return counts;
}
