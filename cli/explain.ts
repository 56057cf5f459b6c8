import { closest } from "fastest-levenshtein";
import { type Uncheckable, uncheckable } from "../policies/catalogue";
import type { Control, ControlOption, Verdict } from "../policies/control";
import { controls } from "../policies/controls";
import type { Example } from "../policies/example";
import { exampleText } from "../policies/example-text";
import { satisfied, UsageError } from "./exit-codes";
import { levelOf } from "./packs";
import { type Paint, painter, type Terminal } from "./terminal";

/** The `explain` command: one control by its name, or every control of a catalogue id, or why there can be none. */
export function explain(name: string, io: Terminal): number {
  const asked = name.trim().toLowerCase();
  const found = controls.filter(
    (control) => control.name === asked || control.reference.some((id) => id.toLowerCase() === asked),
  );
  const never = uncheckable.find(({ id }) => id.toLowerCase() === asked);
  if (never) {
    io.out(noControl(never, painter(io.colour)));
    return satisfied;
  }
  if (found.length === 0) throw new UsageError(`"${name}" is no control; did you mean "${nearestTo(asked)}"?`);
  io.out(`${found.map((control) => explanation(control, painter(io.colour))).join("\n")}`);
  return satisfied;
}

function nearestTo(asked: string): string {
  const ids = [...controls.flatMap(({ reference }) => reference), ...uncheckable.map(({ id }) => id)];
  return /^[a-z0-9]+-\d+$/.test(asked)
    ? closest(asked.toUpperCase(), ids)
    : closest(
        asked,
        controls.map(({ name }) => name),
      );
}

function noControl({ id, recommendation, reason, instead }: Uncheckable, paint: Paint): string {
  const section = (heading: string, body: string) => `${paint("bold", heading)}\n${indent(body)}`;
  const parts = [
    `${paint("bold", id)}  ${recommendation}`,
    section("Why there is no control", `${reason}.`),
    section("Instead", `${instead}.`),
  ];
  return `${parts.join("\n\n")}\n`;
}

function explanation(control: Control, paint: Paint): string {
  const { name, title, reference, severity, pack, why, source, remediation, options, examples = [] } = control;
  const section = (heading: string, body: string) => `${paint("bold", heading)}\n${indent(body)}`;
  const parts = [
    `${paint("bold", name)}  ${title}`,
    section("Reference", `${reference.join(", ")}; ${severity}; pack ${pack}, ${levelOf(control, {})} by default`),
    section("Why", `${why}.`),
    section("Source", source),
    section("Fix", remediation),
    ...example(examples, "pass", "Good example", section),
    ...example(examples, "fail", "Bad example", section),
    ...(options ? [section("Options", optionsOf(options))] : []),
    section("Exempt", exemption(name)),
  ];
  return `${parts.join("\n\n")}\n`;
}

function example(
  examples: readonly Example[],
  verdict: Verdict,
  heading: string,
  section: (heading: string, body: string) => string,
): string[] {
  const found = examples.find((each) => each.verdict === verdict);
  return found ? [section(`${heading}: ${found.title}`, exampleText(found))] : [];
}

function optionsOf(options: Readonly<Record<string, ControlOption>>): string {
  return Object.entries(options)
    .map(
      ([key, { type, description, default: standard }]) =>
        `${key} (${type}, default ${JSON.stringify(standard)}): ${description}`,
    )
    .join("\n");
}

function exemption(name: string): string {
  const exemptions = [
    { resource: "NAME, URN OR * PATTERN", reason: "WHY THE RISK IS ACCEPTED", expires: "YYYY-MM-DD" },
  ];
  const config = JSON.stringify({ [name]: { exemptions } }, null, 2);
  return `Put this into the file that --policy-pack-config and --config take; the last day on which it holds is "expires":\n${config}`;
}

function indent(text: string): string {
  return text.replace(/^/gm, "  ");
}
