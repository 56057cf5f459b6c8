import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Validator } from "@cfworker/json-schema";
import type { Log } from "sarif";
import { expect, test } from "vitest";
import { command, open, temporaryFiles } from "./support";

const file = temporaryFiles();

/** The published schema: https://json.schemastore.org/sarif-2.1.0-rtm.5.json (OASIS). */
const schema = JSON.parse(readFileSync(join(__dirname, "sarif-2.1.0.schema.json"), "utf8"));

async function sarif(...args: string[]): Promise<Log> {
  return JSON.parse((await command("audit", ...args, "--format", "sarif")).out);
}

test("satisfies the published schema", async () => {
  const exemptions = [{ resource: "*", reason: "accepted", expires: "2999-01-01" }];
  const config = file("config.json", JSON.stringify({ "rbac-enabled": { exemptions } }));
  const log = await sarif(file("open.yaml", open), file("broken.yaml", "a: b: c"), "/no/such", "--config", config);
  const { valid, errors } = new Validator(schema, "4").validate(log);
  expect(errors).toEqual([]);
  expect(valid).toBe(true);
  const [run] = log.runs;
  expect(run?.invocations?.[0]).toMatchObject({ executionSuccessful: false });
  expect(run?.invocations?.[0]?.toolExecutionNotifications).toHaveLength(2);
  expect(run?.results?.find(({ ruleId }) => ruleId === "rbac-enabled")?.suppressions).toHaveLength(1);
});

test.each([
  ["a value", "rbac:\n  create: false\n", "rbac-enabled", 2, 3],
  ["a value below a parent chart", "a:\n  jupyterhub:\n    hub: {}\n    rbac: {create: no}\n", "rbac-enabled", 4, 12],
  ["what is around a missing value", "proxy:\n  https: {}\n", "https-effective", 2, 3],
])("points at %s", async (_title, values, control, line, column) => {
  const path = file("where.yaml", values);
  const result = (await sarif(path)).runs[0]?.results?.find(({ ruleId }) => ruleId === control);
  const location = result?.locations?.[0]?.physicalLocation;
  expect(location?.artifactLocation?.uri).toBe(`file://${path}`);
  expect(location?.region).toMatchObject({ startLine: line, startColumn: column });
});

test("points into the file that wins", async () => {
  const first = file("first.yaml", "rbac:\n  create: true\n");
  const second = file("second.yaml", "\n\nrbac: {create: false}\n");
  const result = (await sarif("-f", first, "-f", second)).runs[0]?.results?.find(
    ({ ruleId }) => ruleId === "rbac-enabled",
  );
  const location = result?.locations?.[0]?.physicalLocation;
  expect(location?.artifactLocation?.uri).toBe(`file://${second}`);
  expect(location?.region?.startLine).toBe(3);
});

test("tells relative files as relative references", async () => {
  const log = await sarif("no such file.yaml");
  const notification = log.runs[0]?.invocations?.[0]?.toolExecutionNotifications?.[0];
  expect(notification?.locations?.[0]?.physicalLocation?.artifactLocation?.uri).toBe("no%20such%20file.yaml");
});
