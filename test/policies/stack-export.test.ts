import { describe, expect, test } from "vitest";
import { at, UNKNOWN, type Value } from "../../chart/values";
import { loginIsReal } from "../../policies/controls/authentication";
import { httpsEffective } from "../../policies/controls/https";
import { rbacEnabled } from "../../policies/controls/rbac";
import { cookieSecretStrong } from "../../policies/controls/secrets";
import { userServerUnprivileged } from "../../policies/controls/user-servers";
import { fromStackExport, judge } from "../../policies/evaluate";

const signature = "4dabf18193072939515e22adb298388d";
const secretMark = "1b47061264138c4ac30d75fd1eb44270";
const provider = "urn:pulumi:dev::demo::pulumi:providers:kubernetes::cluster";
const lists = (state: Record<string, unknown>) =>
  ({ version: 3, deployment: { resources: [state] } }) as unknown as Value;

function release(values: unknown) {
  return {
    urn: "urn:pulumi:dev::demo::kubernetes:helm.sh/v3:Release::hub",
    type: "kubernetes:helm.sh/v3:Release",
    provider: `${provider}::0001`,
    inputs: {
      chart: "jupyterhub",
      version: "4.4.0",
      repositoryOpts: { repo: "https://hub.jupyter.org/helm-chart/" },
      values,
    },
    dependencies: [provider],
    propertyDependencies: { values: ["urn:x"] },
  };
}

describe("an exported stack", () => {
  test("gives resources with their links and their provider's version", () => {
    const resources = fromStackExport({
      version: 3,
      deployment: {
        resources: [{ urn: provider, type: "pulumi:providers:kubernetes", inputs: { version: "4.34.2" } }, release({})],
      },
    } as unknown as Value);
    expect(resources[1]).toMatchObject({
      name: "hub",
      type: "kubernetes:helm.sh/v3:Release",
      providerVersion: "4.34.2",
      dependencies: [provider],
      propertyDependencies: { values: ["urn:x"] },
    });
  });

  test("links resources that name each other by ids and ARNs as texts", () => {
    const type = "aws:lb/targetGroup:TargetGroup";
    const group = { urn: `urn:pulumi:dev::demo::${type}::hub`, type, id: "arn:group", inputs: {} };
    const listener = {
      urn: "urn:pulumi:dev::demo::aws:lb/listener:Listener::https",
      type: "aws:lb/listener:Listener",
      inputs: { port: 443, defaultActions: [{ type: "forward", targetGroupArn: "arn:group" }] },
    };
    const resources = fromStackExport({
      version: 3,
      deployment: { resources: [group, listener] },
    } as unknown as Value);
    expect(resources[1]?.propertyDependencies).toEqual({ defaultActions: [group.urn] });
  });

  test("has unknowns where a value is encrypted, and values where it was decrypted", () => {
    const encrypted = { [signature]: secretMark, ciphertext: "v1:abc" };
    const decrypted = { [signature]: secretMark, plaintext: JSON.stringify("opened") };
    const [hub] = fromStackExport(
      lists(release({ proxy: { secretToken: encrypted }, hub: { cookieSecret: decrypted } })),
    );
    expect(at(hub?.properties, "values.proxy.secretToken")).toBe(UNKNOWN);
    expect(at(hub?.properties, "values.hub.cookieSecret")).toBe("opened");
  });

  test("whose values are encrypted as a whole is judged unknown, never passed", () => {
    const [hub] = fromStackExport(lists(release({ [signature]: secretMark, ciphertext: "v1:abc" })));
    if (!hub) throw new Error("no hub");
    const verdicts = judge([hub], {}, [
      rbacEnabled,
      httpsEffective,
      loginIsReal,
      cookieSecretStrong,
      userServerUnprivileged,
    ]);
    expect(new Set(verdicts.map(({ verdict }) => verdict))).toEqual(new Set(["unknown"]));
    // What does not depend on the values needs none of them.
    const passed = judge([hub]).filter(({ verdict }) => verdict === "pass");
    expect(passed.map(({ path }) => path).filter((path) => path?.includes("."))).toEqual(["imagePullSecret.create"]);
  });

  test("leaves out resources that wait for their deletion", () => {
    expect(fromStackExport(lists({ ...release({}), delete: true }))).toEqual([]);
  });

  test.each([null, {}, [], "x", { checkpoint: {} }])("is refused when it is none: %j", (given) => {
    expect(() => fromStackExport(given as Value)).toThrow("not an exported stack");
  });
});
