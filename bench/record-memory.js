// Preloaded into the processes of a preview: each keeps the most memory it has had resident in a file of its own.
const { writeFileSync } = require("node:fs");
const { join } = require("node:path");

const runner = /cmd\/(run|run-policy-pack)(\/index(\.js)?)?$/.exec(process.argv[1] ?? "")?.[1];
if (runner && process.env.BENCH_MEMORY) {
  const file = join(process.env.BENCH_MEMORY, `${runner}-${process.pid}`);
  const record = () => writeFileSync(file, String(process.resourceUsage().maxRSS / 1024));
  setInterval(record, 50).unref();
  process.once("exit", record);
}
