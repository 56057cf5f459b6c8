import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { decode } from "../policies/subjects/decode";
import { InputError, type Source, start } from "../policies/subjects/input-error";

const largest = 256 * 1024 * 1024;
const standardInput = 0;
/** Reused, because a new one for each of many small files costs more than reading them. */
const piece = Buffer.allocUnsafe(64 * 1024);

/**
 * Reads a file, or standard input for `-`.
 *
 * @throws InputError when there is no such file, it may not be read, or it is no text
 */
export function readSource(name: string): Source {
  return { name, text: decode(name, name === "-" ? readAll(name, standardInput) : readFile(name)) };
}

function readFile(name: string): Buffer {
  let descriptor: number;
  try {
    descriptor = openSync(name, "r");
  } catch (error) {
    throw new InputError(name, reasonOf(error));
  }
  try {
    if (fstatSync(descriptor).isDirectory()) throw new InputError(name, reasons.EISDIR);
    return readAll(name, descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Reads piece by piece, because pipes and devices do not tell their size. */
function readAll(name: string, descriptor: number): Buffer {
  const pieces: Buffer[] = [];
  let size = 0;
  for (;;) {
    const count = readPiece(name, descriptor);
    if (count === 0) return Buffer.concat(pieces);
    size += count;
    if (size > largest) throw new InputError(name, `is larger than ${largest / 1024 / 1024} MB`, start);
    pieces.push(Buffer.from(piece.subarray(0, count)));
  }
}

function readPiece(name: string, descriptor: number): number {
  for (;;) {
    try {
      return readSync(descriptor, piece);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EOF") return 0;
      // A terminal or a pipe without data yet.
      if (code !== "EAGAIN") throw new InputError(name, reasonOf(error));
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}

const reasons = {
  ENOENT: "no such file",
  EACCES: "no permission to read it",
  EPERM: "no permission to read it",
  EISDIR: "is a directory; name the files in it",
  ENOTDIR: "no such file",
  ELOOP: "a symbolic link that leads to itself",
} as const;

function reasonOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return reasons[code as keyof typeof reasons] ?? `cannot be read (${code})`;
}
