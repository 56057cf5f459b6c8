import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inventory } from "../../local-cloud/cloud";
import { root } from "./workspace";

/** Runs `npm run local -- ...` in a process of its own, which faults may kill. */
async function local(home: string, args: string[], faults: object[] = []) {
  const child = spawn(process.execPath, [join(root, "local-cloud/main.js"), ...args, "--non-interactive"], {
    cwd: root,
    env: { ...process.env, LOCAL_CLOUD_HOME: home, LOCAL_CLOUD_FAULTS: JSON.stringify(faults) },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const [code] = await once(child, "close");
  return { code: code as number | null, output };
}

const firstCreate = { times: 1, operation: "create" };

describe.each([
  { name: "a call that AWS refuses", fault: { ...firstCreate, type: "aws:eks/addon:Addon", action: "fail" } },
  {
    name: "death after a named thing was made, before anybody heard of it",
    fault: { ...firstCreate, type: "aws:ecr/repository:Repository", action: "die", after: true },
  },
  {
    name: "death in the middle of the cluster",
    fault: { ...firstCreate, type: "aws:eks/cluster:Cluster", action: "die", after: true },
  },
  {
    name: "death in the middle of the hub's release",
    fault: { ...firstCreate, type: "kubernetes:helm.sh/v3:Release", action: "die", after: true },
  },
])("after $name", ({ fault }) => {
  let home: string;
  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), "hub-recovery-"));
  });
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  test("the next run completes the deployment by itself, and destroy leaves nothing", async () => {
    const interrupted = await local(home, ["up", "--yes", "--skip-preview"], [fault]);
    expect(interrupted.code).not.toBe(0);

    const recovered = await local(home, ["up", "--yes", "--skip-preview"]);
    expect(recovered.output).not.toMatch(/error:/);
    expect(recovered.code).toBe(0);
    const settled = await local(home, ["preview", "--expect-no-changes"]);
    expect(settled.code).toBe(0);

    expect((await local(home, ["destroy", "--yes", "--skip-preview"])).code).toBe(0);
    expect(readdirSync(home).flatMap((project) => leftovers(join(home, project)))).toEqual([]);
  });
});

function leftovers(project: string) {
  return readdirSync(project).includes("cloud.json") ? inventory(join(project, "cloud.json")) : [];
}
