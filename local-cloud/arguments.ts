/** Reads the arguments of a Pulumi command line as far as the local cloud needs to know them. */
import { type Command, commandOf } from "./commands";

export interface CommandLine {
  readonly command: Command;
  /** `-C`, `--cwd`: where Pulumi is to run. */
  readonly cwd?: string;
  /** `-s`, `--stack`. */
  readonly stack?: string;
  /** `--config-file`. */
  readonly configFile?: string;
  /** `-h`, `--help`, `help`, or no command at all: Pulumi describes itself. */
  readonly asksForHelp: boolean;
  /** `--remove`: a destroy takes the stack's file along. */
  readonly removesStack: boolean;
  /** The arguments without `--cwd` and `--config-file`. */
  readonly rest: readonly string[];
}

/** Short options without a value, after which another can follow in the same argument: `-ys dev`. */
const SHORT_FLAGS = "yfdeijQu";
const SHORT = new RegExp(`^(-[${SHORT_FLAGS}]*)([Cs])=?(.*)$`);
const LONG = /^--(cwd|stack|config-file)(?:=(.*))?$/;
/** Options of every command that have a value, which is no command, although it may stand where one is expected. */
const GLOBAL_WITH_VALUE = /^(--(color|memprofilerate|otel-traces|profiling|tracing|verbose)|-v)$/;

type Name = "cwd" | "stack" | "configFile";

interface Option {
  readonly name: Name;
  readonly value: string | undefined;
  /** What else stands in the same argument. */
  readonly others?: string;
}

export function parseArguments(argv: readonly string[]): CommandLine {
  const found: Partial<Record<Name, string>> = {};
  const rest: string[] = [];
  const words: { word: string; end: number }[] = [];
  const flags = new Set<string>();
  const end = argv.includes("--") ? argv.indexOf("--") : argv.length;

  for (let index = 0; index < end; index++) {
    const argument = argv[index] ?? "";
    const option = readOption(argument);
    if (option !== undefined) {
      const value = option.value ?? argv[++index] ?? "";
      found[option.name] = value;
      rest.push(...(option.others === undefined ? [] : [option.others]));
      rest.push(...(option.name === "stack" ? ["--stack", value] : []));
    } else if (argument.startsWith("-")) {
      flags.add(argument);
      rest.push(argument);
      if (GLOBAL_WITH_VALUE.test(argument) && index + 1 < end) {
        rest.push(argv[++index] ?? "");
      }
    } else {
      rest.push(argument);
      words.push({ word: argument, end: rest.length });
    }
  }
  return {
    ...found,
    command: commandOf(words),
    asksForHelp: flags.has("-h") || flags.has("--help") || words[0]?.word === "help" || argv.length === 0,
    removesStack: flags.has("--remove") || flags.has("--remove=true"),
    rest: [...rest, ...argv.slice(end)],
  };
}

function readOption(argument: string): Option | undefined {
  const long = LONG.exec(argument);
  if (long !== null) {
    return { name: long[1] === "config-file" ? "configFile" : (long[1] as Name), value: long[2] };
  }
  const [, others = "", letter, value = ""] = SHORT.exec(argument) ?? [];
  if (letter === undefined) {
    return undefined;
  }
  return {
    name: letter === "C" ? "cwd" : "stack",
    value: value === "" ? undefined : value,
    ...(others === "-" ? {} : { others }),
  };
}
