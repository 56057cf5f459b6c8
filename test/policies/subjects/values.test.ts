import { describe, expect, test } from "vitest";
import { at, UNKNOWN } from "../../../chart/values";
import { recognise } from "../../../policies/evidence/hub";
import { readSubjects } from "../../../policies/subjects/read";
import type { Subject } from "../../../policies/subjects/subject";

const read = (texts: string | readonly string[], options: object = {}) =>
  readSubjects(
    [texts].flat().map((text, index) => ({ name: `${index}.yaml`, text })),
    { kind: "values", ...options },
  );

function only(texts: string | readonly string[], options: object = {}): Subject {
  const [subject, second] = read(texts, options).subjects;
  if (!subject || second) throw new Error("not exactly one subject");
  return subject;
}

const given = (subject: Subject, path: string) => at(subject.resources[0]?.properties, `values.${path}`);

function effective(subject: Subject, path: string) {
  const recognised = subject.resources[0] && recognise(subject.resources[0]);
  return recognised?.kind === "hub" ? at(recognised.hubs[0]?.values, path) : recognised?.kind;
}

describe("YAML is read as Helm reads it", () => {
  test.each([
    ["yes", true],
    ["On", true],
    ["no", false],
    ["OFF", false],
    ["'yes'", "yes"],
    ["0644", 420],
    ["2026-01-15", "2026-01-15"],
    ["10:30", "10:30"],
    ["1_000", 1000],
    ["~", null],
  ])("%s", (text, value) => {
    expect(given(only(`hub: {x: ${text}}`), "hub.x")).toEqual(value);
  });

  test("merge keys and aliases", () => {
    const text = "custom:\n  base: &base {a: 1, b: 1}\nhub:\n  x:\n    <<: *base\n    b: 2\n";
    expect(given(only(text), "hub.x")).toEqual({ a: 1, b: 2 });
  });

  test.each(["", "# nothing\n", "---\n", "null\n", "--- \n...\n"])("an empty file is no values: %j", (text) => {
    expect(only(text).resources[0]?.properties.values).toEqual({});
  });

  test("JSON is YAML", () => {
    expect(given(only('{\n\t"hub": {"x": 1}\n}'), "hub.x")).toBe(1);
  });
});

describe("several files", () => {
  test("merge maps, replace lists", () => {
    const subject = only(["hub: {a: {x: 1}, l: [1, 2]}", "hub: {a: {z: 2}, l: [3]}"]);
    expect(given(subject, "hub")).toEqual({ a: { x: 1, z: 2 }, l: [3] });
  });

  test("a null deletes what an earlier file set and the chart's default, too", () => {
    const subject = only(["rbac: {create: true}", "rbac: {create: null}"]);
    expect(effective(subject, "rbac.create")).toBeUndefined();
  });
});

describe("the hub's values are found", () => {
  const hub = "hub: {config: {}}\nproxy: {secretToken: x}";
  const under = (keys: readonly string[]) =>
    keys.reduceRight((inner, key) => `${key}:\n${inner.replace(/^/gm, "  ")}`, hub);

  test.each([
    ["at the root", [], ""],
    ["of BinderHub and DaskHub", ["jupyterhub"], "jupyterhub."],
    ["in a parent chart of a parent chart", ["basehub", "jupyterhub"], "basehub.jupyterhub."],
    ["under an alias, three keys deep", ["a", "b", "c"], "a.b.c."],
    ["no deeper than that, so the root counts", ["a", "b", "c", "d"], ""],
  ])("%s", (_title, keys, prefix) => {
    expect(only(under(keys)).resources[0]?.valuesPrefix ?? "").toBe(prefix);
  });

  test("beside the settings of BinderHub", () => {
    const text = "config:\n  BinderHub: {use_registry: true}\njupyterhub:\n  rbac: {create: false}\n";
    expect(only(text).resources).toMatchObject([{ valuesPrefix: "jupyterhub." }]);
  });

  test("under each of two aliases", () => {
    const { subjects } = read("blue:\n  hub: {config: {}}\ngreen:\n  hub: {config: {}}\n");
    expect(subjects.map(({ resources }) => resources[0]?.valuesPrefix)).toEqual(["blue.", "green."]);
  });

  test("where --values-key says", () => {
    const subject = only("a:\n  odd:\n    rbac: {create: false}\n", { valuesKey: "a.odd" });
    expect(effective(subject, "rbac.create")).toBe(false);
    expect(subject.locate("a.odd.rbac.create", "")).toMatchObject({ line: 3, column: 12 });
  });

  test.each([
    ["b", "0.yaml:2:1: the values key b is not in it"],
    ["a.even", "0.yaml:2:1: the values key a.even is not in it"],
    ["a.odd", "0.yaml:3:3: the values key a.odd is no map"],
  ])("and a key %s that is not there is an error, told near to where it should be", (valuesKey, told) => {
    expect(() => read("# values\na:\n  odd: 1", { valuesKey })).toThrow(told);
  });

  test("and a section without content is no values", () => {
    expect(effective(only("a:\n  hub:\n", { valuesKey: "a.hub" }), "rbac.create")).toBe(true);
  });

  test("a sub-chart that is switched off is no hub", () => {
    expect(effective(only("jupyterhub:\n  enabled: false\n  hub: {config: {}}\n"), "hub")).toBe("other");
  });

  test("another chart of the same name is unsupported, never passed", () => {
    const bitnami =
      "hub: {image: {registry: docker.io}, adminUser: user}\nproxy: {image: {tag: '4'}}\npostgresql: {}\n";
    expect(effective(only(bitnami), "hub")).toBe("unsupported");
  });
});

test("values that SOPS encrypted are not known", () => {
  const subject = only("hub: {x: 'ENC[AES256_GCM,data:a,type:str]', l: ['ENC[AES256_GCM,data:a]']}\nsops: {}\n");
  expect(given(subject, "hub")).toEqual({ x: UNKNOWN, l: [UNKNOWN] });
  expect(given(subject, "sops")).toBeUndefined();
});

describe("places", () => {
  const text = "hub:\n  extraConfig:\n    10-a.b: |\n      x\nsingleuser:\n  profileList:\n    - a: 1\n    - b: 2\n";
  test.each([
    ["hub.extraConfig.10-a.b", 3, 5],
    ["singleuser.profileList[1].b", 8, 7],
    ["singleuser.profileList[1].c.d", 8, 7],
    ["singleuser.nothing", 5, 1],
    ["nothing", 1, 1],
  ])("%s", (path, line, column) => {
    expect(only(text).locate(path, "")).toEqual({ file: "0.yaml", line, column });
  });
});
