/**
 * The entry of `npm run local`. It needs nothing but Node, so that it works in a fresh clone: it installs the packages
 * if they are not there, and hands over to run.ts.
 */
const { ensureInstalled } = require("./install.js");

async function main() {
  await ensureInstalled();
  const loadTypeScript = require("../load-typescript.js");
  const { run } = loadTypeScript(__filename)("./run.ts");
  process.exitCode = await run(process.argv.slice(2));
}

main().catch((error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
