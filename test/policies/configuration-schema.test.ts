import { type Schema, Validator } from "@cfworker/json-schema";
import { describe, expect, test } from "vitest";
import { checkConfiguration } from "../../cli/configuration";
import { configurationSchema } from "../../policies/configuration-schema";
import { controls } from "../../policies/controls";

const validator = new Validator(configurationSchema(controls) as Schema, "7");
const exemption = { resource: "**::trial", reason: "workshop", expires: "2999-12-31" };

/** What the editor says, and what `--check-config` says. */
function verdicts(config: unknown): [schema: boolean, check: boolean] {
  const text = JSON.stringify(config);
  const { problems } = checkConfiguration({ name: "config.json", text });
  return [validator.validate(JSON.parse(text)).valid, problems.length === 0];
}

describe("the schema and --check-config agree that", () => {
  test.each<[string, unknown]>([
    ["nothing", {}],
    ["the schema's own place", { $schema: "./policy-config.schema.json" }],
    ["one level for all", { all: "advisory" }],
    ["a profile and assumptions", { settings: { profile: "strict", assume: { imdsHopLimitOne: true } } }],
    ["a level of a control", { "rbac-enabled": "disabled" }],
    ["a level and exemptions", { "rbac-enabled": { enforcementLevel: "mandatory", exemptions: [exemption] } }],
    [
      "options of a control",
      { "images-pinned": { movingTags: ["next"] }, "cluster-administrators-named": { maximum: 1 } },
    ],
  ])("%s is fine", (_title, config) => expect(verdicts(config)).toEqual([true, true]));

  test.each<[string, unknown]>([
    ["a control that does not exist", { "rbac-enable": {} }],
    ["a level that does not exist", { all: "loud" }],
    ["a profile that does not exist", { settings: { profile: "calm" } }],
    ["an assumption that does not exist", { settings: { assume: { x: true } } }],
    ["an assumption that is no flag", { settings: { assume: { imdsHopLimitOne: "yes" } } }],
    ["an option that does not exist", { "rbac-enabled": { colour: 1 } }],
    ["an option of another type", { "images-pinned": { movingTags: "latest" } }],
    ["an exemption without a reason", { "rbac-enabled": { exemptions: [{ resource: "*", expires: "2999-12-31" }] } }],
    ["an exemption without an end", { "rbac-enabled": { exemptions: [{ resource: "*", reason: "x" }] } }],
    ["an exemption with something else", { "rbac-enabled": { exemptions: [{ ...exemption, ticket: "1" }] } }],
    ["exemptions that are no list", { "rbac-enabled": { exemptions: exemption } }],
    ["an exemption with a reason of spaces", { "rbac-enabled": { exemptions: [{ ...exemption, reason: " \n" }] } }],
    ["an exemption for spaces", { "rbac-enabled": { exemptions: [{ ...exemption, resource: " " }] } }],
    ["an exemption until no day", { "rbac-enabled": { exemptions: [{ ...exemption, expires: "2999-02-29" }] } }],
    ["settings of a wrong type", { settings: [] }],
    ["no profile", { settings: { profile: null } }],
    ["no assumptions", { settings: { assume: null } }],
    ["a level for all inside of a map", { all: { enforcementLevel: "advisory" } }],
    ["a place of the schema that is no text", { $schema: 1 }],
  ])("%s is wrong", (_title, config) => expect(verdicts(config)).toEqual([false, false]));
});
