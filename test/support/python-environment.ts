/** The hub's own software, for tests that ask it what it makes of settings: JupyterHub, oauthenticator and KubeSpawner. */
import { execFile, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { FileLock } from "../../local-cloud/file-lock";
import { cacheFolder, makeFolder } from "../../local-cloud/home";

const requirements = join(__dirname, "../python/requirements.txt");
/** The oldest Python for which the pinned packages are published. */
const oldest = "3.11";

const probe = `import sys, venv, ensurepip; assert sys.version_info >= (${oldest.replace(".", ", ")}); print(sys.version, sys.executable)`;

/**
 * What the machine's Python is, or undefined where there is none that will do: tests skip then, and say so.
 * @throws in CI, where they must run.
 */
export function machinePython(): string | undefined {
  const { status, stdout } = spawnSync("python3", ["-c", probe], { encoding: "utf8" });
  if (status === 0) return stdout.trim();
  const missing = `python3 (${oldest} or newer, with venv) is not on the PATH`;
  if (process.env.CI) throw new Error(missing);
  process.stderr.write(`SKIPPED, because ${missing}: what the hub's own software makes of the settings.\n`);
  return undefined;
}

/**
 * A virtual environment with exactly the packages of `test/python/requirements.txt`, made once and kept in the user's cache folder.
 * @param python what `machinePython` found
 * @returns the path of its interpreter
 */
export async function hubPython(python: string): Promise<string> {
  const pins = readFileSync(requirements, "utf8");
  const key = createHash("sha256").update(`${python}\n${pins}`).digest("hex").slice(0, 12);
  const cache = cacheFolder(process.env);
  const folder = join(cache, `python-${key}`);
  const interpreter = join(folder, "bin", "python");
  const complete = join(folder, "complete");
  if (existsSync(complete)) return interpreter;
  makeFolder(cache, "Let XDG_CACHE_HOME name a folder that can be written.");
  const lock = new FileLock(join(cache, `python-${key}.lock`));
  while (lock.acquire("installing") !== undefined) await sleep(500);
  try {
    if (!existsSync(complete)) await install(folder, interpreter, complete);
  } finally {
    lock.release();
  }
  return interpreter;
}

/** In its final place, because environments cannot be moved; only what is complete carries the mark. */
async function install(folder: string, interpreter: string, complete: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  await run("python3", ["-m", "venv", folder]);
  const pip = ["-m", "pip", "--disable-pip-version-check", "--quiet", "install", "--only-binary=:all:"];
  await run(interpreter, [...pip, "--require-hashes", "--requirement", requirements]);
  writeFileSync(complete, "");
}

/** Runs a program to its end, with text for its standard input, and returns what it printed. */
export function run(command: string, args: readonly string[], input = ""): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { maxBuffer: 64 * 1024 * 1024 };
    const child = execFile(command, [...args], options, (error, stdout, stderr) => {
      if (error) reject(new Error(`${command} ${args.join(" ")} ended with ${error.code}:\n${stderr.slice(-4_000)}`));
      else resolve(stdout);
    });
    child.stdin?.end(input);
  });
}
