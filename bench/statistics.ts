export function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? at(sorted, middle) : (at(sorted, middle - 1) + at(sorted, middle)) / 2;
}

/**
 * Runs two things in turn and returns the median of the ratios of their durations: the machine's speed drifts, but both of a
 * pair see the same of it. One pair more runs first, to warm caches.
 */
export async function medianRatio(
  pairs: number,
  one: () => Promise<unknown>,
  other: () => Promise<unknown>,
): Promise<number> {
  const ratios: number[] = [];
  for (let pair = 0; pair <= pairs; pair++) {
    const ratio = (await milliseconds(one)) / (await milliseconds(other));
    if (pair > 0) ratios.push(ratio);
  }
  return median(ratios);
}

export async function milliseconds(run: () => unknown): Promise<number> {
  const start = process.hrtime.bigint();
  await run();
  return Number(process.hrtime.bigint() - start) / 1e6;
}

function at(figures: readonly number[], index: number): number {
  const figure = figures[index];
  if (figure === undefined) throw new Error("No figures to take the median of");
  return figure;
}
