import { isUtf8 } from "node:buffer";
import { InputError, positionAt, start } from "./input-error";

const marks: readonly { readonly bytes: readonly number[]; readonly what: string }[] = [
  { bytes: [0xef, 0xbb, 0xbf], what: "begins with a byte-order mark; save it as UTF-8 without one" },
  { bytes: [0xff, 0xfe], what: "is encoded in UTF-16; save it as UTF-8" },
  { bytes: [0xfe, 0xff], what: "is encoded in UTF-16; save it as UTF-8" },
];

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for
const forbidden = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/;

/**
 * The text of a file, which must be UTF-8 without byte-order mark or control characters.
 *
 * @throws InputError naming the first place that is not
 */
export function decode(name: string, bytes: Uint8Array): string {
  const mark = marks.find((candidate) => candidate.bytes.every((byte, index) => bytes[index] === byte));
  if (mark) throw new InputError(name, mark.what, start);
  if (!isUtf8(bytes)) throw notUtf8(name, bytes);
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  const control = text.search(forbidden);
  if (control < 0) return text;
  const reason =
    text[control] === "\0"
      ? "holds a null character: it is a binary file, or text in UTF-16; save it as UTF-8"
      : "holds a control character, which neither YAML nor JSON allows";
  throw new InputError(name, reason, positionAt(text, control));
}

/** Newlines are never part of a longer UTF-8 sequence, so the first line that does not decode holds the fault. */
function notUtf8(name: string, bytes: Uint8Array): InputError {
  let line = 1;
  let from = 0;
  let end = lineEnd(bytes, from);
  while (isUtf8(bytes.subarray(from, end))) {
    line += 1;
    from = end;
    end = lineEnd(bytes, from);
  }
  const column = new TextDecoder().decode(bytes.subarray(from, end)).indexOf("\ufffd") + 1;
  return new InputError(name, "is not encoded in UTF-8 (Latin-1 perhaps); save it as UTF-8", { line, column });
}

function lineEnd(bytes: Uint8Array, from: number): number {
  const newline = bytes.indexOf(0x0a, from);
  return newline < 0 ? bytes.length : newline + 1;
}
