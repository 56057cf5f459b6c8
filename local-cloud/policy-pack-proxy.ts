/**
 * Stands between the engine and a policy pack. A pack learns its stack, project and config from its environment, and
 * the engine tells them only to a pack that already answers; so this answers first, and starts the pack when it knows.
 */
import * as grpc from "@grpc/grpc-js";
import { AnalyzerService } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import { AnalyzerStackConfigureRequest } from "@pulumi/pulumi/proto/analyzer_pb";
import { type Exit, exitOf, type NodeChild } from "./children";
import { listen, UNLIMITED_MESSAGES } from "./grpc-server";

type StartPack = (env: NodeJS.ProcessEnv) => NodeChild;
type Output = (data: Uint8Array) => void;
type Call = grpc.ServerUnaryCall<Buffer, Buffer>;

export class PolicyPackProxy {
  /** Resolves when the pack has ended, or is no longer wanted. */
  readonly exit: Promise<Exit>;
  port = 0;
  private pack: Promise<grpc.Client> | undefined;
  private readonly server = new grpc.Server(UNLIMITED_MESSAGES);
  private ended: (exit: Exit) => void = () => {};

  private constructor(
    private readonly start: StartPack,
    private readonly output: Output,
  ) {
    this.exit = new Promise((resolve) => {
      this.ended = resolve;
    });
  }

  static async listen(start: StartPack, output: Output): Promise<PolicyPackProxy> {
    const proxy = new PolicyPackProxy(start, output);
    proxy.server.addService(asBytes(AnalyzerService), proxy.service());
    proxy.port = await listen(proxy.server, "a policy pack");
    return proxy;
  }

  close(): void {
    this.pack?.then((client) => client.close()).catch(() => {});
    this.server.forceShutdown();
    this.ended({ code: 0, signal: null });
  }

  private service(): grpc.UntypedServiceImplementation {
    const forwarded = Object.entries(AnalyzerService).map(([name, { path }]) => [
      name,
      (call: Call, reply: grpc.sendUnaryData<Buffer>) => this.forward(path, call, reply),
    ]);
    return {
      ...Object.fromEntries(forwarded),
      handshake: (_: Call, reply: grpc.sendUnaryData<Buffer>) => reply(null, Buffer.alloc(0)),
      configureStack: (call: Call, reply: grpc.sendUnaryData<Buffer>) => {
        this.pack ??= this.launch(stackEnvironment(call.request));
        this.forward(AnalyzerService.configureStack.path, call, reply);
      },
    };
  }

  private forward(path: string, call: Call, reply: grpc.sendUnaryData<Buffer>): void {
    this.pack ??= this.launch({});
    this.pack.then(
      (client) => client.makeUnaryRequest(path, same, same, call.request, call.metadata, reply),
      (error: Error) => reply({ code: grpc.status.UNAVAILABLE, details: error.message }),
    );
  }

  /** Starts the pack and connects to the port that is the first line of its standard output. */
  private launch(env: NodeJS.ProcessEnv): Promise<grpc.Client> {
    const child = this.start(env);
    const exit = exitOf(child);
    exit.then(this.ended, () => this.ended({ code: 1, signal: null }));
    return new Promise((resolve, reject) => {
      let head = "";
      const readPort = (data: Buffer) => {
        head += data.toString();
        const [port, ...rest] = head.split("\n");
        if (rest.length > 0) {
          child.stdout.off("data", readPort).on("data", this.output);
          this.output(Buffer.from(rest.join("\n")));
          resolve(
            new grpc.Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), {
              ...UNLIMITED_MESSAGES,
              "grpc.enable_http_proxy": 0,
            }),
          );
        }
      };
      child.stdout.on("data", readPort);
      exit.then(
        ({ code, signal }) =>
          reject(
            new Error(`the policy pack did not start (exit code ${code ?? signal}); what it says above tells why`),
          ),
        reject,
      );
    });
  }
}

function stackEnvironment(bytes: Buffer): NodeJS.ProcessEnv {
  const request = AnalyzerStackConfigureRequest.deserializeBinary(bytes);
  return {
    PULUMI_NODEJS_ORGANIZATION: request.getOrganization(),
    PULUMI_NODEJS_PROJECT: request.getProject(),
    PULUMI_NODEJS_STACK: request.getStack(),
    PULUMI_NODEJS_DRY_RUN: String(request.getDryRun()),
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().toArray())),
  };
}

const same = (bytes: Buffer) => bytes;

/** The same methods, whose messages are passed on as they came. */
function asBytes(service: grpc.ServiceDefinition): grpc.ServiceDefinition {
  return Object.fromEntries(
    Object.entries(service).map(([name, method]) => [
      name,
      {
        ...method,
        requestSerialize: same,
        requestDeserialize: same,
        responseSerialize: same,
        responseDeserialize: same,
      },
    ]),
  );
}
