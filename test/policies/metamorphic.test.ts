import { describe, expect, test } from "vitest";
import { isList, isMap, UNKNOWN, type Value, type ValueMap } from "../../chart/values";
import type { Control, Verdict } from "../../policies/control";
import { controls } from "../../policies/controls";
import { type Configuration, type Judgement, judge } from "../../policies/evaluate";
import { hubTypes } from "../../policies/evidence/hub";
import type { Delivery, Resource } from "../../policies/evidence/resource";
import type { Example } from "../../policies/example";
import { readSubjects } from "../../policies/subjects/read";
import { holdsUnknown, stackOf, wrapped } from "./deliveries";
import { crossguardVerdict, reported, worstOf } from "./support";

/** The same hub in another shape: every example of every control must be judged the same. */
type Case = readonly [control: string, title: string, control: Control, example: Example];

const onHubs: readonly Case[] = controls
  .filter(({ types }) => types.some((type) => hubTypes.includes(type)))
  .flatMap((control) =>
    (control.examples ?? [])
      .filter(({ values }) => values !== undefined)
      .map((example): Case => [control.name, example.title, control, example]),
  );

const configurationOf = ({ configuration = {} }: Example) => configuration as Configuration;

const judged = (control: Control, stack: readonly Resource[], example: Example): Judgement[] =>
  judge(stack, configurationOf(example), [control]);

const verdictOf = (judgements: readonly Judgement[]): Verdict => worstOf(judgements.map(({ verdict }) => verdict));

/** What is judged otherwise than it must be, over all cases at once. */
function mismatches(cases: readonly Case[], judgeCase: (each: Case) => readonly Expectation[]): string[] {
  expect(cases.length).toBeGreaterThan(100);
  return cases.flatMap((each) =>
    judgeCase(each)
      .filter(({ found, expected }) => !expected.includes(found))
      .map(
        ({ what, found, expected }) => `${each[0]}: ${each[1]}: ${what} ${found} instead of ${expected.join(" or ")}`,
      ),
  );
}

interface Expectation {
  readonly what: string;
  readonly found: string | null | undefined;
  readonly expected: readonly (string | null | undefined)[];
}

/** The verdict, and that a user of the pack reads the same. */
function verdicts(control: Control, stack: readonly Resource[], example: Example, ...expected: readonly Verdict[]) {
  const found = verdictOf(judged(control, stack, example));
  const shown = crossguardVerdict(control, stack, configurationOf(example));
  return [
    { what: "verdict", found, expected },
    { what: "shown", found: shown, expected: [reported(found)] },
  ];
}

describe("one hub, delivered in another form", () => {
  const forms: readonly Delivery[] = ["v3-chart", "v4-chart", "manifests"];
  const undecided: Verdict = "unknown";
  // Only a release has inputs beside its values, and only it takes a range of versions or nulls in the wrong place.
  const rendering = onHubs.filter(
    ([, , , { delivery, release = {}, version = "4.4.0", values = {} }]) =>
      delivery === undefined &&
      Object.keys(release).every((key) => key === "namespace" || key === "name") &&
      !holdsUnknown(release) &&
      /^\d+\.\d+\.\d+$/.test(version) &&
      (isMap(values) || values === UNKNOWN),
  );

  test.each(forms)("gets the same verdicts as %s", (form) => {
    const wrong = mismatches(rendering, ([, , control, example]) => {
      // While something is not known, a chart renders nothing, and a Secret is not known as a whole.
      const hidden = holdsUnknown(example.values ?? null) && form !== "v3-chart";
      const expected = expectedIn(form, control, example);
      return verdicts(control, stackOf(example, form), example, expected, ...(hidden ? [undecided] : []));
    });
    expect(wrong).toEqual([]);
  });

  /** The rules about Helm itself, and about what a chart cannot do where Helm does not run. */
  function expectedIn(form: Delivery, { name }: Control, { verdict, values }: Example): Verdict {
    if (name === "release-cleans-up") return "notApplicable";
    if (name === "hub-secrets-stable" && form !== "manifests")
      return Object.keys(values ?? {}).length > 0 ? verdict : "fail";
    if (name === "pull-secret-really-made" && form === "v4-chart" && verdict === "pass") return "fail";
    return verdict;
  }

  test("and the same place in each", () => {
    const failing = rendering.filter(
      ([, , control, example]) =>
        expectedIn("manifests", control, example) === "fail" && !holdsUnknown(example.values ?? null),
    );
    const wrong = mismatches(failing, ([, , control, example]) => {
      const pathIn = (form: Delivery) =>
        judged(control, stackOf(example, form), example).find(({ verdict }) => verdict === "fail")?.path;
      return [{ what: "path", found: pathIn("manifests"), expected: [pathIn("release")] }];
    });
    expect(wrong).toEqual([]);
  });
});

describe("one hub, as part of a larger chart", () => {
  // Which version is included stands in the larger chart, so what depends on it is another case.
  const ofVersion = ["chart-version-exact", "chart-version-has-no-known-vulnerability", "image-versions-match-chart"];
  const including = onHubs.filter(
    ([name, , , { version, delivery, values = {}, release = {} }]) =>
      version === undefined &&
      delivery === undefined &&
      !ofVersion.includes(name) &&
      !["chart", "repositoryOpts", "version"].some((input) => input in release) &&
      (isMap(values) || values === UNKNOWN),
  );
  const included = (example: Example, keys: readonly string[]) => {
    const stack = stackOf(example);
    return stack.map((each) => (each.name === "hub" && "values" in each.properties ? wrapped(each, keys) : each));
  };

  test.each([[["jupyterhub"]], [["basehub", "jupyterhub"]], [["a", "b", "jupyterhub"]]])("under %j", (keys) => {
    const wrong = mismatches(including, ([, , control, example]) =>
      verdicts(control, included(example, keys), example, example.verdict),
    );
    expect(wrong).toEqual([]);
  });

  test("failures name the place from the root of all values", () => {
    const releaseOnly = ["namespace", "name", "atomic", "cleanupOnFail", "devel"];
    const failing = including.filter(([, , , { verdict }]) => verdict === "fail");
    const wrong = mismatches(failing, ([, , control, example]) => {
      const pathIn = (stack: readonly Resource[]) =>
        judged(control, stack, example).find(({ verdict }) => verdict === "fail")?.path;
      const path = pathIn(stackOf(example));
      const expected = path && !releaseOnly.includes(path) ? `basehub.jupyterhub.${path}` : path;
      return [{ what: "path", found: pathIn(included(example, ["basehub", "jupyterhub"])), expected: [expected] }];
    });
    expect(wrong).toEqual([]);
  });

  test("a part that is switched off is no hub", () => {
    const wrong = mismatches(including, ([, , control, example]) => {
      const switchedOff = { ...example, values: { ...(example.values as ValueMap), enabled: false } };
      return verdicts(control, included(switchedOff, ["jupyterhub"]).slice(-1), example, "notApplicable");
    });
    expect(wrong).toEqual([]);
  });
});

describe("one hub, written another way", () => {
  const rewritten = (title: string, cases: readonly Case[], rewrite: (values: Value) => Value, ...or: Verdict[]) =>
    test(title, () => {
      const wrong = mismatches(cases, ([, , control, example]) => {
        const stack = stackOf({ ...example, values: rewrite(example.values as Value) });
        return verdicts(control, stack, example, example.verdict, ...or);
      });
      expect(wrong).toEqual([]);
    });

  rewritten("keys in another order", onHubs, reordered);

  rewritten(
    "with a value of another concern that is not known yet",
    onHubs.filter(([, , , { values, delivery }]) => isMap(values) && delivery === undefined),
    (values) => ({ ...(values as ValueMap), custom: { unrelated: UNKNOWN } }),
  );

  rewritten(
    "with texts that only look like true and false: what was wrong does not become right",
    onHubs.filter(([, , , { verdict }]) => verdict === "fail"),
    lookingAlike,
    "unknown",
  );

  test("as secrets in an exported stack: read where they are shown, never passed over where they are encrypted", () => {
    // Whether two encrypted texts are the same cannot be seen, and to suspect each variable would be an alarm for nothing.
    const compares = "hub-secrets-not-in-user-pods";
    const known = onHubs.filter(
      ([name, , , example]) =>
        name !== compares &&
        example.delivery === undefined &&
        !stackOf(example).some(({ properties }) => holdsUnknown(properties)),
    );
    const wrong = mismatches(known, ([, , control, example]) => {
      const verdictFrom = (how: "plaintext" | "ciphertext") =>
        verdictOf(judged(control, exported(stackOf(example), how), example));
      const hidden: Verdict[] =
        example.verdict === "notApplicable" ? ["pass", "unknown", "notApplicable"] : ["unknown", example.verdict];
      return [
        { what: "shown", found: verdictFrom("plaintext"), expected: [example.verdict] },
        { what: "encrypted", found: verdictFrom("ciphertext"), expected: hidden },
      ];
    });
    expect(wrong).toEqual([]);
  });
});

function reordered(value: Value): Value {
  if (isList(value)) return value.map(reordered);
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, reordered(item)]),
  );
}

function lookingAlike(value: Value): Value {
  if (isList(value)) return value.map(lookingAlike);
  if (isMap(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, lookingAlike(item)]));
  return typeof value === "boolean" ? String(value) : value;
}

/** The stack after `pulumi stack export`, every single value of the hub's a secret. */
function exported(stack: readonly Resource[], how: "plaintext" | "ciphertext"): readonly Resource[] {
  const signature = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
  const sealed = (value: Value): unknown => {
    if (isList(value)) return value.map(sealed);
    if (isMap(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, sealed(item)]));
    return { ...signature, [how]: how === "plaintext" ? JSON.stringify(value) : "v1:abc" };
  };
  const resources = stack.map(({ urn, type, properties, propertyDependencies, dependencies }) => ({
    urn,
    type,
    custom: true,
    provider: "urn:pulumi:dev::demo::pulumi:providers:kubernetes::k8s::id",
    inputs: "values" in properties ? { ...properties, values: sealed(properties.values ?? null) } : properties,
    propertyDependencies,
    dependencies,
  }));
  const provider = {
    urn: "urn:pulumi:dev::demo::pulumi:providers:kubernetes::k8s",
    type: "pulumi:providers:kubernetes",
    custom: true,
    inputs: { version: "4.34.2" },
  };
  const text = JSON.stringify({ version: 3, deployment: { resources: [provider, ...resources] } });
  const { subjects } = readSubjects([{ name: "state.json", text }], { kind: "state" });
  return subjects.flatMap((subject) => subject.resources);
}
