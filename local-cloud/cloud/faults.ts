/** A fault that someone asked for, to see how a deployment recovers. */
export interface Fault {
  /** Type token of the resource. */
  readonly type: string;
  readonly operation: "create" | "update" | "delete";
  /** `fail` answers with an error, `hang` does not answer until the engine cancels, `die` ends the process at once. */
  readonly action: "fail" | "hang" | "die";
  /** How often, from the first time on; default 1. */
  readonly times?: number;
  /** The fault strikes when the thing has been done already, not before. */
  readonly after?: boolean;
}

/** Strikes where a fault was asked for. */
export class Faults {
  readonly #left: Map<Fault, number>;
  readonly #hanging = new Set<(reason: Error) => void>();

  constructor(faults: readonly Fault[]) {
    this.#left = new Map(faults.map((fault) => [fault, fault.times ?? 1]));
  }

  async strike(type: string, operation: Fault["operation"], after: boolean): Promise<void> {
    for (const [fault, left] of this.#left) {
      if (left === 0 || fault.type !== type || fault.operation !== operation || (fault.after ?? false) !== after)
        continue;
      this.#left.set(fault, left - 1);
      if (fault.action === "die") process.kill(process.pid, "SIGKILL");
      if (fault.action === "fail") throw new Error(`${operation} of ${type} failed because a fault was asked for`);
      await new Promise((_, cancel) => this.#hanging.add(cancel));
    }
  }

  /** Ends what hangs. */
  cancel(): void {
    for (const cancel of this.#hanging) cancel(new Error("the operation was cancelled"));
    this.#hanging.clear();
  }
}

/** Reads faults from JSON, as given in the environment variable LOCAL_CLOUD_FAULTS. */
export function parseFaults(json: string): Fault[] {
  const faults = readJson(json);
  if (Array.isArray(faults) && faults.every(isFault)) return faults;
  throw new Error(
    'LOCAL_CLOUD_FAULTS is no list of faults. Example: [{"type": "aws:ec2/vpc:Vpc", "operation": "create", "action": "fail", "times": 1, "after": true}]',
  );
}

function isFault(fault: Partial<Fault>): fault is Fault {
  return (
    typeof fault.type === "string" &&
    ["create", "update", "delete"].includes(fault.operation ?? "") &&
    ["fail", "hang", "die"].includes(fault.action ?? "")
  );
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
