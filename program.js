const loadTypeScript = require("./load-typescript.js");

module.exports = loadTypeScript(__filename)("./index.ts");
