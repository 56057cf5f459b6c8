/** Kind and place of an unexpected error; its text is left out because it may quote a value. */
export function whereThrown(error: unknown): string {
  if (!(error instanceof Error)) return "an error of unknown kind";
  const place = /([\w.-]+\.[jt]s):(\d+)/.exec(error.stack ?? "");
  return place ? `${error.name} at ${place[1]}:${place[2]}` : error.name;
}
