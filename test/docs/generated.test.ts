import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { recommendations, uncheckable } from "../../policies/catalogue";
import { cataloguePage } from "../../policies/catalogue-page";
import { configurationSchema } from "../../policies/configuration-schema";
import { controls } from "../../policies/controls";

const read = (path: string) => readFileSync(join(__dirname, "../..", path), "utf8");

describe("docs/controls.md", () => {
  test("is what the controls say today; if not, run `npm run docs`", () =>
    expect(read("docs/controls.md")).toBe(cataloguePage(controls)));

  test("accounts for every recommendation: by a control, or by the reason why none can check it", () => {
    const page = read("docs/controls.md");
    for (const id of recommendations) expect(page).toContain(`| ${id} |`);
    expect(uncheckable).toHaveLength(11);
  });
});

test("policies/policy-config.schema.json is what the controls say today; if not, run `npm run docs`", () =>
  expect(JSON.parse(read("policies/policy-config.schema.json"))).toEqual(
    JSON.parse(JSON.stringify(configurationSchema(controls))),
  ));

test("the README's table says of its controls what they say of themselves", () => {
  const rows = [...read("README.md").matchAll(/^\| `([a-z-]+)` \| (\w+) \| (.+) \|$/gm)];
  expect(rows.length).toBeGreaterThan(5);
  for (const [, name, severity, title] of rows) {
    expect(controls.find((control) => control.name === name)).toMatchObject({ severity, title });
  }
});
