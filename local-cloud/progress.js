/**
 * Says on standard error what a long step does and how it gets on: a running clock on a terminal, a line in a while
 * elsewhere.
 */
const SPARSE = 30_000;

async function longStep(what, usually, work) {
  const started = Date.now();
  const onTerminal = process.stderr.isTTY === true;
  const elapsed = () => clock(Date.now() - started);
  process.stderr.write(`${what} (usually ${usually}) ...\n`);
  const timer = setInterval(
    () => process.stderr.write(onTerminal ? `\r  ${elapsed()} ` : `  still at it after ${elapsed()}\n`),
    onTerminal ? 1_000 : SPARSE,
  );
  try {
    const result = await work();
    process.stderr.write(`${onTerminal ? "\r" : ""}  done in ${elapsed()}\n`);
    return result;
  } catch (error) {
    process.stderr.write(`${onTerminal ? "\r" : ""}  failed after ${elapsed()}\n`);
    throw error;
  } finally {
    clearInterval(timer);
  }
}

function clock(milliseconds) {
  const seconds = Math.round(milliseconds / 1_000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`;
}

module.exports = { longStep };
