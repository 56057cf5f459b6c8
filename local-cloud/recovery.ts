/** Repairs what a killed run leaves behind: a locked stack, operations that never ended, things that no stack knows. */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive } from "./file-lock";
import type { Home } from "./home";

/** How long an engine whose local cloud was killed may take to notice, in milliseconds. */
const PATIENCE = 30_000;

/** What is read here of the state of a stack, as the file backend keeps it. */
interface Latest {
  readonly resources?: readonly { readonly type: string; readonly id?: string }[];
  readonly pending_operations?: readonly unknown[];
}

/**
 * An engine that was killed does not know whether what it had begun was done, and neither does one whose local cloud
 * was killed. The local cloud knows: what it made in that run and no stack knows of is taken back, so that it can be made
 * again.
 *
 * @param abandoned whether the run before this one did not end by itself
 * @returns the stacks with operations that never ended, which have to be struck off their state
 * @throws if the Pulumi process of an earlier run does not end
 */
export async function recover(home: Home, abandoned: boolean, log: (line: string) => void): Promise<string[]> {
  const unlocked = await unlockStacks(home, log);
  const pending = jsonFiles(home.stacks).filter((file) => (latest(file).pending_operations ?? []).length > 0);
  if (!abandoned && !unlocked && pending.length === 0) {
    return [];
  }
  const takenBack = await takeBack(home);
  const what = takenBack.length === 0 ? "" : ` Taken back, because no stack knows of it: ${takenBack.join(", ")}.`;
  log(`An earlier run was interrupted.${what}`);
  return pending.map((file) => basename(file, ".json"));
}

/** Notes that a run begins: what was made before it is no trace of its interruption. */
export function noteRun(home: Home): void {
  writeFileSync(home.lastRun, new Date().toISOString());
}

function lastRun(home: Home): string {
  return existsSync(home.lastRun) ? readFileSync(home.lastRun, "utf8") : "";
}

async function unlockStacks(home: Home, log: (line: string) => void): Promise<boolean> {
  const locks = jsonFiles(home.locks);
  for (const path of locks) {
    const { pid } = JSON.parse(readFileSync(path, "utf8")) as { pid: number };
    await ended(pid, log);
    rmSync(path, { force: true });
    // The file backend keeps attributes beside every file.
    rmSync(`${path}.attrs`, { force: true });
  }
  return locks.length > 0;
}

async function ended(pid: number, log: (line: string) => void): Promise<void> {
  const deadline = Date.now() + PATIENCE;
  if (isAlive(pid)) {
    log(`Waiting for the Pulumi process ${pid} of an earlier run to end ...`);
  }
  while (isAlive(pid)) {
    if (Date.now() > deadline) {
      throw new Error(
        `The Pulumi process ${pid} of an earlier run is still there. End it (kill ${pid}), then try again.`,
      );
    }
    await sleep(200);
  }
}

async function takeBack(home: Home): Promise<string[]> {
  const known = new Set(
    jsonFiles(home.stacks).flatMap((file) => (latest(file).resources ?? []).map(({ type, id }) => `${type} ${id}`)),
  );
  const { Cloud, keyOf } = await import("./cloud/cloud.js");
  const cloud = new Cloud(home.cloudState, { id: "", zones: [] });
  const since = lastRun(home);
  const unknown = cloud
    .all()
    .filter(({ permanent, owner, made = "" }) => !permanent && owner === undefined && made >= since)
    .filter(({ type, id }) => !known.has(`${type} ${id}`));
  const keys = new Set(unknown.map(keyOf));
  const orphans = unknown.filter(({ maker }) => maker === undefined || keys.has(maker));
  for (const orphan of orphans) {
    cloud.remove(keyOf(orphan));
  }
  cloud.close();
  return orphans.map(({ type, id }) => `${type} ${id}`);
}

function latest(file: string): Latest {
  return (JSON.parse(readFileSync(file, "utf8")) as { checkpoint?: { latest?: Latest } }).checkpoint?.latest ?? {};
}

function jsonFiles(folder: string): string[] {
  const files = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: "utf8" }) : [];
  return files.filter((file) => file.endsWith(".json")).map((file) => join(folder, file));
}
