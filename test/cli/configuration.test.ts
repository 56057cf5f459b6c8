import { expect, test } from "vitest";
import { command, temporaryFiles } from "./support";

const file = temporaryFiles();
const check = (config: string) => command("audit", "--check-config", "--config", file("config.json", config));

test("a correct configuration passes", async () => {
  const exemptions = [{ resource: "hub", reason: "accepted", expires: "2999-12-31" }];
  const config = {
    all: "advisory",
    settings: { profile: "strict", assume: { networkPolicyEnforced: true } },
    "rbac-enabled": { enforcementLevel: "mandatory", exemptions },
    "images-pinned": "disabled",
  };
  expect((await check(JSON.stringify(config))).code).toBe(0);
});

test.each([
  ["an unknown control", '{\n  "rbac-enable": {}\n}', '2:3: "rbac-enable" is no control; did you mean "rbac-enabled"?'],
  ["a wrong level", '{"all": "loud"}', "1:2: all must be one of mandatory, advisory, disabled"],
  [
    "a wrong level of a control",
    '{"rbac-enabled":\n {"enforcementLevel": true}}',
    "2:3: rbac-enabled.enforcementLevel must be one of mandatory, advisory, disabled",
  ],
  ["an unknown option", '{"rbac-enabled": {"colour": 1}}', '1:19: rbac-enabled: unknown option "colour"'],
  [
    "an exemption without a reason",
    '{"rbac-enabled": {"exemptions": [\n{"resource": "*", "expires": "2999-01-01"}]}}',
    "2:1: rbac-enabled: exemptions[0] is refused: it gives no reason",
  ],
  [
    "an expired exemption",
    '{"rbac-enabled": {"exemptions": [{"resource": "*", "reason": "x", "expires": "2020-01-01"}]}}',
    "exemptions[0] is refused: it expired on 2020-01-01",
  ],
  ["an unknown profile", '{"settings": {"profile": "calm"}}', "settings.profile must be one of"],
  ["an unknown assumption", '{"settings": {"assume": {"x": true}}}', "settings.assume.x is not known"],
  ["settings of a wrong type", '{"settings": []}', "settings must be a map"],
  ["a control twice", '{"rbac-enabled": {},\n "rbac-enabled": {}}', "2:2: "],
  ["broken JSON", '{"all": ', "config.json:1:"],
  ["no map", "[]", "config.json:1:1: is no map of controls"],
])("%s is refused", async (_title, config, told) => {
  const { code, err } = await check(config);
  expect(code).toBe(2);
  expect(err).toContain(told);
});

test("everything that is wrong is told at once, in the order of the file", async () => {
  const { err } = await check('{\n"nonsense": {},\n"all": "loud",\n"rbac-enabled": {"x": 1}\n}');
  expect(err.split("\n").map((line) => /config\.json:(\d+)/.exec(line)?.[1])).toEqual(["2", "3", "4", undefined]);
});

test("a wrong configuration fails an audit, too, which judges nevertheless", async () => {
  const config = file("config.json", '{"rbac-enable": {}}');
  const { code, out } = await command("audit", file("v.yaml", "rbac: {create: false}"), "--config", config);
  expect(code).toBe(2);
  expect(out).toContain("rbac-enabled");
});
