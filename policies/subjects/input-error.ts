/** A place in a text; lines and columns count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A text to judge, under the name that the user gave it. */
export interface Source {
  readonly name: string;
  readonly text: string;
}

/** Why an input cannot be judged, in one line with file and position. It never quotes the input, which may hold secrets. */
export class InputError extends Error {
  constructor(
    readonly file: string,
    readonly reason: string,
    readonly position?: Position,
  ) {
    super(`${file}${position ? `:${position.line}:${position.column}` : ""}: ${reason}`);
  }
}

export function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf("\n") + 1;
  return { line: before.split("\n").length, column: offset - lineStart + 1 };
}

export const start: Position = { line: 1, column: 1 };
