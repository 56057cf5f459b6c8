import { run } from "./program";

/** A reader that has seen enough, such as `head`, closes the pipe: that is no error. */
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

run(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
