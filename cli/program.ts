import { Command, CommanderError, Option } from "commander";
import packageJson from "../package.json";
import { kinds } from "../policies/subjects/kinds";
import { whereThrown } from "../policies/where-thrown";
import { UsageError, unusable } from "./exit-codes";
import { type Terminal, terminal } from "./terminal";

const packNames = ["security", "operations", "all"] as const;
export type PackName = (typeof packNames)[number];
const auditFormats = ["table", "json", "sarif", "markdown"] as const;
export type AuditFormat = (typeof auditFormats)[number];
const listFormats = ["table", "json", "markdown"] as const;
export type ListFormat = (typeof listFormats)[number];

/**
 * Runs the command line. Commands are loaded when they are needed, so that help and mistakes cost nothing.
 *
 * @returns the exit code
 */
export async function run(args: readonly string[], io: Terminal = terminal): Promise<number> {
  let code = 0;
  const program = commandLine(io, (result) => {
    code = result;
  });
  try {
    await program.parseAsync(args, { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : unusable;
    io.err(`error: ${error instanceof UsageError ? error.message : `internal: ${whereThrown(error)}`}`);
    return unusable;
  }
}

function commandLine(io: Terminal, finish: (code: number) => void): Command {
  const program = new Command("jupyterhub-eks")
    .description(packageJson.description)
    .version(packageJson.version, "--version", "print the version")
    .helpOption("-h, --help", "show this help")
    .helpCommand("help [command]", "show the help of a command")
    .showHelpAfterError("(--help shows what is possible)")
    .configureOutput({ writeOut: io.out, writeErr: (text) => io.err(text.trimEnd()) })
    .exitOverride();

  program
    .command("audit")
    .summary("judge values files, rendered manifests or an exported stack")
    .description(
      "Judges a JupyterHub by its values file, its rendered manifests or what `pulumi stack export` prints, without any Pulumi program.",
    )
    .argument("[FILE...]", "files to judge, each on its own; - is standard input")
    .addOption(
      new Option("-f, --values <FILE>", "values file; several are merged left to right as Helm does")
        .argParser(collect)
        .default([], "none"),
    )
    .addOption(new Option("--kind <KIND>", "what the files are").choices(["auto", ...kinds]).default("auto"))
    .option("--chart-version <VERSION>", "chart version that values files are for (default: the newest known, 4.4.0)")
    .option("--values-key <PATH>", "where the hub's values lie in a parent chart's values, such as basehub.jupyterhub")
    .option("--config <FILE>", "configuration of the controls, as `pulumi --policy-pack-config` takes it")
    .option("--check-config", "check the configuration and do nothing else")
    .addOption(new Option("--pack <NAME>", "controls to judge by").choices(packNames).default("all"))
    .addOption(new Option("--format <FORMAT>", "form of the report").choices(auditFormats).default("table"))
    .option("--output <FILE>", "write the report to a file; - is standard output (default)")
    .addHelpText(
      "after",
      `
Exit codes:
  0  nothing mandatory is violated
  1  a mandatory control is violated (in the profile "strict", also one that cannot be decided)
  2  an input cannot be read, the configuration is wrong, or the command is used wrongly

Examples:
  jupyterhub-eks audit values.yaml
  jupyterhub-eks audit -f values.yaml -f values-prod.yaml --chart-version 4.4.0
  helm template hub jupyterhub/jupyterhub -f values.yaml | jupyterhub-eks audit -
  pulumi stack export | jupyterhub-eks audit - --format sarif --output audit.sarif
  jupyterhub-eks audit --config policy-config.json --check-config`,
    )
    .action(async (files: string[], options) => finish(await (await import("./audit.js")).audit(files, options, io)));

  program
    .command("controls")
    .summary("list the controls")
    .description("Lists the controls.")
    .addOption(new Option("--pack <NAME>", "controls of one pack").choices(packNames).default("all"))
    .addOption(new Option("--format <FORMAT>", "form of the list").choices(listFormats).default("table"))
    .action(async (options) => finish((await import("./controls.js")).listControls(options, io)));

  program
    .command("explain")
    .summary("explain a control")
    .description(
      "Explains a control: its rule, reason and source, a good and a bad example, and how to exempt from it.",
    )
    .argument("<CONTROL>", "name of a control, or an id of the catalogue such as RBAC-01")
    .action(async (name: string) => finish((await import("./explain.js")).explain(name, io)));

  for (const command of program.commands) command.helpOption("-h, --help", "show this help");
  return program;
}

function collect(file: string, before: readonly string[]): readonly string[] {
  return [...before, file];
}
