import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inventory } from "../../../local-cloud/cloud";
import { parseFaults } from "../../../local-cloud/cloud/faults";
import { isSecret, secret, unknown, valueAt } from "../../../local-cloud/cloud/wire";
import { trust } from "./cluster";
import { type Instance, World } from "./world";

const roleType = "aws:iam/role:Role";
const subnetType = "aws:ec2/subnet:Subnet";
const vpcType = "aws:ec2/vpc:Vpc";

describe("a resource of the local cloud", () => {
  let world: World;
  let aws: Instance;
  beforeAll(async () => {
    world = await World.start();
    aws = await world.aws();
  });
  afterAll(() => world.end());

  it("shows at preview what AWS decides as unknown, the rest as given or by default", async () => {
    const outputs = await aws.preview(vpcType, "vpc", { cidrBlock: "10.0.0.0/16", tags: { a: "b" } });
    expect(outputs).toMatchObject({
      cidrBlock: "10.0.0.0/16",
      enableDnsSupport: true,
      region: "eu-central-1",
      tagsAll: { a: "b" },
    });
    expect(outputs.arn).toBe(unknown);
    expect(outputs.defaultSecurityGroupId).toBe(unknown);
  });

  it("accepts unknowns at preview, also below a property that AWS completes", async () => {
    const outputs = await aws.preview("aws:eks/cluster:Cluster", "hub", {
      name: "hub",
      roleArn: unknown,
      vpcConfig: { subnetIds: unknown },
    });
    expect(valueAt(outputs, "vpcConfig.subnetIds")).toBe(unknown);
    expect(valueAt(outputs, "vpcConfig.clusterSecurityGroupId")).toBe(unknown);
    expect(outputs.endpoint).toBe(unknown);
    expect((await aws.preview(vpcType, "v", { cidrBlock: unknown })).cidrBlock).toBe(unknown);
    expect((await aws.preview("aws:kms/alias:Alias", "a", { name: unknown, targetKeyId: unknown })).name).toBe(unknown);
    const whole = await aws.preview("aws:eks/cluster:Cluster", "hub", {
      name: "hub",
      roleArn: unknown,
      vpcConfig: unknown,
    });
    expect(whole.vpcConfig).toBe(unknown);
  });

  it("does not exist after a preview", async () => {
    const before = inventory(world.statePath).length;
    await aws.preview(vpcType, "vpc", { cidrBlock: "10.0.0.0/16" });
    expect(inventory(world.statePath)).toHaveLength(before);
  });

  it("is named by the provider if the program does not, with seven hexadecimal digits, once and for ever", async () => {
    const made = await aws.make(roleType, "hub-node", { assumeRolePolicy: trust("ec2.amazonaws.com") });
    expect(made.id).toMatch(/^hub-node-[0-9a-f]{7}$/);
    expect(made.outputs.arn).toBe(`arn:aws:iam::123456789012:role/${made.id}`);
    const change = await aws.diff(made, { assumeRolePolicy: trust("ec2.amazonaws.com"), description: "x" });
    expect(change).toEqual({ changed: ["description"], replaces: [], deleteBeforeReplace: false });
  });

  it("is refused if what its name is made of leaves no room for the random part", async () => {
    const problemsOf = async (name: string) => (await aws.check("aws:lb/loadBalancer:LoadBalancer", name, {})).failures;
    expect(await problemsOf("hub-for-the-whole-campus")).toEqual([]);
    expect((await problemsOf("hub-for-the-whole-campus-http"))[0]).toBe(
      "name: name 'hub-for-the-whole-campus-http-' plus 7 random chars is longer than maximum length 32",
    );
  });

  it("is replaced by one beside it where the program gives but a prefix of its name", async () => {
    const vpc = await aws.make(vpcType, "of-targets", { cidrBlock: "10.9.0.0/16" });
    const group = { namePrefix: "hub-", protocol: "TCP", targetType: "instance", vpcId: vpc.id };
    const made = await aws.make("aws:lb/targetGroup:TargetGroup", "targets", { ...group, port: 31_000 });
    expect(made.id).toMatch(/:targetgroup\/hub-[0-9a-f]{26}\//);
    const change = await aws.diff(made, { ...group, port: 31_001 });
    expect(change).toMatchObject({ replaces: ["port"], deleteBeforeReplace: false });
  });

  it("is named in lower case where AWS knows no other", async () => {
    const repository = await aws.check("aws:ecr/repository:Repository", "MyImages", {});
    expect(String(repository.inputs.name)).toMatch(/^myimages-[0-9a-f]{7}$/);
  });

  it("does not change when nothing changes: order in sets, secret marks and nulls count for nothing", async () => {
    const made = await aws.make(roleType, "same", {
      assumeRolePolicy: trust("ec2.amazonaws.com"),
      managedPolicyArns: ["a", "b"],
      tags: { a: "1" },
    });
    const news = {
      assumeRolePolicy: secret(trust("ec2.amazonaws.com")),
      managedPolicyArns: ["b", "a"],
      tags: { a: "1" },
      description: null,
    };
    expect((await aws.diff(made, news)).changed).toEqual([]);
  });

  it("is replaced where AWS cannot change it in place, first deleted if it keeps its own name", async () => {
    const vpc = await aws.make(vpcType, "vpc", { cidrBlock: "10.0.0.0/16" });
    expect((await aws.diff(vpc, { cidrBlock: "10.1.0.0/16" })).replaces).toEqual(["cidrBlock"]);
    const named = await aws.make("aws:eks/cluster:Cluster", "named", await clusterInputs(aws, vpc.id));
    const change = await aws.diff(named, { ...named.inputs, encryptionConfig: { provider: { keyArn: "x" } } });
    expect(change).toMatchObject({ replaces: ["encryptionConfig"], deleteBeforeReplace: true });
  });

  it("keeps at an update what AWS decided before, and counts what changes", async () => {
    const type = "aws:ec2/launchTemplate:LaunchTemplate";
    const made = await aws.make(type, "template", { updateDefaultVersion: true });
    expect(made.outputs).toMatchObject({ latestVersion: 1, defaultVersion: 1 });
    const inputs = { updateDefaultVersion: true, description: "second" };
    expect((await aws.update(made, inputs, true)).outputs.latestVersion).toBe(unknown);
    const { outputs } = await aws.update(made, inputs);
    expect(outputs).toMatchObject({
      latestVersion: 2,
      defaultVersion: 2,
      arn: made.outputs.arn,
      name: made.outputs.name,
    });
  });

  it("lives in the region of its provider instance, or in its own", async () => {
    const other = await world.aws("us-east-1");
    const far = await other.make(vpcType, "far", { cidrBlock: "10.0.0.0/16" });
    expect(far.outputs.region).toBe("us-east-1");
    await expect(aws.make(subnetType, "here", { vpcId: far.id, cidrBlock: "10.0.0.0/24" })).rejects.toThrow(
      /InvalidVpcID.NotFound/,
    );
    const there = await aws.make(subnetType, "there", { vpcId: far.id, cidrBlock: "10.0.0.0/24", region: "us-east-1" });
    expect(there.outputs.availabilityZone).toBe("us-east-1a");
  });

  it("carries the default tags of its provider", async () => {
    const tagging = await world.instance("aws", { region: "eu-central-1", defaultTags: '{"tags":{"owner":"us"}}' });
    const { outputs } = await tagging.make(vpcType, "tagged", { cidrBlock: "10.0.0.0/16", tags: { a: "b" } });
    expect(outputs.tagsAll).toEqual({ owner: "us", a: "b" });
  });

  it("is still there after a restart, and gone once deleted, even twice", async () => {
    const made = await aws.make(vpcType, "lasting", { cidrBlock: "10.5.0.0/16" });
    await world.restart();
    aws = await world.aws();
    expect((await aws.read(vpcType, "lasting", made.id)).outputs).toMatchObject({
      cidrBlock: "10.5.0.0/16",
      arn: made.outputs.arn,
    });
    await aws.remove(made);
    await aws.remove(made);
    expect((await aws.read(vpcType, "lasting", made.id)).id).toBe("");
  });

  it("passes secrets on as secrets, and writes none into the account's file", async () => {
    const made = await aws.make("aws:cloudwatch/logGroup:LogGroup", "logs", {
      name: "logs",
      tags: secret({ token: "hunter2-in-the-clear" }),
    });
    expect(isSecret(made.outputs.tags)).toBe(true);
    expect(readFileSync(world.statePath, "utf8")).not.toContain("hunter2-in-the-clear");
    expect((await aws.diff(made, made.inputs)).changed).toEqual([]);
  });

  it("is refused an update once somebody else has deleted it", async () => {
    const made = await aws.make(vpcType, "ghost", { cidrBlock: "10.6.0.0/16" });
    await aws.remove(made);
    await expect(aws.update(made, { cidrBlock: "10.6.0.0/16", tags: {} })).rejects.toThrow(/does not exist/);
  });
});

async function clusterInputs(aws: Instance, vpcId: string) {
  const role = await aws.make(roleType, "eks", { assumeRolePolicy: trust("eks.amazonaws.com") });
  const policyArn = "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy";
  await aws.make("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "eks", { role: role.id, policyArn });
  const subnets = [0, 1].map((index) =>
    aws.make(subnetType, `s${index}`, {
      vpcId,
      cidrBlock: `10.0.${index}.0/24`,
      availabilityZone: `eu-central-1${"ab"[index]}`,
    }),
  );
  const subnetIds = (await Promise.all(subnets)).map((subnet) => subnet.id);
  return { name: "named", roleArn: role.outputs.arn ?? null, vpcConfig: { subnetIds } };
}

describe("the account", () => {
  it("owns its zones from the start and counts them out of the inventory", async () => {
    const world = await World.start({ account: { id: "210987654321", zones: ["science.test"] } });
    const aws = await world.aws();
    expect(await aws.invoke("aws:route53/getZone:getZone", { name: "science.test." })).toMatchObject({
      name: "science.test",
      privateZone: false,
    });
    expect(await aws.invoke("aws:index/getCallerIdentity:getCallerIdentity", {})).toMatchObject({
      accountId: "210987654321",
    });
    expect(inventory(world.statePath)).toEqual([]);
    await aws.make(vpcType, "vpc", { cidrBlock: "10.0.0.0/16" });
    expect(inventory(world.statePath).map((each) => each.type)).toContain(vpcType);
    await world.end();
  });

  it("offers the zones of the region, without those that are left out", async () => {
    const world = await World.start();
    const aws = await world.aws("us-east-1");
    const zones = await aws.invoke("aws:index/getAvailabilityZones:getAvailabilityZones", {
      excludeZoneIds: ["use1-az3"],
    });
    expect(zones.names).toEqual(["us-east-1a", "us-east-1b", "us-east-1d", "us-east-1e", "us-east-1f"]);
    expect(zones.zoneIds).not.toContain("use1-az3");
    await world.end();
  });
});

describe("a fault that was asked for", () => {
  const fault = { type: "aws:ecr/repository:Repository", operation: "create" } as const;
  const repository = { name: "images" };

  it("fails as often as it should, before anything exists", async () => {
    const world = await World.start({ faults: [{ ...fault, action: "fail", times: 2 }] });
    const aws = await world.aws();
    for (const _ of [1, 2])
      await expect(aws.make(fault.type, "r", repository)).rejects.toThrow(/a fault was asked for/);
    await expect(aws.make(fault.type, "r", repository)).resolves.toMatchObject({ id: "images" });
    await world.end();
  });

  it("fails after the thing was made: the next attempt meets it, as on AWS", async () => {
    const world = await World.start({ faults: [{ ...fault, action: "fail", after: true }] });
    const aws = await world.aws();
    await expect(aws.make(fault.type, "r", repository)).rejects.toThrow(/a fault was asked for/);
    await expect(aws.make(fault.type, "r", repository)).rejects.toThrow(/RepositoryAlreadyExistsException/);
    await world.end();
  });

  it("hangs until the engine cancels", async () => {
    const world = await World.start({ faults: [{ ...fault, action: "hang" }] });
    const aws = await world.aws();
    const hanging = aws.make(fault.type, "r", repository);
    const ended = expect(hanging).rejects.toThrow(/cancelled/);
    await expect(Promise.race([hanging, sleep(100, "still waiting")])).resolves.toBe("still waiting");
    await aws.cancel();
    await ended;
    await world.end();
  });

  it("kills the process after the thing was made, which the next process then knows", async () => {
    const world = await World.start();
    const script = join(__dirname, "create-and-die.js");
    const { signal } = spawnSync(process.execPath, [script, world.statePath], { encoding: "utf8" });
    expect(signal).toBe("SIGKILL");
    await world.restart();
    await expect((await world.aws()).make(fault.type, "r", { name: "half-made" })).rejects.toThrow(
      /RepositoryAlreadyExistsException/,
    );
    await world.end();
  });

  it.each(["no json", "{}", '[{"type":"x"}]'])("is refused when it is no list of faults: %s", (json) => {
    expect(() => parseFaults(json)).toThrow(/LOCAL_CLOUD_FAULTS is no list of faults.*Example/);
  });
});
