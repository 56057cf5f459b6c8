import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Measurement } from "./measurement";
import { medianRatio } from "./statistics";

const runner = require.resolve("@pulumi/pulumi/cmd/run-policy-pack");
const root = join(__dirname, "..");

/** From the start of the process until the engine could connect. */
export async function measurePackStart(): Promise<Measurement[]> {
  const start = (pack: string) => () => startPack(join(root, pack));
  const figure = await medianRatio(7, start("policies/security"), start("bench/empty-pack"));
  return [{ name: "start of the security pack, against an empty pack", figure, goal: 1.2, unit: "x" }];
}

/** A pack prints its port when it listens. The engine's address is asked for, but not used before the first request. */
async function startPack(folder: string): Promise<void> {
  const pack = spawn(process.execPath, [runner, "127.0.0.1:1", folder], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [port] = await Promise.race([once(pack.stdout, "data"), once(pack, "exit").then(() => [""])]);
  const listens = /^\d+/.test(String(port));
  pack.kill();
  if (!listens) throw new Error(`The policy pack ${folder} did not start`);
  await once(pack, "close");
}
