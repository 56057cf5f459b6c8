/** Runs the Pulumi CLI. */
import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";

export interface PulumiResult {
  readonly code: number;
  /** Empty unless the output was captured. */
  readonly stdout: string;
  readonly stderr: string;
}

export interface PulumiRun {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Whether the command has the terminal, the input and the output of this process; else its output is captured. */
  readonly attached?: boolean | undefined;
  /** Called with the process as soon as it runs. */
  readonly onStart?: ((child: ChildProcess) => void) | undefined;
}

/** A signal that npm and the terminal both deliver is one wish to stop; a later one is a second wish, in milliseconds. */
const SAME_WISH = 1_000;

export function runPulumi(cli: string, args: readonly string[], run: PulumiRun): Promise<PulumiResult> {
  // A terminal delivers Ctrl-C to Pulumi itself. Elsewhere Pulumi gets a process group of its own, so that the one
  // signal that reaches it is the one that is passed on here: a second one makes it give up at once.
  const ownGroup = run.attached !== true || process.stdin.isTTY !== true;
  const child = spawn(cli, [...args], {
    cwd: run.cwd,
    env: { ...run.env, PWD: run.cwd },
    stdio: run.attached === true ? "inherit" : ["ignore", "pipe", "pipe"],
    detached: ownGroup,
  });
  const stopForwarding = forwardSignals(child, ownGroup);
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name]?.setEncoding("utf8").on("data", (text: string) => {
      output[name] += text;
    });
  }
  run.onStart?.(child);
  return new Promise((resolve, reject) => {
    child.once("error", (error) => {
      stopForwarding();
      reject(new Error(`The Pulumi CLI ${cli} cannot be started: ${error.message}`));
    });
    child.once("close", (code, signal) => {
      stopForwarding();
      resolve({ code: code ?? 128 + (signal === null ? 0 : constants.signals[signal]), ...output });
    });
  });
}

/** While Pulumi runs, a wish to stop is its to answer; this process ends after it. */
function forwardSignals(child: ChildProcess, ownGroup: boolean): () => void {
  let last = 0;
  const forward = (signal: NodeJS.Signals) => {
    const again = Date.now() - last < SAME_WISH;
    last = Date.now();
    if (!again && (ownGroup || signal !== "SIGINT")) {
      child.kill("SIGINT");
    }
  };
  const signals: NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) {
    process.on(signal, forward);
  }
  return () => {
    for (const signal of signals) {
      process.off(signal, forward);
    }
  };
}
