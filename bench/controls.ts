import { at } from "../chart/values";
import { fromStackExport, judge } from "../policies/evaluate";
import type { Measurement } from "./measurement";
import { median, milliseconds } from "./statistics";

const rounds = 200;
const warmUp = 20;

/** All controls over the hub's release alone, nothing remembered from the round before. */
export async function measureControls(stackExport: string): Promise<Measurement[]> {
  const figures: number[] = [];
  for (let round = 0; round < warmUp + rounds; round++) {
    const resources = fromStackExport(JSON.parse(stackExport));
    const release = resources.filter(({ properties }) => at(properties, "chart") === "jupyterhub");
    if (release.length !== 1) throw new Error(`Expected the hub's release, found ${release.length}`);
    const figure = await milliseconds(() => judge(release));
    if (round >= warmUp) figures.push(figure);
  }
  return [{ name: "all controls over one release", figure: median(figures), goal: 5, unit: "ms" }];
}
