/** Where the local cloud keeps what it knows about one project. */
import { createHash } from "node:crypto";
import { accessSync, constants, existsSync, mkdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { Project } from "./project";

export class Home {
  readonly folder: string;
  /** The CLI's own settings, instead of `~/.pulumi`. */
  readonly pulumiHome: string;
  /** The state of the stacks: a file backend. */
  readonly backend: string;
  /** The state of this project's stacks, in the backend. */
  readonly stacks: string;
  /** Stands in for the project folder where Pulumi would write the stack file into it. */
  readonly copy: string;
  /** What the stand-in providers remember. */
  readonly cloudState: string;
  /** Held by the run that changes something. */
  readonly lock: string;
  /** Held by Pulumi, per stack. */
  readonly locks: string;
  readonly compileCache: string;
  /** When the last run that may change something began. */
  readonly lastRun: string;

  /** @param root the folder for all projects, usually `.local-cloud` */
  constructor(
    root: string,
    private readonly project: Project,
  ) {
    this.folder = join(resolve(root), project.key);
    this.pulumiHome = join(this.folder, "pulumi-home");
    this.backend = join(this.folder, "backend");
    this.copy = join(this.folder, "project");
    this.cloudState = join(this.folder, "cloud.json");
    this.lock = join(this.folder, "lock");
    this.stacks = join(this.backend, ".pulumi", "stacks", project.name);
    this.locks = join(this.backend, ".pulumi", "locks");
    this.lastRun = join(this.folder, "last-run");
    this.compileCache = join(root, "compile-cache");
    for (const folder of [this.pulumiHome, this.backend, this.copy]) {
      makeFolder(folder, "Let LOCAL_CLOUD_HOME name a folder that can be written.");
    }
  }

  /** The stack's config as the local cloud uses it. */
  stackFile(stack: string): string {
    return join(this.copy, `Pulumi.${stack}.yaml`);
  }

  stateFile(stack: string): string {
    return join(this.stacks, `${stack}.json`);
  }

  hasStack(stack: string): boolean {
    return existsSync(this.stateFile(stack));
  }

  /** The stack that `pulumi stack select` chose; commands that choose one run in the copy of the project folder. */
  selectedStack(): string | undefined {
    const hash = createHash("sha1").update(join(this.copy, "Pulumi.yaml")).digest("hex");
    const file = join(this.pulumiHome, "workspaces", `${this.project.name}-${hash}-workspace.json`);
    const stack = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as { stack?: string }).stack : undefined;
    return stack ? stackName(stack) : undefined;
  }
}

/** Where what takes long to make is kept for all projects of a user. */
export function cacheFolder(env: NodeJS.ProcessEnv): string {
  return join(env.XDG_CACHE_HOME || join(homedir(), ".cache"), "jupyterhub-eks");
}

/** @throws saying what to do, if the folder cannot be made */
export function makeFolder(folder: string, remedy: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
  } catch (error) {
    throw new Error(`The folder ${folder} cannot be written: ${(error as Error).message}. ${remedy}`);
  }
}

/** The name alone, of a stack that may be given as `organization/project/name`. */
export function stackName(reference: string): string {
  return reference.split("/").at(-1) ?? reference;
}
