import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runPulumi } from "../../local-cloud/pulumi";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pulumi-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A CLI that says by a file when it is ready to be interrupted: on a busy machine that takes a while. */
function cli(script: string): string {
  const path = join(folder, "pulumi");
  const ready = `require("node:fs").writeFileSync(${JSON.stringify(join(folder, "up"))}, "")`;
  writeFileSync(path, `#!${process.execPath}\n${script};\n${ready}`);
  chmodSync(path, 0o755);
  return path;
}

/** Runs a CLI with this script, and sends this process the signals, one after the other, when the CLI is up. */
function interrupted(script: string, signals: number, attached = false) {
  return runPulumi(cli(script), [], {
    cwd: folder,
    env: process.env,
    attached,
    onStart: async () => {
      while (!existsSync(join(folder, "up"))) await sleep(20);
      for (let count = 0; count < signals; count++) {
        await sleep(1_100);
        process.emit("SIGTERM");
      }
    },
  });
}

describe("a wish to stop", () => {
  it("is Pulumi's to answer", async () => {
    const result = await interrupted(
      "process.on('SIGINT', () => process.exit(9)); setInterval(() => {}, 1000)",
      1,
      true,
    );
    expect(result.code).toBe(9);
  });

  it("that is repeated kills a Pulumi that does not answer", async () => {
    const result = await interrupted("process.on('SIGINT', () => {}); setInterval(() => {}, 1000)", 2, true);
    expect(result.code).toBe(128 + 9);
  });

  it("ends Pulumi even if it does not answer and the wish is not repeated", async () => {
    const result = await interrupted("process.on('SIGINT', () => {}); setInterval(() => {}, 1000)", 1, true);
    expect(result.code).toBe(128 + 9);
  });

  it("ends what the local cloud itself was about to do, too", async () => {
    const run = interrupted("process.on('SIGINT', () => process.exit(0)); setInterval(() => {}, 1000)", 1);
    await expect(run).rejects.toThrow("Interrupted.");
  });
});
