/** What the local cloud has to know about the commands of the Pulumi CLI. */

export interface Command {
  /** How many of the arguments end with the words that name it. */
  readonly length: number;
  /** Works on a stack, which is created if it does not exist yet. */
  readonly usesStack: boolean;
  /** Has the option `--config-file`, which keeps it away from the user's own stack file. */
  readonly takesConfigFile: boolean;
  /** Calls providers. */
  readonly callsProviders: boolean;
  /**
   * Writes or removes the stack file beside the Pulumi.yaml, or selects a stack, and has no option that says otherwise;
   * it runs in the copy of the project folder.
   */
  readonly runsInCopy: boolean;
}

type Traits = Partial<Omit<Command, "length">>;

const UNKNOWN: Command = {
  length: 0,
  usesStack: false,
  takesConfigFile: false,
  callsProviders: false,
  runsInCopy: false,
};

/** Every command that is not just run; what is said of a group holds for its commands, until a later line says otherwise. */
const COMMANDS: readonly (readonly [string, Traits])[] = [
  [
    "up|update|preview|pre|refresh|import|watch|destroy|down|dn",
    { usesStack: true, takesConfigFile: true, callsProviders: true },
  ],
  // It starts policy packs as the others do.
  ["policy analyze", { usesStack: true, callsProviders: true }],
  ["config|logs", { usesStack: true, takesConfigFile: true }],
  ["state|stack", { usesStack: true }],
  ["stack ls|list|migrate|tag|webhook|schedule|drift|get", { usesStack: false }],
  ["stack rename|change-secrets-provider", { runsInCopy: true }],
  ["stack new|init|create|setup|rm|remove|delete|select|unselect", { usesStack: false, runsInCopy: true }],
];

/** @param words the arguments that are no options, each with the number of arguments that end with it */
export function commandOf(words: readonly { readonly word: string; readonly end: number }[]): Command {
  let command = UNKNOWN;
  for (const [names, traits] of COMMANDS) {
    const groups = names.split(" ").map((group) => group.split("|"));
    if (groups.every((group, index) => group.includes(words[index]?.word ?? ""))) {
      command = { ...command, ...traits, length: words[groups.length - 1]?.end ?? 0 };
    }
  }
  return command;
}
