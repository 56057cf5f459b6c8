/** A local cloud for one Pulumi project: the CLI, the stand-in providers, the language host, and the state between runs. */
import type { ChildProcess } from "node:child_process";
import { join, resolve } from "node:path";
import { parseArguments } from "./arguments";
import { type Cli, findCli } from "./cli";
import { localEnvironment } from "./environment";
import { FileLock } from "./file-lock";
import { Home, stackName } from "./home";
import type { LanguageHost } from "./language-host";
import { findProject, type Project, stackFile } from "./project";
import { type PulumiResult, runPulumi } from "./pulumi";
import { noteRun, recover } from "./recovery";
import { copyProject, copyStackConfig, createStack, forgetPendingOperations } from "./stack";

export interface LocalCloudOptions {
  /** A folder of the project: the one with the Pulumi.yaml, or one below it. */
  readonly projectDir: string;
  /** The stack of commands that name none; default: `PULUMI_STACK`, else the selected one, else `dev`. */
  readonly stack?: string;
  /** Where state is kept, per project; default: `LOCAL_CLOUD_HOME`, else `.local-cloud` in this repository. */
  readonly home?: string;
  /** Default: the environment of this process. Credentials in it do not reach Pulumi. */
  readonly env?: NodeJS.ProcessEnv;
  /** Takes the local cloud's own words; default: standard error. */
  readonly log?: (line: string) => void;
  /** Starts the providers; default: the stand-ins of this repository. */
  readonly startCloud?: StartCloud;
}

export type StartCloud = (options: { statePath: string }) => Promise<{
  /** `aws:41001,eks:41002`: the port of every provider. */
  readonly debugProviders: string;
  close(): Promise<void>;
}>;

export interface CommandOptions {
  /** Whether the command has the terminal, the input and the output of this process; else its output is captured. */
  readonly attached?: boolean;
  /** Where the command runs; default: `projectDir`. */
  readonly cwd?: string;
  readonly onStart?: (child: ChildProcess) => void;
}

export interface LocalCloud {
  readonly project: Project;
  /** Runs `pulumi` with these arguments; a command that fails is a result, not an exception. */
  pulumi(args: readonly string[], options?: CommandOptions): Promise<PulumiResult>;
  /** Stops every process and server that was started. */
  close(): Promise<void>;
}

const DEFAULT_STACK = "dev";

/** The folder that keeps the state of every project. */
export function defaultHome(env: NodeJS.ProcessEnv): string {
  const named = env.LOCAL_CLOUD_HOME;
  return named === undefined || named === "" ? join(__dirname, "..", ".local-cloud") : resolve(named);
}

/** @throws if there is no project, or no Pulumi CLI that will do */
export async function openLocalCloud(options: LocalCloudOptions): Promise<LocalCloud> {
  const project = findProject(options.projectDir);
  if (project === undefined) {
    throw new Error(`No Pulumi.yaml in ${resolve(options.projectDir)} or above it.`);
  }
  const log = options.log ?? ((line) => process.stderr.write(`${line}\n`));
  const env = options.env ?? process.env;
  const cli = await findCli(env, log);
  return new Session(options, project, new Home(options.home ?? defaultHome(env), project), cli, log);
}

interface Servers {
  readonly env: NodeJS.ProcessEnv;
  close(): Promise<void>;
}

class Session implements LocalCloud {
  private readonly outer: NodeJS.ProcessEnv;
  private readonly lock: FileLock;
  private locked = false;
  private servers: Promise<Servers> | undefined;

  constructor(
    private readonly options: LocalCloudOptions,
    readonly project: Project,
    private readonly home: Home,
    private readonly cli: Cli,
    private readonly log: (line: string) => void,
  ) {
    this.outer = options.env ?? process.env;
    this.lock = new FileLock(home.lock);
  }

  async pulumi(args: readonly string[], options: CommandOptions = {}): Promise<PulumiResult> {
    const { command, rest, configFile, asksForHelp, removesStack, stack: named } = parseArguments(args);
    const cwd = options.cwd ?? this.options.projectDir;
    const stack = stackName(named ?? this.defaultStack());
    if (asksForHelp) {
      return this.run(rest, cwd, this.environment(), options);
    }
    if (command.callsProviders) {
      this.requireRuntime();
    }
    copyProject(this.project, this.home);
    const inCopy = command.runsInCopy || (command.callsProviders && removesStack);
    if (command.callsProviders || inCopy) {
      await this.takeLock(args);
    }
    if (command.usesStack) {
      await this.prepareStack(stack, args, configFile === undefined ? undefined : resolve(cwd, configFile));
    }
    const servers = command.callsProviders ? await this.startServers() : undefined;
    const env = { ...(servers?.env ?? this.environment()), PULUMI_STACK: stack };
    const ownConfig = command.takesConfigFile && !inCopy;
    const argv = ownConfig ? this.withConfigFile(rest, command.length, stack) : rest;
    return this.run(argv, inCopy ? this.home.copy : cwd, env, options);
  }

  async close(): Promise<void> {
    // Servers that could not be started have been reported, and closed what they had opened.
    const servers = await this.servers?.catch(() => undefined);
    await servers?.close();
    if (this.locked) {
      this.lock.release();
      this.locked = false;
    }
  }

  private defaultStack(): string {
    const fromEnvironment = this.outer.PULUMI_STACK === "" ? undefined : this.outer.PULUMI_STACK;
    return this.options.stack ?? fromEnvironment ?? this.home.selectedStack() ?? DEFAULT_STACK;
  }

  private run(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv, options: CommandOptions) {
    return runPulumi(this.cli.path, args, { cwd, env, attached: options.attached, onStart: options.onStart });
  }

  private withConfigFile(args: readonly string[], position: number, stack: string): string[] {
    return [...args.slice(0, position), `--config-file=${this.home.stackFile(stack)}`, ...args.slice(position)];
  }

  /** Runs a command of the local cloud's own where the stack file may be written. */
  private readonly inCopy = (args: readonly string[]) => this.run(args, this.home.copy, this.environment(), {});

  private async prepareStack(stack: string, args: readonly string[], configFile: string | undefined): Promise<void> {
    if (!this.home.hasStack(stack)) {
      await this.takeLock(args);
      this.log(`Creating the stack ${stack} of ${this.project.name} in the local cloud.`);
      await createStack(stack, this.inCopy);
    }
    const source = configFile ?? stackFile(this.project, stack);
    await copyStackConfig(stack, source, { project: this.project, home: this.home, run: this.inCopy, log: this.log });
  }

  private async takeLock(args: readonly string[]): Promise<void> {
    if (this.locked) {
      return;
    }
    const holder = this.lock.acquire(`pulumi ${args.join(" ")}`);
    if (holder !== undefined) {
      throw new Error(
        `The local cloud of ${this.project.name} is in use by \`${holder.purpose}\` (process ${holder.pid}, since ${holder.since}). ` +
          `Wait until that has ended. If it is no run of the local cloud, remove ${this.lock.path}.`,
      );
    }
    this.locked = true;
    for (const stack of await recover(this.home, this.lock.wasAbandoned, this.log)) {
      await forgetPendingOperations(stack, this.home, this.inCopy);
    }
    noteRun(this.home);
  }

  /** The CLI that is built here can run programs in Node only. */
  private requireRuntime(): void {
    const { runtime } = this.project.definition;
    const name = typeof runtime === "object" && runtime !== null && "name" in runtime ? runtime.name : runtime;
    if (!this.cli.hasLanguageHost && name !== "nodejs") {
      throw new Error(
        `${join(this.project.folder, this.project.file)} asks for the runtime ${name}, which the local cloud's own Pulumi CLI cannot run: ` +
          "nodejs is the only one. For others install Pulumi (https://www.pulumi.com/docs/install/).",
      );
    }
  }

  private startServers(): Promise<Servers> {
    this.servers ??= this.start();
    return this.servers;
  }

  private async start(): Promise<Servers> {
    // What serves the engine is loaded here, because commands that call no provider need not wait for it.
    const startCloud = this.options.startCloud ?? (await import("./cloud/index.js")).startCloud;
    const cloud = await startCloud({ statePath: this.home.cloudState });
    const { debugProviders } = cloud;
    try {
      const host = await this.startLanguageHost(this.environment({ debugProviders }));
      return {
        env: this.environment({ debugProviders, ...(host && { debugLanguages: `nodejs:${host.port}` }) }),
        close: async () => {
          await host?.close();
          await cloud.close();
        },
      };
    } catch (error) {
      await cloud.close();
      throw error;
    }
  }

  private async startLanguageHost(env: NodeJS.ProcessEnv): Promise<LanguageHost | undefined> {
    if (this.cli.hasLanguageHost) {
      return undefined;
    }
    const { announceLanguageHost, startLanguageHost } = await import("./language-host.js");
    announceLanguageHost(this.home.pulumiHome, this.cli.version);
    return startLanguageHost(env);
  }

  private environment(servers: { debugProviders?: string; debugLanguages?: string } = {}): NodeJS.ProcessEnv {
    const { pulumiHome, backend, compileCache } = this.home;
    return localEnvironment(this.outer, { pulumiHome, backend, compileCache, ...servers });
  }
}
