import { spawnSync } from "node:child_process";
import { parse } from "semver";

/**
 * The version of a Pulumi CLI, without the leading `v`.
 *
 * @throws if it does not run, or is something else
 */
export function pulumiVersion(path: string, env: NodeJS.ProcessEnv): string {
  const { error, status, stdout, stderr } = spawnSync(path, ["version"], {
    encoding: "utf8",
    env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" },
    timeout: 30_000,
  });
  const version = parse(stdout?.trim());
  if (version !== null && status === 0) {
    return version.version;
  }
  const reason =
    error?.message ?? (status === 0 ? `it says ${JSON.stringify(stdout.trim().slice(0, 80))}` : lastLine(stderr));
  throw new Error(`\`pulumi version\` does not answer with a version (${reason || `exit code ${status}`})`);
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
