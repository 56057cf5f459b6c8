module.exports = require("../load-example.js")(__filename);
