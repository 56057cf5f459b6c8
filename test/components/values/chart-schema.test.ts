import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { schemaProblems } from "../../../components/values/chart-schema";
import type { Values } from "../../../components/values/value";

describe("the chart's schema refuses, and the path is named", () => {
  // "Zero to JupyterHub, Configuration reference": what the schema of 4.4.0 rejects.
  test.each<[what: string, values: Values, path: string]>([
    ["a service of another type", { proxy: { service: { type: "Loadbalancer" } } }, "proxy.service.type"],
    ["an unknown key at the top", { auth: { type: "github" } }, "auth"],
    ["an unknown key below", { proxy: { service: { loadBalancerClass: "x" } } }, "proxy.service.loadBalancerClass"],
    [
      "a misspelt egress rule",
      { singleuser: { networkPolicy: { egressAllowRules: { privateIP: false } } } },
      "singleuser.networkPolicy.egressAllowRules.privateIP",
    ],
    ["CPU as Kubernetes writes it", { singleuser: { cpu: { limit: "500m" } } }, "singleuser.cpu.limit"],
    ["a numeric image tag", { singleuser: { image: { tag: 1 } } }, "singleuser.image.tag"],
    ["no metadata address", { singleuser: { cloudMetadata: { ip: null } } }, "singleuser.cloudMetadata"],
    ["text for a switch", { rbac: { create: "true" } }, "rbac.create"],
    [
      "an annotation that is no text",
      { proxy: { service: { annotations: { timeout: 3600 } } } },
      "proxy.service.annotations.timeout",
    ],
    ["a culling time in text", { cull: { timeout: "3600" } }, "cull.timeout"],
    [
      "a purpose that does not exist",
      { scheduling: { userPods: { nodeAffinity: { matchNodePurpose: "must" } } } },
      "scheduling.userPods.nodeAffinity.matchNodePurpose",
    ],
    [
      "a section of the hub's configuration in lower case",
      { hub: { config: { jupyterHub: {} } } },
      "hub.config.jupyterHub",
    ],
    [
      "an output where a switch belongs",
      { proxy: { https: { enabled: pulumi.output("true") } } },
      "proxy.https.enabled",
    ],
  ])("%s", (_, values, path) => {
    const problems = schemaProblems("4.4.0", values);
    expect(problems.map((problem) => problem.split(":")[0])).toContain(path);
    expect(problems.every((problem) => problem.startsWith(path))).toBe(true);
  });

  test("what it knows nothing of, in words", () => {
    expect(schemaProblems("4.4.0", { auth: { type: "github" } })).toEqual(["auth: The chart knows no such value."]);
    expect(schemaProblems("4.4.0", { hub: null })).toEqual([expect.stringMatching(/^the values: .*"hub"/)]);
  });

  test("every fault at once", () => {
    const problems = schemaProblems("4.4.0", { rbac: { create: 1 }, cull: { every: "1" }, debug: { enabled: null } });
    expect(problems.map((problem) => problem.split(":")[0]).sort()).toEqual(["cull.every", "debug", "rbac.create"]);
  });
});

describe("it accepts", () => {
  test.each<[what: string, values: Values]>([
    ["the chart's defaults", {}],
    ["a secret where text belongs", { hub: { cookieSecret: pulumi.secret("x") } }],
    ["a default that is taken away", { singleuser: { uid: null } }],
  ])("%s", (_, values) => expect(schemaProblems("4.4.0", values)).toEqual([]));

  test("a newer release, held against the newest schema that is known", () => {
    expect(schemaProblems("4.5.0", {})).toEqual([]);
    expect(schemaProblems("4.5.0", { rbac: { create: "yes" } })).toHaveLength(1);
  });
});

test("no value is repeated: it might be a secret in the wrong place", () => {
  const problems = schemaProblems("4.4.0", { cull: { timeout: "canary" }, proxy: { service: { type: "canary" } } });
  expect(problems).toHaveLength(2);
  expect(problems.join()).not.toContain("canary");
});
