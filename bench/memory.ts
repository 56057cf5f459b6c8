import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The environment of processes that keep their memory in the folder, in MB, a file each. */
export function recordingMemory(folder: string): NodeJS.ProcessEnv {
  const preload = `--require ${join(__dirname, "record-memory.js")}`;
  return { ...process.env, NODE_OPTIONS: preload, BENCH_MEMORY: folder };
}

/** The most memory that a process of a kind had resident: `run` is a program, `run-policy-pack` a pack, `cli` an audit. */
export function peakMemory(folder: string, kind: string): number {
  const figures = readdirSync(folder)
    .filter((file) => file.startsWith(`${kind}-`) && /^\d+$/.test(file.slice(kind.length + 1)))
    .map((file) => Number(readFileSync(join(folder, file), "utf8")));
  if (figures.length === 0) throw new Error(`No process ${kind} recorded its memory in ${folder}`);
  return Math.max(...figures);
}
