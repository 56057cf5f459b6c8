#!/usr/bin/env node
const { createJiti } = require("jiti");

// Node 22 and newer keep compiled code from run to run.
require("node:module").enableCompileCache?.();

// Fewer endings to try for each import: a cold start is a third of the whole run.
createJiti(__filename, { extensions: [".ts", ".js", ".json"] })("./main.ts");
