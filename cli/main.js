#!/usr/bin/env node
const loadTypeScript = require("../load-typescript.js");

// Node 22 and newer keep compiled code from run to run.
require("node:module").enableCompileCache?.();

loadTypeScript(__filename)("./main.ts");
