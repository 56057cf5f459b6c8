/**
 * Loaded before a program, policy pack or plugin: ends it, and what it started, when the language host is gone. The host
 * holds the other end of this pipe, which the system closes however the host ends.
 */
const { Socket } = require("node:net");

/** The first file descriptor after the standard streams. */
const HOST_PIPE = 3;

const host = new Socket({ fd: HOST_PIPE, readable: true, writable: false });
host.on("error", () => {});
host.on("close", () => process.kill(-process.pid, "SIGKILL"));
host.resume();
host.unref();
