import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Journal } from "../../../local-cloud/cloud/journal";

interface Entry {
  readonly key: string;
  readonly value: string;
}

const keyOf = (entry: Entry) => entry.key;

describe("the account's file", () => {
  let folder: string;
  let path: string;
  const open = () => new Journal<Entry>(path, keyOf);
  const content = (journal: Journal<Entry>) =>
    Object.fromEntries([...journal.values()].map((each) => [each.key, each.value]));

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "journal-"));
    path = join(folder, "cloud.jsonl");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("remembers exactly what was put and not removed, over any number of restarts", () => {
    const change = fc.record({
      key: fc.constantFrom("a", "b", "c"),
      value: fc.option(fc.string(), { nil: undefined }),
      restart: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 20 }), (changes) => {
        rmSync(path, { force: true });
        const expected = new Map<string, string>();
        let journal = open();
        for (const { key, value, restart } of changes) {
          if (value === undefined) journal.remove(key);
          else journal.put({ key, value });
          if (value === undefined) expected.delete(key);
          else expected.set(key, value);
          if (restart) {
            journal.close();
            journal = open();
          }
          expect(content(journal)).toEqual(Object.fromEntries(expected));
        }
        journal.close();
      }),
    );
  });

  it("forgets only the half line that a killed process left", () => {
    const first = open();
    first.put({ key: "a", value: "1" });
    first.close();
    appendFileSync(path, '{"put":{"key":"b","val');
    const second = open();
    expect(content(second)).toEqual({ a: "1" });
    second.put({ key: "c", value: "3" });
    second.close();
    const third = open();
    expect(content(third)).toEqual({ a: "1", c: "3" });
    third.close();
  });

  it("shows one process what another one did", () => {
    const one = open();
    const other = open();
    other.put({ key: "a", value: "1" });
    expect(content(one)).toEqual({ a: "1" });
    one.remove("a");
    expect(content(other)).toEqual({});
    one.close();
    other.close();
  });

  it("drops history when most of a large file is history, also below the feet of another process", () => {
    const one = open();
    const long = "x".repeat(100_000);
    for (let round = 0; round < 20; round++) one.put({ key: "a", value: `${round}${long}` });
    const before = statSync(path).size;
    const other = open();
    expect(statSync(path).size).toBeLessThan(before / 10);
    other.put({ key: "b", value: "2" });
    expect(Object.keys(content(one))).toEqual(["a", "b"]);
    one.close();
    other.close();
  });

  it("says which file is damaged, and leaves it alone", () => {
    writeFileSync(path, "no json\n");
    expect(open).toThrow(`${path} is damaged`);
    expect(readFileSync(path, "utf8")).toBe("no json\n");
  });
});
