import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as analyzer from "@pulumi/pulumi/proto/analyzer_pb";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import { LanguageRuntimeClient } from "@pulumi/pulumi/proto/language_grpc_pb";
import * as language from "@pulumi/pulumi/proto/language_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isAlive } from "../../local-cloud/file-lock";
import { type LanguageHost, startLanguageHost } from "../../local-cloud/language-host";

/** Takes the place of `@pulumi/pulumi/cmd/run`: runs the program with the arguments that the host gave. */
const RUN = `
  const argv = process.argv.slice(2);
  require(require("node:path").resolve(argv[argv.indexOf("--pwd") + 1], argv.at(-1)));
`;
const RUN_PACK = `require(process.argv.at(-1));`;

let folder: string;
let host: LanguageHost;
let client: LanguageRuntimeClient;
let engine: grpc.Server;
let logged: string[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "language-host-"));
  logged = [];
  engine = new grpc.Server();
  engine.addService(EngineService, {
    log: ({ request }: { request: LogRequest }, reply: grpc.sendUnaryData<Empty>) => {
      logged.push(request.getMessage());
      reply(null, new Empty());
    },
  });
  const enginePort = await new Promise<number>((resolve) =>
    engine.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (_, port) => resolve(port)),
  );
  host = await startLanguageHost({ ...process.env, FROM_THE_CLI: "yes" });
  client = new LanguageRuntimeClient(`127.0.0.1:${host.port}`, grpc.credentials.createInsecure());
  const handshake = new language.LanguageHandshakeRequest().setEngineAddress(`127.0.0.1:${enginePort}`);
  await new Promise((resolve) => client.handshake(handshake, resolve));
});

afterEach(async () => {
  client.close();
  await host.close();
  engine.forceShutdown();
  rmSync(folder, { recursive: true });
});

function write(files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, text);
  }
}

const withSdk = (files: Record<string, string>) =>
  write({
    "node_modules/@pulumi/pulumi/cmd/run/index.js": RUN,
    "node_modules/@pulumi/pulumi/cmd/run-policy-pack/index.js": RUN_PACK,
    "node_modules/@pulumi/pulumi/cmd/run-plugin/index.js": "require(process.argv[2])",
    ...files,
  });

function programInfo(options: Record<string, string | boolean> = {}): language.ProgramInfo {
  return new language.ProgramInfo()
    .setRootDirectory(folder)
    .setProgramDirectory(folder)
    .setEntryPoint("program.js")
    .setOptions(Struct.fromJavaScript(options));
}

function runRequest(options: Record<string, string | boolean> = {}): language.RunRequest {
  const request = new language.RunRequest()
    .setInfo(programInfo(options))
    .setProject("tiny")
    .setStack("dev")
    .setOrganization("organization")
    .setMonitorAddress("127.0.0.1:1")
    .setParallel(4)
    .setConfigsecretkeysList(["tiny:token"]);
  request.getConfigMap().set("tiny:token", "plain");
  return request;
}

function run(request: language.RunRequest, cancelAfter?: () => Promise<void>): Promise<language.RunResponse.AsObject> {
  return new Promise((resolve, reject) => {
    const call = client.run(request, (error, response) => (error ? reject(error) : resolve(response.toObject())));
    cancelAfter?.().then(() => call.cancel());
  });
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe("a program", () => {
  it("gets its project, stack, config and the environment of the CLI", async () => {
    withSdk({
      "program.js": `console.log(JSON.stringify([process.argv.slice(2), process.env.PULUMI_CONFIG,
        process.env.PULUMI_CONFIG_SECRET_KEYS, process.env.PULUMI_NODEJS_TYPESCRIPT, process.env.FROM_THE_CLI]))`,
    });
    expect(await run(runRequest().setDryrun(true))).toMatchObject({ error: "", bail: false });
    const [argv, config, secretKeys, typescript, fromTheCli] = JSON.parse(logged.join(""));
    expect(argv.join(" ")).toContain("--project tiny");
    expect(argv.join(" ")).toContain("--stack dev");
    expect(argv.join(" ")).toContain("--monitor 127.0.0.1:1");
    expect(argv).toContain("--dry-run");
    expect(JSON.parse(config)).toEqual({ "tiny:token": "plain" });
    expect(JSON.parse(secretKeys)).toEqual(["tiny:token"]);
    expect([typescript, fromTheCli]).toEqual(["true", "yes"]);
  });

  it("honours the runtime options", async () => {
    withSdk({
      "first.js": "globalThis.first = true",
      "program.js": `console.log(process.env.PULUMI_NODEJS_TYPESCRIPT, process.env.PULUMI_NODEJS_TSCONFIG_PATH,
        globalThis.first, process.title)`,
    });
    const nodeargs = `--require ./first.js "--title=two words"`.replace("./", `${folder}/`);
    await run(runRequest({ typescript: false, tsconfig: "build.json", nodeargs }));
    expect(logged.join("")).toBe("undefined build.json true two words\n");
  });

  it("is heard line by line, on both streams", async () => {
    withSdk({
      "program.js": `process.stdout.write("one\\n\\ntwo\\nthr"); process.stdout.write("ee"); console.error("four")`,
    });
    await run(runRequest());
    expect(logged.sort()).toEqual(["four\n", "one\n", "three", "two\n"]);
  });

  it("that has told the user what is wrong is not commented on", async () => {
    withSdk({ "program.js": "process.exit(32)" });
    expect(await run(runRequest())).toMatchObject({ error: "", bail: true });
  });

  it("that fails otherwise is reported with its exit code", async () => {
    withSdk({ "program.js": "process.exit(3)" });
    expect((await run(runRequest())).error).toContain("exit code: 3");
  });

  it("without the SDK is told to install it", async () => {
    write({ "program.js": "" });
    expect((await run(runRequest())).error).toContain("npm install");
  });

  it("with a runtime option of the wrong type is told which", async () => {
    withSdk({ "program.js": "" });
    expect((await run(runRequest({ typescript: "no" }))).error).toContain("typescript must be a boolean");
  });

  it("is ended when the engine gives up", async () => {
    withSdk({ "program.js": `console.log(process.pid); setInterval(() => {}, 1000)` });
    const cancelled = run(runRequest(), () => until(() => logged.length > 0));
    await expect(cancelled).rejects.toMatchObject({ code: grpc.status.CANCELLED });
    const pid = Number(logged[0]);
    await until(() => !isAlive(pid));
  });

  it("is ended when the host is killed", async () => {
    withSdk({ "program.js": "setInterval(() => {}, 1000)" });
    const module = join(folder, "node_modules/@pulumi/pulumi/cmd/run/index.js");
    const script = `
      const { NodeChildren } = require(${JSON.stringify(require.resolve("jiti"))}).createJiti(${JSON.stringify(folder)})(
        ${JSON.stringify(join(__dirname, "../../local-cloud/children.ts"))});
      const child = new NodeChildren().start(${JSON.stringify([module, "--pwd", folder, "program.js"])}, process.env, ".");
      child.once("spawn", () => console.log(child.pid));
    `;
    const parent = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
    const pid = Number(await new Promise((resolve) => parent.stdout.once("data", resolve)));
    parent.kill("SIGKILL");
    await until(() => !isAlive(pid));
  });

  it("is ended when the engine says so", async () => {
    withSdk({ "program.js": `console.log(process.pid); setInterval(() => {}, 1000)` });
    const running = run(runRequest());
    await until(() => logged.length > 0);
    client.cancel(new Empty(), () => {});
    expect((await running).error).toContain("SIGINT");
  });
});

describe("a policy pack", () => {
  const pack = `
    const grpc = require(${JSON.stringify(require.resolve("@grpc/grpc-js"))});
    const { AnalyzerService } = require(${JSON.stringify(require.resolve("@pulumi/pulumi/proto/analyzer_grpc_pb"))});
    const { AnalyzerInfo } = require(${JSON.stringify(require.resolve("@pulumi/pulumi/proto/analyzer_pb"))});
    const { Empty } = require(${JSON.stringify(require.resolve("google-protobuf/google/protobuf/empty_pb"))});
    const server = new grpc.Server();
    const { PULUMI_NODEJS_STACK, PULUMI_NODEJS_DRY_RUN, PULUMI_CONFIG } = process.env;
    server.addService(AnalyzerService, {
      configureStack: (_, reply) => reply(null, new Empty()),
      getAnalyzerInfo: (_, reply) => reply(null, new AnalyzerInfo().setName(
        [process.cwd(), PULUMI_NODEJS_STACK, PULUMI_NODEJS_DRY_RUN, PULUMI_CONFIG].join("|"))),
    });
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (_, port) => console.log(port));
    console.error("pack is up");
  `;

  function start(): { stdout: Promise<string>; stderr: () => string; exit: Promise<number>; cancel: () => void } {
    const request = new language.RunPluginRequest().setKind("analyzer").setInfo(programInfo()).setPwd("/");
    const call = client.runPlugin(
      request.setEnvList(Object.entries(process.env).map(([name, value]) => `${name}=${value}`)),
    );
    let stderr = "";
    let firstLine: (line: string) => void;
    const stdout = new Promise<string>((resolve) => {
      firstLine = resolve;
    });
    const exit = new Promise<number>((resolve) => {
      call.on("data", (response: language.RunPluginResponse) => {
        if (response.hasStdout()) {
          firstLine(Buffer.from(response.getStdout_asU8()).toString());
        } else if (response.hasStderr()) {
          stderr += Buffer.from(response.getStderr_asU8()).toString();
        } else {
          resolve(response.getExitcode());
        }
      });
      call.on("error", () => resolve(-1));
    });
    return { stdout, stderr: () => stderr, exit, cancel: () => call.cancel() };
  }

  const connect = async (port: Promise<string>) =>
    new AnalyzerClient(`127.0.0.1:${(await port).trim()}`, grpc.credentials.createInsecure());

  it("runs in its folder, and knows stack, config and whether it is a preview", async () => {
    withSdk({ "package.json": `{"main": "pack.js"}`, "pack.js": pack });
    const started = start();
    const proxy = await connect(started.stdout);
    const stack = new analyzer.AnalyzerStackConfigureRequest().setStack("dev").setProject("tiny").setDryRun(true);
    stack.getConfigMap().set("tiny:a", "b");
    await new Promise((resolve) => proxy.configureStack(stack, resolve));
    const name = await new Promise<string>((resolve, reject) =>
      proxy.getAnalyzerInfo(new Empty(), (error, info) => (error ? reject(error) : resolve(info.getName()))),
    );
    expect(name).toBe(`${folder}|dev|true|{"tiny:a":"b"}`);
    expect(started.stderr()).toBe("pack is up\n");
    proxy.close();
    started.cancel();
    await started.exit;
  });

  it("without the SDK is told to install it", async () => {
    write({ "package.json": `{"main": "pack.js"}`, "pack.js": "" });
    const started = start();
    expect(await started.exit).toBe(1);
    expect(started.stderr()).toContain("npm install");
  });

  it("that cannot start is reported to the engine", async () => {
    withSdk({ "package.json": `{"main": "pack.js"}`, "pack.js": "console.error('no policies here'); process.exit(7)" });
    const started = start();
    const proxy = await connect(started.stdout);
    const refused = new Promise((_, reject) =>
      proxy.configureStack(new analyzer.AnalyzerStackConfigureRequest(), (error) => reject(error)),
    );
    await expect(refused).rejects.toMatchObject({ details: expect.stringContaining("7") });
    expect(await started.exit).toBe(7);
    expect(started.stderr()).toBe("no policies here\n");
    proxy.close();
  });
});
