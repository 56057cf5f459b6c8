// Writes what is generated from the sources: `npm run docs`.
const { writeFileSync } = require("node:fs");
const { join } = require("node:path");
const load = require("../load-typescript.js")(__filename);

const { cataloguePage } = load("../policies/catalogue-page.ts");
const { configurationSchema } = load("../policies/configuration-schema.ts");
const { controls } = load("../policies/controls/index.ts");

writeFileSync(join(__dirname, "controls.md"), cataloguePage(controls));

const schema = join(__dirname, "../policies/policy-config.schema.json");
writeFileSync(schema, `${JSON.stringify(configurationSchema(controls), null, 2)}\n`);
