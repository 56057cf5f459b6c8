import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isSecret, reveal, unknown } from "../../../local-cloud/cloud/wire";
import { type Instance, World } from "./world";

describe("the random stand-in", () => {
  let world: World;
  let random: Instance;
  beforeAll(async () => {
    world = await World.start();
    random = await world.instance("random", {});
  });
  afterAll(() => world.end());

  const bytes = "random:index/randomBytes:RandomBytes";

  it("makes secret bytes, the same in both encodings, that are nowhere else", async () => {
    const made = await random.make(bytes, "key", { length: 32 });
    expect(isSecret(made.outputs.hex) && isSecret(made.outputs.base64)).toBe(true);
    const hex = String(reveal(made.outputs.hex ?? null));
    expect(hex).toMatch(/^[0-9a-f]{64}$/);
    expect(Buffer.from(String(reveal(made.outputs.base64 ?? null)), "base64").toString("hex")).toBe(hex);
    expect(made.id).toBe("none");
    expect(readFileSync(world.statePath, "utf8")).not.toContain(hex);
    const other = await random.make(bytes, "key", { length: 32 });
    expect(reveal(other.outputs.hex ?? null)).not.toBe(hex);
  });

  it("makes new ones when length or keepers change, and only then", async () => {
    const made = await random.make(bytes, "key", { length: 32, keepers: { rotation: "1" } });
    expect((await random.diff(made, { length: 32, keepers: { rotation: "1" } })).changed).toEqual([]);
    expect((await random.diff(made, { length: 32, keepers: { rotation: "2" } })).replaces).toEqual(["keepers"]);
    expect((await random.diff(made, { length: 16, keepers: { rotation: "1" } })).replaces).toEqual(["length"]);
  });

  it("tells nothing at preview", async () => {
    expect(reveal((await random.preview(bytes, "key", { length: 32 })).hex ?? null)).toBe(unknown);
  });

  it("refuses a length below one", async () => {
    await expect(random.make(bytes, "key", { length: 0 })).rejects.toThrow(/at least 1, got: 0/);
    await expect(random.make(bytes, "key", {})).rejects.toThrow(/"length" is required/);
  });

  it("keeps to the character classes of a password", async () => {
    const { outputs } = await random.make("random:index/randomPassword:RandomPassword", "p", {
      length: 40,
      special: false,
      minUpper: 5,
      minNumeric: 5,
    });
    const password = String(reveal(outputs.result ?? null));
    expect(isSecret(outputs.result)).toBe(true);
    expect(password).toMatch(/^[A-Za-z0-9]{40}$/);
    expect(password.replace(/[^A-Z]/g, "").length).toBeGreaterThanOrEqual(5);
    expect(password.replace(/[^0-9]/g, "").length).toBeGreaterThanOrEqual(5);
  });
});
