/** The Pulumi project that a command works on. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { parse } from "yaml";

export interface Project {
  readonly name: string;
  /** The folder of the Pulumi.yaml, without symbolic links. */
  readonly folder: string;
  /** The name of the project file, which decides the ending of the stack files. */
  readonly file: string;
  readonly definition: Readonly<Record<string, unknown>>;
  /** Tells projects apart that have the same name. */
  readonly key: string;
}

const PROJECT_FILES = ["Pulumi.yaml", "Pulumi.yml", "Pulumi.json"];

/** The nearest project at `folder` or above it, as Pulumi itself looks for it. */
export function findProject(folder: string): Project | undefined {
  const here = realpathSync(folder);
  const file = PROJECT_FILES.find((name) => existsSync(join(here, name)));
  if (file !== undefined) {
    return readProject(join(here, file));
  }
  const parent = dirname(here);
  return parent === here ? undefined : findProject(parent);
}

/** Where Pulumi keeps the settings of a stack: `Pulumi.dev.yaml` beside the project file, or in its `stackConfigDir`. */
export function stackFile(project: Project, stack: string): string {
  const folder = project.definition.stackConfigDir;
  return join(project.folder, typeof folder === "string" ? folder : "", stackFileName(project, stack));
}

function stackFileName(project: Project, stack: string): string {
  return `Pulumi.${stack}${extname(project.file)}`;
}

function readProject(path: string): Project {
  const definition: unknown = readYaml(path);
  const name = isRecord(definition) ? definition.name : undefined;
  if (!isRecord(definition) || typeof name !== "string" || name === "") {
    throw new Error(`${path} is not a Pulumi project: it has no name. Expected, for example: name: my-project`);
  }
  const folder = dirname(path);
  const hash = createHash("sha256").update(folder).digest("hex").slice(0, 8);
  return { name, folder, file: basename(path), definition, key: `${name}-${hash}` };
}

function readYaml(path: string): unknown {
  try {
    return parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new Error(`${path} cannot be read as YAML: ${error instanceof Error ? error.message : error}`);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
