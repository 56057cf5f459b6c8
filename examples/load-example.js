// The examples import the package by its name, as your project does. Here, beside its sources, that name means these sources.
const { join } = require("node:path");
const { createJiti } = require("jiti");

module.exports = (filename) =>
  createJiti(filename, {
    extensions: [".ts", ".js", ".json"],
    alias: { "jupyterhub-eks": join(__dirname, "../components/index.ts") },
  })("./index.ts");
