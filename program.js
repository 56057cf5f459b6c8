const { createJiti } = require("jiti");

module.exports = createJiti(__filename)("./index.ts");
