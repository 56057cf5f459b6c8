/** Builds the Pulumi CLI from Go modules (`engine/go.mod`) into the user's cache folder. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Cli } from "./cli";
import { pulumiVersion } from "./cli-version";
import { FileLock } from "./file-lock";
import { cacheFolder, makeFolder } from "./home";
import { longStep } from "./progress.js";

const ENGINE = join(__dirname, "engine");
const WITHOUT_GO =
  "Install Pulumi (https://www.pulumi.com/docs/install/) or Go 1.25 or newer (https://go.dev/dl/), then run the same command again.";

/** The CLI, which is built if it is not there yet. */
export async function buildCli(env: NodeJS.ProcessEnv): Promise<Cli> {
  const version = engineVersion(readFileSync(join(ENGINE, "go.mod"), "utf8"));
  const cache = cacheFolder(env);
  const folder = join(cache, `pulumi-${version}`);
  const path = join(folder, "pulumi");
  // A language host of another version may be on the PATH; this CLI is given the one that fits.
  const cli = { path, version, hasLanguageHost: false };
  if (existsSync(path)) {
    return cli;
  }
  requireGo(env);
  makeFolder(cache, "Let XDG_CACHE_HOME name a folder that can be written.");
  const lock = await waitFor(new FileLock(join(cache, `pulumi-${version}.lock`)));
  try {
    if (!existsSync(path)) {
      await longStep(`Building the Pulumi CLI ${version} into ${folder}`, "3 minutes, once", () =>
        build(version, cache, folder, env),
      );
    }
  } finally {
    lock.release();
  }
  return cli;
}

/** @throws if the module file names no version */
function engineVersion(goMod: string): string {
  const version = /^\s*(?:require\s+)?github\.com\/pulumi\/pulumi\/pkg\/v3 v(\S+)/m.exec(goMod)?.[1];
  if (version === undefined) {
    throw new Error(`${ENGINE}/go.mod does not say which version of github.com/pulumi/pulumi/pkg/v3 to build`);
  }
  return version;
}

function requireGo(env: NodeJS.ProcessEnv): void {
  const answer = spawnSync("go", ["version"], { env, encoding: "utf8" });
  if (answer.error !== undefined || answer.status !== 0) {
    throw new Error(`Neither a fitting Pulumi CLI nor Go is on the PATH. ${WITHOUT_GO}`);
  }
}

/** Beside its final place and renamed when it is complete: an interrupted build leaves nothing that looks finished. */
async function build(version: string, cache: string, folder: string, env: NodeJS.ProcessEnv): Promise<void> {
  const unfinished = mkdtempSync(join(cache, "building-"));
  try {
    const flags = ["-trimpath", "-tags", "osusergo,grpcnotrace"];
    const link = `-w -s -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${version}`;
    await run("go", ["install", ...flags, "-ldflags", link, "tool"], {
      ...env,
      GOBIN: unfinished,
      GOFLAGS: "-mod=readonly",
    });
    pulumiVersion(join(unfinished, "pulumi"), env);
    renameSync(unfinished, folder);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    throw error;
  }
}

async function run(command: string, args: string[], env: NodeJS.ProcessEnv): Promise<void> {
  const child = spawn(command, args, { cwd: ENGINE, env, stdio: ["ignore", 2, "pipe"] });
  let said = "";
  child.stderr?.on("data", (data: Buffer) => {
    said = (said + data).slice(-4_000);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code !== 0) {
    throw new Error(`Building the Pulumi CLI failed (go ended with exit code ${code}):\n${said.trim()}\n${WITHOUT_GO}`);
  }
}

async function waitFor(lock: FileLock): Promise<FileLock> {
  for (let told = false; lock.acquire("building") !== undefined; told = true) {
    if (!told) {
      process.stderr.write("Another process is building the Pulumi CLI; waiting for it ...\n");
    }
    await sleep(1_000);
  }
  return lock;
}
