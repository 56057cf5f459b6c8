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

const SIGNALS: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];

/** A signal that npm and the terminal both deliver is one wish to stop; a later one is a second wish, in milliseconds. */
const SAME_WISH = 1_000;

/** How long Pulumi may take to stop before it is killed, in milliseconds. The next run repairs what that leaves. */
const GRACE = 10_000;

/** @throws if Pulumi cannot be started, or if a command whose output is captured was interrupted */
export function runPulumi(cli: string, args: readonly string[], run: PulumiRun): Promise<PulumiResult> {
  // A terminal delivers Ctrl-C to Pulumi itself. Elsewhere Pulumi gets a process group of its own, so that the one
  // signal that reaches it is the one that is passed on here.
  const ownGroup = run.attached !== true || process.stdin.isTTY !== true;
  const child = spawn(cli, [...args], {
    cwd: run.cwd,
    env: { ...run.env, PWD: run.cwd },
    stdio: run.attached === true ? "inherit" : ["ignore", "pipe", "pipe"],
    detached: ownGroup,
  });
  const signals = new SignalForwarding(child, ownGroup);
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name]?.setEncoding("utf8").on("data", (text: string) => {
      output[name] += text;
    });
  }
  run.onStart?.(child);
  return new Promise((resolve, reject) => {
    child.once("error", (error) => {
      signals.stop();
      reject(new Error(`The Pulumi CLI ${cli} cannot be started: ${error.message}`));
    });
    child.once("close", (code, signal) => {
      signals.stop();
      if (signals.interrupted && run.attached !== true) {
        reject(new Error("Interrupted."));
      }
      resolve({ code: code ?? 128 + (signal === null ? 0 : constants.signals[signal]), ...output });
    });
  });
}

/** While Pulumi runs, a wish to stop is its to answer, unless it does not; this process ends after it. */
class SignalForwarding {
  interrupted = false;
  private last = 0;
  private deadline: NodeJS.Timeout | undefined;

  constructor(
    private readonly child: ChildProcess,
    private readonly ownGroup: boolean,
  ) {
    for (const signal of SIGNALS) {
      process.on(signal, this.forward);
    }
  }

  stop(): void {
    clearTimeout(this.deadline);
    for (const signal of SIGNALS) {
      process.off(signal, this.forward);
    }
  }

  private readonly forward = (signal: NodeJS.Signals): void => {
    const again = Date.now() - this.last < SAME_WISH;
    this.last = Date.now();
    if (again) {
      return;
    }
    if (this.interrupted) {
      this.child.kill("SIGKILL");
      return;
    }
    this.interrupted = true;
    this.deadline = setTimeout(() => this.child.kill("SIGKILL"), GRACE);
    if (this.ownGroup || signal !== "SIGINT") {
      this.child.kill("SIGINT");
    }
  };
}
