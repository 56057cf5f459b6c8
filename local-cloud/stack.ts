/** Makes sure that a stack of the local cloud exists and that its config is that of the project. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isMap, parseDocument, stringify } from "yaml";
import type { Home } from "./home";
import type { Project } from "./project";
import type { PulumiResult } from "./pulumi";
import { localStackConfig, type Secret } from "./stack-config";

const SUPPLIED = join(__dirname, "config.yaml");

/** Runs a Pulumi command in the copy of the project folder. */
type Run = (args: readonly string[]) => Promise<PulumiResult>;

/** The project file of the copy: the same project, whose program stays where it is. */
export function copyProject(project: Project, home: Home): void {
  const { main, stackConfigDir: _, ...definition } = project.definition;
  const program = typeof main === "string" ? join(project.folder, main) : project.folder;
  writeFileSync(join(home.copy, "Pulumi.yaml"), stringify({ ...definition, main: program }));
}

export async function createStack(stack: string, run: Run): Promise<void> {
  await succeed(run, ["stack", "init", stack, "--no-select", "--secrets-provider", "passphrase"]);
}

interface State {
  deployment: { resources?: StateResource[]; pending_operations?: { type: string; resource: StateResource }[] };
}

interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
}

/** Strikes operations that never ended off the state of a stack, and with them what had been deleted all the same. */
export async function forgetPendingOperations(stack: string, home: Home, run: Run): Promise<void> {
  const { stdout } = await succeed(run, ["stack", "export", "--stack", stack]);
  const state: State = JSON.parse(stdout);
  const { resources = [], pending_operations: pending = [] } = state.deployment;
  const { inventory } = await import("./cloud/index.js");
  const existing = new Set(inventory(home.cloudState).map(({ type, id }) => `${type} ${id}`));
  const gone = new Set(
    pending
      .filter(({ type, resource }) => type === "deleting" && !existing.has(`${resource.type} ${resource.id}`))
      .map(({ resource }) => `${resource.urn} ${resource.id}`),
  );
  state.deployment.resources = resources.filter(({ urn, id }) => !gone.has(`${urn} ${id}`));
  delete state.deployment.pending_operations;
  const file = join(home.folder, "repaired-state.json");
  writeFileSync(file, JSON.stringify(state));
  await succeed(run, ["stack", "import", "--stack", stack, "--file", file]);
  rmSync(file);
}

/**
 * Copies the config if the project's stack file, or what the local cloud supplies, is not what was copied last.
 *
 * @param source the project's stack file, which need not exist
 */
export async function copyStackConfig(
  stack: string,
  source: string,
  { project, home, run, log }: { project: Project; home: Home; run: Run; log: (line: string) => void },
): Promise<void> {
  const text = read(source);
  const supplied = suppliedConfig(project.name, stack);
  const copy = home.stackFile(stack);
  const stamp = `${copy}.copied`;
  const salt = encryptionSalt(copy);
  const hash = createHash("sha256")
    .update(JSON.stringify([source, text, supplied, salt]))
    .digest("hex");
  if (salt !== "" && read(stamp) === hash) {
    return;
  }
  const {
    text: plain,
    secrets,
    leavesOutEnvironment,
  } = readable(source, () => localStackConfig(text ?? read(copy) ?? "", supplied));
  if (leavesOutEnvironment) {
    log(`${source} imports environments of Pulumi ESC, which the local cloud leaves out.`);
  }
  const draft = join(home.copy, `draft.${stack}.yaml`);
  writeFileSync(draft, `${salt}${plain}`);
  await encrypt(stack, draft, secrets, run);
  renameSync(draft, copy);
  writeFileSync(stamp, hash);
}

function read(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

async function encrypt(stack: string, file: string, secrets: readonly Secret[], run: Run): Promise<void> {
  const whole = secrets.filter(({ path }) => path.length === 1);
  const nested = secrets.filter(({ path }) => path.length > 1);
  for (const [group, flags] of [
    [whole, []],
    [nested, ["--path"]],
  ] as const) {
    if (group.length > 0) {
      const values = group.flatMap(({ path, value }) => ["--secret", `${propertyPath(path)}=${value}`]);
      await succeed(run, ["config", "set-all", "--stack", stack, "--config-file", file, ...flags, ...values]);
    }
  }
}

function propertyPath([key, ...rest]: Secret["path"]): string {
  return `${key}${rest.map((part) => `[${typeof part === "number" ? part : JSON.stringify(part)}]`).join("")}`;
}

async function succeed(run: Run, args: readonly string[]): Promise<PulumiResult> {
  const result = await run([...args, "--non-interactive"]);
  if (result.code !== 0) {
    const said = (result.stderr || result.stdout).trim();
    throw new Error(`\`pulumi ${args.slice(0, 3).join(" ")}\` failed in the local cloud:\n${said}`);
  }
  return result;
}

function encryptionSalt(file: string): string {
  return /^encryptionsalt:.*\n/m.exec(read(file) ?? "")?.[0] ?? "";
}

/** The values for a project; `{stack}` in them stands for the stack's name, because stacks share one account. */
function suppliedConfig(project: string, stack: string): string {
  const supplied = parseDocument(readFileSync(SUPPLIED, "utf8").replaceAll("{stack}", stack), {
    schema: "failsafe",
  }).get(project, true);
  return isMap(supplied) ? stringify(supplied) : "";
}

function readable<Result>(file: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw new Error(`${file} cannot be read as YAML: ${error instanceof Error ? error.message : error}`);
  }
}
