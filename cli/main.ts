import { unusable } from "./exit-codes";
import { run } from "./program";

for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", ({ code }: NodeJS.ErrnoException) => {
    // A reader that has seen enough, such as `head`, closes the pipe: that is no error.
    if (code === "EPIPE") return;
    process.exitCode = unusable;
    if (stream === process.stdout) process.stderr.write(`error: the report cannot be written (${code})\n`);
  });
}

run(process.argv.slice(2)).then((code) => {
  process.exitCode ??= code;
});
