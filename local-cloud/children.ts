/** Node processes that run programs, policy packs and plugins for the engine. */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { join } from "node:path";
import type { Readable } from "node:stream";

export type NodeChild = ChildProcessByStdio<null, Readable, Readable>;

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const END_WITH_HOST = join(__dirname, "end-with-host.js");

/** How long an interrupted process may tidy up before it is killed, in milliseconds. */
const GRACE = 5_000;

export class NodeChildren {
  private readonly running = new Set<NodeChild>();

  start(args: string[], env: NodeJS.ProcessEnv, cwd: string): NodeChild {
    // In a process group of its own, because Ctrl-C is the engine's to answer: it says when a program has to end.
    const child = spawn(process.execPath, ["--require", END_WITH_HOST, ...args], {
      env,
      cwd,
      stdio: ["ignore", "pipe", "pipe", "pipe"],
      detached: true,
    }) as NodeChild;
    this.running.add(child);
    child.once("close", () => this.running.delete(child));
    return child;
  }

  interrupt(child: NodeChild): void {
    signalGroup(child, "SIGINT");
    setTimeout(() => signalGroup(child, "SIGKILL"), GRACE).unref();
  }

  interruptAll(): void {
    for (const child of this.running) {
      this.interrupt(child);
    }
  }

  killAll(): void {
    for (const child of this.running) {
      signalGroup(child, "SIGKILL");
    }
  }
}

/** Resolves when the process has ended and all that it wrote has been read. */
export function exitOf(child: NodeChild): Promise<Exit> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ code, signal }));
  });
}

function signalGroup(child: NodeChild, signal: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) {
    return;
  }
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It has ended in between.
  }
}
