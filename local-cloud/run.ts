/** `npm run local`: deploys the `dev` stack of this repository, or runs a Pulumi command, in the local cloud. */
import { existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArguments } from "./arguments";
import { findCli } from "./cli";
import { localEnvironment } from "./environment";
import { findProject } from "./project";
import { runPulumi } from "./pulumi";
import { defaultHome, openLocalCloud } from "./session";

const REPOSITORY = join(__dirname, "..");
const PACK = join("policies", "security");

const ABOUT = `
The local cloud: the real Pulumi engine, with stand-ins for AWS, EKS, Kubernetes and random. Nothing leaves this machine.
  npm run local                       deploys the dev stack of this repository, checked by the security pack
  npm run local -- COMMAND [OPTIONS]  runs any Pulumi command there: preview, up, stack output, destroy --yes ...
  npm run local -- -C FOLDER COMMAND  the same for another Pulumi project
State lies in .local-cloud/, per project: remove that folder to start anew. LOCAL_CLOUD_HOME names another folder,
LOCAL_CLOUD_PULUMI another Pulumi CLI.
`;

/** @returns the exit code */
export async function run(argv: readonly string[]): Promise<number> {
  return argv.length === 0 ? deploy() : passOn(argv, invocationFolder(process.env));
}

async function deploy(): Promise<number> {
  const cloud = await openLocalCloud({ projectDir: REPOSITORY, stack: "dev" });
  try {
    const { code } = await cloud.pulumi(["up", "--yes", "--policy-pack", PACK], { attached: true });
    if (code === 0) {
      const state = await cloud.pulumi(["stack", "export", "--show-secrets"]);
      const { summary } = await import("./summary.js");
      process.stderr.write(summary(state.stdout));
    }
    return code;
  } finally {
    await cloud.close();
  }
}

async function passOn(argv: readonly string[], base: string): Promise<number> {
  const { cwd, asksForHelp } = parseArguments(argv);
  if (asksForHelp) {
    process.stderr.write(ABOUT);
  }
  const folder = cwd === undefined ? projectFolder(base) : resolve(base, cwd);
  if (!isFolder(folder) || findProject(folder) === undefined) {
    return withoutProject(argv, base);
  }
  const cloud = await openLocalCloud({ projectDir: folder });
  try {
    return (await cloud.pulumi(argv, { attached: true })).code;
  } finally {
    await cloud.close();
  }
}

/** Commands like `version` and `new` need no project; the others are told by Pulumi that there is none. */
async function withoutProject(argv: readonly string[], cwd: string): Promise<number> {
  const cli = await findCli(process.env, (line) => process.stderr.write(`${line}\n`));
  const home = defaultHome(process.env);
  const env = localEnvironment(process.env, {
    pulumiHome: join(home, "no-project", "pulumi-home"),
    backend: join(home, "no-project", "backend"),
    compileCache: join(home, "compile-cache"),
  });
  return (await runPulumi(cli.path, argv, { cwd, env, attached: true })).code;
}

/** Where the user typed the command: npm itself changes to the folder of the package.json. */
function invocationFolder(env: NodeJS.ProcessEnv): string {
  const typedIn = env.npm_lifecycle_event === "local" ? env.INIT_CWD : undefined;
  return typedIn !== undefined && isFolder(typedIn) ? typedIn : process.cwd();
}

/** Outside of every project, as with `npm --prefix`, this repository's is meant. */
function projectFolder(base: string): string {
  return findProject(base) === undefined ? REPOSITORY : base;
}

function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}
