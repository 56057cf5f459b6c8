import { all, any, not, type Truth } from "../../chart/three-valued";
import { type Found, isList, isMap, own, UNKNOWN, type Value } from "../../chart/values";
import { isTooWide } from "./addresses";
import { matches } from "./truth";

/** Statements of an IAM document, given as JSON text or as a map; undefined for what is neither. */
export function statementsOf(document: Found): readonly Value[] | typeof UNKNOWN | undefined {
  if (document === UNKNOWN) return UNKNOWN;
  const parsed = typeof document === "string" ? parsedJson(document) : document;
  const statements = own(parsed, "Statement");
  if (statements === UNKNOWN) return UNKNOWN;
  if (isMap(statements)) return [statements];
  return isList(statements) ? statements : undefined;
}

function parsedJson(text: string): Found {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether a statement allows something to everybody in the world. */
export function allowsEverybody(statement: Found): Truth {
  return all([
    matches(own(statement, "Effect"), /^allow$/i),
    any([isEverybody(own(statement, "Principal")), namesAllButSome(statement)]),
    not(limitsWho(own(statement, "Condition"))),
  ]);
}

function namesAllButSome(statement: Found): Truth {
  const excluded = own(statement, "NotPrincipal");
  return excluded === UNKNOWN ? UNKNOWN : excluded !== undefined;
}

function isEverybody(principal: Found): Truth {
  if (principal === UNKNOWN) return UNKNOWN;
  if (isList(principal)) return any(principal.map(isEverybody));
  if (isMap(principal)) return isEverybody(own(principal, "AWS"));
  return principal === "*";
}

/** Keys of conditions that say which accounts, organisations or networks are meant. */
const who =
  /^(aws:(principal(orgid|orgpaths|account|arn)|source(account|arn|orgid|orgpaths|ip|vpc|vpce)|userid|username)|aws:principaltag\/.+)$/i;

/**
 * Whether a condition narrows who is meant. `ForAllValues` and `...IfExists` also hold when the key is missing, and `Null` asks
 * for nothing but the key: they narrow nothing.
 */
function limitsWho(condition: Found): Truth {
  if (condition === UNKNOWN) return UNKNOWN;
  if (!isMap(condition)) return false;
  return any(
    Object.entries(condition).map(([operator, keys]): Truth => {
      if (/^ForAllValues:|IfExists$|Not|^Null$/i.test(operator)) return false;
      if (keys === UNKNOWN) return UNKNOWN;
      return any(
        Object.entries(isMap(keys) ? keys : {}).map(([key, value]): Truth => who.test(key) && not(isWildcard(value))),
      );
    }),
  );
}

/** Whether a value means anybody: every organisation, an ARN of every account, or as good as every address. */
function isWildcard(value: Found): Truth {
  if (value === UNKNOWN) return UNKNOWN;
  if (isList(value)) return any(value.map(isWildcard));
  if (typeof value !== "string") return false;
  const [, , , , account = "*"] = value.split(":");
  return isTooWide(value) || /^(o-)?[*?]+$/.test(value.startsWith("arn:") ? account : value);
}
