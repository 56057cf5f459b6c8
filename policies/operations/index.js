const v8 = require("node:v8");
const loadTypeScript = require("../../load-typescript.js");

// A pack lives for one command and keeps next to nothing, but V8 answers its short-lived garbage with a larger heap.
v8.setFlagsFromString("--semi-space-growth-factor=1");

// The pack is TypeScript; it is transpiled when it starts, and cached, so an edited control counts at the next command.
loadTypeScript(__filename)("./pack.ts");
