import { judge } from "../../policies/evaluate";
import type { Resource } from "../../policies/evidence/resource";
import { isHub, type Mutation } from "./mutations";

/** Controls that notice a weakness put into a deployment; undefined where that has nothing of the kind to weaken. */
export function alarmsAt({ weaken }: Mutation, stack: readonly Resource[]): string[] | undefined {
  const weaker = weaken(stack);
  return weaker && newAlarms(stack, weaker);
}

/** The same deployment once per hub in it, each time with another one first: that is the one which is weakened. */
export function perHub(stack: readonly Resource[]): Resource[][] {
  return stack.filter(isHub).map((hub) => [hub, ...stack.filter((each) => each !== hub)]);
}

/** Controls that fail, or cannot decide any more, of a resource that they accepted or that was not there. */
function newAlarms(before: readonly Resource[], after: readonly Resource[]): string[] {
  const alarms = (stack: readonly Resource[]) =>
    judge(stack)
      .filter(({ verdict }) => verdict === "fail" || verdict === "unknown")
      .map(({ control, verdict, resource }) => ({ control, key: `${control} ${verdict} ${resource}` }));
  const known = new Set(alarms(before).map(({ key }) => key));
  return alarms(after)
    .filter(({ key }) => !known.has(key))
    .map(({ control }) => control);
}
