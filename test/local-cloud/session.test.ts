import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type LocalCloud, type LocalCloudOptions, openLocalCloud } from "../../local-cloud/session";

/** Notes how it was called, and does of `stack init` and `stack select` what the local cloud relies on. */
const PULUMI = `#!${process.execPath}
const fs = require("node:fs"), path = require("node:path"), crypto = require("node:crypto");
const argv = process.argv.slice(2), env = process.env, cwd = process.cwd();
if (argv[0] === "version") { console.log("v3.255.0"); process.exit(); }
fs.appendFileSync(path.join(${"env.CALLS"}), JSON.stringify({ argv, cwd, env }) + "\\n");
const backend = env.PULUMI_BACKEND_URL.slice("file://".length);
if (argv[0] === "stack" && argv[1] === "init") {
  const folder = path.join(backend, ".pulumi/stacks/tiny");
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, argv[2] + ".json"), JSON.stringify({ checkpoint: { latest: {} } }));
  fs.writeFileSync("Pulumi." + argv[2] + ".yaml", "encryptionsalt: v1:local\\n");
}
if (argv[0] === "stack" && argv[1] === "select") {
  const hash = crypto.createHash("sha1").update(path.join(cwd, "Pulumi.yaml")).digest("hex");
  fs.mkdirSync(path.join(env.PULUMI_HOME, "workspaces"), { recursive: true });
  fs.writeFileSync(path.join(env.PULUMI_HOME, "workspaces", "tiny-" + hash + "-workspace.json"), JSON.stringify({ stack: argv[2] }));
}
if (argv.includes("--fail")) { console.log("what it printed"); console.error("what went wrong"); process.exit(7); }
`;

interface Call {
  argv: string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
}

let folder: string;
let project: string;
let opened: LocalCloud[];
let said: string[];

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "session-")));
  project = join(folder, "project");
  opened = [];
  said = [];
  mkdirSync(join(project, "below"), { recursive: true });
  writeFileSync(join(project, "Pulumi.yaml"), "name: tiny\nruntime: nodejs\nmain: src\n");
  writeFileSync(join(folder, "pulumi"), PULUMI);
  chmodSync(join(folder, "pulumi"), 0o755);
});
afterEach(async () => {
  await Promise.all(opened.map((cloud) => cloud.close()));
  rmSync(folder, { recursive: true });
});

async function open(options: Partial<LocalCloudOptions> = {}, env: NodeJS.ProcessEnv = {}): Promise<LocalCloud> {
  const cloud = await openLocalCloud({
    projectDir: project,
    home: join(folder, "home"),
    env: { PATH: process.env.PATH, LOCAL_CLOUD_PULUMI: join(folder, "pulumi"), CALLS: join(folder, "calls"), ...env },
    log: (line) => said.push(line),
    startCloud: async () => ({ debugProviders: "aws:41001", close: async () => {} }),
    ...options,
  });
  opened.push(cloud);
  return cloud;
}

function calls(): Call[] {
  const file = join(folder, "calls");
  return existsSync(file)
    ? readFileSync(file, "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line))
    : [];
}

const lastCall = () => calls().at(-1) as Call;
const copyOf = (stack: string) => readFileSync(join(configFolder(), `Pulumi.${stack}.yaml`), "utf8");
const configFolder = () => calls()[0]?.cwd ?? "";

describe("the stack of a command", () => {
  it.each([
    ["--stack", ["up", "--stack", "a"], "a"],
    ["the session", ["up"], "b"],
  ])("is that of %s", async (_, args, stack) => {
    const cloud = await open({ stack: "b" }, { PULUMI_STACK: "c" });
    await cloud.pulumi(["stack", "select", "d"]);
    await cloud.pulumi(args);
    expect(lastCall().env.PULUMI_STACK).toBe(stack);
  });

  it("else that of PULUMI_STACK, else the selected one, else dev", async () => {
    const inEnvironment = await open({}, { PULUMI_STACK: "c" });
    await inEnvironment.pulumi(["stack"]);
    expect(lastCall().env.PULUMI_STACK).toBe("c");
    await inEnvironment.close();
    const cloud = await open();
    await cloud.pulumi(["stack"]);
    expect(lastCall().env.PULUMI_STACK).toBe("dev");
    await cloud.pulumi(["stack", "select", "d"]);
    await cloud.pulumi(["stack"]);
    expect(lastCall().env.PULUMI_STACK).toBe("d");
  });

  it("is created when it does not exist, once", async () => {
    const cloud = await open();
    await cloud.pulumi(["preview", "-s", "organization/tiny/new"]);
    await cloud.pulumi(["preview", "-s", "new"]);
    const created = calls().filter(({ argv }) => argv[1] === "init");
    expect(created.map(({ argv }) => argv[2])).toEqual(["new"]);
    expect(said.join()).toContain("Creating the stack new");
  });

  it("is not created by commands that only look, or that create it themselves", async () => {
    const cloud = await open();
    for (const args of [["stack", "ls"], ["version"], ["up", "--help"], ["stack", "rm", "none"], ["whoami"]]) {
      await cloud.pulumi(args);
    }
    expect(calls().filter(({ argv }) => argv[1] === "init")).toEqual([]);
  });
});

describe("the project folder", () => {
  it("is left alone: the stack is created, renamed and removed in a copy of it", async () => {
    const cloud = await open();
    await cloud.pulumi(["up"]);
    const writers = [
      ["stack", "rm"],
      ["stack", "rename", "other"],
      ["stack", "init", "x"],
      ["stack", "select", "x", "--create"],
      ["destroy", "--yes", "--remove"],
    ];
    for (const args of writers) {
      await cloud.pulumi(args);
      expect(lastCall()).toMatchObject({ argv: args, cwd: configFolder() });
    }
    expect(configFolder()).not.toContain(project);
    expect(readFileSync(join(configFolder(), "Pulumi.yaml"), "utf8")).toContain(`main: ${join(project, "src")}`);
  });

  it("is where all other commands run, with the copied config", async () => {
    const cloud = await open();
    await cloud.pulumi(["config", "set", "colour", "red"]);
    expect(lastCall()).toMatchObject({
      cwd: project,
      argv: ["config", `--config-file=${join(configFolder(), "Pulumi.dev.yaml")}`, "set", "colour", "red"],
    });
    await cloud.pulumi(["preview", "--policy-pack", "../pack"], { cwd: join(project, "below") });
    expect(lastCall()).toMatchObject({ cwd: join(project, "below") });
    expect(lastCall().argv).toEqual([
      "preview",
      `--config-file=${join(configFolder(), "Pulumi.dev.yaml")}`,
      "--policy-pack",
      "../pack",
    ]);
  });

  it("that is none is refused", async () => {
    await expect(open({ projectDir: folder })).rejects.toThrow(/No Pulumi.yaml in .*session-/);
    writeFileSync(join(project, "Pulumi.yaml"), "runtime: nodejs\n");
    await expect(open()).rejects.toThrow(/Pulumi.yaml is not a Pulumi project: it has no name/);
    writeFileSync(join(project, "Pulumi.yaml"), "name: [");
    await expect(open()).rejects.toThrow(/Pulumi.yaml cannot be read as YAML/);
  });
});

describe("the config of the stack", () => {
  const real =
    "secretsprovider: awskms://real\nencryptionsalt: v1:real\nconfig:\n  tiny:size: 3\n  tiny:key: {secure: v1:real}\n";

  it("is copied, its secrets are replaced, and the stack's own salt stays", async () => {
    writeFileSync(join(project, "Pulumi.dev.yaml"), real);
    const cloud = await open();
    await cloud.pulumi(["preview"]);
    expect(copyOf("dev")).toContain("tiny:size: 3");
    expect(copyOf("dev")).toContain("encryptionsalt: v1:local");
    expect(copyOf("dev")).not.toContain("real");
    const encrypted = calls().find(({ argv }) => argv[1] === "set-all");
    expect(encrypted?.argv.join(" ")).toMatch(/--secret tiny:key=[0-9a-f]{64}/);
    expect(readFileSync(join(project, "Pulumi.dev.yaml"), "utf8")).toBe(real);
  });

  it("is copied again when it changed, and only then", async () => {
    writeFileSync(join(project, "Pulumi.dev.yaml"), real);
    const cloud = await open();
    await cloud.pulumi(["preview"]);
    writeFileSync(join(configFolder(), "Pulumi.dev.yaml"), "encryptionsalt: v1:local\nconfig: {tiny:local: 1}\n");
    await cloud.pulumi(["preview"]);
    expect(copyOf("dev")).toContain("tiny:local");
    writeFileSync(join(project, "Pulumi.dev.yaml"), real.replace("size: 3", "size: 4"));
    await cloud.pulumi(["preview"]);
    expect(copyOf("dev")).toContain("tiny:size: 4");
  });

  it("comes from --config-file if that is given", async () => {
    writeFileSync(join(project, "mine.yaml"), "config:\n  tiny:size: 5\n");
    const cloud = await open();
    await cloud.pulumi(["preview", "--config-file", "mine.yaml"]);
    expect(copyOf("dev")).toContain("tiny:size: 5");
    expect(lastCall().argv).toEqual(["preview", `--config-file=${join(configFolder(), "Pulumi.dev.yaml")}`]);
  });

  it("comes from the stackConfigDir of the project", async () => {
    writeFileSync(join(project, "Pulumi.yaml"), "name: tiny\nruntime: nodejs\nstackConfigDir: below\n");
    writeFileSync(join(project, "below", "Pulumi.dev.yaml"), "config:\n  tiny:size: 6\n");
    const cloud = await open();
    await cloud.pulumi(["preview"]);
    expect(copyOf("dev")).toContain("tiny:size: 6");
  });

  it.each(["- a list", "a text"])("that is no map is refused by name: %s", async (text) => {
    writeFileSync(join(project, "Pulumi.dev.yaml"), text);
    await expect((await open()).pulumi(["preview"])).rejects.toThrow(/Pulumi.dev.yaml cannot be read.*expected a map/);
  });

  it("that is no YAML is refused by name", async () => {
    writeFileSync(join(project, "Pulumi.dev.yaml"), "config: {");
    const cloud = await open();
    await expect(cloud.pulumi(["preview"])).rejects.toThrow(/Pulumi.dev.yaml cannot be read as YAML/);
  });
});

describe("a command", () => {
  it("that fails keeps its exit code and its output", async () => {
    const cloud = await open();
    expect(await cloud.pulumi(["whoami", "--fail"])).toEqual({
      code: 7,
      stdout: "what it printed\n",
      stderr: "what went wrong\n",
    });
  });

  it("knows the stand-ins, and nothing of the real environment", async () => {
    const secrets = {
      AWS_PROFILE: "real",
      AWS_SECRET_ACCESS_KEY: "real",
      PULUMI_ACCESS_TOKEN: "real",
      PULUMI_BACKEND_URL: "s3://real",
      PULUMI_CONFIG_PASSPHRASE_FILE: "/real",
      KUBECONFIG: "/real",
      GOOGLE_CREDENTIALS: "real",
    };
    const cloud = await open({}, { ...secrets, HARMLESS: "kept" });
    await cloud.pulumi(["up"]);
    const { env } = lastCall();
    expect(JSON.stringify(env)).not.toContain("real");
    expect(env.HARMLESS).toBe("kept");
    expect(env.PULUMI_DEBUG_PROVIDERS).toBe("aws:41001");
    expect(env.PULUMI_DEBUG_LANGUAGES).toMatch(/^nodejs:\d+$/);
    expect(env.PULUMI_BACKEND_URL).toContain(`file://${join(folder, "home")}`);
  });

  it("runs no program that is not in Node, unless the CLI can", async () => {
    writeFileSync(join(project, "Pulumi.yaml"), "name: tiny\nruntime: {name: python}\n");
    await expect((await open()).pulumi(["preview"])).rejects.toThrow(/Pulumi.yaml asks for the runtime python.*nodejs/);
    writeFileSync(join(folder, "pulumi-language-nodejs"), "");
    chmodSync(join(folder, "pulumi-language-nodejs"), 0o755);
    expect(await (await open()).pulumi(["preview"])).toMatchObject({ code: 0 });
  });

  it("starts no stand-ins if it needs none", async () => {
    const cloud = await open({ startCloud: () => Promise.reject(new Error("started")) });
    await cloud.pulumi(["stack", "output"]);
    await expect(cloud.pulumi(["up"])).rejects.toThrow("started");
    await cloud.close();
    expect(await (await open()).pulumi(["up"])).toMatchObject({ code: 0 });
  });
});

describe("a folder that cannot be written", () => {
  it("is named, with what to do", async () => {
    writeFileSync(join(folder, "file"), "");
    await expect(open({ home: join(folder, "file") })).rejects.toThrow(/file.* cannot be written.*LOCAL_CLOUD_HOME/);
  });
});

describe("two runs at once", () => {
  it("are refused if both change something, and the message names the other", async () => {
    const first = await open();
    await first.pulumi(["up", "--yes"]);
    const second = await open();
    await expect(second.pulumi(["destroy"])).rejects.toThrow(
      new RegExp(`in use by \`pulumi up --yes\` \\(process ${process.pid}`),
    );
    expect(await second.pulumi(["stack", "output"])).toMatchObject({ code: 0 });
    await first.close();
    expect(await second.pulumi(["destroy"])).toMatchObject({ code: 0 });
  });
});
