/** gRPC servers on loopback, on ports that the system chooses. */
import * as grpc from "@grpc/grpc-js";

/** The state of a whole stack travels in one message. */
export const UNLIMITED_MESSAGES: grpc.ChannelOptions = {
  "grpc.max_receive_message_length": -1,
  "grpc.max_send_message_length": -1,
};

export function listen(server: grpc.Server, what: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
      if (error === null) {
        resolve(port);
      } else {
        reject(new Error(`Cannot listen on 127.0.0.1 for ${what}: ${error.message}`));
      }
    });
  });
}
