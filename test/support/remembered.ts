/** Remembers runs by their arguments: one run serves every test that looks at it. */
export function remembered<Args extends unknown[], Result>(
  run: (...args: Args) => Promise<Result>,
): (...args: Args) => Promise<Result> {
  const runs = new Map<string, Promise<Result>>();
  return (...args) => {
    const key = JSON.stringify(args);
    const present = runs.get(key) ?? run(...args);
    runs.set(key, present);
    return present;
  };
}
