import { spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { uncheckable } from "../../policies/catalogue";
import { controls } from "../../policies/controls";
import { command, open, temporaryFiles } from "./support";

const file = temporaryFiles();
const main = join(__dirname, "../../cli/main.js");

function started(args: readonly string[], input = "") {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], { input, encoding: "utf8" });
  return { status, stdout, stderr };
}

describe("as a process", () => {
  test("standard input is judged, and the exit code tells the verdict", () => {
    const { status, stdout } = started(["audit", "-", "--format", "json"], open);
    expect(status).toBe(1);
    expect(JSON.parse(stdout).subjects[0].subject).toBe("-");
  });

  test("standard input and files are merged", () => {
    const values = file("fixed.yaml", "rbac: {create: true}");
    const { stdout } = started(["audit", "-f", "-", "-f", values, "--format", "json"], open);
    const { results } = JSON.parse(stdout).subjects[0];
    expect(results.find((result: { control: string }) => result.control === "rbac-enabled").verdict).toBe("pass");
  });

  test("what cannot be read exits with 2, one line and no stack trace", () => {
    const { status, stderr } = started(["audit", file("broken.yaml", "a: b: c")]);
    expect(status).toBe(2);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  });

  test.skipIf(!existsSync("/dev/full"))("a report that cannot be written exits with 2 and one line", () => {
    const full = openSync("/dev/full", "w");
    const { status, stderr } = spawnSync(process.execPath, [main, "controls"], {
      stdio: ["ignore", full, "pipe"],
      encoding: "utf8",
    });
    closeSync(full);
    expect(status).toBe(2);
    expect(stderr).toBe("error: the report cannot be written (ENOSPC)\n");
  });

  test("nothing wrong exits with 0, in plain text where there is no terminal", () => {
    const config = file("config.json", '{"all": "advisory"}');
    const { status, stdout } = started(["audit", file("v.yaml", "{}"), "--config", config]);
    expect(status).toBe(0);
    expect(stdout).not.toContain("\u001b");
  });
});

describe("wrong usage exits with 2 and says what is wrong:", () => {
  test.each([
    [["audit"], "a file to judge"],
    [["audit", "-", "-"], "only once"],
    [["audit", "x", "--formt", "json"], "--format"],
    [["audit", "x", "--format", "xml"], "table, json, sarif, markdown"],
    [["audit", "x", "--kind", "helm"], "auto, values, manifests, state"],
    [["audit", "x", "--pack", "none"], "security, operations, all"],
    [["audit", "--check-config"], "--config"],
    [["audit", "-f", "a", "-f", "b", "--kind", "state"], "--kind state"],
    [["audits"], "audit"],
    [["explain"], "CONTROL"],
    [["explain", "rbac-enable"], 'did you mean "rbac-enabled"?'],
    [["explain", "RBAC-0"], "RBAC-0"],
  ])("%j", async (args, told) => {
    const { code, err } = await command(...args);
    expect(code).toBe(2);
    expect(err).toContain(told);
  });
});

describe("help", () => {
  test.each([["--help"], ["audit", "--help"], ["controls", "--help"], ["explain", "--help"], ["help", "audit"]])(
    "%s %s",
    async (...args) => {
      const { code, out } = await command(...args.filter((arg) => arg !== undefined));
      expect(code).toBe(0);
      expect(out).toContain("Usage: jupyterhub-eks");
    },
  );

  test("names every option of audit", async () => {
    const { out } = await command("audit", "--help");
    for (const option of ["-f", "--kind", "--chart-version", "--values-key", "--config", "--check-config", "--pack"]) {
      expect(out).toContain(option);
    }
  });
});

describe("controls", () => {
  test("are all listed, in each format", async () => {
    for (const format of ["table", "json", "markdown"]) {
      const { code, out } = await command("controls", "--format", format);
      expect(code).toBe(0);
      for (const { name } of controls) expect(out).toContain(name);
    }
  });

  test("are data in JSON", async () => {
    const { out } = await command("controls", "--format", "json", "--pack", "security");
    const listed: { name: string; level: string }[] = JSON.parse(out);
    expect(listed).toHaveLength(controls.filter(({ pack }) => pack === "security").length);
    expect(new Set(listed.map(({ level }) => level))).toEqual(new Set(["mandatory"]));
  });
});

describe("explain", () => {
  test.each(controls.map(({ name }) => [name]))("tells all about %s", async (name) => {
    const control = controls.find((each) => each.name === name);
    const { code, out } = await command("explain", name);
    expect(code).toBe(0);
    for (const part of [control?.title, control?.why, control?.source, `"${name}"`, "exemptions"]) {
      expect(out).toContain(part);
    }
    for (const verdict of ["pass", "fail"] as const) {
      const example = control?.examples?.find((each) => each.verdict === verdict);
      if (example) expect(out).toContain(example.title);
    }
  });

  test.each(uncheckable.map((row) => [row.id, row] as const))("tells why no control covers %s", async (id, row) => {
    const { code, out } = await command("explain", id);
    expect(code).toBe(0);
    for (const part of [row.recommendation, row.reason, row.instead]) expect(out).toContain(part);
  });

  test("finds controls by the catalogue's id", async () => {
    expect((await command("explain", "rbac-01")).out).toContain("rbac-enabled");
  });
});
