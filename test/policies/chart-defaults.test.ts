import { describe, expect, test } from "vitest";
import { chartReleases } from "../../chart/releases";
import type { ValueMap } from "../../chart/values";
import type { Verdict } from "../../policies/control";
import { controls, securityControls } from "../../policies/controls";
import { type Configuration, judge } from "../../policies/evaluate";
import { hubTypes } from "../../policies/evidence/hub";
import type { Resource } from "../../policies/evidence/resource";
import { hasRendered, renderedDefaults, renderedVersions, withValues } from "./rendered";
import { calico, hub, hubOf, runPack } from "./support";

const versions = chartReleases.map(({ chart }) => chart);
const minor = (version: string) => Number(version.split(".")[0]) * 100 + Number(version.split(".")[1]);

/** From which version on (major and minor) a verdict holds; the first entry holds from the oldest on. */
type Since = Readonly<Record<string, Verdict>>;

function expectedAt(version: string, since: Since): Verdict {
  const steps = Object.entries(since).filter(([from]) => minor(from) <= minor(version));
  return steps.at(-1)?.[1] as Verdict;
}

const verdictOf = (control: string, stack: readonly Resource[], configuration?: Configuration) =>
  judge(
    stack,
    configuration,
    controls.filter(({ name }) => name === control),
  ).find(({ resource }) => resource.includes("::hub"))?.verdict;

const policyOff = { networkPolicy: { enabled: false } };
const iptablesOff = { cloudMetadata: { blockWithIptables: false } };
const github = { JupyterHub: { authenticator_class: "github" }, GitHubOAuthenticator: { client_id: "id" } };

/** What changed from version to version, as the chart's own history has it: values, and the verdict since a version. */
const facts: readonly (readonly [control: string, title: string, values: ValueMap, since: Since])[] = [
  ["rbac-enabled", "default", {}, { "0.9": "pass" }],
  ["rbac-enabled", "rbac.enabled: false", { rbac: { enabled: false } }, { "0.9": "fail" }],
  ["rbac-enabled", "rbac.create: false", { rbac: { create: false } }, { "0.9": "fail" }],

  ["login-is-real", "default, which is dummy", {}, { "0.9": "fail" }],
  ["login-is-real", "auth.type, read until 0.10", { auth: { type: "github" } }, { "0.9": "pass", "0.11": "fail" }],
  ["login-has-allow-rule", "default", {}, { "0.9": "fail" }],
  // Everybody until 2.x, nobody since 3.0: both are wrong.
  ["login-has-allow-rule", "GitHub without a rule", { hub: { config: github } }, { "0.9": "fail" }],
  [
    "login-has-allow-rule",
    "administrators only, who restrict nothing until 2.x",
    { hub: { config: { ...github, OAuthenticator: { admin_users: ["ada"] } } } },
    { "0.9": "fail", "3.0": "pass" },
  ],

  [
    "user-pod-metadata-blocked",
    "default; 0.10 ignores its own flag",
    {},
    { "0.9": "pass", "0.10": "unknown", "0.11": "pass" },
  ],
  [
    "user-pod-metadata-blocked",
    "default without NetworkPolicy",
    { singleuser: policyOff },
    { "0.9": "pass", "0.10": "fail", "0.11": "pass" },
  ],
  [
    "user-pod-metadata-blocked",
    "the inverted key of old charts: true allows",
    { singleuser: { ...policyOff, cloudMetadata: { enabled: true } } },
    { "0.9": "fail", "0.11": "pass" },
  ],
  [
    "user-pod-metadata-blocked",
    "today's flag off, which charts until 0.9 do not read",
    { singleuser: { ...policyOff, ...iptablesOff } },
    { "0.9": "pass", "0.10": "fail" },
  ],

  ["network-policies-enabled", "default, on since 0.10", {}, { "0.9": "fail", "0.10": "pass" }],
  ["metadata-block-consistent", "default", {}, { "0.9": "pass" }],
  ["https-effective", "default: on until 0.9, but without hosts", {}, { "0.9": "fail" }],
  ["proxy-token-strong", "default: made by the chart since 1.0", {}, { "0.9": "fail", "1.0": "pass" }],
  ["cookie-secret-strong", "default", {}, { "0.9": "pass" }],
  ["user-pod-has-no-api-credentials", "default", {}, { "0.9": "pass" }],
  ["user-server-unprivileged", "default", {}, { "0.9": "pass" }],
  [
    "user-server-unprivileged",
    "root, taken back by hub.config, which charts until 0.10 do not read",
    { singleuser: { uid: 0 }, hub: { config: { KubeSpawner: { uid: 1000 } } } },
    { "0.9": "fail", "0.11": "pass" },
  ],
  ["images-pinned", "default", {}, { "0.9": "pass" }],
  ["users-reach-own-servers-only", "default", {}, { "0.9": "pass" }],
  ["browser-protections-kept", "default", {}, { "0.9": "pass" }],
  ["chart-version-has-no-known-vulnerability", "default", {}, { "0.9": "fail", "4.4": "pass" }],
];

describe.each(versions)("chart %s", (version) => {
  test.each(
    facts.map(([control, title, values, since]) => [control, title, expectedAt(version, since), values] as const),
  )("%s, %s: %s", (control, _title, expected, values) => {
    expect(verdictOf(control, [hubOf(version, values)])).toBe(expected);
  });

  test("its NetworkPolicy blocks metadata where an engine enforces it, unless egress opens it again", () => {
    // Charts until 0.9 read the inverted key only.
    const cloudMetadata = minor(version) < 10 ? { enabled: true } : { blockWithIptables: false };
    const verdict = (egress?: ValueMap) => {
      const networkPolicy = { enabled: true, ...(egress ? { egress: [egress] } : {}) };
      return verdictOf("user-pod-metadata-blocked", [
        hubOf(version, { singleuser: { cloudMetadata, networkPolicy } }),
        calico,
      ]);
    };
    expect(verdict()).toBe("pass");
    expect(verdict({ ports: [{ port: 80 }] })).toBe("fail");
    expect(verdict({ ports: [{ port: 443 }] })).toBe("pass");
  });
});

describe.skipIf(!hasRendered)("what the real chart renders", () => {
  const hubControls = controls.filter(({ types }) => types.some((type) => hubTypes.includes(type)));
  // The manifests know what only a release could say.
  const ofRelease = ["release-cleans-up"];

  test.each(renderedVersions)(
    "%s: the objects get the verdicts of the values, and nothing beside the hub fails",
    (version) => {
      const objects = renderedDefaults(version);
      const release = judge([hubOf(version)], {}, hubControls);
      const rendered = judge(objects, {}, hubControls);
      const ofHub = new Map(
        rendered.filter(({ resource }) => resource.endsWith("Secret::jhub/hub")).map((each) => [each.control, each]),
      );
      for (const { control, verdict } of release.filter(({ control }) => !ofRelease.includes(control))) {
        expect([control, ofHub.get(control)?.verdict]).toEqual([control, verdict]);
      }
      const beside = judge(objects).filter(
        ({ resource, verdict }) => verdict !== "pass" && verdict !== "notApplicable" && !resource.includes("Secret::"),
      );
      expect(beside.map(({ control, resource }) => `${control}: ${resource}`)).toEqual([]);
    },
  );

  test.each(renderedVersions)(
    "%s: the objects that the chart makes do not stand in the way of good values",
    (version) => {
      const good: ValueMap = {
        proxy: {
          https: { enabled: true, hosts: ["hub.acme.science"], letsencrypt: { contactEmail: "ops@acme.science" } },
        },
        hub: { config: { ...github, OAuthenticator: { allowed_users: ["ada"] } } },
        singleuser: iptablesOff,
      };
      const judgements = (stack: readonly Resource[]) =>
        Object.fromEntries(
          judge([...stack, calico], {}, securityControls)
            .filter(({ resource }) => /::(jhub\/)?hub$/.test(resource))
            .map(({ control, verdict }) => [control, verdict]),
        );
      const values = judgements([hub(good, { version })]);
      expect(values).toMatchObject({
        "https-effective": "pass",
        "user-pod-metadata-blocked": "pass",
        "login-has-allow-rule": "pass",
      });
      expect(judgements(withValues(renderedDefaults(version), good))).toMatchObject(values);
    },
  );

  test("the gate refuses the objects as it refuses the release", () => {
    const violated = (stack: readonly Resource[]) =>
      new Set(
        runPack(securityControls, stack)
          .filter(({ level }) => level === undefined)
          .map(({ policy }) => policy),
      );
    expect(violated(renderedDefaults("4.4.0"))).toEqual(violated([hubOf("4.4.0")]));
  });
});
