import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { parseSettings } from "../../../components/config/parse-settings";
import { problemsOf, settings } from "../../support/refusals";

describe("extra values are accepted", () => {
  test.each([
    ["of every kind", { hub: { activeServerLimit: 50, allowNamedServers: true, extraEnv: { LANGUAGE: "de" } } }],
    ["that are known later", { hub: { extraEnv: { TOKEN: pulumi.secret("canary") } } }],
    ["that take a default away", { hub: { livenessProbe: null } }],
  ])("%s", (_, extraValues) => expect(problemsOf(settings({ extraValues }))).toEqual([]));

  test("and a secret among them stays one", async () => {
    const { extraValues } = parseSettings(
      settings({ extraValues: { hub: { extraEnv: { TOKEN: pulumi.secret("x") } } } }),
    );
    const { extraEnv } = extraValues.hub as { extraEnv: { TOKEN: pulumi.Output<string> } };
    expect(await pulumi.isSecret(extraEnv.TOKEN)).toBe(true);
  });
});

describe("extra values are refused", () => {
  test("where the chart's schema refuses them, all at once, without their values", () => {
    const [problem, ...others] = problemsOf(
      settings({ extraValues: { proxy: { service: { typ: "canary" } }, cull: { every: "canary" } } }),
    );
    expect(others).toEqual([]);
    expect(problem).toMatch(/^extraValues is an object: expected values that the schema of the chart accepts/);
    expect(problem).toContain("proxy.service.typ: ");
    expect(problem).toContain("cull.every: ");
    expect(problem).not.toContain("canary");
  });

  test("where they take away what the chart cannot do without", () =>
    expect(problemsOf(settings({ extraValues: { singleuser: { cloudMetadata: { ip: null } } } }))).toEqual([
      expect.stringContaining("singleuser.cloudMetadata: "),
    ]));

  test.each([
    ["a function", { hub: { extraConfig: () => "c.x = 1" } }],
    ["a promise", { hub: { extraEnv: { TOKEN: Promise.resolve("x") } } }],
  ])("where they hold %s", (_, extraValues) =>
    expect(problemsOf(settings({ extraValues }))).toEqual([expect.stringContaining("expected what YAML can say")]),
  );

  test.each([
    ["text", "hub: {}"],
    ["an output of everything", pulumi.output({ hub: {} })],
    ["a list", []],
  ])("where they are %s", (_, extraValues) =>
    expect(problemsOf(settings({ extraValues }))).toEqual([
      expect.stringMatching(/^extraValues is .*expected an object/),
    ]),
  );
});
