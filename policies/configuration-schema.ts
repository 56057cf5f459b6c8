import { levels } from "./configuration";
import type { Control, ControlOption } from "./control";
import { settingsSchema } from "./settings";

/**
 * The JSON schema of the file that `--policy-pack-config` and `audit --config` take, for editors: names of controls, their
 * options, levels, exemptions and settings. `policies/policy-config.schema.json` is this, written out by `npm run docs`.
 */
export function configurationSchema(controls: readonly Control[]): object {
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Configuration of the policy packs of jupyterhub-eks",
    type: "object",
    properties: {
      $schema: { type: "string", description: "Where this schema lies. For `audit` only: the engine refuses the key." },
      all: { $ref: "#/definitions/level", description: "Level of every control that does not say its own" },
      settings: {
        type: "object",
        description: "How strict the packs are, and what they may assume of parts that the stack does not show",
        properties: settingsSchema,
        additionalProperties: false,
      },
      ...Object.fromEntries(controls.map((control) => [control.name, controlSchema(control)])),
    },
    additionalProperties: false,
    definitions: {
      level: { type: "string", enum: [...levels] },
      exemption: {
        type: "object",
        properties: {
          resource: { ...filled, description: "Name or URN of resources; * stands for any text" },
          reason: { ...filled, description: "Why the risk is accepted" },
          expires: { type: "string", format: "date", description: "Last day on which it holds, YYYY-MM-DD" },
        },
        required: ["resource", "reason", "expires"],
        additionalProperties: false,
      },
    },
  };
}

/** More than white space. */
const filled = { type: "string", pattern: "\\S" };

function controlSchema({ title, options = {} }: Control): object {
  return {
    description: title,
    anyOf: [
      { $ref: "#/definitions/level" },
      {
        type: "object",
        properties: {
          enforcementLevel: { $ref: "#/definitions/level" },
          exemptions: { type: "array", items: { $ref: "#/definitions/exemption" } },
          ...Object.fromEntries(Object.entries(options).map(([key, option]) => [key, optionSchema(option)])),
        },
        additionalProperties: false,
      },
    ],
  };
}

function optionSchema(option: ControlOption): object {
  return option.type === "array" ? { ...option, items: { type: "string" } } : option;
}
