import { expect, test } from "vitest";
import { UNKNOWN } from "../../chart/values";
import { chartVersionHasNoKnownVulnerability } from "../../policies/controls/versions";
import { describeControl, hub, hubOf, judgementOf, otherRelease } from "./support";

const sharing = { hub: { loadRoles: { user: { scopes: ["self", "shares!user"] } } } };

const packaged = (chart: string) => hub({}, { chart, version: null, repositoryOpts: {} });

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
  ["with a v before it", "pass", hubOf("v4.4.0")],
  ["a build on the way to the release with the fix", "unknown", hubOf("4.4.0-0.dev.git.7000.habcdef")],
  ["a build after it", "pass", hubOf("4.4.1-0.dev.git.7100.habcdef")],
  [
    "a package file without version beside it",
    "fail",
    packaged("https://hub.jupyter.org/helm-chart/jupyterhub-3.3.8.tgz"),
  ],
  ["the newest package file", "pass", packaged("https://hub.jupyter.org/helm-chart/jupyterhub-4.4.0.tgz")],
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
