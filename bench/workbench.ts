import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LocalCloud, openLocalCloud } from "../local-cloud/session";

export const root = join(__dirname, "..");

/** A folder of its own for state and figures, and the local clouds in it. */
export interface Workbench {
  readonly folder: string;
  open(projectDir: string, env: NodeJS.ProcessEnv): Promise<LocalCloud>;
  clear(): void;
}

export function openWorkbench(): Workbench {
  const folder = mkdtempSync(join(tmpdir(), "hub-bench-"));
  return {
    folder,
    open: (projectDir, env) => openLocalCloud({ projectDir, stack: "dev", home: join(folder, "cloud"), env }),
    clear: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Runs a Pulumi command that has to succeed. */
export async function succeed(cloud: LocalCloud, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await cloud.pulumi([...args, "--non-interactive"]);
  if (code !== 0) throw new Error(`pulumi ${args.join(" ")} failed:\n${stdout}\n${stderr}`);
  return stdout;
}

/** Deploys the hub, exports its state with secrets in plain text (they are the local cloud's), and takes it down again. */
export async function exportDeployedHub(workbench: Workbench): Promise<string> {
  const hub = await workbench.open(root, process.env);
  await succeed(hub, "up", "--yes", "--skip-preview");
  const stackExport = await succeed(hub, "stack", "export", "--show-secrets");
  await succeed(hub, "destroy", "--yes", "--skip-preview");
  await hub.close();
  return stackExport;
}
