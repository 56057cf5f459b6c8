// TypeScript as it is at this moment: transpiled when it is asked for, and cached, so there is no build step to forget.
const { createJiti } = require("jiti");

/** A `require` for the TypeScript files beside `filename`. Other endings are not tried first: each would cost a look at the disk. */
module.exports = (filename) => createJiti(filename, { extensions: [".ts", ".js", ".json"] });
