import { describe, expect, test } from "vitest";
import { UNKNOWN, type Value, type ValueMap } from "../../chart/values";
import type { Control } from "../../policies/control";
import { controls, securityControls } from "../../policies/controls";
import { loginIsReal } from "../../policies/controls/authentication";
import { clusterEndpointRestricted } from "../../policies/controls/cluster";
import { httpsEffective } from "../../policies/controls/https";
import { networkPoliciesEnabled } from "../../policies/controls/network-policies";
import { rbacEnabled } from "../../policies/controls/rbac";
import type { Configuration } from "../../policies/evaluate";
import { cluster, hub, ownStack, resource, runPack } from "./support";

const off = hub({ rbac: { create: false } });
const undecided = hub({ rbac: { create: UNKNOWN } });
const exempted = (exemption: Record<string, Value>): Configuration => ({
  "rbac-enabled": {
    exemptions: [{ resource: "hub", reason: "moved to the platform team", expires: "2999-12-31", ...exemption }],
  },
});
const run = (resource: typeof off, config: Configuration = {}) => runPack([rbacEnabled], [resource], config);

describe("what a user reads", () => {
  test("a violation says what was found, where, why it matters and what to set", () => {
    const [violation] = run(off);
    expect(violation?.level).toBeUndefined();
    expect(violation?.message).toContain("rbac.create: found false");
    expect(violation?.message).toContain("Why: ");
    expect(violation?.message).toContain("set rbac.create: true");
  });

  test("a value that is not known yet is an advisory that names the field", () => {
    const [advisory] = run(undecided);
    expect(advisory?.level).toBe("advisory");
    expect(advisory?.message).toContain("rbac.create");
  });

  test("in the profile strict it is a violation", () => {
    const [violation] = run(undecided, { settings: { profile: "strict" } });
    expect(violation?.level).toBeUndefined();
    expect(violation?.message).toContain("Cannot be decided");
  });

  test("an unknown inside of a text is unknown, too", () => {
    const pasted = hub({ hub: { cookieSecret: "x04da6b54-80e4-46f7-96ec-b56ff0331ba9x" } });
    const cookie = controls.filter(({ name }) => name === "cookie-secret-strong");
    expect(runPack(cookie, [pasted]).map(({ level }) => level)).toEqual(["advisory"]);
  });

  test("what passes is silent", () => {
    expect(run(hub({}))).toEqual([]);
  });

  test("our own deployment causes no word at all", () => {
    expect(runPack(securityControls, ownStack())).toEqual([]);
  });
});

describe("when a control speaks", () => {
  test("a control over one resource stops it before it is created, and once", () => {
    expect(run(off).map(({ phase }) => phase)).toEqual(["resource"]);
  });

  test("a control across resources stops early what no other resource can mend", () => {
    expect(runPack([httpsEffective], [hub({})]).map(({ phase }) => phase)).toEqual(["resource"]);
  });

  test("and waits for the complete stack otherwise", () => {
    const nodePort = hub({ proxy: { service: { type: "NodePort", nodePorts: { http: 30080 } } } });
    expect(runPack([httpsEffective], [nodePort]).map(({ phase }) => phase)).toEqual(["stack"]);
  });

  const settingsFrom = (secret: ValueMap) => [
    hub({ rbac: { create: false }, hub: { existingSecret: "own" } }),
    resource("kubernetes:core/v1:Secret", "own", { metadata: { name: "own", namespace: "jhub" }, stringData: secret }),
  ];
  const spoken = (secret: ValueMap) =>
    runPack([loginIsReal, rbacEnabled], settingsFrom(secret)).map(({ policy, phase }) => [policy, phase]);

  test("what a Secret with settings can mend waits for it", () => {
    const github = "hub: { config: { JupyterHub: { authenticator_class: github } } }";
    expect(spoken({ "values.yaml": github })).toEqual([["rbac-enabled", "resource"]]);
  });

  test("and is told when it does not", () => {
    expect(spoken({})).toEqual([
      ["rbac-enabled", "resource"],
      ["login-is-real", "stack"],
    ]);
  });

  test("what is not known of a hub as a whole stays so until then", () => {
    const stored = { hub: { existingSecret: "own" }, Chart: { Version: "0.9.1" } };
    const data = { "values.yaml": Buffer.from(JSON.stringify(stored)).toString("base64") };
    const rendered = resource("kubernetes:core/v1:Secret", "hub", { metadata: { name: "hub" }, data });
    expect(runPack([networkPoliciesEnabled], [rendered]).map(({ level }) => level)).toEqual(["advisory"]);
  });

  test("with the policy settings disabled, controls still judge", () => {
    const withoutSettings = ownStack();
    expect(runPack([clusterEndpointRestricted], [...withoutSettings, cluster()], {}, { settings: false })).not.toEqual(
      [],
    );
  });
});

describe("a control that breaks", () => {
  const broken: Control = {
    ...rbacEnabled,
    evaluate: () => {
      throw new Error("CANARY in an error text");
    },
  };
  test("is a violation of its own name, without the error's text", () => {
    const [violation] = runPack([broken], [off]);
    expect(violation?.policy).toBe("rbac-enabled");
    expect(violation?.level).toBeUndefined();
    expect(violation?.message).toContain("the control itself broke");
    expect(violation?.message).not.toContain("CANARY");
  });
});

describe("exemptions", () => {
  test("turn a violation into an advisory that shows reason and end", () => {
    const [advisory] = run(off, exempted({}));
    expect(advisory?.level).toBe("advisory");
    expect(advisory?.message).toContain("Exempted until 2999-12-31: moved to the platform team");
  });

  test("match by glob over name and URN", () => {
    expect(run(off, exempted({ resource: "urn:*::hub" }))[0]?.level).toBe("advisory");
    expect(run(off, exempted({ resource: "h?b" }))[0]?.level).toBe("advisory");
    expect(run(off, exempted({ resource: "h.b" })).some(({ level }) => level === undefined)).toBe(true);
  });

  test.each([
    ["expired", { expires: "2020-01-01" }, "expired on 2020-01-01"],
    ["without a reason", { reason: " " }, "no reason"],
    ["without an end", { expires: "someday" }, "YYYY-MM-DD"],
    ["until a day that does not exist", { expires: "2999-02-31" }, "YYYY-MM-DD"],
    ["without a resource", { resource: "" }, "resource"],
    ["with an unknown key", { until: "2999-12-31" }, "until"],
  ])("are refused %s", (_title, exemption, words) => {
    const violations = run(off, exempted(exemption)).filter(({ level }) => level === undefined);
    expect(violations.some(({ message }) => message.includes("refused") && message.includes(words))).toBe(true);
    expect(violations.some(({ message }) => message.includes("rbac.create: found false"))).toBe(true);
  });

  test("that match nothing are refused", () => {
    const violations = run(off, exempted({ resource: "hbu" })).filter(({ level }) => level === undefined);
    expect(violations.some(({ message }) => message.includes('"hbu" matches no resource'))).toBe(true);
  });

  test("do not cover a control that passes", () => {
    expect(run(hub({}), exempted({}))).toEqual([]);
  });
});

describe("configuration", () => {
  test("an unknown option is an error of its control", () => {
    const [violation] = run(hub({}), { "rbac-enabled": { exceptions: [] } });
    expect(violation?.policy).toBe("rbac-enabled");
    expect(violation?.message).toContain('unknown option "exceptions"');
  });

  test("an option of a wrong type is an error of its control", () => {
    const images = controls.filter(({ name }) => name === "images-pinned");
    const [violation] = runPack(images, [hub({})], { "images-pinned": { movingTags: "latest" } });
    expect(violation?.message).toContain('option "movingTags" must be of type array');
  });

  test.each([
    [{ profile: "lax" }, "settings.profile"],
    [{ assume: { networkPolicyEnforce: true } }, "settings.assume.networkPolicyEnforce"],
    [{ assume: { imdsHopLimitOne: "yes" } }, "settings.assume.imdsHopLimitOne"],
    [{ asume: {} }, "settings.asume"],
  ])("wrong settings %j are a violation of settings", (settings, words) => {
    const [violation] = run(hub({}), { settings: settings as Value });
    expect(violation?.policy).toBe("settings");
    expect(violation?.message).toContain(words);
  });
});
