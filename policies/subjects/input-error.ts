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
  return positionsIn(text)(offset);
}

/** For many positions in one text: its lines are counted once. */
export function positionsIn(text: string): (offset: number) => Position {
  const lineStarts = [0];
  for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", end + 1)) lineStarts.push(end + 1);
  return (offset) => {
    let line = 1;
    let beyond = lineStarts.length + 1;
    while (beyond - line > 1) {
      const middle = (line + beyond) >> 1;
      if ((lineStarts[middle - 1] as number) <= offset) line = middle;
      else beyond = middle;
    }
    return { line, column: offset - (lineStarts[line - 1] as number) + 1 };
  };
}

export const start: Position = { line: 1, column: 1 };
