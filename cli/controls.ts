import type { Control } from "../policies/control";
import { satisfied } from "./exit-codes";
import { controlsOf, levelOf } from "./packs";
import type { ListFormat, PackName } from "./program";
import { escaped } from "./reports/markdown";
import { type Paint, painter, type Terminal } from "./terminal";

/** The `controls` command. */
export function listControls({ pack, format }: { pack: PackName; format: ListFormat }, io: Terminal): number {
  const listed = controlsOf(pack);
  switch (format) {
    case "table":
      io.out(asTable(listed, painter(io.colour)));
      break;
    case "json":
      io.out(`${JSON.stringify(listed.map(metadata), null, 2)}\n`);
      break;
    case "markdown":
      io.out(asMarkdown(listed));
      break;
  }
  return satisfied;
}

/** Everything about a control that is data. */
function metadata(control: Control): object {
  const { name, title, reference, severity, pack, why, source, remediation, options = {}, types, scope } = control;
  return {
    name,
    title,
    reference,
    severity,
    pack,
    level: levelOf(control, {}),
    why,
    source,
    remediation,
    options,
    types,
    scope,
  };
}

function cellsOf(control: Control): string[] {
  const { name, reference, severity, pack, title } = control;
  return [name, reference.join(", "), severity, pack, levelOf(control, {}), title];
}

const heads = ["CONTROL", "REFERENCE", "SEVERITY", "PACK", "LEVEL", "RULE"];

function asTable(listed: readonly Control[], paint: Paint): string {
  const rows = listed.map(cellsOf);
  const widths = heads.map((head, column) => Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  return `${[paint("bold", line(heads)), ...rows.map(line)].join("\n")}\n`;
}

function asMarkdown(listed: readonly Control[]): string {
  const head = ["| Control | Reference | Severity | Pack | Level | Rule |", "| --- | --- | --- | --- | --- | --- |"];
  return `${[...head, ...listed.map((control) => `| ${cellsOf(control).map(escaped).join(" | ")} |`)].join("\n")}\n`;
}
