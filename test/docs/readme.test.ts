import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { controls } from "../../policies/controls";

const readme = readFileSync(join(__dirname, "../../README.md"), "utf8");

test("the README's table names every control as the pack does", () => {
  const rows = controls.map(({ name, severity, title }) => `| \`${name}\` | ${severity} | ${title} |`);
  expect(readme).toContain(["| control | severity | the rule |", "| --- | --- | --- |", ...rows].join("\n"));
});
