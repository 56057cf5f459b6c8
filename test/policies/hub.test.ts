import { describe, expect, test } from "vitest";
import { chartReleases } from "../../chart/releases";
import { UNKNOWN, type Value } from "../../chart/values";
import { controls, securityControls } from "../../policies/controls";
import { imagesPinned } from "../../policies/controls/images";
import { networkPoliciesEnabled, networkPoliciesEnforced } from "../../policies/controls/network-policies";
import { userPodHasNoApiCredentials } from "../../policies/controls/pods";
import { rbacEnabled } from "../../policies/controls/rbac";
import { cookieSecretStrong, proxyTokenStrong } from "../../policies/controls/secrets";
import { chartVersionHasNoKnownVulnerability } from "../../policies/controls/versions";
import { judge } from "../../policies/evaluate";
import {
  calico,
  cluster,
  describeControl,
  hub,
  hubOf,
  judgementOf,
  ownStack,
  randomBytes,
  resource,
  securedCluster,
  vpcCni,
} from "./support";

const otherRelease = resource("kubernetes:helm.sh/v3:Release", "web", { chart: "nginx", values: { replicas: 2 } });

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
  expect(judgementOf(rbacEnabled, [hubOf("3.3.7")]).message).toContain("judged with the defaults of 3.2.1");
});

describeControl(networkPoliciesEnabled, [
  ["chart default", "pass", hub({})],
  ["chart default of 0.10", "pass", hubOf("0.10.6")],
  ["chart default before 0.10", "fail", hubOf("0.9.1")],
  [
    "old chart with all three on",
    "pass",
    hubOf("0.9.1", {
      hub: { networkPolicy: { enabled: true } },
      proxy: { networkPolicy: { enabled: true } },
      singleuser: { networkPolicy: { enabled: true } },
    }),
  ],
  ["user pods without", "fail", hub({ singleuser: { networkPolicy: { enabled: false } } })],
  ["hub without", "fail", hub({ hub: { networkPolicy: { enabled: false } } })],
  ["proxy without", "fail", hub({ proxy: { chp: { networkPolicy: { enabled: false } } } })],
  ["Traefik without, but it does not run", "pass", hub({ proxy: { traefik: { networkPolicy: { enabled: false } } } })],
  [
    "Traefik without, and it runs",
    "fail",
    hub({
      proxy: { https: { enabled: true, hosts: ["h.example.org"] }, traefik: { networkPolicy: { enabled: false } } },
    }),
  ],
  ["not known yet", "unknown", hub({ hub: { networkPolicy: { enabled: UNKNOWN } } })],
  ["another chart", "notApplicable", otherRelease],
]);

describeControl(networkPoliciesEnforced, [
  ["Calico in the stack", "pass", [hub({}), securedCluster, vpcCni("false"), calico]],
  ["Cilium in the stack", "pass", [hub({}), resource("kubernetes:helm.sh/v3:Release", "cni", { chart: "cilium" })]],
  ["the VPC CNI's agent", "pass", [hub({}), securedCluster, vpcCni("true")]],
  [
    "Auto Mode with its switch",
    "pass",
    [
      hub({}),
      securedCluster,
      resource("kubernetes:core/v1:ConfigMap", "cni", {
        metadata: { name: "amazon-vpc-cni" },
        data: { "enable-network-policy-controller": "true" },
      }),
    ],
  ],
  ["engine elsewhere, asserted", "pass", hub({}), { settings: { assume: { networkPolicyEnforced: true } } }],
  [
    "engine elsewhere, asserted beside a cluster that shows none",
    "pass",
    [hub({}), securedCluster],
    { settings: { assume: { networkPolicyEnforced: true } } },
  ],
  ["a cluster without engine", "fail", [hub({}), cluster()]],
  ["the VPC CNI with its agent off", "fail", [hub({}), vpcCni("false")]],
  [
    "Cilium that enforces nothing",
    "fail",
    [
      hub({}),
      cluster(),
      resource("kubernetes:helm.sh/v3:Release", "cni", { chart: "cilium", values: { policyEnforcementMode: "never" } }),
    ],
  ],
  ["neither cluster nor engine", "unknown", hub({})],
  [
    "an add-on whose configuration is not known yet",
    "unknown",
    [hub({}), cluster(), resource("aws:eks/addon:Addon", "a", { addonName: "vpc-cni", configurationValues: UNKNOWN })],
  ],
  ["no hub", "notApplicable", [calico, cluster()]],
]);

const hex = "9f2c4e81b7d05a3386f1c2d94be07a6510e8f3b29cd7461a5b83e0f4972d6c1b";
const otherHex = "51d8a0c37be94f2260f7e3195cbd8a4472f0e6a19db35c8827c1f4b0936ed25a";

describeControl(proxyTokenStrong, [
  ["made by the chart", "pass", hub({})],
  ["32 random bytes in hex", "pass", hub({ proxy: { secretToken: hex } })],
  [
    "base64 of 32 random bytes",
    "pass",
    hub({ proxy: { secretToken: "kL9vQ2xR7pT4wZ8mN3bF6hJ1sD5gY0cA+uE/oIiXqWe=" } }),
  ],
  [
    "in hub.config, which wins",
    "pass",
    hub({ proxy: { secretToken: "weak" }, hub: { config: { ConfigurableHTTPProxy: { auth_token: hex } } } }),
  ],
  ["not set before 1.0, when nobody makes one", "fail", hubOf("0.11.1")],
  ["too short", "fail", hub({ proxy: { secretToken: "9f2c4e81b7d05a33" } })],
  ["one digit over and over", "fail", hub({ proxy: { secretToken: "a".repeat(64) } })],
  ["a pattern over and over", "fail", hub({ proxy: { secretToken: "9f2c4e81".repeat(8) } })],
  ["counting", "fail", hub({ proxy: { secretToken: "abcdefghijklmnopqrstuvwxyz0123456789ABCDEF" } })],
  [
    "the sample of JupyterHub's documentation",
    "fail",
    hub({ proxy: { secretToken: "0bc02bede919e99a26de1e2a7a5aadfaf6228de836ec39a05a6c6942831d8fe5" } }),
  ],
  ["a command that nobody ran", "fail", hub({ proxy: { secretToken: "openssl rand -hex 32" } })],
  ["a placeholder", "fail", hub({ proxy: { secretToken: "<output of openssl rand -hex 32 here>" } })],
  ["the cookie secret again", "fail", hub({ proxy: { secretToken: hex }, hub: { cookieSecret: hex } })],
  ["a number", "fail", hub({ proxy: { secretToken: 12345678 } })],
  ["not known yet", "unknown", hub({ proxy: { secretToken: UNKNOWN } })],
  [
    "not known yet, made from 32 random bytes",
    "pass",
    [randomBytes("token"), hub({ proxy: { secretToken: UNKNOWN } }, {}, { values: [randomBytes("token")] })],
  ],
  [
    "not known yet, made from 8 random bytes",
    "unknown",
    [randomBytes("token", 8), hub({ proxy: { secretToken: UNKNOWN } }, {}, { values: [randomBytes("token", 8)] })],
  ],
  ["another chart", "notApplicable", otherRelease],
]);

describeControl(cookieSecretStrong, [
  ["made at run time", "pass", hub({})],
  ["32 random bytes in hex", "pass", hub({ hub: { cookieSecret: hex } })],
  ["upper case", "pass", hub({ hub: { cookieSecret: hex.toUpperCase() } })],
  [
    "in hub.config, which wins",
    "fail",
    hub({ hub: { cookieSecret: hex, config: { JupyterHub: { cookie_secret: "abcd" } } } }),
  ],
  ["16 bytes, which JupyterHub takes in silence", "fail", hub({ hub: { cookieSecret: hex.slice(0, 32) } })],
  [
    "not hexadecimal, which stops the hub",
    "fail",
    hub({ hub: { cookieSecret: "kL9vQ2xR7pT4wZ8mN3bF6hJ1sD5gY0cAkL9vQ2xR7pT4wZ8mN3bF6hJ1sD5gY0cA" } }),
  ],
  ["an odd number of digits", "fail", hub({ hub: { cookieSecret: `${hex}a` } })],
  ["zeroes", "fail", hub({ hub: { cookieSecret: "0".repeat(64) } })],
  ["the proxy's token again", "fail", hub({ hub: { cookieSecret: hex }, proxy: { secretToken: hex } })],
  ["another one than the proxy's token", "pass", hub({ hub: { cookieSecret: hex }, proxy: { secretToken: otherHex } })],
  ["not known yet", "unknown", hub({ hub: { cookieSecret: UNKNOWN } })],
  ["another chart", "notApplicable", otherRelease],
]);

const kubespawner = (traits: Value) => hub({ hub: { config: { KubeSpawner: traits } } });
const profile = (kubespawner_override: Value) =>
  hub({ singleuser: { profileList: [{ display_name: "p", kubespawner_override }] } });

describeControl(userPodHasNoApiCredentials, [
  ["chart default", "pass", hub({})],
  [
    "an account without its token",
    "pass",
    hub({
      singleuser: { serviceAccountName: "users" },
      hub: { config: { KubeSpawner: { automount_service_account_token: false } } },
    }),
  ],
  ["an account, whose token Kubernetes mounts", "fail", hub({ singleuser: { serviceAccountName: "users" } })],
  ["an empty account name, which means default", "fail", hub({ singleuser: { serviceAccountName: "" } })],
  ["an account by hub.config", "fail", kubespawner({ service_account: "users" })],
  ["the token without an account", "fail", kubespawner({ automount_service_account_token: true })],
  ["an account by the base class", "fail", hub({ hub: { config: { Spawner: { service_account: "users" } } } })],
  [
    "the token by the pod's own field",
    "fail",
    hub({ singleuser: { extraPodConfig: { automountServiceAccountToken: true } } }),
  ],
  [
    "the token by the pod's own field, snake case",
    "fail",
    kubespawner({ extra_pod_config: { automount_service_account_token: true } }),
  ],
  [
    "the pod's own field wins over the account",
    "pass",
    hub({ singleuser: { serviceAccountName: "users", extraPodConfig: { automountServiceAccountToken: false } } }),
  ],
  ["an account by a profile", "fail", profile({ service_account: "users" })],
  [
    "an account by a choice of a profile",
    "fail",
    hub({
      singleuser: {
        profileList: [
          { profile_options: { size: { choices: { big: { kubespawner_override: { service_account: "users" } } } } } },
        ],
      },
    }),
  ],
  [
    "an account by an unlisted choice",
    "fail",
    hub({
      singleuser: {
        profileList: [
          { profile_options: { image: { unlisted_choice: { kubespawner_override: { service_account: "{value}" } } } } },
        ],
      },
    }),
  ],
  ["a harmless profile", "pass", profile({ mem_limit: "4G" })],
  ["profiles that are not known yet", "unknown", hub({ singleuser: { profileList: UNKNOWN } })],
  ["an account that is not known yet", "unknown", hub({ singleuser: { serviceAccountName: UNKNOWN } })],
  [
    "Python that may set an account",
    "unknown",
    hub({ hub: { extraConfig: { sa: "c.KubeSpawner.service_account = 'users'" } } }),
  ],
  ["Python about something else", "pass", hub({ hub: { extraConfig: { log: "c.JupyterHub.log_level = 10" } } })],
  ["another chart", "notApplicable", otherRelease],
]);

describeControl(imagesPinned, [
  ["chart default", "pass", hub({})],
  ["a tag", "pass", hub({ singleuser: { image: { name: "quay.io/a/b", tag: "2026-01-15" } } })],
  ["a digest", "pass", hub({ singleuser: { image: { name: "quay.io/a/b", tag: `latest@sha256:${hex}` } } })],
  ["latest", "fail", hub({ singleuser: { image: { name: "quay.io/a/b", tag: "latest" } } })],
  ["latest in capitals", "fail", hub({ hub: { image: { tag: "LATEST" } } })],
  ["an empty tag", "fail", hub({ singleuser: { image: { tag: "" } } })],
  ["the article's placeholder", "fail", hub({ singleuser: { image: { name: "x", tag: "<tag>" } } })],
  ["a deleted tag", "fail", hub({ singleuser: { image: { tag: null } } })],
  ["a number", "fail", hub({ singleuser: { image: { tag: 1.5 } } })],
  ["an image of a profile", "fail", profile({ image: "quay.io/a/b:latest" })],
  [
    "an image of a profile without tag, from a registry with a port",
    "fail",
    profile({ image: "registry.example.org:5000/a/b" }),
  ],
  [
    "a pinned image of a profile, from a registry with a port",
    "pass",
    profile({ image: "registry.example.org:5000/a/b:1.0" }),
  ],
  [
    "an image of a choice",
    "fail",
    hub({
      singleuser: {
        profileList: [{ profile_options: { i: { choices: { c: { kubespawner_override: { image: "a/b" } } } } } }],
      },
    }),
  ],
  [
    "a container beside the user's",
    "fail",
    hub({ singleuser: { extraContainers: [{ name: "s", image: "a/b:main" }] } }),
  ],
  ["an init container", "fail", hub({ singleuser: { initContainers: [{ name: "s", image: "a/b" }] } })],
  ["an init container of the hub", "fail", hub({ hub: { initContainers: [{ name: "s", image: "a/b" }] } })],
  ["hub.config wins", "fail", kubespawner({ image: "a/b:latest" })],
  ["an image to pull early", "fail", hub({ prePuller: { extraImages: { x: { name: "a/b", tag: "latest" } } } })],
  [
    "a moving tag of a part that is off",
    "pass",
    hub({ scheduling: { userScheduler: { enabled: false, image: { tag: "latest" } } } }),
  ],
  [
    "a tag that the user says moves",
    "fail",
    hub({ singleuser: { image: { tag: "weekly" } } }),
    { "images-pinned": { movingTags: ["weekly"] } },
  ],
  ["not known yet", "unknown", hub({ singleuser: { image: { tag: UNKNOWN } } })],
  ["another chart", "notApplicable", otherRelease],
]);

const sharing = { hub: { loadRoles: { user: { scopes: ["self", "shares!user"] } } } };

describeControl(chartVersionHasNoKnownVulnerability, [
  ["the newest", "pass", hubOf("4.4.0")],
  ["one before, with a published denial of service", "fail", hubOf("4.3.5")],
  ["very old", "fail", hubOf("0.9.1")],
  ["the newest with sharing, which it leaves open", "fail", hubOf("4.4.0", sharing)],
  [
    "the newest with roles that only read shares",
    "pass",
    hubOf("4.4.0", { hub: { loadRoles: { user: { scopes: ["read:shares"] } } } }),
  ],
  [
    "the newest with a filtered administrator",
    "fail",
    hubOf("4.4.0", { hub: { loadRoles: { ta: { scopes: ["admin:users!group=class"] } } } }),
  ],
  ["the newest with an older hub image", "fail", hubOf("4.4.0", { hub: { image: { tag: "4.3.5" } } })],
  ["scopes that are not known yet", "unknown", hubOf("4.4.0", { hub: { loadRoles: UNKNOWN } })],
  ["a later release with sharing", "unknown", hubOf("4.5.0", sharing)],
  ["a later release", "pass", hubOf("4.5.0")],
  ["a range", "unknown", hubOf("^4.0.0")],
  ["no version: whatever is newest that day", "unknown", hub({}, { version: null })],
  ["not known yet", "unknown", hub({}, { version: UNKNOWN })],
  ["another chart", "notApplicable", otherRelease],
]);

test("an advisory about one login method is held against that method only", () => {
  const of = (authenticator_class: string) =>
    judgementOf(chartVersionHasNoKnownVulnerability, [
      hubOf("4.3.2", { hub: { config: { JupyterHub: { authenticator_class } } } }),
    ]).message;
  expect(of("auth0")).toContain("CVE-2026-33175");
  expect(of("github")).not.toContain("CVE-2026-33175");
  expect(of("lti11")).toContain("CVE-2026-34052");
  expect(of("github")).not.toContain("CVE-2026-34052");
});

describe("the defaults of every known chart release", () => {
  const verdictOf = (version: string, control: string) =>
    judge(
      [hubOf(version)],
      {},
      controls.filter(({ name }) => name === control),
    )[0]?.verdict;
  test.each(chartReleases.map(({ chart }) => chart))("%s", (version) => {
    expect(verdictOf(version, "rbac-enabled")).toBe("pass");
    expect(verdictOf(version, "login-is-real")).toBe("fail");
    expect(verdictOf(version, "login-has-allow-rule")).toBe("fail");
    expect(verdictOf(version, "https-effective")).toBe("fail");
    expect(verdictOf(version, "images-pinned")).toBe("pass");
    expect(verdictOf(version, "user-pod-has-no-api-credentials")).toBe("pass");
    expect(verdictOf(version, "network-policies-enabled")).toBe(version === "0.9.1" ? "fail" : "pass");
    expect(verdictOf(version, "proxy-token-strong")).toBe(version.startsWith("0.") ? "fail" : "pass");
    expect(verdictOf(version, "chart-version-has-no-known-vulnerability")).toBe(version === "4.4.0" ? "pass" : "fail");
    // 0.10 ignores its own flag; its default NetworkPolicy blocks, but nothing shows that it is enforced.
    const metadata = version === "0.10.6" ? "unknown" : "pass";
    expect(verdictOf(version, "user-pod-metadata-blocked")).toBe(metadata);
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
