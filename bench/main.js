const loadTypeScript = require("../load-typescript.js");

loadTypeScript(__filename)("./bench.ts")
  .main()
  .then(process.exit, (error) => {
    console.error(error);
    process.exit(1);
  });
