/**
 * The copy of a stack's config that the local cloud works with: what belongs to the real environment is left out,
 * every secret is replaced by a fake, and the values that only the user knows are supplied where they are missing.
 */
import { createHash } from "node:crypto";
import { Document, isCollection, isMap, isScalar, isSeq, type Node, parseDocument, Scalar, visit, YAMLMap } from "yaml";

export interface LocalStackConfig {
  /** The stack file as YAML, in which the secrets are still plain. */
  readonly text: string;
  /** The values that have to become secrets of the local stack. */
  readonly secrets: readonly Secret[];
  /** Whether the stack imports Pulumi ESC environments, which only Pulumi Cloud can open. */
  readonly leavesOutEnvironment: boolean;
}

export interface Secret {
  /** From the config key (`project:key`) down. */
  readonly path: Path;
  readonly value: string;
}

type Path = readonly (string | number)[];

/** What says how, and with what, the real stack encrypts; and where Pulumi Cloud would get more config from. */
const REAL_ENVIRONMENT = ["encryptionsalt", "encryptedkey", "secretsprovider", "environment"];

/**
 * @param stackText the stack file, as YAML or JSON; empty if there is none
 * @param suppliedText the config that the local cloud supplies: a YAML map of full config keys, in which
 *   `secure: some value` marks a secret. The stack's own values win over it, except its secrets, which nobody can read.
 */
export function localStackConfig(stackText: string, suppliedText = ""): LocalStackConfig {
  const stack = rootOf(stackText);
  const leavesOutEnvironment = stack.has("environment");
  for (const key of REAL_ENVIRONMENT) {
    stack.delete(key);
  }

  const own = replaceSecrets(mapAt(stack, "config"), [], (path) => secret(fakeValue(path)));
  const merged = merge(rootOf(suppliedText), own);
  const secrets: Secret[] = [];
  const config = replaceSecrets(merged, [], (path, value) => {
    secrets.push({ path, value });
    return text(value);
  });
  stack.set("config", config);
  return { text: render(stack), secrets, leavesOutEnvironment };
}

/** Scalars keep the form in which they are written, whatever one or the other version of YAML makes of them. */
function rootOf(yaml: string): YAMLMap {
  const document = parseDocument(yaml, { schema: "failsafe" });
  const [error] = document.errors;
  if (error !== undefined) {
    throw new Error(error.message);
  }
  visit(document, { Alias: (_, alias) => withoutAnchor(alias.resolve(document)) });
  if (isMap(document.contents)) {
    return document.contents;
  }
  if (String(document.contents ?? "") !== "") {
    throw new Error("expected a map with the key config");
  }
  return new YAMLMap();
}

function withoutAnchor(node: Node | undefined): Node | undefined {
  const copy = node?.clone() as Node | undefined;
  if (isCollection(copy) || isScalar(copy)) {
    delete copy.anchor;
  }
  return copy;
}

function render(root: YAMLMap): string {
  const document = new Document(null, { schema: "failsafe" });
  document.contents = root as never;
  return document.toString();
}

function mapAt(map: YAMLMap, key: string): YAMLMap {
  const value = map.get(key, true);
  return isMap(value) ? value : new YAMLMap();
}

/** Lays `over` on `under`, map by map, as far as both are about the same. */
function merge(under: YAMLMap, over: YAMLMap): YAMLMap {
  for (const { key, value } of over.items) {
    const below = under.get(key, true) as unknown;
    const bothMaps = isMap(value) && isMap(below);
    if (below !== undefined && secretValue(value) !== undefined) {
      under.set(key, isScalar(below) ? secret(String(below.value)) : below);
    } else if (bothMaps && secretValue(below) === undefined && !isAnotherVariant(below, value)) {
      merge(below, value);
    } else {
      under.set(key, value);
    }
  }
  return under;
}

/** Settings of one login provider mean nothing to another: nothing of theirs is supplied to a stack that has its own. */
function isAnotherVariant(one: YAMLMap, other: YAMLMap): boolean {
  const [supplied, own] = [one.get("provider"), other.get("provider")];
  return supplied !== undefined && own !== undefined && supplied !== own;
}

function replaceSecrets(map: YAMLMap, path: Path, replace: (path: Path, value: string) => unknown): YAMLMap {
  for (const pair of map.items) {
    pair.value = replaced(pair.value, [...path, keyText(pair.key)], replace);
  }
  return map;
}

function replaced(node: unknown, path: Path, replace: (path: Path, value: string) => unknown): unknown {
  const value = secretValue(node);
  if (value !== undefined) {
    return replace(path, value);
  }
  if (isMap(node)) {
    return replaceSecrets(node, path, replace);
  }
  if (isSeq(node)) {
    node.items = node.items.map((item, index) => replaced(item, [...path, index], replace));
  }
  return node;
}

/** What stands in a `secure: ...` node, which is how Pulumi writes a secret. */
function secretValue(node: unknown): string | undefined {
  const only = isMap(node) && node.items.length === 1 ? node.items[0] : undefined;
  const isSecret = only !== undefined && keyText(only.key) === "secure" && isScalar(only.value);
  return isSecret ? String((only.value as Scalar).value) : undefined;
}

function secret(value: string): YAMLMap {
  const map = new YAMLMap();
  map.set(text("secure"), text(value));
  return map;
}

/** Long and random enough for every check of a secret, and the same in every run, so that nothing changes without cause. */
function fakeValue(path: Path): string {
  return createHash("sha256")
    .update(`local cloud: ${JSON.stringify(path)}`)
    .digest("hex");
}

function text(value: string): Scalar<string> {
  const scalar = new Scalar(value);
  scalar.type = Scalar.QUOTE_DOUBLE;
  return scalar;
}

function keyText(key: unknown): string {
  return String(isScalar(key) ? key.value : key);
}
