import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findCli } from "../../local-cloud/cli";

let folder: string;
let said: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cli-"));
  said = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

function executable(name: string, script: string): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

const version = (number: string) => `[ "$1" = version ] && echo v${number}`;
/** Go that "builds" a CLI, or does what else it is told. */
const go = (install: string) => executable("bin/go", `if [ "$1" = version ]; then echo go1.26; else ${install}; fi`);
const find = (env: NodeJS.ProcessEnv = {}) =>
  findCli({ PATH: `${join(folder, "bin")}:/bin:/usr/bin`, XDG_CACHE_HOME: join(folder, "cache"), ...env }, (line) =>
    said.push(line),
  );

describe("the CLI that LOCAL_CLOUD_PULUMI names", () => {
  it("is used", async () => {
    const path = executable("mine", version("3.200.0"));
    expect(await find({ LOCAL_CLOUD_PULUMI: path })).toEqual({ path, version: "3.200.0", hasLanguageHost: false });
  });

  it("is known to have a language host beside it", async () => {
    const path = executable("mine/pulumi", version("3.200.0"));
    executable("mine/pulumi-language-nodejs", "");
    expect(await find({ LOCAL_CLOUD_PULUMI: path })).toMatchObject({ hasLanguageHost: true });
  });

  it.each([
    ["missing", undefined, "not an executable file"],
    ["too old", version("3.100.0"), "version 3.100.0, and 3.169.0 or newer is needed"],
    ["broken", "echo 'cannot load library' >&2; exit 127", "cannot load library"],
    ["something else", "echo hello", '"hello"'],
  ])("is refused if it is %s", async (_, script, reason) => {
    const path = script === undefined ? join(folder, "nowhere") : executable("mine", script);
    await expect(find({ LOCAL_CLOUD_PULUMI: path })).rejects.toThrow(reason);
    await expect(find({ LOCAL_CLOUD_PULUMI: path })).rejects.toThrow("Unset LOCAL_CLOUD_PULUMI");
  });
});

describe("the CLI on the PATH", () => {
  it("is used if it is recent and has its language host", async () => {
    const path = executable("bin/pulumi", version("3.230.1"));
    executable("bin/pulumi-language-nodejs", "");
    expect(await find()).toEqual({ path, version: "3.230.1", hasLanguageHost: true });
    expect(said).toEqual([]);
  });

  it.each([
    ["too old", version("3.10.0"), true, "3.10.0"],
    ["broken", "exit 1", true, "exit code 1"],
    ["without language host", version("3.230.1"), false, "pulumi-language-nodejs"],
  ])("is passed over, which is said, if it is %s", async (_, script, languageHost, reason) => {
    executable("bin/pulumi", script);
    if (languageHost) {
      executable("bin/pulumi-language-nodejs", "");
    }
    go(`printf '#!/bin/sh\\necho v3.255.0\\n' > "$GOBIN/pulumi"; chmod +x "$GOBIN/pulumi"`);
    expect((await find()).path).toContain(join(folder, "cache"));
    expect(said.join()).toContain(reason);
  });
});

describe("the CLI that is built", () => {
  it("is built once", async () => {
    go(
      `echo once >> ${folder}/builds; printf '#!/bin/sh\\necho v3.255.0\\n' > "$GOBIN/pulumi"; chmod +x "$GOBIN/pulumi"`,
    );
    const first = await find();
    expect(first).toMatchObject({ version: "3.255.0" });
    go("exit 1");
    expect(await find()).toEqual(first);
  });

  it("leaves nothing behind when it fails, and what the compiler said is passed on", async () => {
    go("echo no space left on device >&2; exit 2");
    await expect(find()).rejects.toThrow(/no space left on device[\s\S]*Install Pulumi/);
    go(`printf '#!/bin/sh\\necho v3.255.0\\n' > "$GOBIN/pulumi"; chmod +x "$GOBIN/pulumi"`);
    expect(await find()).toMatchObject({ version: "3.255.0" });
  });

  it("needs Go", async () => {
    await expect(find({ PATH: join(folder, "empty") })).rejects.toThrow(/Neither .* nor Go .* Install Pulumi/);
  });
});
