import { createRequire } from "node:module";
import type { Alias, CST, Document, LineCounter, Node, Pair, Tags, YAMLMap } from "yaml";
import type { Value } from "../../chart/values";
import { memoise } from "../evidence/resource";
import { InputError, type Position, type Source, start } from "./input-error";
import { faultOf } from "./yaml-faults";

/** Loaded when there is something to read: a policy pack seldom has, and starts sooner without. */
let loaded: typeof import("yaml") | undefined;
function yaml(): typeof import("yaml") {
  loaded ??= createRequire(__filename)("yaml") as typeof import("yaml");
  return loaded;
}

/** One document of a YAML text. */
export interface YamlDocument {
  readonly value: Value;
  readonly position: Position;
  /** The place of the value at a dotted path, or of the nearest existing one around it. */
  locate(path: string): Located;
}

export interface Located extends Position {
  /** How many keys of the path exist. */
  readonly depth: number;
}

const largest = 4 * 1024 * 1024;
const deepest = 100;
/** Nodes that aliases may add; a file that grows to more is made to exhaust its reader. */
const largestExpansion = 100_000;

/**
 * The documents of a YAML text (JSON is YAML, too) as Helm reads them: YAML 1.1 with its `yes`, `no`, `on` and `off`, but without
 * its dates and base-60 numbers. Empty documents are left out.
 *
 * @throws InputError when it cannot be read, has keys twice, or would exhaust its reader
 */
export const readYaml = memoise(({ name, text }: Source): YamlDocument[] => {
  if (text.length > largest) {
    throw new InputError(name, `is larger than ${largest / 1024 / 1024} MB, the most that is read as YAML`, start);
  }
  const { Composer, isScalar, LineCounter } = yaml();
  const lines = new LineCounter();
  const place = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const tokens = tokensOf(text, lines, (reason, offset) => new InputError(name, reason, place(offset)));
  const composer = new Composer({
    version: "1.1",
    customTags: asHelm,
    // Compares every key with every other; see checkNodes.
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: "silent",
  });
  return [...composer.compose(tokens)].flatMap((document) => {
    const [error] = document.errors;
    if (error) throw new InputError(name, faultOf(error, text), place(error.pos[0]));
    checkNodes(document.contents, (reason, offset) => new InputError(name, reason, place(offset)));
    if (document.contents === null || (isScalar(document.contents) && document.contents.value === null)) return [];
    const position = place(document.contents.range?.[0] ?? 0);
    return [
      {
        value: document.toJS({ maxAliasCount: -1 }) as Value,
        position,
        locate: (path) => {
          const { offset, depth } = locate(document, path);
          return { ...(offset === undefined ? position : place(offset)), depth };
        },
      },
    ];
  });
});

/** Go's YAML reader, which Helm uses, knows no dates, no base-60 numbers, and none of the rarer types. */
function asHelm(tags: Tags): Tags {
  return tags.filter((tag) => {
    if (typeof tag === "string") return true;
    const format = "format" in tag ? tag.format : undefined;
    return format !== "TIME" && !/:(timestamp|binary|omap|pairs|set)$/.test(tag.tag);
  });
}

// ---- what would exhaust a reader ---------------------------------------------------------------------------------------

type Refuse = (reason: string, offset: number) => InputError;

/**
 * The text in tokens. What reads on from here goes down level by level, so the depth is limited before: a stack that overflows
 * cannot always be caught.
 */
function tokensOf(text: string, lines: LineCounter, refuse: Refuse): CST.Token[] {
  const { Lexer, Parser } = yaml();
  const parser = new Parser(lines.addNewLine);
  const tokens: CST.Token[] = [];
  lines.addNewLine(0);
  for (const lexeme of new Lexer().lex(text)) {
    tokens.push(...parser.next(lexeme));
    // The document itself is the lowest on the parser's stack, what it reads now the highest.
    if (parser.stack.length > deepest + 2) throw refuse(`nested more than ${deepest} levels deep`, parser.offset);
  }
  tokens.push(...parser.end());
  return tokens;
}

/** Refuses keys that stand twice, merge keys with nothing to merge, and aliases that grow to too much when they are written out. */
function checkNodes(root: unknown, refuse: Refuse): void {
  const { isAlias, isMap, isPair, isScalar, isSeq } = yaml();
  /** What stands under an anchor, and its size once it is read to its end. */
  const anchors = new Map<string, { readonly node: unknown; readonly size: number | undefined }>();
  let added = 0;

  const aliased = (alias: Alias): number => {
    const anchored = anchors.get(alias.source);
    const offset = alias.range?.[0] ?? 0;
    if (anchored === undefined) throw refuse("an alias of an anchor that does not stand before it", offset);
    if (anchored.size === undefined) throw refuse("an alias that stands inside of what it repeats", offset);
    added += anchored.size;
    if (added > largestExpansion) throw refuse("aliases that grow to more than can be read", offset);
    return anchored.size;
  };
  const isMergeable = (node: unknown) => isMap(isAlias(node) ? anchors.get(node.source)?.node : node);
  const checkMerge = ({ key, value }: Pair): void => {
    if (!isScalar(key) || typeof key.value !== "symbol") return;
    const merged = isAlias(value) ? anchors.get(value.source)?.node : value;
    if (isSeq(merged) ? merged.items.every(isMergeable) : isMap(merged)) return;
    throw refuse("a merge key << whose value is no map", key.range?.[0] ?? 0);
  };
  const measure = (node: unknown): number => {
    if (isAlias(node)) return aliased(node);
    if (isPair(node)) {
      const size = measure(node.key) + measure(node.value);
      checkMerge(node);
      return size;
    }
    const anchor = isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined;
    if (anchor !== undefined) anchors.set(anchor, { node, size: undefined });
    let size = 1;
    if (isMap(node)) checkKeys(node, refuse);
    if (isMap(node) || isSeq(node)) for (const item of node.items) size += measure(item);
    if (anchor !== undefined) anchors.set(anchor, { node, size });
    return size;
  };
  measure(root);
}

function checkKeys({ items }: YAMLMap, refuse: Refuse): void {
  const { isScalar } = yaml();
  const seen = new Set<string>();
  for (const { key } of items) {
    if (!isScalar(key)) continue;
    const name = String(key.value);
    if (seen.has(name)) throw refuse("the same key a second time in one mapping", key.range?.[0] ?? 0);
    seen.add(name);
  }
}

// ---- where a value stands ----------------------------------------------------------------------------------------------

function locate(document: Document, path: string): { offset: number | undefined; depth: number } {
  const { isAlias, isMap, isSeq } = yaml();
  let node: unknown = document.contents;
  let rest = path;
  let offset: number | undefined;
  let depth = 0;
  while (rest !== "") {
    if (isAlias(node)) node = node.resolve(document);
    const step = isMap(node) ? keyStep(node.items, rest) : isSeq(node) ? indexStep(node.items, rest) : undefined;
    if (!step) break;
    ({ node, rest } = step);
    offset = step.offset;
    depth += 1;
  }
  return { offset, depth };
}

interface Step {
  readonly node: unknown;
  readonly offset: number | undefined;
  readonly rest: string;
}

/** Keys may hold dots themselves, so the longest one that fits counts. */
function keyStep(items: readonly { readonly key: unknown; readonly value: unknown }[], path: string): Step | undefined {
  const { isScalar } = yaml();
  let longest: { length: number; step: Step } | undefined;
  for (const { key, value } of items) {
    if (!isScalar(key)) continue;
    const name = String(key.value);
    const fits = path === name || path.startsWith(`${name}.`) || path.startsWith(`${name}[`);
    if (!fits || name.length <= (longest?.length ?? -1)) continue;
    const rest = path.slice(name.length).replace(/^\./, "");
    longest = { length: name.length, step: { node: value, offset: key.range?.[0], rest } };
  }
  return longest?.step;
}

function indexStep(items: readonly unknown[], path: string): Step | undefined {
  const [whole, index] = /^\[(\d+)\]\.?/.exec(path) ?? [];
  const node = items[Number(index)] as Node | undefined;
  if (whole === undefined || node === undefined) return undefined;
  return { node, offset: node?.range?.[0], rest: path.slice(whole.length) };
}
