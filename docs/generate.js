// Writes the pages that are generated from the sources: `npm run docs`.
const { writeFileSync } = require("node:fs");
const { join } = require("node:path");
const load = require("../load-typescript.js")(__filename);

const { cataloguePage } = load("../policies/catalogue-page.ts");
const { controls } = load("../policies/controls/index.ts");

writeFileSync(join(__dirname, "controls.md"), cataloguePage(controls));
