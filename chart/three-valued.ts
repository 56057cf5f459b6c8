import { UNKNOWN, type Unknown } from "./values";

/** A statement that holds, does not hold, or cannot be decided yet (Kleene's logic). */
export type Truth = boolean | Unknown;

export function not(a: Truth): Truth {
  return a === UNKNOWN ? UNKNOWN : !a;
}

/** True when all hold (also of none), false when one does not, whatever the unknown ones turn out to be. */
export function all(truths: Iterable<Truth>): Truth {
  let result: Truth = true;
  for (const truth of truths) {
    if (truth === false) return false;
    if (truth === UNKNOWN) result = UNKNOWN;
  }
  return result;
}

/** True when one holds, whatever the unknown ones turn out to be; false of none. */
export function any(truths: Iterable<Truth>): Truth {
  let result: Truth = false;
  for (const truth of truths) {
    if (truth === true) return true;
    if (truth === UNKNOWN) result = UNKNOWN;
  }
  return result;
}
