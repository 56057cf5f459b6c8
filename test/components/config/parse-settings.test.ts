import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseSettings } from "../../../components/config/parse-settings";
import { SettingsError } from "../../../components/config/problems";
import { validSettings } from "../../support/arbitrary-settings";
import { clientSecretOf, minimalSettings } from "../../support/hub-settings";
import { problemsOf, settings } from "../../support/refusals";

test("all problems show at once, single ones and those between settings", () => {
  const problems = problemsOf(
    settings({
      domian: "hub.acme.science",
      domain: undefined,
      "auth.clientSecret": "plain",
      "cluster.publicAccessCidrs": ["0.0.0.0/0"],
      "network.cidr": "172.20.0.0/16",
      "nodePools.user": { minSize: 4, maxSize: 2, colour: "red" },
      "users.memory": { guarantee: "8G" },
      "hub.namespace": "kube-system",
      "hub.nodePorts.https": 30_443.5,
    }),
  );
  expect(problems.map((problem) => problem.split(" ")[0]).sort()).toEqual([
    "auth.clientSecret",
    "cluster.publicAccessCidrs[0]",
    "domain",
    "domian",
    "hub.namespace",
    "hub.nodePorts.https",
    "network.cidr",
    "nodePools.user.colour",
    "nodePools.user.maxSize",
    "users.memory.limit",
  ]);
  const message = new SettingsError(problems).message;
  expect(message.split("\n")).toHaveLength(1 + problems.length);
  expect(message).toMatch(/^The settings were refused; nothing was registered\.$/m);
});

test.each(["text", null, 7, []])("%j is no configuration", (input) =>
  expect(problemsOf(input)).toEqual([expect.stringMatching(/^the whole configuration is .*: expected an object$/)]),
);

test("a refusal ends a program with its message alone, without a stack trace", () =>
  expect(pulumi.RunError.isInstance(new SettingsError(["a problem"]))).toBe(true));

test("what nobody sets is secure and cheap", () => {
  const { auth, ...others } = parseSettings(minimalSettings());
  expect(others).toEqual({
    domain: "hub.acme.science",
    hostedZone: { kind: "existing" },
    https: { kind: "offload", loadBalancer: "alb" },
    exposure: { kind: "internet", sourceCidrs: [], fixedAddresses: false, managedBy: "pulumi" },
    cluster: {
      kind: "create",
      version: "1.35",
      publicAccessCidrs: ["203.0.113.7/32"],
      adminArns: [],
      logRetentionDays: 30,
      serviceCidr: "172.20.0.0/16",
    },
    network: { kind: "create", cidr: "10.0.0.0/16", zones: 2, natGateways: "single", flowLogRetentionDays: 30 },
    nodePools: {
      kind: "create",
      core: { instanceType: "t3.large", zones: 1, minSize: 1, maxSize: 2, diskSizeGiB: 80 },
      user: { instanceType: "t3.xlarge", zones: 1, minSize: 1, maxSize: 5, diskSizeGiB: 80 },
    },
    users: {
      trust: "semi-trusted",
      cpu: { guarantee: 0.25, limit: 2 },
      memory: { guarantee: "1G", limit: "4G" },
      profiles: [],
      homeSize: "10Gi",
      idleTimeoutSeconds: 3600,
      groups: {},
      roles: [],
      egress: { kind: "internet" },
    },
    images: { registry: { kind: "create" } },
    hub: {
      chartVersion: "4.4.0",
      namespace: "jupyterhub",
      createNamespace: true,
      secretRotation: 1,
      nodePorts: { https: 30_443, http: 30_080 },
    },
    extraValues: {},
    tags: {},
  });
  expect(auth).toMatchObject({ allowedUsers: [], adminUsers: [] });
});

test("the client secret is a secret afterwards, also where code gives an output that is none", async () => {
  const parsed = parseSettings(settings({ "auth.clientSecret": pulumi.output("from code") }));
  expect(await pulumi.isSecret(clientSecretOf(parsed))).toBe(true);
});

test("settings of every valid shape are accepted, and again when they have been filled in", () =>
  fc.assert(
    fc.property(validSettings, (input) => {
      expect(problemsOf(input)).toEqual([]);
      expect(problemsOf(parseSettings(input))).toEqual([]);
    }),
    { numRuns: 200 },
  ));
