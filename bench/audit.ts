import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Measurement } from "./measurement";
import { median, milliseconds } from "./statistics";
import { root, type Workbench } from "./workbench";

const command = join(root, "cli/main.js");
const rounds = 7;
const many = 1000;

/** The audit command as a user starts it: a new process each time, of which the first fills the cache of transpiled code. */
export async function measureAudit(workbench: Workbench): Promise<Measurement[]> {
  const files = writeValues(join(workbench.folder, "values"));
  audit(files.slice(0, 1));
  const single: number[] = [];
  for (let round = 0; round < rounds; round++) single.push(await milliseconds(() => audit(files.slice(0, 1))));
  const all = await milliseconds(() => audit(files));
  return [
    { name: "audit of one values file, from the start of its process", figure: median(single), goal: 400, unit: "ms" },
    { name: `audit of ${many} values files`, figure: all, goal: 5000, unit: "ms" },
  ];
}

/** Audits files in a process of its own. */
export function audit(files: readonly string[], env: NodeJS.ProcessEnv = process.env): void {
  const { status, stderr } = spawnSync(process.execPath, [command, "audit", ...files, "--format", "json"], {
    env,
    encoding: "utf8",
    maxBuffer: 1024 * 1024 * 1024,
  });
  if (status !== 0 && status !== 1) throw new Error(`An audit ended with ${status}:\n${stderr}`);
}

/** Values of the usual size, no two files with the same ones. */
function writeValues(folder: string): string[] {
  mkdirSync(folder);
  return Array.from({ length: many }, (_, index) => {
    const file = join(folder, `values-${index}.yaml`);
    writeFileSync(file, valuesOf(index));
    return file;
  });
}

function valuesOf(index: number): string {
  return `
proxy:
  https:
    enabled: true
    hosts: [hub-${index}.acme.science]
    letsencrypt: { contactEmail: ops@acme.science }
hub:
  config:
    JupyterHub: { authenticator_class: github }
    GitHubOAuthenticator:
      client_id: Ov23li${index}
      oauth_callback_url: https://hub-${index}.acme.science/hub/oauth_callback
      allowed_organizations: [acme-${index}]
      scope: [read:org]
singleuser:
  image: { name: quay.io/acme/user, tag: "2026-01-${index}" }
  memory: { limit: ${(index % 8) + 1}G, guarantee: 1G }
  profileList:
    - display_name: small
      default: true
    - display_name: large
      kubespawner_override: { mem_limit: 16G, cpu_limit: 4 }
`;
}
