import { chmodSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chartDefaults } from "../../chart/releases";
import { isMap, type Value, type ValueMap } from "../../chart/values";
import { audited, temporaryFiles } from "./support";

const file = temporaryFiles();

const utf16 = (text: string, mark = "\ufeff") => Buffer.from(mark + text, "utf16le");
const bomb = [
  "a0: &a0 [x,x,x,x,x,x,x,x,x,x]",
  ...Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(10).fill(`*a${i}`).join(",")}]`),
].join("\n");
const release =
  '{"urn": "urn:pulumi:a::b::kubernetes:helm.sh/v3:Release::hub", "type": "kubernetes:helm.sh/v3:Release"}';

const sealed = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:abc" };
const opened = { ...sealed, ciphertext: undefined, plaintext: "{no JSON" };
const hubInputs = {
  chart: "jupyterhub",
  version: "4.4.0",
  repositoryOpts: { repo: "https://hub.jupyter.org/helm-chart/" },
};
const stateOf = (inputs: object) =>
  JSON.stringify({ version: 3, deployment: { resources: [{ ...JSON.parse(release), inputs }] } });

const cases: readonly [title: string, name: string, content: string | Uint8Array, told: RegExp][] = [
  ["a colon too many", "x.yaml", "hub: a: b", /x\.yaml:1:6: cannot be read as YAML/],
  ["a quote that is not closed", "x.yaml", 'hub:\n  a: "b\n', /x\.yaml:\d+:\d+: cannot be read as YAML/],
  ["a tab as indentation", "x.yaml", "hub:\n\tconfig: {}\n", /x\.yaml:2:1: .*tab/],
  ["a key twice", "x.yaml", "hub: {}\nrbac: {}\nhub: {}\n", /x\.yaml:3:1: .*same key/],
  ["a key twice between braces", "x.yaml", "hub: {a: 1, a: 2}\n", /x\.yaml:1:13: .*same key/],
  [
    "a template's text",
    "x.yaml",
    "{{- if .Values.x }}\nhub: {}\n{{- end }}\n",
    /x\.yaml:1:\d+: cannot be read as YAML/,
  ],
  ["a tag of another language", "x.yaml", "hub: !!python/object:os.system x\n", /x\.yaml:1:1: hub is a single value/],
  ["an alias of nothing", "x.yaml", "hub: *a\n", /x\.yaml:1:6: .*alias/],
  ["an alias of itself", "x.yaml", "hub: &a\n  b: *a\n", /x\.yaml:2:6: .*alias/],
  ["aliases that explode", "x.yaml", bomb, /x\.yaml:\d+:\d+: aliases that grow/],
  ["a merge key of nothing", "x.yaml", "hub:\n  <<: 5\n", /x\.yaml:2:3: .*merge key/],
  ["a merge key of a list of texts", "x.yaml", "hub:\n  <<: [{a: 1}, b]\n", /x\.yaml:2:3: .*merge key/],
  ["a merge key of an alias of a text", "x.yaml", "a: &a b\nhub:\n  <<: *a\n", /x\.yaml:3:3: .*merge key/],
  ["several documents", "x.yaml", "hub: {}\n---\nproxy: {}\n", /x\.yaml:3:1: .*several YAML documents/],
  ["deep nesting", "x.yaml", `hub: ${"[".repeat(500)}${"]".repeat(500)}`, /x\.yaml:1:\d+: nested/],
  ["endless nesting", "x.yaml", "[".repeat(100_000), /x\.yaml:1:\d+: .*nested/],
  ["10 MB", "x.yaml", `hub:\n${"  a: aaaaaaaaaaa\n".repeat(650_000)}`, /x\.yaml:1:1: is larger than/],
  ["a byte-order mark", "x.yaml", "\ufeffhub: {}", /x\.yaml:1:1: .*byte-order mark/],
  ["UTF-16", "x.yaml", utf16("hub: {}"), /x\.yaml:1:1: .*UTF-16/],
  ["UTF-16 without a mark", "x.yaml", utf16("hub: {}", ""), /x\.yaml:1:2: .*UTF-16/],
  ["UTF-16, big end first", "x.yaml", utf16("hub: {}").swap16(), /x\.yaml:1:1: .*UTF-16/],
  ["a picture's bytes", "x.yaml", Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]), /x\.yaml:1:1: .*UTF-8/],
  ["Latin-1", "x.yaml", Buffer.from("hub:\n  a: café\n", "latin1"), /x\.yaml:2:9: .*UTF-8/],
  ["a control character", "x.yaml", "hub:\n  a: \u0007\n", /x\.yaml:2:6: .*control character/],
  ["a list", "x.yaml", "- hub\n", /x\.yaml:1:1: is no map of values/],
  ["a text", "x.yaml", "hub\n", /x\.yaml:1:1: is no map of values/],
  [
    "a text in the place of a map",
    "x.yaml",
    "rbac: {}\nhub: x\n",
    /x\.yaml:2:1: hub is a single value; expected a map/,
  ],
  ["a map in the place of a list", "x.yaml", "proxy:\n  https:\n    hosts: {}\n", /x\.yaml:3:5: proxy\.https\.hosts/],
  ["a document that is no object", "x.yaml", "apiVersion: v1\nkind: Pod\n---\na: b\n", /x\.yaml:4:1: is no Kubernetes/],
  ["JSON that ends too soon", "x.json", '{"deployment":\n{"resources": [', /x\.json:2:\d+: is not valid JSON/],
  ["a state of another version", "x.json", '{"version": 2, "deployment": {}}', /x\.json:1:2: .*version 2/],
  ["a state of a version to come", "x.json", '{"version": 99, "deployment": {}}', /x\.json:1:2: .*version 99/],
  [
    "a state whose resources are none",
    "x.json",
    '{"version": 3, "deployment": {"resources": [1]}}',
    /x\.json:1:31: deployment\.resources\[0\] has no urn/,
  ],
  ["a state without a version", "x.json", '{"deployment": {}}', /x\.json:1:1: .*no version/],
  ["a backend's file", "x.json", '{"version": 3, "checkpoint": {}}', /x\.json:1:16: .*pulumi stack export/],
  [
    "missing inputs",
    "x.json",
    `{"version": 3, "deployment": {"resources": [\n${release}]}}`,
    /x\.json:2:\d+: .*has no inputs that can be read/,
  ],
  ["no deployment", "x.json", '{"version": 3, "deployment": null}', /x\.json:1:2: .*no "deployment"/],
  [
    "values that are encrypted as a whole",
    "x.json",
    stateOf({ ...hubInputs, values: sealed }),
    /x\.json:1:.*--show-secrets/,
  ],
  ["values that are none", "x.json", stateOf({ ...hubInputs, values: "text" }), /x\.json:1:.*cannot be read/],
  ["encrypted inputs", "x.json", stateOf(sealed), /x\.json:1:.*has no inputs that can be read/],
  [
    "an opened secret that is no JSON",
    "x.json",
    stateOf({ ...hubInputs, values: opened }),
    /x\.json:1:.*cannot be read/,
  ],
  ["a list of nothing", "x.yaml", "apiVersion: v1\nkind: List\nitems: []\n", /x\.yaml:1:1: holds no Kubernetes object/],
  ["a stray item", "x.yaml", "apiVersion: v1\nkind: List\nitems:\n- a: 1\n", /x\.yaml:4:3: is no Kubernetes/],
  [
    "a hub's Secret that cannot be read",
    "x.yaml",
    "---\napiVersion: v1\nkind: Secret\nmetadata: {name: hub, labels: {component: hub}}\ndata: {values.yaml: YTogYjogYw==}\n",
    /x\.yaml:2:1: .*values\.yaml cannot be read/,
  ],
  [
    "a deep state",
    "x.json",
    `{"version": 3, "deployment": {"resources": [\n${"[".repeat(9000)}${"]".repeat(9000)}]}}`,
    /x\.json:2:\d+: nested/,
  ],
];

describe("an input with", () => {
  test.each(cases)("%s is told in one line, and the next is judged", async (_title, name, content, told) => {
    const { code, err, report } = await audited(file(name, content), file("good.yaml", "{}"));
    expect(code).toBe(2);
    const lines = err.split("\n").filter((line) => line !== "" && !line.startsWith("note:"));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(told);
    expect(err).not.toMatch(/^\s+at /m);
    expect(report.subjects[0]?.error).toMatch(told);
    expect(report.subjects[1]?.results.length).toBeGreaterThan(0);
  });
});

describe("a path that is", () => {
  const folder = join(file("x", ""), "..", "folder");
  mkdirSync(folder);
  const loop = join(folder, "loop");
  symlinkSync("loop", loop);
  test.each([
    ["nothing", "/no/such/file.yaml", "no such file"],
    ["a directory", folder, "is a directory"],
    ["a link to itself", loop, "a symbolic link that leads to itself"],
  ])("%s is told in one line", async (_title, path, told) => {
    const { code, err } = await audited(path);
    expect(code).toBe(2);
    expect(err).toBe(`error: ${path}: ${told}${told === "is a directory" ? "; name the files in it" : ""}\n`);
  });
});

describe("a file of another kind than --kind says", () => {
  const manifest = "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\n";
  test.each([
    ["values", manifest, "is no values file but Kubernetes manifests"],
    ["values", stateOf(hubInputs), "is no values file but an exported stack"],
    ["manifests", "hub: {}", "is no Kubernetes object"],
    ["manifests", "", "holds no Kubernetes object"],
    ["state", "hub: {}", "is not valid JSON"],
    ["state", "{}", "is no exported stack"],
  ])("%s: %j is told in one line", async (kind, content, told) => {
    const { code, err, report } = await audited(file("other", content), "--kind", kind);
    expect(code).toBe(2);
    expect(err.trimEnd().split("\n")).toHaveLength(1);
    expect(err).toContain(told);
    expect(report.subjects[0]).toMatchObject({ kind, results: [] });
  });
});

test.each([
  ["values", "hub: a: b"],
  ["manifests", "apiVersion: v1\nkind: Pod\nmetadata: a: b"],
  ["state", '{"deployment": {'],
])("what cannot be read is told as the %s that it seems to be", async (kind, content) => {
  expect((await audited(file("broken", content))).report.subjects[0]).toMatchObject({ kind, chartVersion: null });
});

// Whoever administers the machine may read everything.
test.skipIf(process.getuid?.() === 0)("a file without permission is told in one line", async () => {
  const path = file("secret.yaml", "hub: {}");
  chmodSync(path, 0);
  const { code, err } = await audited(path);
  expect(code).toBe(2);
  expect(err).toBe(`error: ${path}: no permission to read it\n`);
});

describe("what cannot be known is judged as unknown, not refused:", () => {
  test("secrets that an exported stack keeps encrypted", async () => {
    const values = { proxy: { secretToken: sealed }, rbac: { create: sealed } };
    const { report } = await audited(file("state.json", stateOf({ ...hubInputs, values })));
    expect(report.subjects[0]).toMatchObject({ kind: "state", chartVersion: "4.4.0" });
    expect(report.subjects[0]?.results.find(({ control }) => control === "rbac-enabled")?.verdict).toBe("unknown");
  });

  test("values that SOPS keeps encrypted", async () => {
    const values = "rbac:\n  create: ENC[AES256_GCM,data:AAAA,iv:AAAA,tag:AAAA,type:bool]\nsops: {version: 3.9.0}\n";
    const { report, code } = await audited(file("sealed.yaml", values));
    expect(code).not.toBe(2);
    expect(report.subjects[0]?.results.find(({ control }) => control === "rbac-enabled")?.verdict).toBe("unknown");
  });
});

const paths = allPaths(chartDefaults("4.4.0").values, []);
const wrong = fc.constantFrom<Value>(null, true, -1, 1e300, "", "text", [], [[]], [null], {}, { a: {} });

test("a wrong value at any path of the chart's values breaks nothing", async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...paths), wrong, async (path, value) => {
      const nested = path.reduceRight<Value>((inner, key) => ({ [key]: inner }), value);
      const { report, err } = await audited(file("wrong.yaml", JSON.stringify(nested)));
      expect(err).not.toContain("internal");
      expect(report.subjects[0]?.results.length).toBeGreaterThan(0);
      for (const { message } of report.subjects[0]?.results ?? []) expect(message).not.toContain("itself broke");
    }),
    { numRuns: 300 },
  );
});

function allPaths(values: ValueMap, above: readonly string[]): string[][] {
  return Object.entries(values).flatMap(([key, value]) => [
    [...above, key],
    ...(isMap(value) ? allPaths(value, [...above, key]) : []),
  ]);
}

test("any JSON as values, and any bytes, give a report or one line", async () => {
  const content = fc.oneof(
    fc.json().map((text) => Buffer.from(text)),
    fc.uint8Array({ maxLength: 200 }),
    fc.string({ unit: fc.constantFrom(..."{}[]:,-\n\t \"'&*#|>ahub!?%@`") }).map((text) => Buffer.from(text)),
  );
  await fc.assert(
    fc.asyncProperty(content, async (bytes) => {
      const { err, code } = await audited(file("any.yaml", bytes));
      expect(err).not.toContain("internal");
      expect(err).not.toMatch(/^\s+at /m);
      if (code === 2) expect(err).toMatch(/^error: .*any\.yaml:\d+:\d+: /m);
    }),
    { numRuns: 1000 },
  );
});
