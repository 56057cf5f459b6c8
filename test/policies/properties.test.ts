import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { chartDefaults, chartReleases } from "../../chart/releases";
import { UNKNOWN, type Value, type ValueMap } from "../../chart/values";
import { controls } from "../../policies/controls";
import { judge } from "../../policies/evaluate";
import type { Resource } from "../../policies/evidence/resource";
import { holdsUnknown } from "./deliveries";
import { balancer, calico, cluster, hub, hubOf, networkPolicy, nodes, ownStack, resource, runPack } from "./support";

const runs = Number(process.env.FAST_CHECK_RUNS || 1000);
vi.setConfig({ testTimeout: 200 * runs });

/** Anything that JSON or a preview can hold. */
const anything: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom<Value>(
      UNKNOWN,
      null,
      true,
      false,
      0,
      1,
      80,
      30443,
      "",
      "true",
      "latest",
      "github",
      "0.0.0.0/0",
      "169.254.169.254/32",
    ),
    fc.string(),
    fc.double(),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(
      fc.oneof(fc.constantFrom("__proto__", "constructor", "enabled", "name", "tag", "to", "ports"), fc.string()),
      tie("value"),
      { maxKeys: 4 },
    ),
  ),
})).value;

/** Every path of the newest chart's values, so that arbitrary values land where controls look. */
const knownPaths = pathsOf(chartDefaults("4.4.0").values).concat(
  "hub.config.KubeSpawner",
  "hub.config.Spawner",
  "hub.config.OAuthenticator",
  "hub.config.GitHubOAuthenticator",
  "hub.config.JupyterHub.authenticator_class",
  "hub.extraConfig.x",
  "hub.loadRoles.x",
  "singleuser.profileList",
  "singleuser.networkPolicy.egress",
  "proxy.service.annotations",
  "auth",
  "rbac.enabled",
);

function pathsOf(value: Value, prefix = ""): string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
  return Object.entries(value as ValueMap).flatMap(([key, item]) => {
    const path = prefix ? `${prefix}.${key}` : key;
    return [path, ...pathsOf(item, path)];
  });
}

/** Whether a value can be put at the path without replacing one of another kind on the way. */
function reaches(root: Value | undefined, path: string): boolean {
  if (root === undefined) return true;
  if (typeof root !== "object" || root === null || Array.isArray(root)) return false;
  const [key = "", ...rest] = path.split(".");
  return rest.length === 0 || reaches(Object.hasOwn(root, key) ? (root as ValueMap)[key] : undefined, rest.join("."));
}

function withValue(root: ValueMap, path: string, value: Value): ValueMap {
  const [key = "", ...rest] = path.split(".");
  const below = root[key];
  const map = typeof below === "object" && below !== null && !Array.isArray(below) ? (below as ValueMap) : {};
  return { ...root, [key]: rest.length === 0 ? value : withValue(map, rest.join("."), value) };
}

const someValues = fc
  .array(fc.tuple(fc.constantFrom(...knownPaths), anything), { maxLength: 6 })
  .map((entries) => entries.reduce((root, [path, value]) => withValue(root, path, value), {} as ValueMap));

const version = fc.oneof(fc.constantFrom(...chartReleases.map(({ chart }) => chart)), fc.string());
const release = fc.tuple(version, fc.oneof(someValues, anything)).map(([chart, values]) => hubOf(chart, values));

/** Every type that a control judges or looks at beside it, and one that nobody knows. */
const types = [
  ...new Set([
    ...controls.flatMap((control) => control.types),
    ...controls
      .flatMap(({ examples = [] }) => examples.flatMap(({ resources = [] }) => resources))
      .map(({ type }) => type),
    ...[...ownStack(), networkPolicy({}), cluster(), ...nodes(), ...balancer([{}]), calico].map(({ type }) => type),
    "kubernetes:core/v1:Secret",
    "kubernetes:helm.sh/v3:Chart",
    "kubernetes:helm.sh/v4:Chart",
    "acme:made/up:Thing",
  ]),
];

/** Names of properties that controls read of those types. */
const propertyNames = [
  ...new Set([
    ...controls
      .flatMap(({ examples = [] }) => examples.flatMap(({ resources = [] }) => resources))
      .flatMap(({ properties }) => Object.keys(properties)),
    ..."values chart version path fetchOpts data stringData metadata spec".split(" "),
  ]),
];

/** What a hub's Secret can hold, well-formed or not. */
const secretProperties = fc
  .tuple(
    fc.oneof(someValues, anything),
    fc.oneof(fc.constantFrom("4.4.0", "1.2.0", "0.9.1"), fc.string()),
    fc.boolean(),
  )
  .map(([values, chart, labelled]): ValueMap => {
    const stored = { ...(values as ValueMap), Chart: { Version: chart } };
    const text = holdsUnknown(stored) ? UNKNOWN : Buffer.from(JSON.stringify(stored)).toString("base64");
    return { metadata: { name: "hub", labels: labelled ? { component: "hub" } : {} }, data: { "values.yaml": text } };
  });

/** The release of a chart that includes JupyterHub's, perhaps. */
const wrapperProperties = fc
  .tuple(fc.constantFrom("jupyterhub", "basehub", "notebooks"), fc.oneof(someValues, anything))
  .map(([key, values]): ValueMap => ({ chart: "platform", values: { [key]: values, other: { jupyterhub: values } } }));

const anyResource = fc.oneof(
  fc
    .tuple(fc.constantFrom(...types), fc.dictionary(fc.constantFrom(...propertyNames), anything, { maxKeys: 6 }))
    .map(([type, properties]) => resource(type, "any", properties)),
  secretProperties.map((properties) => resource("kubernetes:core/v1:Secret", "secret", properties)),
  wrapperProperties.map((properties) => resource("kubernetes:helm.sh/v3:Release", "wrapper", properties)),
);

/** Resources around a release, some of them inside of the one before. */
const anyStack = fc
  .tuple(release, fc.array(fc.tuple(anyResource, fc.boolean()), { maxLength: 6 }))
  .map(([first, rest]): Resource[] => {
    const stack = [first];
    for (const [each, inside] of rest) stack.push(inside ? { ...each, parent: stack.at(-1)?.urn } : each);
    return stack;
  });

describe("whatever is deployed", () => {
  test("controls never break, answer the same twice, and say where and how to mend each failure", () => {
    fc.assert(
      fc.property(anyStack, (stack) => {
        const judgements = judge(stack);
        expect(judge(stack.map((each) => ({ ...each })))).toEqual(judgements);
        for (const { verdict, message, remediation, control, path } of judgements) {
          expect(message).not.toContain("broke");
          if (verdict === "fail") {
            expect(remediation.length).toBeGreaterThan(10);
            expect(message.length).toBeGreaterThan(10);
            expect(path, control).toBeTruthy();
          }
        }
      }),
      { numRuns: runs },
    );
  });

  test("CrossGuard tells the same", () => {
    fc.assert(
      fc.property(anyStack, (stack) => {
        // The engine knows a parent before its children, and every URN once.
        const unique = stack.filter(({ urn }, index) => stack.findIndex((each) => each.urn === urn) === index);
        const judgements = judge(unique);
        const violated = (verdict: string) =>
          new Set(judgements.filter((each) => each.verdict === verdict).map(({ control }) => control));
        const diagnostics = runPack(controls, unique);
        expect(new Set(diagnostics.filter(({ level }) => level === undefined).map(({ policy }) => policy))).toEqual(
          violated("fail"),
        );
        expect(new Set(diagnostics.filter(({ level }) => level === "advisory").map(({ policy }) => policy))).toEqual(
          violated("unknown"),
        );
      }),
      { numRuns: runs / 4 },
    );
  });

  test("a secret never appears in a message, wherever it lies", () => {
    const canary = "CANARY-7f3a9c";
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...knownPaths), { minLength: 1, maxLength: 5 }),
        fc.constantFrom<Value>(canary, [canary], { x: canary }, `https://${canary}/`, `${canary}:latest`),
        (paths, planted) => {
          const values = paths.reduce((root, path) => withValue(root, path, planted), {} as ValueMap);
          const told = [...judge([hub(values)]), ...runPack(controls, [hub(values)])].map((each) =>
            JSON.stringify(each),
          );
          expect(told.filter((text) => text.includes(canary))).toEqual([]);
        },
      ),
      { numRuns: runs / 4 },
    );
  });
});

test("what is not known yet never turns a failure into a pass", () => {
  fc.assert(
    fc.property(release, fc.constantFrom(...knownPaths), (deployed, path) => {
      const values = deployed.properties.values as ValueMap;
      fc.pre(reaches(values, path));
      const blurred = { ...deployed, properties: { ...deployed.properties, values: withValue(values, path, UNKNOWN) } };
      const before = new Map(judge([deployed]).map(({ control, verdict }) => [control, verdict]));
      for (const { control, verdict, message } of judge([blurred])) {
        if (before.get(control) === "fail")
          expect(["fail", "unknown"], `${control} at ${path}: ${message}`).toContain(verdict);
      }
    }),
    { numRuns: runs / 4 },
  );
});
