import { styleText } from "node:util";

/** Where a command writes: the report and nothing else to `out`, everything else to `err`. */
export interface Terminal {
  out(text: string): void;
  err(line: string): void;
  /** Whether standard output is a terminal that shows colour. */
  readonly colour: boolean;
}

export const terminal: Terminal = {
  out: (text) => process.stdout.write(text),
  err: (line) => process.stderr.write(`${line}\n`),
  colour: process.stdout.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== "dumb",
};

export type Style = Parameters<typeof styleText>[0];
export type Paint = (style: Style, text: string) => string;

/** Colours text, or leaves it plain. */
export function painter(colour: boolean): Paint {
  return colour ? (style, text) => styleText(style, text) : (_style, text) => text;
}
