import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { run } from "../../cli/program";

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line in this process. */
export async function command(...args: string[]): Promise<Ran> {
  let out = "";
  let err = "";
  const terminal = {
    out: (text: string) => {
      out += text;
    },
    err: (line: string) => {
      err += `${line}\n`;
    },
    colour: false,
  };
  return { code: await run(args, terminal), out, err };
}

/** Makes a folder that goes when the test file is done, and gives what writes a file into it and tells its path. */
export function temporaryFiles(): (name: string, content: string | Uint8Array) => string {
  const folder = mkdtempSync(join(tmpdir(), "audit-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return (name, content) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
}

export interface Report {
  readonly version: number;
  readonly subjects: readonly {
    readonly subject: string;
    readonly kind: string | null;
    readonly chartVersion: string | null;
    readonly error?: string;
    readonly results: readonly ReportedResult[];
  }[];
  readonly summary: Readonly<Record<string, number>>;
}

export interface ReportedResult {
  readonly control: string;
  readonly level: string;
  readonly verdict: string;
  readonly resource: string | null;
  readonly path: string | null;
  readonly message: string;
  readonly remediation: string;
  readonly exemption?: { readonly reason: string };
}

/** Audits and reads the JSON report. */
export async function audited(...args: string[]): Promise<Ran & { report: Report }> {
  const ran = await command("audit", ...args, "--format", "json");
  return { ...ran, report: JSON.parse(ran.out) };
}

export function verdictOf(report: Report, control: string, subject = 0): string | undefined {
  return report.subjects[subject]?.results.find((result) => result.control === control)?.verdict;
}

/** Values that are open to everybody in clear text. */
export const open = `
hub:
  config:
    JupyterHub:
      authenticator_class: dummy
rbac:
  create: no
`;
