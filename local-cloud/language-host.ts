/**
 * The Node.js language host: answers the engine's `LanguageRuntime` protocol where the Pulumi CLI brings no
 * `pulumi-language-nodejs` of its own. The engine attaches to it by `PULUMI_DEBUG_LANGUAGES=nodejs:PORT`.
 */
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import * as languageGrpc from "@pulumi/pulumi/proto/language_grpc_pb";
import * as language from "@pulumi/pulumi/proto/language_pb";
import * as plugin from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { type Exit, exitOf, NodeChildren } from "./children";
import { EngineLog } from "./engine-log";
import { listen, UNLIMITED_MESSAGES } from "./grpc-server";
import { PolicyPackProxy } from "./policy-pack-proxy";
import { parseRuntimeOptions } from "./runtime-options";

/** A program ends with this code when it has already told the user what is wrong; the engine then adds nothing. */
const EXIT_ALREADY_REPORTED = 32;

export interface LanguageHost {
  readonly port: number;
  close(): Promise<void>;
}

/** @param env the environment of the programs that the host starts: the one that the CLI itself is given. */
export async function startLanguageHost(env: NodeJS.ProcessEnv): Promise<LanguageHost> {
  const children = new NodeChildren();
  const server = new grpc.Server(UNLIMITED_MESSAGES);
  server.addService(languageGrpc.LanguageRuntimeService, new NodeLanguageHost(env, children).service());
  const port = await listen(server, "the Node language host");
  return {
    port,
    close: async () => {
      children.killAll();
      server.forceShutdown();
    },
  };
}

const ANNOUNCEMENT = `#!/bin/sh
echo 'The local cloud runs Node programs and policy packs; for what else needs a language host (pulumi install, about,' >&2
echo 'package ...) install Pulumi: https://www.pulumi.com/docs/install/. Packages are installed by: npm install' >&2
exit 1
`;

/**
 * Before it starts a policy pack, the engine looks for the language host's executable, also where it is attached to a
 * running one. This puts a file of that name where the engine looks.
 */
export function announceLanguageHost(pulumiHome: string, version: string): void {
  const folder = join(pulumiHome, "plugins", `language-nodejs-v${version}`);
  const file = join(folder, "pulumi-language-nodejs");
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, ANNOUNCEMENT);
  chmodSync(file, 0o755);
}

class NodeLanguageHost {
  private engineAddress = "";

  constructor(
    private readonly env: NodeJS.ProcessEnv,
    private readonly children: NodeChildren,
  ) {}

  /** Calls that are missing here (code generation, packaging, installing) are answered with UNIMPLEMENTED by gRPC. */
  service(): grpc.UntypedServiceImplementation {
    return {
      handshake: (call: Unary<language.LanguageHandshakeRequest>, reply: Reply<language.LanguageHandshakeResponse>) => {
        this.engineAddress = call.request.getEngineAddress();
        reply(null, new language.LanguageHandshakeResponse());
      },
      getPluginInfo: (_: Unary<Empty>, reply: Reply<plugin.PluginInfo>) =>
        reply(null, new plugin.PluginInfo().setVersion(process.versions.node)),
      getRequiredPackages: (_: unknown, reply: Reply<language.GetRequiredPackagesResponse>) =>
        reply(null, new language.GetRequiredPackagesResponse()),
      getRequiredPlugins: (_: unknown, reply: Reply<language.GetRequiredPluginsResponse>) =>
        reply(null, new language.GetRequiredPluginsResponse()),
      runtimeOptionsPrompts: (_: unknown, reply: Reply<language.RuntimeOptionsResponse>) =>
        reply(null, new language.RuntimeOptionsResponse()),
      about: (_: unknown, reply: Reply<language.AboutResponse>) =>
        reply(null, new language.AboutResponse().setExecutable(process.execPath).setVersion(process.version)),
      cancel: (_: Unary<Empty>, reply: Reply<Empty>) => {
        this.children.interruptAll();
        reply(null, new Empty());
      },
      run: (call: Unary<language.RunRequest>, reply: Reply<language.RunResponse>) => {
        this.run(call).then(
          (response) => reply(null, response),
          (error: Error) => reply(null, new language.RunResponse().setError(error.message)),
        );
      },
      runPlugin: (call: grpc.ServerWritableStream<language.RunPluginRequest, language.RunPluginResponse>) => {
        this.runPlugin(call).catch((error: Error) => {
          call.write(new language.RunPluginResponse().setStderr(Buffer.from(`${error.message}\n`)));
          call.write(new language.RunPluginResponse().setExitcode(1));
          call.end();
        });
      },
    };
  }

  private async run(call: Unary<language.RunRequest>): Promise<language.RunResponse> {
    const request = call.request;
    const info = programInfo(request);
    const options = parseRuntimeOptions(info.getOptions()?.toJavaScript());
    const log = new EngineLog(this.engineAddress);
    const child = this.children.start(
      [
        ...options.nodeArguments,
        locateModule("@pulumi/pulumi/cmd/run", info.getProgramDirectory()),
        ...programArguments(request, info, this.engineAddress),
      ],
      {
        ...this.env,
        ...options.env,
        PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().toArray())),
        PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
      },
      info.getProgramDirectory(),
    );
    call.on("cancelled", () => this.children.interrupt(child));
    log.follow(child.stdout);
    log.follow(child.stderr);
    const exit = await exitOf(child);
    await log.close();
    return runResponse(exit);
  }

  private async runPlugin(call: grpc.ServerWritableStream<language.RunPluginRequest, language.RunPluginResponse>) {
    const request = call.request;
    const info = programInfo(request);
    const folder = info.getProgramDirectory();
    const options = parseRuntimeOptions(info.getOptions()?.toJavaScript());
    const env = { ...environmentOf(request.getEnvList()), ...options.env };
    const send = (response: language.RunPluginResponse) => call.write(response);

    const isPolicyPack = request.getKind() === "analyzer";
    const module = locateModule(`@pulumi/pulumi/cmd/${isPolicyPack ? "run-policy-pack" : "run-plugin"}`, folder);
    // A pack reads its version from the package.json of its working directory; the engine's arguments precede its folder.
    const argv = isPolicyPack ? [...request.getArgsList(), folder] : [folder, ...request.getArgsList()];
    const start = (extra: NodeJS.ProcessEnv) => {
      const child = this.children.start(
        [module, ...options.nodeArguments, ...argv],
        { ...env, ...extra },
        isPolicyPack ? folder : request.getPwd(),
      );
      call.on("cancelled", () => this.children.interrupt(child));
      child.stderr.on("data", (data: Buffer) => send(new language.RunPluginResponse().setStderr(data)));
      return child;
    };
    const stdout = (data: Uint8Array) => send(new language.RunPluginResponse().setStdout(data));

    let exit: Promise<Exit>;
    if (isPolicyPack) {
      const proxy = await PolicyPackProxy.listen(start, stdout);
      call.on("cancelled", () => proxy.close());
      stdout(Buffer.from(`${proxy.port}\n`));
      exit = proxy.exit;
    } else {
      const child = start({});
      child.stdout.on("data", stdout);
      exit = exitOf(child);
    }
    const { code } = await exit;
    send(new language.RunPluginResponse().setExitcode(code ?? 1));
    call.end();
  }
}

type Unary<Request> = grpc.ServerUnaryCall<Request, unknown>;
type Reply<Response> = grpc.sendUnaryData<Response>;

function programInfo(request: language.RunRequest | language.RunPluginRequest): language.ProgramInfo {
  const info = request.getInfo();
  if (info === undefined) {
    throw new Error("The Pulumi CLI is too old for the Node language host of the local cloud: it names no program.");
  }
  return info;
}

function programArguments(request: language.RunRequest, info: language.ProgramInfo, engineAddress: string): string[] {
  const named = {
    monitor: request.getMonitorAddress(),
    engine: engineAddress,
    organization: request.getOrganization(),
    project: request.getProject(),
    "root-directory": info.getRootDirectory(),
    stack: request.getStack(),
    pwd: info.getProgramDirectory(),
    parallel: String(request.getParallel()),
  };
  return [
    ...Object.entries(named).flatMap(([name, value]) => (value === "" ? [] : [`--${name}`, value])),
    ...(request.getDryrun() ? ["--dry-run"] : []),
    info.getEntryPoint(),
    ...request.getArgsList(),
  ];
}

function runResponse({ code, signal }: Exit): language.RunResponse {
  const response = new language.RunResponse();
  if (code === EXIT_ALREADY_REPORTED) {
    return response.setBail(true);
  }
  if (code === 0) {
    return response;
  }
  return response.setError(
    code === null ? `Program was ended by ${signal}` : `Program exited with non-zero exit code: ${code}`,
  );
}

function locateModule(name: string, from: string): string {
  try {
    return createRequire(join(from, "index.js")).resolve(name);
  } catch {
    throw new Error(`Cannot find the Pulumi SDK (${name}) from ${from}. Install the dependencies there: npm install`);
  }
}

function environmentOf(pairs: string[]): NodeJS.ProcessEnv {
  return Object.fromEntries(
    pairs.map((pair) => {
      const separator = pair.indexOf("=");
      return [pair.slice(0, separator), pair.slice(separator + 1)];
    }),
  );
}
