import { any, type Truth } from "../../chart/three-valued";
import { type Found, isList, isMap, UNKNOWN, type Value } from "../../chart/values";

/** Whether a value is exactly the wanted one. */
export function is(value: Found, ...wanted: readonly Found[]): Truth {
  return value === UNKNOWN ? UNKNOWN : wanted.includes(value);
}

/** What a template or Python takes for true. */
export function isTruthy(value: Found): Truth {
  if (value === UNKNOWN) return UNKNOWN;
  if (isList(value)) return value.length > 0;
  return isMap(value) ? Object.keys(value).length > 0 : Boolean(value);
}

/** Whether something is given: neither absent, null nor an empty text, list or map. */
export function isGiven(value: Found): Truth {
  return value === false || value === 0 ? true : isTruthy(value);
}

/** Whether a text matches. */
export function matches(value: Found, pattern: RegExp): Truth {
  return value === UNKNOWN ? UNKNOWN : typeof value === "string" && pattern.test(value);
}

/** A text in angle brackets, as documentation prints where the reader has to put something in. */
export function isPlaceholder(value: Found): boolean {
  return typeof value === "string" && /^<.*>$|^\.\.\.$|^your[-_ ]|^(change|replace)[-_ ]?me/i.test(value.trim());
}

/** Whether a text is given that is no placeholder. */
export function isFilled(value: Found): Truth {
  if (value === UNKNOWN) return UNKNOWN;
  return typeof value === "string" && value.trim() !== "" && !isPlaceholder(value);
}

/** The elements of a list; nothing for anything else. */
export function listOf(value: Found): readonly Value[] {
  return isList(value) ? value : [];
}

/** A command line as words: a text, or a list of texts. */
export function wordsOf(value: Found): Found[] {
  if (typeof value === "string") return value.split(/\s+/).filter((word) => word !== "");
  return value === UNKNOWN ? [UNKNOWN] : [...listOf(value)];
}

/** Whether one of the texts in a list (or the text itself) matches. */
export function someMatch(value: Found, pattern: RegExp): Truth {
  if (value === UNKNOWN) return UNKNOWN;
  return isList(value) ? any(value.map((item) => matches(item, pattern))) : matches(value, pattern);
}
