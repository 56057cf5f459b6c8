import { describe, expect, test } from "vitest";
import { UNKNOWN, type Value, type ValueMap } from "../../chart/values";
import { noKubernetesDashboard } from "../../policies/controls/leftovers";
import { rbacEnabled } from "../../policies/controls/rbac";
import { judge } from "../../policies/evaluate";
import { withHubs } from "../../policies/evidence/hubs";
import type { Resource } from "../../policies/evidence/resource";
import { delivered, wrapped } from "./deliveries";
import { describeControl, hub, otherRelease, resource, runPack } from "./support";

const off = { rbac: { create: false } };
const telling = { ...off, hub: { config: {} } };

function chart(type: "v3" | "v4", inputs: ValueMap = {}, name = "jupyterhub"): Resource {
  return resource(`kubernetes:helm.sh/${type}:Chart`, name, inputs);
}

const child = (of: Resource, type: string, properties: ValueMap = {}): Resource => ({
  ...resource(type, "child", properties),
  parent: of.urn,
});

const secret = (properties: ValueMap) => resource("kubernetes:core/v1:Secret", "hub", properties);
const labels = { component: "hub" };
const platform = (values: Value, properties: ValueMap = {}) =>
  hub(values, { chart: "platform", version: "1.2.3", repositoryOpts: {}, ...properties });

describeControl(rbacEnabled, [
  ["a component around the Secret", "fail", delivered(hub(off), "v4-chart")],
  ["a file of manifests", "fail", delivered(hub(off), "manifests")],
  ["a Secret that is not known yet, by its label", "unknown", secret({ metadata: { labels }, stringData: UNKNOWN })],
  [
    "the same by the label of charts since 4.0",
    "unknown",
    secret({ metadata: { labels: { "app.kubernetes.io/component": "hub" } }, data: UNKNOWN }),
  ],
  [
    "a Secret without values, beside a hub's",
    "notApplicable",
    secret({ metadata: { labels }, data: { token: "eA==" } }),
  ],
  ["somebody else's Secret that is not known yet", "notApplicable", secret({ metadata: {}, data: UNKNOWN })],
  [
    "settings for hub.existingSecret",
    "notApplicable",
    secret({ metadata: { name: "own" }, stringData: { "values.yaml": "hub: {config: {}}\nsingleuser: {}" } }),
  ],
  [
    "a Secret as plain text",
    "fail",
    secret({
      metadata: { labels },
      stringData: { "values.yaml": "Chart: {Version: 4.4.0}\nhub: {}\nrbac: {create: false}" },
    }),
  ],
  [
    "a Secret of a chart before 0.10, which stores a part",
    "unknown",
    secret({ metadata: { labels }, stringData: { "values.yaml": "Chart: {Version: 0.9.1}\nhub: {}" } }),
  ],

  [
    "a component whose inputs are shown",
    "fail",
    chart("v3", {
      chart: "jupyterhub",
      version: "4.4.0",
      fetchOpts: { repo: "https://hub.jupyter.org/helm-chart/" },
      values: off,
    }),
  ],
  [
    "a component of a folder whose inputs are shown",
    "fail",
    chart("v3", { path: "./charts/jupyterhub", values: telling }),
  ],
  ["a component that shows neither inputs nor objects", "unknown", chart("v4")],
  ["a component of an older SDK, by its name", "unknown", chart("v3", {}, "team-jhub")],
  ["another component that shows nothing", "notApplicable", chart("v4", {}, "grafana")],
  ["another component that shows its inputs", "notApplicable", chart("v3", { chart: "grafana", values: {} }, "hub")],
  [
    "a component with objects of something else",
    "notApplicable",
    [chart("v4"), child(chart("v4"), "kubernetes:core/v1:ConfigMap")],
  ],
  [
    "a larger chart in a component",
    "fail",
    chart("v3", { chart: "platform", values: { jupyterhub: telling } }, "platform"),
  ],

  ["part of a larger chart", "fail", platform({ jupyterhub: off })],
  ["under an alias", "fail", platform({ notebooks: telling })],
  ["three keys deep", "fail", platform({ a: { b: { notebooks: telling } } })],
  [
    "four keys deep, where nobody nests a chart",
    "notApplicable",
    platform({ a: { b: { c: { notebooks: telling } } } }),
  ],
  ["one good hub and one bad one", "fail", platform({ blue: { ...telling, rbac: { create: true } }, green: telling })],
  ["not known yet", "unknown", platform({ jupyterhub: UNKNOWN })],
  ["switched off", "notApplicable", platform({ jupyterhub: { ...off, enabled: false } })],
  [
    "inside of a part that is switched off",
    "notApplicable",
    platform({ basehub: { enabled: false, jupyterhub: off } }),
  ],
  [
    "a larger chart in a folder that has the name",
    "fail",
    platform({ jupyterhub: telling }, { chart: "./charts/jupyterhub" }),
  ],
  ["BinderHub, which shows nothing of its hub", "unknown", platform({ config: {} }, { chart: "binderhub" })],
  ["DaskHub", "fail", platform({ jupyterhub: off, "dask-gateway": {} }, { chart: "dask/daskhub" })],
  ["BinderHub without a hub", "notApplicable", platform({ jupyterhub: { enabled: false } }, { chart: "binderhub" })],
  [
    "another chart of the name inside a larger one",
    "unknown",
    platform({ jupyterhub: { hub: { adminUser: "a" }, proxy: { image: {} }, postgresql: {} } }),
  ],
  [
    "a dashboard of the name",
    "notApplicable",
    platform({ dashboards: { default: { jupyterhub: { gnetId: 1, datasource: "p" } } } }),
  ],
  ["a route of the name", "notApplicable", platform({ routes: { jupyterhub: "https://hub.example.org" } })],
  [
    "something else with a hub and a proxy",
    "notApplicable",
    platform({ grid: { hub: { port: 1 }, proxy: { port: 2 } } }),
  ],
  ["another release", "notApplicable", otherRelease],
]);

describe("what is told of a hub", () => {
  test("a rendered one stops at its Secret's registration, under the Secret's name", () => {
    const [component, hubSecret] = delivered(hub(off), "v4-chart");
    const [violation, ...more] = runPack([rbacEnabled], [component as Resource, hubSecret as Resource]);
    expect(violation).toMatchObject({ phase: "resource", urn: hubSecret?.urn });
    expect(more).toEqual([]);
  });

  test("a chart component that is not rendered yet speaks once, when the stack is complete", () => {
    expect(runPack([rbacEnabled], [chart("v4")]).map(({ phase, level }) => [phase, level])).toEqual([
      ["stack", "advisory"],
    ]);
    expect(runPack([rbacEnabled], [chart("v4")], { settings: { profile: "strict" } })[0]?.level).toBeUndefined();
  });

  test("a chart component whose folder is not known yet is undecided for rules about any chart, too", () => {
    const [dashboard] = runPack([noKubernetesDashboard], [chart("v3", { path: UNKNOWN })]);
    expect(dashboard).toMatchObject({ phase: "stack", level: "advisory" });
  });

  test("inputs of a component are left alone where the objects show what they became", () => {
    const [component, hubSecret] = delivered(hub({}), "v3-chart") as [Resource, Resource];
    const misleading = { ...component, properties: { ...component.properties, values: off } };
    expect(
      judge([misleading, hubSecret], {}, [rbacEnabled]).map(({ verdict, resource }) => [verdict, resource]),
    ).toEqual([["pass", hubSecret.urn]]);
  });

  test("each hub of a larger chart is judged, and named by its place", () => {
    const around = platform({ blue: telling, green: telling });
    expect(judge([around], {}, [rbacEnabled]).map(({ path }) => path)).toEqual([
      "blue.rbac.create",
      "green.rbac.create",
    ]);
    const told = runPack([rbacEnabled], [around]).map(({ message }) => message);
    expect(told).toEqual([
      expect.stringContaining("blue.rbac.create: found false"),
      expect.stringContaining("green.rbac.create: found false"),
    ]);
  });

  test("the version inside a larger chart is not the larger chart's", () => {
    const [inside] = withHubs([wrapped(hub(off), ["jupyterhub"])]);
    expect(inside?.properties.version).toBe(UNKNOWN);
  });

  test("an exemption for the Secret covers its hub", () => {
    const [hubSecret] = delivered(hub(off), "manifests") as [Resource];
    const exemptions = [{ resource: "urn:*v1:Secret::hub", reason: "moving", expires: "2999-12-31" }];
    const [advisory] = runPack([rbacEnabled], [hubSecret], { "rbac-enabled": { exemptions } });
    expect(advisory?.level).toBe("advisory");
    expect(advisory?.message).toContain("Exempted until 2999-12-31: moving");
  });

  test("a resource that names itself as its parent, which only a broken state does, ends nowhere else", () => {
    const [hubSecret] = delivered(hub(off), "manifests") as [Resource];
    expect(judge([{ ...hubSecret, parent: hubSecret.urn }], {}, [rbacEnabled])).toMatchObject([{ verdict: "fail" }]);
  });

  test("hubs that were found stay what they are", () => {
    const found = withHubs([wrapped(hub(off), ["a", "jupyterhub"]), ...delivered(hub({}), "v4-chart")]);
    expect(withHubs(found)).toEqual(found);
  });
});
