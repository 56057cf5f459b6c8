import * as fs from "node:fs";
import * as path from "node:path";

type Entry<T> = { put: T } | { remove: string };

/** Below this size, in bytes, a file is not worth rewriting. */
const worthCompacting = 1_000_000;

/**
 * A map kept in a file of one JSON line per change. A change is one appended line, so a killed process loses nothing that was
 * answered and at most leaves half a line at the end, which is dropped. Changes that another process made are picked up
 * before every read.
 */
export class Journal<T> {
  readonly #values = new Map<string, T>();
  #file: number;
  #inode = 0;
  #position = 0;

  constructor(
    private readonly filePath: string,
    private readonly keyOf: (value: T) => string,
  ) {
    fs.mkdirSync(path.dirname(path.resolve(filePath)), { recursive: true });
    this.#file = this.#open();
    dropHalfLine(this.#file);
    this.#catchUp();
    this.#compact();
  }

  get(key: string): T | undefined {
    this.#catchUp();
    return this.#values.get(key);
  }

  values(): Iterable<T> {
    this.#catchUp();
    return this.#values.values();
  }

  put(value: T): void {
    this.#append({ put: value });
  }

  remove(key: string): void {
    if (this.get(key) !== undefined) this.#append({ remove: key });
  }

  close(): void {
    fs.closeSync(this.#file);
  }

  #open(): number {
    const file = fs.openSync(this.filePath, "a+");
    this.#inode = fs.fstatSync(file).ino;
    this.#position = 0;
    this.#values.clear();
    return file;
  }

  #append(entry: Entry<T>): void {
    this.#catchUp();
    fs.appendFileSync(this.#file, `${JSON.stringify(entry)}\n`);
    this.#catchUp();
  }

  #catchUp(): void {
    const found = fs.statSync(this.filePath, { throwIfNoEntry: false });
    if (found?.ino !== this.#inode) {
      fs.closeSync(this.#file);
      this.#file = this.#open();
    }
    const { size } = fs.fstatSync(this.#file);
    if (size === this.#position) return;
    const fresh = Buffer.alloc(size - this.#position);
    fs.readSync(this.#file, fresh, 0, fresh.length, this.#position);
    const complete = fresh.lastIndexOf("\n") + 1;
    for (const line of fresh.toString("utf8", 0, complete).split("\n")) if (line !== "") this.#replay(line);
    this.#position += complete;
  }

  #replay(line: string): void {
    let entry: Entry<T>;
    try {
      entry = JSON.parse(line);
    } catch {
      throw new Error(
        `${this.filePath} is damaged: a line of it is no JSON. Remove the file to start with an empty account.`,
      );
    }
    if ("put" in entry) this.#values.set(this.keyOf(entry.put), entry.put);
    else this.#values.delete(entry.remove);
  }

  /** Rewrites a file that consists mostly of history; processes that have it open notice the new file. */
  #compact(): void {
    const lines = [...this.#values.values()].map((value) => `${JSON.stringify({ put: value })}\n`).join("");
    if (this.#position < worthCompacting || lines.length > this.#position / 2) return;
    const temporary = `${this.filePath}.${process.pid}`;
    fs.writeFileSync(temporary, lines);
    fs.renameSync(temporary, this.filePath);
    this.#catchUp();
  }
}

function dropHalfLine(file: number): void {
  const content = fs.readFileSync(file);
  const complete = content.lastIndexOf("\n") + 1;
  if (complete < content.length) fs.ftruncateSync(file, complete);
}
