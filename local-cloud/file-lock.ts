/** A lock that dies with the process that holds it. */
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";

export interface LockHolder {
  readonly pid: number;
  readonly purpose: string;
  readonly since: string;
}

export class FileLock {
  /** Whether the one who held it before ended without releasing it. */
  wasAbandoned = false;

  constructor(readonly path: string) {}

  /** @returns who holds the lock, if it is not to be had */
  acquire(purpose: string): LockHolder | undefined {
    const mine: LockHolder = { pid: process.pid, purpose, since: new Date().toISOString() };
    const draft = `${this.path}.${process.pid}`;
    writeFileSync(draft, JSON.stringify(mine));
    try {
      // A link appears with its content or not at all, so nobody reads a lock that is half written.
      linkSync(draft, this.path);
      return undefined;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") {
        throw error;
      }
    } finally {
      rmSync(draft, { force: true });
    }
    const holder = this.holder();
    if (holder !== undefined && isAlive(holder.pid)) {
      return holder;
    }
    this.wasAbandoned = true;
    rmSync(this.path, { force: true });
    return this.acquire(purpose);
  }

  release(): void {
    rmSync(this.path, { force: true });
  }

  private holder(): LockHolder | undefined {
    try {
      return JSON.parse(readFileSync(this.path, "utf8"));
    } catch {
      return undefined;
    }
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** A process that has ended, but that its parent has not asked after: in a container often nobody does. */
function isZombie(pid: number): boolean {
  const stat = `/proc/${pid}/stat`;
  return existsSync(stat) && /^\d+ \(.*\) Z /s.test(readFileSync(stat, "utf8"));
}
