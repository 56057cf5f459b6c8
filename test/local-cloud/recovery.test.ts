import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Cloud, keyOf } from "../../local-cloud/cloud/cloud";
import { FileLock, isAlive } from "../../local-cloud/file-lock";
import { Home } from "../../local-cloud/home";
import { findProject } from "../../local-cloud/project";
import { noteRun, recover } from "../../local-cloud/recovery";

let folder: string;
let home: Home;
let said: string[];
const log = (line: string) => said.push(line);
/** A process that is no more. */
const dead = () => spawnSync(process.execPath, ["--version"]).pid;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "recovery-")));
  writeFileSync(join(folder, "Pulumi.yaml"), "name: tiny\nruntime: nodejs\n");
  const project = findProject(folder);
  if (project === undefined) {
    throw new Error("no project");
  }
  home = new Home(join(folder, "home"), project);
  said = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, value: unknown): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify(value));
  return path;
}

function state(stack: string, latest: object): void {
  write(home.stateFile(stack), { checkpoint: { latest } });
}

function inCloud(use: (cloud: Cloud) => void): void {
  const cloud = new Cloud(home.cloudState, { id: "123456789012", zones: ["example.test"] });
  use(cloud);
  cloud.close();
}

const vpc = (id: string) => ({ type: "aws:ec2/vpc:Vpc", scope: "eu-central-1", id, inputs: {}, computed: {} });

describe("after a run that ended by itself", () => {
  it("nothing is repaired and nothing is said", async () => {
    state("dev", { resources: [] });
    inCloud((cloud) => cloud.put(vpc("vpc-1")));
    expect(await recover(home, false, log)).toEqual([]);
    inCloud((cloud) => expect(cloud.list("aws:ec2/vpc:Vpc")).toHaveLength(1));
    expect(said).toEqual([]);
  });
});

describe("after a run that was killed", () => {
  it("what no stack knows of is taken back, and nothing else", async () => {
    state("dev", { resources: [{ type: "aws:ec2/vpc:Vpc", id: "vpc-1" }] });
    state("prod", { resources: [{ type: "aws:ec2/vpc:Vpc", id: "vpc-2" }] });
    inCloud((cloud) => {
      cloud.put(vpc("vpc-1"));
      cloud.put(vpc("vpc-2"));
      cloud.put(vpc("vpc-3"));
      cloud.put({
        ...vpc("sg-1"),
        type: "aws:ec2/securityGroup:SecurityGroup",
        owner: "aws:ec2/vpc:Vpc#eu-central-1#vpc-1",
      });
    });
    await recover(home, true, log);
    inCloud((cloud) => {
      expect(cloud.list("aws:ec2/vpc:Vpc").map(({ id }) => id)).toEqual(["vpc-1", "vpc-2"]);
      expect(cloud.list("aws:ec2/securityGroup:SecurityGroup")).toHaveLength(1);
      expect(cloud.list("aws:route53/zone:Zone")).toHaveLength(1);
    });
    expect(said.join()).toContain("aws:ec2/vpc:Vpc vpc-3");
  });

  it("what an earlier run made stays, even if no stack knows of it", async () => {
    inCloud((cloud) => cloud.put(vpc("vpc-1")));
    await sleep(5);
    noteRun(home);
    inCloud((cloud) => cloud.put(vpc("vpc-2")));
    await recover(home, true, log);
    inCloud((cloud) => expect(cloud.list("aws:ec2/vpc:Vpc").map(({ id }) => id)).toEqual(["vpc-1"]));
  });

  it("what AWS made along with something stays as long as that does", async () => {
    const group = { ...vpc("/aws/eks/hub/cluster"), type: "aws:cloudwatch/logGroup:LogGroup" };
    state("dev", { resources: [{ type: "aws:ec2/vpc:Vpc", id: "vpc-1" }] });
    inCloud((cloud) => {
      cloud.put(vpc("vpc-1"));
      cloud.put(vpc("vpc-2"));
      cloud.put({ ...group, maker: keyOf(vpc("vpc-1")) });
      cloud.put({ ...group, id: "other", maker: keyOf(vpc("vpc-2")) });
    });
    await recover(home, true, log);
    inCloud((cloud) => expect(cloud.all().map(({ id }) => id)).toEqual(expect.arrayContaining(["vpc-1", group.id])));
    inCloud((cloud) => expect(cloud.all().filter(({ permanent }) => !permanent)).toHaveLength(2));
  });

  it("the stacks with operations that never ended are named", async () => {
    state("dev", { resources: [], pending_operations: [{ type: "creating" }] });
    state("prod", { resources: [] });
    expect(await recover(home, false, log)).toEqual(["dev"]);
    expect(said).toHaveLength(1);
  });

  it("Pulumi's lock of a dead process is removed, with what belongs to it", async () => {
    const lock = write(join(home.locks, "organization/tiny/dev/1.json"), { pid: dead() });
    const attributes = write(`${lock}.attrs`, {});
    await recover(home, false, log);
    expect([existsSync(lock), existsSync(attributes)]).toEqual([false, false]);
  });

  it("an engine that still runs is waited for", async () => {
    const child = spawn(process.execPath, ["-e", "setTimeout(() => {}, 300)"]);
    const pid = child.pid as number;
    const exit = once(child, "exit");
    const lock = write(join(home.locks, "organization/tiny/dev/1.json"), { pid });
    await recover(home, false, log);
    // Its end is seen here a moment before Node tells it.
    expect(isAlive(pid)).toBe(false);
    expect(await exit).toEqual([0, null]);
    expect(existsSync(lock)).toBe(false);
    expect(said[0]).toContain(String(pid));
  });
});

function hasEnded(pid: number): boolean {
  const status = `/proc/${pid}/status`;
  return !existsSync(status) || /^State:\s+Z/m.test(readFileSync(status, "utf8"));
}

describe("the lock of a project", () => {
  it.runIf(process.platform === "linux")(
    "passes on when its holder has ended, but its parent does not ask",
    async () => {
      const parent = spawn("sh", ["-c", "sleep 0.5 & echo $!; exec sleep 30"], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      const pid = Number(await new Promise((resolve) => parent.stdout.once("data", resolve)));
      while (!hasEnded(pid)) await sleep(10);
      const path = write(join(folder, "lock"), { pid, purpose: "up", since: "" });
      expect(new FileLock(path).acquire("up")).toBeUndefined();
      parent.kill("SIGKILL");
    },
  );

  it("is had by one at a time, who is named to the others", () => {
    const path = join(folder, "lock");
    const lock = new FileLock(path);
    expect(lock.acquire("up")).toBeUndefined();
    expect(new FileLock(path).acquire("destroy")).toMatchObject({ pid: process.pid, purpose: "up" });
    lock.release();
    expect(new FileLock(path).acquire("destroy")).toBeUndefined();
  });

  it.each([
    ["was killed", () => JSON.stringify({ pid: dead(), purpose: "up", since: "" })],
    ["left nothing legible", () => "{"],
  ])("passes on when its holder %s, which is noticed", (_, left) => {
    const path = join(folder, "lock");
    writeFileSync(path, left());
    const lock = new FileLock(path);
    expect(lock.acquire("up")).toBeUndefined();
    expect(lock.wasAbandoned).toBe(true);
  });
});
