import type { ErrorCode, YAMLParseError } from "yaml";

/** What is wrong, in words that quote nothing: the parser's own messages repeat parts of the text. */
const faults: Readonly<Partial<Record<ErrorCode, string>>> = {
  ALIAS_PROPS: "an alias with an anchor or a tag of its own",
  BAD_ALIAS: "an alias of an anchor that does not stand before it",
  BAD_COLLECTION_TYPE: "a tag that does not fit what it marks",
  BAD_DIRECTIVE: "a directive that YAML does not know",
  BAD_DQ_ESCAPE: "an escape sequence that double quotes do not know",
  BAD_INDENT: "indentation that does not fit the lines before",
  BAD_PROP_ORDER: "an anchor or tag in the wrong place",
  BAD_SCALAR_START: "a character that must be quoted here",
  BLOCK_AS_IMPLICIT_KEY: "a mapping inside of another one's line (a value with a colon must be quoted)",
  BLOCK_IN_FLOW: "an indented block inside of braces or brackets",
  KEY_OVER_1024_CHARS: "a key of more than 1024 characters",
  MISSING_CHAR: "a missing character: a bracket, brace, comma, colon, space or closing quote",
  MULTILINE_IMPLICIT_KEY: "a key over several lines, or a line without its colon",
  MULTIPLE_ANCHORS: "two anchors for one value",
  MULTIPLE_TAGS: "two tags for one value",
  TAB_AS_INDENT: "a tab as indentation; YAML allows spaces only",
  TAG_RESOLVE_FAILED: "a tag that does not fit its value",
  UNEXPECTED_TOKEN: "something that does not belong here",
};

export function faultOf({ code, pos }: YAMLParseError, text: string): string {
  const lineStart = text.lastIndexOf("\n", pos[0] - 1) + 1;
  const tabbed = /^ *\t/.test(text.slice(lineStart, lineStart + 200));
  const fault = tabbed ? faults.TAB_AS_INDENT : faults[code];
  return `cannot be read as YAML: ${fault ?? "broken syntax"}`;
}
