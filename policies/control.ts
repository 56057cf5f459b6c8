import type { Truth } from "../chart/three-valued";
import { type Found, isList, isMap, UNKNOWN, type ValueMap } from "../chart/values";
import type { Resource, Stack } from "./evidence/resource";
import type { Example } from "./example";
import type { Settings } from "./settings";

export type Verdict = "pass" | "fail" | "unknown" | "notApplicable";
export type Severity = "low" | "medium" | "high" | "critical";

/** `security` protects secrecy, isolation and identity, and refuses; `operations` advises on what keeps a hub in good order. */
export type Pack = "security" | "operations";

/** What a control says about one resource. */
export interface Finding {
  readonly verdict: Verdict;
  /** Dotted path of the property that decided; null when it is the whole resource. */
  readonly path: string | null;
  /** What was found there, in words that never repeat a value which could be a secret. */
  readonly found: string;
  readonly expected?: string;
  /** The exact value to set, where it differs from the control's general remediation. */
  readonly remediation?: string;
}

/** What a control may use beside the resource itself. */
export interface Context {
  readonly stack: Stack;
  readonly settings: Settings;
  /** The control's own options, checked against its schema, defaults filled in. */
  readonly options: ValueMap;
}

/** An option of a control: a fragment of JSON schema with a default. */
export interface ControlOption {
  readonly type: "array" | "boolean" | "integer" | "string";
  readonly description: string;
  readonly default: boolean | number | string | readonly string[];
}

/** One rule: what it says, why, how to satisfy it, and the function that judges. */
export interface Control {
  /** Kebab-case, says the rule; also the policy's name. */
  readonly name: string;
  /** The rule in one sentence. */
  readonly title: string;
  /** Ids of the control catalogue that it covers, for example `RBAC-01`. */
  readonly reference: readonly string[];
  readonly severity: Severity;
  readonly pack: Pack;
  /** Why it matters, in one sentence. */
  readonly why: string;
  /** The document and section that recommend it. */
  readonly source: string;
  /** What to do, with the exact value to set. */
  readonly remediation: string;
  readonly options?: Readonly<Record<string, ControlOption>>;
  /** Type tokens of the resources that it judges; every other resource costs it nothing. */
  readonly types: readonly string[];
  /**
   * `resource`: the resource alone decides. `stack`: other resources count, too. While the stack is incomplete such a control
   * must answer `fail` only when no other resource could change that, else `unknown`.
   */
  readonly scope: "resource" | "stack";
  /** Deployments with the verdict that they get: documentation, and tests at once. */
  readonly examples?: readonly Example[];
  readonly evaluate: (resource: Resource, context: Context) => Finding | readonly Finding[];
}

export function pass(path: string | null, found: string): Finding {
  return { verdict: "pass", path, found };
}

export function fail(path: string | null, found: string, expected: string, remediation?: string): Finding {
  return { verdict: "fail", path, found, expected, ...(remediation === undefined ? {} : { remediation }) };
}

export function unknown(path: string | null, found: string, expected: string, remediation?: string): Finding {
  return { verdict: "unknown", path, found, expected, ...(remediation === undefined ? {} : { remediation }) };
}

export function notApplicable(found: string): Finding {
  return { verdict: "notApplicable", path: null, found };
}

const gravity: Record<Verdict, number> = { notApplicable: 0, pass: 1, unknown: 2, fail: 3 };

/** The findings that decide: those of the gravest verdict. */
export function gravest(findings: Finding | readonly Finding[]): readonly Finding[] {
  const list = Array.isArray(findings) ? (findings as readonly Finding[]) : [findings as Finding];
  const worst = Math.max(...list.map((finding) => gravity[finding.verdict]));
  return list.filter((finding) => gravity[finding.verdict] === worst);
}

/**
 * Judges only where a condition holds. While it is open whether it does, what would fail is undecided.
 *
 * @param otherwise why there is nothing to judge when the condition does not hold
 */
export function when(
  condition: Truth,
  otherwise: string,
  judge: () => Finding | readonly Finding[],
): readonly Finding[] {
  if (condition === false) return [notApplicable(otherwise)];
  const findings = gravest(judge());
  return condition === true ? findings : findings.map(undecided);
}

/** A finding that hangs on something which is not known yet. */
export function undecided(finding: Finding): Finding {
  return finding.verdict === "fail" ? { ...finding, verdict: "unknown" } : finding;
}

/** Turns a three-valued truth into the finding that says so. */
export function decide(truth: Truth, findings: { pass: Finding; fail: Finding; unknown: Finding }): Finding {
  if (truth === UNKNOWN) return findings.unknown;
  return truth ? findings.pass : findings.fail;
}

/** A finding over a setting that must be exactly true or exactly false. */
export function mustBe(wanted: boolean, value: Found, path: string): Finding {
  const expected = String(wanted);
  if (value === UNKNOWN) return unknown(path, describe(value), expected);
  return value === wanted ? pass(path, describe(value)) : fail(path, describe(value), expected);
}

/** A value in words. Texts, which could be secrets, are only measured. */
export function describe(value: Found): string {
  if (value === UNKNOWN) return "a value that is not known yet";
  if (value === undefined || value === null) return "not set";
  if (typeof value === "string") return value === "" ? "an empty text" : `a text of ${value.length} characters`;
  if (typeof value === "boolean") return String(value);
  if (typeof value === "number") return "a number";
  if (isList(value)) return value.length === 0 ? "an empty list" : `a list of ${value.length}`;
  return isMap(value) ? "a map" : "an unsupported value";
}
