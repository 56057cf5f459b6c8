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

/** What documentation prints where the reader has to put something in. */
const placeholders = [
  /^<.*>$|<[a-z][a-z _-]{2,}>/i,
  /^\[[a-z _-]+\]$|^(\.{3}|\*+|x{3,})$/i,
  /^your[-_ ]|^(change|replace)[-_ ]?me|^(replace|insert|put)[-_ ](with|this|the|your|secret|client)|(id|secret)[-_ ]here$/i,
  /^(todo|tbd|fixme)$/i,
];

/** A text that stands for what the reader has to put in. */
export function isPlaceholder(value: Found): boolean {
  return typeof value === "string" && placeholders.some((pattern) => pattern.test(value.trim()));
}

/** A text that something else fills in before Helm sees it, such as Terraform, envsubst or Helmfile. */
export function isTemplate(value: Found): boolean {
  return typeof value === "string" && /\$\{[^{}]+\}|\{\{.*\}\}|^\$[A-Z_]+$/.test(value);
}

/** Whether a text is given that is no placeholder. */
export function isFilled(value: Found): Truth {
  if (value === UNKNOWN) return UNKNOWN;
  return typeof value === "string" && value.trim() !== "" && !isPlaceholder(value);
}

/** Whether a list, a map of lists or a single text names somebody: blanks and placeholders do not. */
export function namesSomebody(value: Found): Truth {
  if (value === UNKNOWN || value === true) return value;
  if (typeof value === "number") return true;
  if (isList(value)) return any(value.map(namesSomebody));
  return isMap(value) ? any(Object.values(value).map(namesSomebody)) : isFilled(value);
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
