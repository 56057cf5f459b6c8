import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fromStackExport, judge } from "../policies/evaluate";
import { audit } from "./audit";
import type { Measurement } from "./measurement";
import { peakMemory, recordingMemory } from "./memory";
import { median, medianRatio, milliseconds } from "./statistics";
import type { Workbench } from "./workbench";

interface ResourceState {
  readonly urn: string;
  readonly type: string;
}

interface StackExport {
  readonly version: number;
  readonly deployment: { readonly resources: readonly ResourceState[] };
}

const small = 1000;
const large = 10 * small;

/** How judging grows with a stack: the hub among more and more of what a hub's account holds. */
export async function measureStacks(workbench: Workbench, stackExport: string): Promise<Measurement[]> {
  const hub: StackExport = JSON.parse(stackExport);
  const exports = { small: JSON.stringify(grown(hub, small)), large: JSON.stringify(grown(hub, large)) };
  // How the runtime reads JSON of ten times the size is not ours.
  const judged = (text: string) => {
    const stack = JSON.parse(text);
    return async () => judge(fromStackExport(stack));
  };
  const ratio = await medianRatio(5, judged(exports.large), judged(exports.small));
  const times: number[] = [];
  for (let round = 0; round < 3; round++) times.push(await milliseconds(judged(exports.large)));
  const file = join(workbench.folder, "large.json");
  writeFileSync(file, exports.large);
  // The first fills the cache of transpiled code, which takes memory of its own.
  audit([file]);
  audit([file], recordingMemory(workbench.folder));
  return [
    { name: `a stack of ${large} resources against one of ${small}`, figure: ratio, goal: 11, unit: "x" },
    { name: "per resource of it", figure: median(times) / large, goal: 1, unit: "ms" },
    { name: "memory of an audit of it", figure: peakMemory(workbench.folder, "cli"), goal: 300, unit: "MB" },
  ];
}

/** The hub once, and its other resources again and again under names of their own. */
function grown({ version, deployment }: StackExport, size: number): StackExport {
  const others = deployment.resources.filter(({ type }) => type.startsWith("aws:"));
  const resources = [...deployment.resources];
  for (let copy = 0; resources.length < size; copy++) {
    for (const each of others) {
      if (resources.length === size) break;
      resources.push(renamed(each, copy));
    }
  }
  return { version, deployment: { ...deployment, resources } };
}

/** A copy that names copies where the original names originals. */
function renamed(state: ResourceState, copy: number): ResourceState {
  return JSON.parse(JSON.stringify(state).replaceAll("hub-dev", `hub-${copy}`));
}
