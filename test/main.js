/**
 * The entry of `npm test`: installs what is missing, then type-checks, lints and runs the tests, the real engine included.
 * `npm run test:all` adds those that take long, and more random cases. Arguments go to vitest: `npm test -- test/components`.
 */
const { spawnSync } = require("node:child_process");
const { join } = require("node:path");
const { ensureInstalled } = require("../local-cloud/install.js");

const root = join(__dirname, "..");
const { all, others } = parseArguments(process.argv.slice(2));

// Properties are tried on a thousand cases each, here on ten thousand.
const env = all ? { FAST_CHECK_RUNS: "10000", ...process.env } : process.env;

const steps = [
  ["typescript/bin/tsc", "--noEmit"],
  ["@biomejs/biome/bin/biome", "check", "--error-on-warnings"],
  ["vitest/vitest.mjs", "run", ...(all ? [] : ["--project=unit", "--project=engine"]), ...others],
];

function parseArguments(given) {
  return { all: given.includes("--all"), others: given.filter((argument) => argument !== "--all") };
}

async function main() {
  await ensureInstalled({ dev: true });
  for (const [tool, ...args] of steps) {
    const { status } = spawnSync(process.execPath, [join(root, "node_modules", tool), ...args], {
      cwd: root,
      env,
      stdio: "inherit",
    });
    if (status !== 0) return status ?? 1;
  }
  return 0;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  },
);
