/** Which Pulumi CLI the local cloud runs: the user's own if it will do, else one that is built here once. */
import { accessSync, constants, existsSync, realpathSync, statSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { gte } from "semver";
import { buildCli } from "./cli-build";
import { pulumiVersion } from "./cli-version";

export interface Cli {
  readonly path: string;
  readonly version: string;
  /** Whether it brings `pulumi-language-nodejs`, without which it starts neither programs nor policy packs. */
  readonly hasLanguageHost: boolean;
}

/** The first version whose Node language host starts policy packs by itself. */
const OLDEST = "3.169.0";

const LANGUAGE_HOST = "pulumi-language-nodejs";
const REMEDY =
  "Unset LOCAL_CLOUD_PULUMI to have a fitting CLI found or built, or let it name the `pulumi` of an installation.";

/** @throws if the CLI that LOCAL_CLOUD_PULUMI names will not do, or if none is there and none can be built */
export async function findCli(env: NodeJS.ProcessEnv, log: (line: string) => void): Promise<Cli> {
  const override = env.LOCAL_CLOUD_PULUMI;
  if (override !== undefined && override !== "") {
    return checkedOverride(override, env);
  }
  const onPath = executableOnPath("pulumi", env);
  if (onPath !== undefined) {
    const cli = inspect(onPath, env);
    const objection =
      "problem" in cli ? cli.problem : cli.hasLanguageHost ? undefined : `it has no ${LANGUAGE_HOST} beside it`;
    if (objection === undefined && !("problem" in cli)) {
      return cli;
    }
    log(`Not using ${onPath}: ${objection}.`);
  }
  return buildCli(env);
}

function checkedOverride(path: string, env: NodeJS.ProcessEnv): Cli {
  if (!isExecutable(path)) {
    throw new Error(`LOCAL_CLOUD_PULUMI names ${path}, which is not an executable file. ${REMEDY}`);
  }
  const cli = inspect(path, env);
  if ("problem" in cli) {
    throw new Error(`LOCAL_CLOUD_PULUMI names ${path}, which will not do: ${cli.problem}. ${REMEDY}`);
  }
  return cli;
}

function inspect(path: string, env: NodeJS.ProcessEnv): Cli | { path: string; problem: string } {
  try {
    const version = pulumiVersion(path, env);
    if (gte(version, OLDEST)) {
      return { path, version, hasLanguageHost: bringsLanguageHost(path, env) };
    }
    return { path, problem: `it is version ${version}, and ${OLDEST} or newer is needed` };
  } catch (error) {
    return { path, problem: error instanceof Error ? error.message : String(error) };
  }
}

function bringsLanguageHost(cli: string, env: NodeJS.ProcessEnv): boolean {
  return (
    isExecutable(join(dirname(realpathSync(cli)), LANGUAGE_HOST)) || executableOnPath(LANGUAGE_HOST, env) !== undefined
  );
}

function executableOnPath(name: string, env: NodeJS.ProcessEnv): string | undefined {
  const folders = (env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return existsSync(path) && statSync(path).isFile();
  } catch {
    return false;
  }
}
