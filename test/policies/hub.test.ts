import { describe, expect, test } from "vitest";
import { UNKNOWN, type Value, type ValueMap } from "../../chart/values";
import { securityControls } from "../../policies/controls";
import { rbacEnabled } from "../../policies/controls/rbac";
import { judge } from "../../policies/evaluate";
import { describeControl, hub, hubOf, judgementOf, otherRelease, ownStack } from "./support";

describeControl(rbacEnabled, [
  ["chart default", "pass", hub({})],
  ["on", "pass", hub({ rbac: { create: true } })],
  ["on, by the key of old charts", "pass", hubOf("1.2.0", { rbac: { enabled: true } })],
  ["off", "fail", hub({ rbac: { create: false } })],
  ["off by the key of old charts", "fail", hubOf("1.2.0", { rbac: { enabled: false } })],
  ["old key on a new chart, which refuses it", "fail", hub({ rbac: { enabled: false } })],
  ["new key on an old chart", "fail", hubOf("1.2.0", { rbac: { create: false } })],
  ["deleted by null", "fail", hub({ rbac: { create: null } })],
  ["the whole section deleted", "fail", hub({ rbac: null })],
  ["a text, which the chart refuses", "fail", hub({ rbac: { create: "false" } })],
  ["a text under the old key on a new chart", "fail", hub({ rbac: { enabled: "false" } })],
  ["the old key on a new chart, harmless", "pass", hub({ rbac: { enabled: true } })],
  ["the old key on a new chart, not known yet", "unknown", hub({ rbac: { enabled: UNKNOWN } })],
  ["not known yet", "unknown", hub({ rbac: { create: UNKNOWN } })],
  ["no value is known", "unknown", hub(UNKNOWN)],
  ["values that nobody could decrypt", "unknown", hub("[secret]")],
  ["another chart", "notApplicable", otherRelease],
]);

describe("which chart it is", () => {
  const verdict = (properties: Record<string, Value>, values: Value = {}) =>
    judgementOf(rbacEnabled, [hub(values, { repositoryOpts: {}, ...properties })]).verdict;
  const off = { rbac: { create: false } };
  test.each([
    [
      "the official repository without values",
      { chart: "jupyterhub", repositoryOpts: { repo: "https://hub.jupyter.org/helm-chart/" } },
      {},
      "pass",
    ],
    [
      "the old address of the repository",
      { chart: "jupyterhub", repositoryOpts: { repo: "https://jupyterhub.github.io/helm-chart" } },
      {},
      "pass",
    ],
    ["a vendored folder", { chart: "./charts/jupyterhub" }, { ...off, hub: { config: {} } }, "fail"],
    [
      "a package file",
      { chart: "https://mirror.example.org/jupyterhub-4.4.0.tgz" },
      { ...off, singleuser: { cloudMetadata: {} } },
      "fail",
    ],
    [
      "a mirror under another name",
      { chart: "oci://mirror.example.org/notebooks" },
      { ...off, hub: { config: {} }, singleuser: { storage: {} } },
      "fail",
    ],
    [
      "Bitnami's chart of the same name",
      { chart: "oci://registry-1.docker.io/bitnamicharts/jupyterhub" },
      { hub: { adminUser: "a" } },
      "unknown",
    ],
    [
      "Bitnami's keys from a mirror",
      { chart: "jupyterhub", repositoryOpts: { repo: "https://mirror.example.org" } },
      { hub: { image: { repository: "r" } }, singleuser: { image: { repository: "r" } } },
      "unknown",
    ],
    [
      "nothing that identifies it",
      { chart: "jupyterhub", repositoryOpts: { repo: "https://mirror.example.org" } },
      {},
      "unknown",
    ],
    [
      "a tag of a mirror",
      { chart: "oci://mirror.example.org/charts/jupyterhub:4.4.0" },
      { ...off, hub: { config: {} } },
      "fail",
    ],
    ["the name that Zero to JupyterHub gives its repository", { chart: "jupyterhub/jupyterhub" }, off, "fail"],
    ["the same name with Bitnami's keys", { chart: "jupyterhub/jupyterhub" }, { hub: { adminUser: "a" } }, "unknown"],
    [
      "a chart around it",
      { chart: "basehub" },
      { jupyterhub: { ...off, hub: { config: {} }, singleuser: { storage: {} } } },
      "fail",
    ],
    [
      "a chart around a chart around it",
      { chart: "daskhub" },
      { basehub: { jupyterhub: { ...off, hub: { config: {} }, proxy: { https: {} } } } },
      "fail",
    ],
    [
      "a chart around it that has its name, and a database beside it",
      { chart: "./charts/jupyterhub" },
      { postgresql: { auth: {} }, jupyterhub: { ...off, hub: { config: {} } } },
      "fail",
    ],
    ["a chart and values that are not known yet", { chart: UNKNOWN }, UNKNOWN, "unknown"],
    ["another chart with a key in common", { chart: "argo-cd" }, { rbac: { create: false } }, "notApplicable"],
  ])("%s", (_title, properties, values, expected) => {
    expect(verdict(properties as Record<string, Value>, values as Value)).toBe(expected);
  });
});

describe("nulls, which pulumi-kubernetes before 4.30 strips", () => {
  const off = hub({ rbac: { create: null } });
  test.each([
    ["a provider that keeps them", { ...off, providerVersion: "4.30.0" }, "fail"],
    ["a provider that strips them", { ...off, providerVersion: "4.29.1" }, "pass"],
    ["a provider whose version nobody knows: the worse reading counts", { ...off, providerVersion: undefined }, "fail"],
    [
      "a provider that is told to keep them",
      { ...hub({ rbac: { create: null } }, { allowNullValues: true }), providerVersion: "4.0.0" },
      "fail",
    ],
  ])("%s", (_title, release, expected) => {
    expect(judgementOf(rbacEnabled, [release]).verdict).toBe(expected);
  });
});

test("a version that is not known is judged with the newest defaults, and the message says so", () => {
  const { verdict, message } = judgementOf(rbacEnabled, [hub({}, { version: UNKNOWN })]);
  expect(verdict).toBe("pass");
  expect(message).toContain("judged with the defaults of 4.4.0");
  expect(judgementOf(rbacEnabled, [hubOf("3.3.7")]).message).toContain("judged with the defaults of 3.3.8");
});

describe("hub.existingSecret, which is laid over the hub's settings unseen", () => {
  const named = (values: ValueMap) =>
    judge([hub({ ...values, hub: { ...(values.hub as ValueMap), existingSecret: "settings" } })]);
  const ofHubProcess = [
    "user-pod-metadata-blocked",
    "login-is-real",
    "login-has-allow-rule",
    "cookie-secret-strong",
    "user-pod-has-no-api-credentials",
  ];

  test("keeps what would pass from passing, and is named", () => {
    const judgements = named({
      hub: { config: { JupyterHub: { authenticator_class: "github" }, OAuthenticator: { allowed_users: ["ada"] } } },
    });
    for (const { control, verdict, path } of judgements.filter((each) => ofHubProcess.includes(each.control))) {
      expect([control, verdict, path]).toEqual([control, "unknown", "hub.existingSecret"]);
    }
    expect(judgements.find(({ control }) => control === "rbac-enabled")?.verdict).toBe("pass");
  });

  test("excuses nothing that is wrong without it", () => {
    expect(named({}).find(({ control }) => control === "login-is-real")?.verdict).toBe("fail");
  });
});

/** Controls about what the repository's own deployment does not have. */
const nothingToJudge = [
  "cluster-administrators-named",
  "database-private-and-encrypted",
  "identity-provider-offers-mfa",
  "manual-certificate-well-formed",
  "metadata-block-fits-pod-security",
  "oauth-callback-registered",
  "pull-secret-password-real",
  "roles-minimal",
  "services-reviewed",
  "subdomains-have-wildcard-certificate",
  "tls-key-not-in-user-pods",
  "tls-modern",
  "tls-secret-well-formed",
  "typed-images-restricted",
  "user-account-limited",
  "user-config-disabled",
  "users-have-own-subdomains",
  "volumes-encrypted",
];

test("the repository's own deployment satisfies every control at its first preview", () => {
  const judgements = judge(ownStack(), {}, securityControls);
  const others = judgements.filter(({ verdict }) => verdict !== "pass" && verdict !== "notApplicable");
  expect(others.map(({ control, message }) => `${control}: ${message}`)).toEqual([]);
  const passed = new Set(judgements.filter(({ verdict }) => verdict === "pass").map(({ control }) => control));
  const idle = securityControls.map(({ name }) => name).filter((name) => !passed.has(name));
  expect(idle.sort()).toEqual(nothingToJudge);
});
