import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { judge } from "../../../policies/evaluate";
import { recognise } from "../../../policies/evidence/hub";
import { readSubjects } from "../../../policies/subjects/read";
import type { Subject } from "../../../policies/subjects/subject";

const read = (text: string) => readSubjects([{ name: "rendered.yaml", text }], { kind: "auto" }).subjects;

function secret(values: unknown, name = "hub", labels: object = { component: "hub" }): object {
  const data = { "values.yaml": Buffer.from(stringify(values)).toString("base64") };
  return { apiVersion: "v1", kind: "Secret", metadata: { name, labels }, data };
}

const stored = (values: object, version = "4.4.0", namespace = "jhub") => ({
  Chart: { Name: "jupyterhub", Version: version },
  Release: { Name: "hub", Namespace: namespace },
  ...values,
});

const documents = (...objects: object[]) => objects.map((object) => stringify(object)).join("---\n");

const isHub = /^Secret\/|^values\.yaml$/;

/** Verdicts on the hub, not on the objects beside it. */
const verdicts = (subject: Subject | undefined) =>
  Object.fromEntries(
    judge(subject?.resources ?? [])
      .filter(({ resource }) => isHub.test(resource))
      .map(({ control, verdict }) => [control, verdict]),
  );

test("the hub's Secret is judged under its own name, in the namespace of its release", () => {
  const [subject] = read(documents(secret(stored({ hub: {}, rbac: { create: false } }))));
  expect(subject).toMatchObject({ kind: "manifests", chartVersion: "4.4.0" });
  const results = judge(subject?.resources ?? []);
  expect(results.find(({ control }) => control === "rbac-enabled")).toMatchObject({
    verdict: "fail",
    resource: "Secret/jhub/hub",
    path: "rbac.create",
  });
});

test("a default that is not among the stored values was deleted", () => {
  const [subject] = read(documents(secret(stored({ hub: {}, rbac: {} }))));
  expect(verdicts(subject)["rbac-enabled"]).toBe("fail");
});

test("objects become resources of their group, version and kind", () => {
  const policy = { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata: { name: "x" }, spec: {} };
  const role = { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata: { name: "reader" } };
  const list = { apiVersion: "v1", kind: "List", items: [policy, role] };
  const [subject] = read(documents(list, secret(stored({ hub: {} }))));
  expect(subject?.resources.map(({ type, urn }) => [type, urn])).toEqual([
    ["kubernetes:networking.k8s.io/v1:NetworkPolicy", "NetworkPolicy/jhub/x"],
    ["kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", "ClusterRole//reader"],
    ["kubernetes:helm.sh/v3:Release", "Secret/jhub/hub"],
  ]);
});

test("the items of a typed list are what the list says, each at its own place", () => {
  const items = [{ metadata: { name: "a" } }, { metadata: { name: "b" } }];
  const text = stringify({ apiVersion: "v1", kind: "PodList", items });
  const [subject] = read(text);
  expect(subject?.resources.map(({ urn }) => urn)).toEqual(["Pod/default/a", "Pod/default/b"]);
  expect(subject?.locate(null, "Pod/default/b")).toMatchObject({ line: 6, column: 5 });
});

test("each of several hubs is a subject with everything but the others", () => {
  const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "p" } };
  const subjects = read(documents(secret(stored({ hub: {} }), "a"), secret(stored({ hub: {} }, "3.3.8"), "b"), pod));
  expect(subjects.map(({ chartVersion, resources }) => [chartVersion, resources.length])).toEqual([
    ["4.4.0", 2],
    ["3.3.8", 2],
  ]);
});

describe("two rendered hubs", () => {
  const pod = (release: string) => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "proxy", labels: { release } },
  });
  const hub = (release: string, namespace: string) =>
    secret({ ...stored({ hub: {} }), Release: { Name: release, Namespace: namespace } });
  const urns = (...objects: object[]) =>
    read(documents(...objects)).map(({ resources }) => resources.map(({ urn }) => urn));

  test("keep their objects apart by the release's label, whatever the order", () => {
    const found = urns(pod("two"), pod("one"), hub("one", "a"), hub("two", "b"));
    expect(found).toEqual([
      ["Pod/b/proxy", "Pod/a/proxy", "Secret/a/hub"],
      ["Pod/b/proxy", "Pod/a/proxy", "Secret/b/hub"],
    ]);
  });

  test("of one name are told apart by their order", () => {
    const found = urns(pod("hub"), hub("hub", "a"), pod("hub"), hub("hub", "b"));
    expect(found).toEqual([
      ["Pod/a/proxy", "Secret/a/hub", "Pod/b/proxy"],
      ["Pod/a/proxy", "Pod/b/proxy", "Secret/b/hub"],
    ]);
  });

  test("of one name and namespace are both judged, each at its own place", () => {
    const subjects = read(documents(hub("hub", "a"), hub("hub", "a")));
    const lines = subjects.map((subject) => subject.locate(null, "Secret/a/hub").line);
    expect(lines[0]).toBe(1);
    expect(lines[1]).toBeGreaterThan(1);
  });
});

test("of two objects with one name the last counts", () => {
  const named = (phase: string) => ({ apiVersion: "v1", kind: "Pod", metadata: { name: "x" }, phase });
  const [subject] = read(documents(named("first"), named("last")));
  expect(subject?.resources.map(({ properties }) => properties.phase)).toEqual(["last"]);
});

test("manifests without a hub are one subject without a version", () => {
  const [subject, second] = read("apiVersion: v1\nkind: Pod\nmetadata: {name: x}\n");
  expect(second).toBeUndefined();
  expect(subject).toMatchObject({ chartVersion: null });
});

test.each([
  ["broken", { "values.yaml": Buffer.from("a: b: c").toString("base64") }],
  ["of a wrong type", { "values.yaml": 7 }],
])("a hub's Secret whose content is %s is unknown, never passed", (_title, data) => {
  const object = { apiVersion: "v1", kind: "Secret", metadata: { name: "hub", labels: { component: "hub" } }, data };
  const [subject] = read(documents(object));
  expect(verdicts(subject)["rbac-enabled"]).toBe("unknown");
});

test("somebody else's Secret with a values.yaml is no hub", () => {
  const [subject] = read(documents(secret({ replicas: 2 }, "other", {})));
  expect(subject?.resources.every((resource) => recognise(resource).kind === "other")).toBe(true);
});

const rendered = join(__dirname, "../../../../shared/data/rendered-manifests");
const versions = ["1.2.0", "2.0.0", "3.3.8", "4.4.0"];

describe.skipIf(!existsSync(rendered))("what the real chart renders from its defaults", () => {
  test.each(versions)("%s gets the verdicts of an empty values file", (version) => {
    const [manifests] = read(readFileSync(join(rendered, `${version}-defaults.yaml`), "utf8"));
    const options = { kind: "values", chartVersion: version } as const;
    const [values] = readSubjects([{ name: "values.yaml", text: "" }], options).subjects;
    expect(manifests?.chartVersion).toBe(version);
    // Only what is rendered says its namespace.
    const { "hub-has-own-namespace": own, ...rest } = verdicts(manifests);
    expect(own).toBe("pass");
    expect({ ...rest, "hub-has-own-namespace": "unknown" }).toEqual(verdicts(values));
  });
});
if (!existsSync(rendered)) console.warn(`skipped: no rendered manifests in ${rendered}`);
