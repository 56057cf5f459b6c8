/** The `runtime.options` of a Pulumi.yaml or PulumiPolicy.yaml that the Node language host honours. */
export interface RuntimeOptions {
  /** Arguments of the `node` process itself. */
  readonly nodeArguments: string[];
  /** What the Pulumi SDK reads to decide how TypeScript is loaded. */
  readonly env: NodeJS.ProcessEnv;
}

export function parseRuntimeOptions(options: Record<string, unknown> = {}): RuntimeOptions {
  const typescript = option(options, "typescript", "boolean") ?? true;
  const tsconfig = option(options, "tsconfig", "string") ?? "";
  return {
    nodeArguments: splitWords(option(options, "nodeargs", "string") ?? ""),
    env: {
      ...(typescript ? { PULUMI_NODEJS_TYPESCRIPT: "true" } : {}),
      ...(tsconfig === "" ? {} : { PULUMI_NODEJS_TSCONFIG_PATH: tsconfig }),
    },
  };
}

interface OptionTypes {
  boolean: boolean;
  string: string;
}

function option<Type extends keyof OptionTypes>(
  options: Record<string, unknown>,
  name: string,
  type: Type,
): OptionTypes[Type] | undefined {
  const value = options[name];
  if (value !== undefined && typeof value !== type) {
    throw new Error(`The runtime option ${name} must be a ${type}, found a ${typeof value}`);
  }
  return value as OptionTypes[Type] | undefined;
}

/** Splits as a shell does: words, with single and double quotes and backslashes. */
function splitWords(line: string): string[] {
  const words = line.match(/(?:'[^']*'|"(?:\\.|[^"\\])*"|\\.|[^\s'"\\])+/g) ?? [];
  return words.map((word) =>
    word.replace(
      /'([^']*)'|"((?:\\.|[^"\\])*)"|\\(.)/g,
      (_, single, double, escaped) => single ?? double?.replace(/\\(["\\$`])/g, "$1") ?? escaped,
    ),
  );
}
