import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { SecureHub, type SettingsInput } from "../../../components";
import { awsAnswers } from "../../support/aws-answers";
import { minimalSettings } from "../../support/hub-settings";
import { alarms, judged } from "../../support/judged";
import { record } from "../../support/recorded-program";
import { all, inputsOf } from "../../support/wire";

const digest = `sha256:${"a".repeat(64)}`;
const recorded = (settings: Partial<SettingsInput>) =>
  record(() => ({ url: new SecureHub("hub", { ...minimalSettings(), ...settings }).url }), { answers: awsAnswers });

/** What the recorded default says only of recorded answers, such as random bytes that are none. */
const answered = recorded({}).then((program) => new Set(alarms(program)));

const secure: Record<string, Partial<SettingsInput>> = {
  "untrusted users": { users: { trust: "untrusted" } },
  "untrusted users with an image of their own": {
    users: {
      trust: "untrusted",
      image: { tag: "7", digest },
      serverCommand: "/opt/jupyterhub/bin/jupyterhub-singleuser",
    },
  },
  "sub-domains alone": { users: { subdomains: true } },
  "profiles, some for a group": {
    users: {
      profiles: [
        { name: "Small" },
        { name: "Large", cpu: { limit: 8 }, memory: { limit: "16G" }, image: { tag: "8" } },
        { name: "GPU", image: { name: "quay.io/acme/gpu", digest }, gpu: 1, allowedGroups: ["physics"] },
      ],
      groups: { physics: ["ada"] },
      roles: [{ name: "teachers", scopes: ["access:servers!group=physics"], users: ["ada"] }],
      namedServers: { perUser: 2 },
      maximumAgeSeconds: 86_400,
    },
  },
  "AWS access with an allow-list": {
    users: {
      awsAccess: { buckets: [{ name: "acme-data", prefix: "team", access: "read-write", perUser: true }] },
      egress: { kind: "allow-list", to: [{ cidr: "198.51.100.0/24" }, { cidr: "10.0.7.0/24", ports: [5432] }] },
    },
  },
  "no way out": { users: { egress: { kind: "none" } } },
  "an image by digest with a pull secret": {
    users: { image: { name: "registry.acme.science/lab", tag: "7", digest } },
    images: {
      pullSecret: {
        kind: "create",
        registry: "registry.acme.science",
        username: "hub",
        password: pulumi.secret("canary"),
      },
    },
  },
  "images from where they were published": { images: { pullThroughCache: false } },
  "a registry that exists": {
    images: {
      registry: { kind: "existing", repositoryUrl: "123456789012.dkr.ecr.eu-central-1.amazonaws.com/lab" },
    },
    users: { image: { tag: "7" } },
  },
};

describe("the gate lets pass", () => {
  test.each(Object.entries(secure))("%s", async (_, settings) => {
    const known = await answered;
    expect(alarms(await recorded(settings)).filter((alarm) => !known.has(alarm))).toEqual([]);
  });
});

describe("the gate for users whom nobody trusts", () => {
  const strict = { settings: { profile: "untrusted-users" } };
  const refusals = async (settings: Partial<SettingsInput>) =>
    judged(await recorded(settings), strict)
      .filter(({ verdict }) => verdict === "fail" || verdict === "unknown")
      .map(({ control }) => control);

  test.each(Object.entries(secure).filter(([name]) => name.startsWith("untrusted")))(
    "lets %s pass",
    async (_, settings) => {
      const known = new Set([...(await answered)].map((alarm) => alarm.split(" ")[0]));
      expect((await refusals(settings)).filter((control) => !known.has(control))).toEqual([]);
    },
  );

  test("refuses what trusts them", async () =>
    expect(await refusals({})).toEqual(
      expect.arrayContaining(["users-have-own-subdomains", "server-starts-without-shell"]),
    ));
});

describe("what is registered for users", () => {
  const role = "aws:iam/role:Role";

  test("nothing in AWS by default", async () => {
    const program = await recorded({});
    expect(all(program, role).filter(({ name }) => name === "hub-users")).toEqual([]);
  });

  test("a role that only pods of their account get, by Pod Identity", async () => {
    const program = await recorded(secure["AWS access with an allow-list"] as Partial<SettingsInput>);
    expect(inputsOf(program, "aws:eks/podIdentityAssociation:PodIdentityAssociation", "hub-users")).toMatchObject({
      namespace: "jupyterhub",
      serviceAccount: "user-server",
    });
    expect(inputsOf(program, "aws:iam/rolePolicy:RolePolicy", "hub-users").policy).toContain("acme-data/team/");
    expect(all(program, "aws:iam/rolePolicyAttachment:RolePolicyAttachment").map(({ name }) => name)).not.toContain(
      expect.stringContaining("hub-users"),
    );
  });

  test("a wildcard record where users have host names of their own", async () => {
    const names = (settings: Partial<SettingsInput>) =>
      recorded(settings).then((program) => all(program, "aws:route53/record:Record").map(({ inputs }) => inputs.name));
    expect(await names({ users: { trust: "untrusted" } })).toContain("*.hub.acme.science");
    expect(await names({})).not.toContain("*.hub.acme.science");
  });

  const ofTheHub = ["hub/k8s/pause", "hub/quay/jupyterhub/configurable-http-proxy", "hub/quay/jupyterhub/k8s-hub-slim"];
  const image = { name: "quay.io/acme/lab", tag: "7" };

  test.each<[string, Partial<SettingsInput>, string[]]>([
    ["what the hub runs", {}, [...ofTheHub, "hub/quay/jupyterhub/k8s-singleuser-sample"]],
    ["users' images, too", { users: { image } }, ["hub/k8s/pause", "hub/quay/acme/lab", ...ofTheHub.slice(1)]],
    [
      "no image that needs a login",
      { users: { image }, hub: { createNamespace: false }, images: { pullSecret: { kind: "existing", name: "acme" } } },
      ofTheHub,
    ],
    ["nothing where it is switched off", { images: { pullThroughCache: false } }, []],
  ])("copies of %s", async (_, settings, expected) => {
    const names = all(await recorded(settings), "aws:ecr/repository:Repository").map(({ inputs }) =>
      String(inputs.name),
    );
    expect(names.filter((name) => name.startsWith("hub/")).sort()).toEqual(expected);
  });

  test("no repository where one exists", async () => {
    const program = await recorded(secure["a registry that exists"] as Partial<SettingsInput>);
    expect(all(program, "aws:ecr/repository:Repository").filter(({ name }) => name === "hub")).toEqual([]);
    expect(inputsOf(program, "kubernetes:helm.sh/v3:Release", "hub").values.singleuser.image).toEqual({
      name: "123456789012.dkr.ecr.eu-central-1.amazonaws.com/lab",
      tag: "7",
    });
  });
});
