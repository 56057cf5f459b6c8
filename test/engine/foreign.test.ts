import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { render } from "../../local-cloud/cloud/kubernetes/rendering";
import { hasRendered, renderedDefaults } from "../policies/rendered";
import { openWorkspace, root, securityPack, type Workspace } from "./workspace";

/** What the gate refuses chart defaults for, whatever brings them. */
const refused = ["login-is-real", "login-has-allow-rule", "https-effective"];

let workspace: Workspace;
let folder: string;
let manifests: string;
beforeAll(async () => {
  workspace = await openWorkspace(join(root, "test/engine/foreign-hub"));
  folder = mkdtempSync(join(tmpdir(), "hub-foreign-"));
  manifests = join(folder, "manifests.yaml");
  const objects = render({ chart: "jupyterhub", version: "4.4.0", name: "hub", namespace: "jhub", values: {} });
  writeFileSync(manifests, objects.map((object) => stringify(object)).join("---\n"));
});
afterAll(async () => {
  await workspace?.close();
  rmSync(folder, { recursive: true, force: true });
});

function gate(command: "preview" | "up", settings: Record<string, string>, config?: object) {
  const given = Object.entries(settings).flatMap(([key, value]) => ["--config", `foreign-hub:${key}=${value}`]);
  const pack = ["--policy-pack", securityPack];
  if (config !== undefined) {
    const file = join(folder, "policies.json");
    writeFileSync(file, JSON.stringify(config));
    pack.push("--policy-pack-config", file);
  }
  return workspace.pulumi(command, ...(command === "up" ? ["--yes"] : []), ...given, ...pack);
}

describe.each([
  ["a component that renders in the program", { form: "v3-chart" }],
  ["a component that the provider renders", { form: "v4-chart" }],
  ["a group of manifests", { form: "manifests" }],
])("%s", (_title, settings) => {
  test("is refused like a release", async () => {
    const { code, output } = await gate("preview", { ...settings, file: manifests });
    expect(code).not.toBe(0);
    for (const control of refused) expect(output).toContain(control);
    expect(output).toContain("hub.config.JupyterHub.authenticator_class");
  });
});

test("an update stops before the hub's Secret is made", async () => {
  const { code } = await gate("up", { form: "v4-chart" });
  expect(code).not.toBe(0);
  const made = (await workspace.resources("dev")).map(({ type }) => type);
  expect(made).not.toContain("kubernetes:core/v1:Secret");
});

test("an update judges what its preview could not know, and stops before the hub's Secret is made", async () => {
  const { code, output } = await gate("up", { form: "v4-chart-unknown" });
  expect(code).not.toBe(0);
  expect(output).toContain("login-is-real");
  const made = (await workspace.resources("dev")).map(({ type }) => type);
  expect(made).toContain("kubernetes:core/v1:Namespace");
  expect(made).not.toContain("kubernetes:core/v1:Secret");
  await workspace.succeed("destroy", "--yes");
});

test("a chart whose objects the preview does not know is said to be undecided, and refused in the profile strict", async () => {
  const advised = await gate("preview", { form: "v4-chart-unknown" });
  expect(advised.output).toContain("Cannot be decided");
  expect(advised.code).toBe(0);
  const strict = await gate("preview", { form: "v4-chart-unknown" }, { settings: { profile: "strict" } });
  expect(strict.code).not.toBe(0);
});

test("a deployed stack is refused by `pulumi policy analyze`", async () => {
  await workspace.succeed("up", "--yes", "--config", "foreign-hub:form=v4-chart");
  const state = join(folder, "state.json");
  writeFileSync(state, await workspace.succeed("stack", "export"));
  const { code, output } = await workspace.pulumi("policy", "analyze", "--policy-pack", securityPack, "--file", state);
  await workspace.succeed("destroy", "--yes");
  expect(output).toContain("login-is-real");
  expect(code).not.toBe(0);
});

test("exemptions are shown", async () => {
  const exemptions = [{ resource: "*", reason: "a class of one day", expires: "2999-12-31" }];
  const config = { all: "mandatory", "login-is-real": { exemptions } };
  const { output } = await gate("preview", { form: "v4-chart" }, config);
  expect(output).toContain("Exempted until 2999-12-31: a class of one day");
});

describe.skipIf(!hasRendered)("what the real chart rendered, registered object by object", () => {
  test("is refused", async () => {
    const known = [
      "Secret",
      "Deployment",
      "Service",
      "ConfigMap",
      "NetworkPolicy",
      "ServiceAccount",
      "Role",
      "RoleBinding",
    ];
    const objects = renderedDefaults("4.4.0").map(({ properties }) => properties);
    const file = join(folder, "objects.json");
    writeFileSync(file, JSON.stringify(objects.filter(({ kind }) => known.includes(String(kind)))));
    const { code, output } = await gate("preview", { form: "objects", file });
    expect(code).not.toBe(0);
    for (const control of refused) expect(output).toContain(control);
  });
});
