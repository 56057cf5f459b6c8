// Preloaded into the processes of a preview or an audit: each keeps the most memory it has had resident in a file of its own.
const { writeFileSync } = require("node:fs");
const { join } = require("node:path");

const runner = /(?:cmd\/(run|run-policy-pack)(?:\/index(?:\.js)?)?|(cli)\/main\.js)$/
  .exec(process.argv[1] ?? "")
  ?.slice(1)
  .find(Boolean);
if (runner && process.env.BENCH_MEMORY) {
  const file = join(process.env.BENCH_MEMORY, `${runner}-${process.pid}`);
  const record = () => writeFileSync(file, String(process.resourceUsage().maxRSS / 1024));
  setInterval(record, 50).unref();
  process.once("exit", record);
}
