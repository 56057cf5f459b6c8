import { measureAudit } from "./audit";
import { measureControls } from "./controls";
import type { Measurement } from "./measurement";
import { measurePackStart } from "./pack-start";
import { measurePreview } from "./preview";
import { measureStacks } from "./stacks";
import { exportDeployedHub, openWorkbench, type Workbench } from "./workbench";

/** Measures everything and prints it; the exit code says whether every goal is reached. */
export async function main(): Promise<number> {
  const workbench = openWorkbench();
  try {
    const measurements = await measure(workbench);
    print(measurements);
    return measurements.every(({ figure, goal }) => figure <= goal) ? 0 : 1;
  } finally {
    workbench.clear();
  }
}

async function measure(workbench: Workbench): Promise<Measurement[]> {
  const stackExport = await exportDeployedHub(workbench);
  return [
    ...(await measureControls(stackExport)),
    ...(await measureStacks(workbench, stackExport)),
    ...(await measureAudit(workbench)),
    ...(await measurePackStart()),
    ...(await measurePreview(workbench, stackExport)),
  ];
}

function print(measurements: readonly Measurement[]): void {
  const width = Math.max(...measurements.map(({ name }) => name.length));
  for (const { name, figure, goal, unit } of measurements) {
    const mark = figure <= goal ? "ok  " : "MISS";
    console.log(
      `${mark} ${name.padEnd(width)} ${figure.toFixed(2).padStart(8)} ${unit.padEnd(2)}  goal <= ${goal} ${unit}`,
    );
  }
}
