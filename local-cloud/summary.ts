/** What a deployment in the local cloud has come to: where the hub would answer, and what the controls say about it. */
import { type Found, isList, own } from "../chart/values";
import { securityControls } from "../policies/controls";
import { fromStackExport, type Judgement, judge } from "../policies/evaluate";

type Verdict = Pick<Judgement, "control" | "verdict" | "resource" | "exemption">;

/** @param state what `pulumi stack export --show-secrets` prints */
export function summary(state: string): string {
  const exported: Found = JSON.parse(state);
  return ["", ...address(exported), "", ...proof(judge(fromStackExport(exported), {}, securityControls)), ""].join(
    "\n",
  );
}

function address(state: Found): string[] {
  const resources = own(own(state, "deployment"), "resources");
  const stack = isList(resources) ? resources.find((each) => own(each, "type") === "pulumi:pulumi:Stack") : undefined;
  const url = own(own(stack, "outputs"), "hubUrl");
  return typeof url === "string" ? [`Hub: ${url}`, "     (simulated: nothing answers there)"] : [];
}

/** A table of the verdicts, and how many there are of each. What a control does not apply to is not worth a line. */
export function proof(judgements: readonly Verdict[]): string[] {
  const rows = judgements
    .filter(({ verdict }) => verdict !== "notApplicable")
    .map(({ control, verdict, resource, exemption }) => [
      control,
      exemption === undefined ? verdict : `${verdict}, exempted`,
      shortName(resource),
    ]);
  const judged = new Set(rows.map(([control]) => control));
  const idle = new Set(judgements.map(({ control }) => control).filter((control) => !judged.has(control)));
  return [
    ...table([["CONTROL", "VERDICT", "RESOURCE"], ...rows]),
    "",
    `${judged.size} controls, ${rows.length} verdicts: ${count(rows.map(([, verdict = ""]) => verdict))}`,
    ...(idle.size === 0 ? [] : [`Nothing to judge for ${[...idle].join(", ")}`]),
  ];
}

/** `Release hub` of a URN that ends with `kubernetes:helm.sh/v3:Release::hub`. */
function shortName(urn: string): string {
  const [type = "", name = urn] = urn.split("::").slice(-2);
  return `${type.split(":").at(-1)} ${name}`;
}

function count(verdicts: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const verdict of verdicts) {
    counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  }
  return [...counts].map(([verdict, times]) => `${times} ${verdict}`).join(", ");
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
