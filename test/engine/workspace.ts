import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inventory } from "../../local-cloud/cloud";
import { type LocalCloud, openLocalCloud } from "../../local-cloud/session";

export const root = join(__dirname, "../..");
export const securityPack = join(root, "policies/security");

/** A local cloud with state of its own, which goes when the tests are done. */
export async function openWorkspace(projectDir: string = root): Promise<Workspace> {
  const home = mkdtempSync(join(tmpdir(), "hub-engine-"));
  return new Workspace(await openLocalCloud({ projectDir, home, log: () => {} }), home);
}

export interface ResourceState {
  readonly urn: string;
  readonly type: string;
  readonly custom: boolean;
  readonly inputs: Record<string, unknown>;
  readonly outputs: Record<string, unknown>;
}

export class Workspace {
  constructor(
    private readonly cloud: LocalCloud,
    readonly home: string,
  ) {}

  async pulumi(...args: string[]): Promise<{ code: number; stdout: string; output: string }> {
    const { code, stdout, stderr } = await this.cloud.pulumi([...args, "--non-interactive"]);
    return { code, stdout, output: `${stdout}\n${stderr}` };
  }

  /** Runs a command that has to succeed. */
  async succeed(...args: string[]): Promise<string> {
    const { code, stdout, output } = await this.pulumi(...args);
    if (code !== 0) throw new Error(`pulumi ${args.join(" ")} ended with ${code}:\n${output}`);
    return stdout;
  }

  async resources(stack: string): Promise<ResourceState[]> {
    const state = JSON.parse(await this.succeed("stack", "export", "--stack", stack));
    return state.deployment.resources ?? [];
  }

  /** What exists in the stand-ins' account, whoever made it. */
  leftovers(): { type: string; id: string }[] {
    return readdirSync(this.home)
      .map((project) => join(this.home, project, "cloud.json"))
      .flatMap((statePath) => inventory(statePath));
  }

  async close(): Promise<void> {
    await this.cloud.close();
    rmSync(this.home, { recursive: true, force: true });
  }
}
