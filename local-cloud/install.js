/**
 * Makes a fresh clone ready: looks at Node's version and installs the packages that are not there. It needs nothing but
 * Node.
 */
const { spawn } = require("node:child_process");
const { existsSync, readFileSync } = require("node:fs");
const { join } = require("node:path");
const { longStep } = require("./progress.js");

const ROOT = join(__dirname, "..");
const OLDEST_NODE = [20, 20];

/**
 * @param options `dev`: packages that only tests and tools need count, too.
 * @throws if Node is too old or npm fails
 */
async function ensureInstalled({ dev = false } = {}) {
  requireNode();
  if (!isInstalled(dev)) {
    await longStep("Installing the packages of this project (npm ci)", "a minute", installPackages);
  }
}

function requireNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
    throw new Error(
      `Node ${process.versions.node} is too old: ${OLDEST_NODE.join(".")} or newer is needed (https://nodejs.org/).`,
    );
  }
}

/** Whether what npm noted in node_modules, when it had finished, is what the lock file asks for. */
function isInstalled(withDev) {
  const wanted = packagesOf("package-lock.json");
  const present = packagesOf("node_modules/.package-lock.json");
  return Object.entries(wanted).every(
    ([path, { version, dev, optional, peer }]) =>
      path === "" ||
      (dev && !withDev) ||
      optional ||
      peer ||
      (present[path]?.version === version && existsSync(join(ROOT, path, "package.json"))),
  );
}

function packagesOf(lockFile) {
  const path = join(ROOT, lockFile);
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")).packages : {};
}

async function installPackages() {
  // npm says under whose control this runs; its own words go to standard error, which is not Pulumi's.
  const npm = process.env.npm_execpath?.endsWith("npm-cli.js") ? [process.execPath, process.env.npm_execpath] : ["npm"];
  const [command, ...args] = [...npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"];
  const child = spawn(command, args, { cwd: ROOT, stdio: ["ignore", 2, 2] });
  const code = await new Promise((resolve, reject) => {
    child.once("error", (error) => reject(new Error(`npm cannot be started: ${error.message}`)));
    child.once("close", resolve);
  });
  if (code !== 0) {
    throw new Error(
      `Installing the packages failed (npm ci ended with exit code ${code}). What npm says above tells why.`,
    );
  }
}

module.exports = { ensureInstalled };
