import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Validator } from "@cfworker/json-schema";
import { describe, expect, test } from "vitest";
import schema from "../../cli/audit.schema.json";
import { audited, command, open, temporaryFiles, verdictOf } from "./support";

const file = temporaryFiles();

describe("exit codes", () => {
  test("1 when a mandatory control fails", async () => {
    expect((await command("audit", file("open.yaml", open))).code).toBe(1);
  });

  test("0 when every failing control is advisory", async () => {
    const config = file("advisory.json", '{"all": "advisory"}');
    expect((await command("audit", file("open.yaml", open), "--config", config)).code).toBe(0);
  });

  test("1 in the profile strict when a mandatory control cannot be decided", async () => {
    const only = (profile: string) =>
      JSON.stringify({
        all: "advisory",
        "network-policies-enforced": "mandatory",
        settings: { profile },
      });
    const values = file("empty.yaml", "{}");
    const { code } = await command("audit", values, "--config", file("baseline.json", only("baseline")));
    expect(code).toBe(0);
    expect((await command("audit", values, "--config", file("strict.json", only("strict")))).code).toBe(1);
  });

  test("2 beats 1, and the other file is judged all the same", async () => {
    const { code, report } = await audited(file("broken.yaml", "a: b: c"), file("open.yaml", open));
    expect(code).toBe(2);
    expect(report.subjects[0]?.error).toContain("broken.yaml:1:4");
    expect(verdictOf(report, "rbac-enabled", 1)).toBe("fail");
    expect(report.summary.errors).toBe(1);
  });
});

describe("the JSON report", () => {
  test("is in the form of the published schema, also for what cannot be read", async () => {
    const { report } = await audited(file("open.yaml", open), file("broken.yaml", "\t"), "/no/such/file");
    const { valid, errors } = new Validator(schema as object, "7").validate(report);
    expect(errors).toEqual([]);
    expect(valid).toBe(true);
  });

  test("counts every result once", async () => {
    const { report } = await audited(file("open.yaml", open));
    const { errors, ...counts } = report.summary;
    expect(errors).toBe(0);
    expect(Object.values(counts).reduce((a, b) => a + b)).toBe(report.subjects[0]?.results.length);
  });

  test("has one result per control for a values file, which has no resource", async () => {
    const results = (await audited(file("open.yaml", open))).report.subjects[0]?.results ?? [];
    expect(new Set(results.map(({ control }) => control)).size).toBe(results.length);
    expect(new Set(results.map(({ resource }) => resource))).toEqual(new Set([null]));
  });

  test("stands alone on standard output, notes go to standard error", async () => {
    const { out, err } = await command("audit", file("open.yaml", open), "--format", "json");
    expect(() => JSON.parse(out)).not.toThrow();
    expect(err).toBe("note: judged for chart 4.4.0; --chart-version names another one\n");
  });
});

describe("the chart version", () => {
  test("is the one asked for, and nothing is said then", async () => {
    const { report, err } = await audited(file("empty.yaml", ""), "--chart-version", "1.2.0");
    expect(report.subjects[0]?.chartVersion).toBe("1.2.0");
    expect(verdictOf(report, "chart-version-has-no-known-vulnerability")).toBe("fail");
    expect(err).toBe("");
  });

  test("that is not known is judged by its neighbour's defaults, and says so", async () => {
    const { report, err } = await audited(file("empty.yaml", ""), "--chart-version", "v3.3.7");
    expect(report.subjects[0]?.chartVersion).toBe("3.3.7");
    expect(err).toBe("note: chart 3.3.7 is not known here; judged with the defaults of 3.3.8\n");
  });

  test("must be a version", async () => {
    const { code, err } = await command("audit", file("empty.yaml", ""), "--chart-version", "newest");
    expect(code).toBe(2);
    expect(err).toContain("--chart-version");
  });
});

describe("exemptions", () => {
  const exempting = (exemption: object) => JSON.stringify({ "rbac-enabled": { exemptions: [exemption] } });
  const values = "rbac: {create: false}";

  test("keep the verdict, are shown, and do not count", async () => {
    const everythingElse = { all: "advisory" };
    const exemption = { resource: "*", reason: "accepted by the board", expires: "2999-12-31" };
    const config = JSON.stringify({
      ...everythingElse,
      "rbac-enabled": { enforcementLevel: "mandatory", exemptions: [exemption] },
    });
    const { code, report } = await audited(file("v.yaml", values), "--config", file("exempt.json", config));
    const result = report.subjects[0]?.results.find(({ control }) => control === "rbac-enabled");
    expect(result).toMatchObject({ verdict: "fail", level: "mandatory", exemption });
    expect(report.summary.exempted).toBe(1);
    expect(code).toBe(0);
  });

  test.each([
    ["expired", { resource: "*", reason: "x", expires: "2020-01-01" }, "expired on 2020-01-01"],
    ["without a reason", { resource: "*", expires: "2999-01-01" }, "no reason"],
    ["that match nothing", { resource: "nothing", reason: "x", expires: "2999-01-01" }, "matches no resource"],
  ])("%s are refused", async (_title, exemption, told) => {
    const config = file("refused.json", exempting(exemption));
    const { code, report, err } = await audited(file("v.yaml", values), "--config", config);
    expect(code).toBe(2);
    expect(err).toContain(told);
    expect(report.subjects[0]?.results.find(({ control }) => control === "rbac-enabled")).not.toHaveProperty(
      "exemption",
    );
  });
});

describe("-f", () => {
  test("merges files left to right into one subject", async () => {
    const first = file(
      "first.yaml",
      "rbac: {create: false}\nhub: {config: {JupyterHub: {authenticator_class: dummy}}}",
    );
    const second = file("second.yaml", "rbac: {create: true}");
    const { report } = await audited("-f", first, "-f", second);
    expect(report.subjects.map(({ subject }) => subject)).toEqual([`${first},${second}`]);
    expect(verdictOf(report, "rbac-enabled")).toBe("pass");
    expect(verdictOf(report, "login-is-real")).toBe("fail");
    expect(verdictOf((await audited("-f", second, "-f", first)).report, "rbac-enabled")).toBe("fail");
  });

  test("stands beside positional files, each a subject of its own", async () => {
    const a = file("a.yaml", "");
    const b = file("b.yaml", "");
    const { report } = await audited("-f", a, b, b);
    expect(report.subjects.map(({ subject }) => subject)).toEqual([a, b, b]);
  });

  test("merges values files only", async () => {
    const manifest = file("secret.yaml", "apiVersion: v1\nkind: Secret");
    const { code, report } = await audited("-f", file("a.yaml", ""), "-f", manifest);
    expect(code).toBe(2);
    expect(report.subjects[0]?.error).toContain("only values files can be merged");
  });
});

describe("levels and packs", () => {
  test.each([
    ["all", '{"all": "disabled"}', "disabled"],
    ["a control's own", '{"all": "disabled", "rbac-enabled": {"enforcementLevel": "advisory"}}', "advisory"],
    ["a control's own, in short", '{"all": "disabled", "rbac-enabled": "mandatory"}', "mandatory"],
    ["the pack's", "{}", "mandatory"],
  ])("the level is %s", async (_title, config, level) => {
    const { report } = await audited(file("open.yaml", open), "--config", file("levels.json", config));
    expect(report.subjects[0]?.results.find(({ control }) => control === "rbac-enabled")?.level).toBe(level);
  });

  test("a pack judges by its own controls", async () => {
    const values = file("open.yaml", open);
    const counted = async (pack: string) => (await audited(values, "--pack", pack)).report.subjects[0]?.results.length;
    expect(verdictOf((await audited(values, "--pack", "operations")).report, "rbac-enabled")).toBeUndefined();
    expect(((await counted("security")) ?? 0) + ((await counted("operations")) ?? 0)).toBe(await counted("all"));
  });
});

test("a stack without hub and cluster has nothing to judge, and says so", async () => {
  const state = file("empty.json", '{"version": 3, "deployment": {"resources": []}}');
  const { code, out, err } = await command("audit", state);
  expect(code).toBe(0);
  expect(out).toContain("nothing to judge");
  expect(err).toBe(`note: ${state}: nothing to judge, neither hub nor cluster\n`);
});

describe("reports", () => {
  test("name file, line and column in the table", async () => {
    const path = file("open.yaml", open);
    const { out } = await command("audit", path);
    expect(out).toContain(`${path}:7:3`);
    expect(out).not.toContain("\u001b");
  });

  test("have a row per finding in Markdown", async () => {
    const { out } = await command("audit", file("open.yaml", open), "--format", "markdown");
    expect(out).toMatch(/^\| FAIL \| critical \| rbac-enabled/m);
  });

  test("go to a file when one is named", async () => {
    const target = join(file("x", ""), "..", "report.json");
    const { out } = await command("audit", file("open.yaml", open), "--format", "json", "--output", target);
    expect(out).toBe("");
    expect(JSON.parse(readFileSync(target, "utf8")).version).toBe(1);
  });

  test("go to standard output when - is named", async () => {
    const { out } = await command("audit", file("open.yaml", open), "--format", "json", "--output", "-");
    expect(JSON.parse(out).version).toBe(1);
  });

  test("that cannot be written are told in one line", async () => {
    const { code, err } = await command("audit", file("open.yaml", open), "--output", "/no/such/folder/x");
    expect(code).toBe(2);
    expect(err).toContain("/no/such/folder/x");
    expect(err).not.toContain("    at ");
  });
});
