/** What a program prints, on its way to the user: the engine shows it among its own output. */
import type { Readable } from "node:stream";
import * as grpc from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";

let streams = 0;

export class EngineLog {
  private readonly engine: EngineClient;
  private sent: Promise<void> = Promise.resolve();

  constructor(engineAddress: string) {
    this.engine = new EngineClient(engineAddress, grpc.credentials.createInsecure(), { "grpc.enable_http_proxy": 0 });
  }

  /** Sends every line of the stream that is not blank, in order. */
  follow(output: Readable): void {
    // The engine joins the lines of one stream id; ids above its own range keep them apart from those of its plugins.
    const streamId = 1_000_000 + streams++;
    let rest = "";
    output.setEncoding("utf8");
    output.on("data", (text: string) => {
      const lines = (rest + text).split(/(?<=\n)/);
      rest = lines.at(-1)?.endsWith("\n") === false ? (lines.pop() ?? "") : "";
      this.send(lines, streamId);
    });
    output.once("end", () => this.send([rest], streamId));
  }

  /** Waits until the engine has taken everything. */
  async close(): Promise<void> {
    await this.sent;
    this.engine.close();
  }

  private send(lines: string[], streamId: number): void {
    for (const line of lines.filter((each) => each.trim() !== "")) {
      const request = new LogRequest().setSeverity(LogSeverity.INFO).setMessage(line).setStreamid(streamId);
      this.sent = this.sent.then(
        () =>
          new Promise((resolve) => {
            // An engine that has gone away has no more use for output.
            this.engine.log(request, () => resolve());
          }),
      );
    }
  }
}
