import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openWorkspace, root, securityPack, type Workspace } from "./workspace";

describe("the insecure example", () => {
  let workspace: Workspace;
  beforeAll(async () => {
    workspace = await openWorkspace(join(root, "examples/insecure-hub"));
  });
  afterAll(() => workspace?.close());

  test("is refused by the gate, control by control, with what to set", async () => {
    const { code, output } = await workspace.pulumi("preview", "--policy-pack", securityPack);
    expect(code).not.toBe(0);
    for (const control of ["rbac-enabled", "user-pod-metadata-blocked", "https-effective", "login-is-real"]) {
      expect(output).toContain(control);
    }
    expect(output).toContain("rbac.create");
  });

  test("is stopped before anything is created", async () => {
    const { code } = await workspace.pulumi("up", "--yes", "--policy-pack", securityPack);
    expect(code).not.toBe(0);
    expect(
      (await workspace.resources("dev")).filter(({ custom, type }) => custom && !type.startsWith("pulumi:")),
    ).toEqual([]);
    expect(workspace.leftovers()).toEqual([]);
  });

  test("deploys without the gate: it is a program that works", async () => {
    await workspace.succeed("up", "--yes");
    await workspace.succeed("destroy", "--yes");
    // Helm leaves the namespace that it made itself.
    expect(workspace.leftovers()).toEqual([{ type: "kubernetes:core/v1:Namespace", id: "jhub" }]);
  });
});

describe("wrong settings", () => {
  let workspace: Workspace;
  beforeAll(async () => {
    workspace = await openWorkspace();
  });
  afterAll(() => workspace?.close());

  const preview = (...settings: string[]) =>
    workspace.pulumi(
      "preview",
      "--stack",
      "dev",
      ...settings.flatMap((setting) => ["--config-path", "--config", setting]),
    );

  test("are refused in one message, before anything is registered", async () => {
    const { code, output } = await preview(
      "jupyterhub-eks:network.cidr=8.8.0.0/16",
      "jupyterhub-eks:hub.chartVersion=3.3.8",
      "jupyterhub-eks:users.memry=2G",
    );
    expect(code).not.toBe(0);
    expect(output).toContain("network.cidr");
    expect(output).toContain("hub.chartVersion");
    expect(output).toContain("users.memry is not a setting: did you mean memory?");
    expect(output).not.toMatch(/^\s+at /m);
    expect(await workspace.resources("dev")).toEqual([]);
  });
});

describe("a zone that does not exist", () => {
  test("fails the preview and is named", async () => {
    const workspace = await openWorkspace();
    try {
      const { code, output } = await workspace.pulumi(
        "preview",
        "--stack",
        "dev",
        "--config",
        "jupyterhub-eks:domain=hub.nowhere.test",
      );
      expect(code).not.toBe(0);
      expect(output).toContain("nowhere.test");
    } finally {
      await workspace.close();
    }
  });
});
