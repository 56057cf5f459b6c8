const { createJiti } = require("jiti");

createJiti(__filename)("./bench.ts")
  .main()
  .then(process.exit, (error) => {
    console.error(error);
    process.exit(1);
  });
