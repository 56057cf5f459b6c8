import { expect, test } from "vitest";
import { stringify } from "yaml";
import { judge } from "../../../policies/evaluate";
import { readSubjects } from "../../../policies/subjects/read";

const releaseType = "kubernetes:helm.sh/v3:Release";
const urn = (type: string, name: string) => `urn:pulumi:dev::demo::${type}::${name}`;

function hub(name: string, version: string) {
  const repositoryOpts = { repo: "https://hub.jupyter.org/helm-chart/" };
  const inputs = { chart: "jupyterhub", version, repositoryOpts, values: { rbac: { create: false } } };
  return { urn: urn(releaseType, name), type: releaseType, custom: true, inputs };
}

const cluster = { urn: urn("aws:eks/cluster:Cluster", "c"), type: "aws:eks/cluster:Cluster", custom: true, inputs: {} };

const read = (resources: readonly object[], version = 3) =>
  readSubjects([{ name: "state.json", text: JSON.stringify({ version, deployment: { resources } }) }], {
    kind: "auto",
  }).subjects;

test("each hub is a subject with the cluster it runs on", () => {
  const subjects = read([cluster, hub("a", "4.4.0"), hub("b", "3.3.8")], 4);
  expect(subjects.map(({ kind, chartVersion }) => [kind, chartVersion])).toEqual([
    ["state", "4.4.0"],
    ["state", "3.3.8"],
  ]);
  expect(subjects[1]?.resources.map(({ name }) => name)).toEqual(["c", "b"]);
});

test("without a hub there is one subject with the cluster's controls", () => {
  const [subject, second] = read([cluster]);
  expect(second).toBeUndefined();
  expect(subject?.chartVersion).toBeNull();
  expect(judge(subject?.resources ?? []).map(({ control }) => control)).toContain("cluster-endpoint-restricted");
});

test("a stack without resources is one subject with nothing", () => {
  expect(read([])).toMatchObject([{ chartVersion: null, resources: [] }]);
});

test("a hub that a chart component rendered is judged by its Secret", () => {
  const chart = { urn: urn("kubernetes:helm.sh/v4:Chart", "jupyterhub"), type: "kubernetes:helm.sh/v4:Chart" };
  const values = { Chart: { Version: "4.4.0" }, Release: { Namespace: "jhub", Name: "hub" }, hub: {}, rbac: {} };
  const data = { "values.yaml": Buffer.from(stringify(values)).toString("base64") };
  const secret = {
    urn: urn("kubernetes:core/v1:Secret", "jhub/hub"),
    type: "kubernetes:core/v1:Secret",
    parent: chart.urn,
    inputs: { metadata: { name: "hub", labels: { component: "hub" } }, data },
  };
  const [subject] = read([chart, secret]);
  expect(subject?.chartVersion).toBe("4.4.0");
  expect(subject?.resources[1]).toMatchObject({ urn: secret.urn, delivery: "v4-chart" });
  const result = judge(subject?.resources ?? []).find(({ control }) => control === "rbac-enabled");
  expect(result).toMatchObject({ verdict: "fail", resource: secret.urn });
});

test("each resource is found in the file, where it is listed and not where another refers to it", () => {
  const listed = [cluster, { ...hub("a", "4.4.0"), dependencies: [cluster.urn] }];
  const text = JSON.stringify({ version: 3, deployment: { resources: listed } }, null, 1);
  const [subject] = readSubjects([{ name: "state.json", text }], { kind: "auto" }).subjects;
  const lines = text.split("\n");
  for (const { urn } of listed) {
    const line = lines.findIndex((each) => each.includes(`"urn": "${urn}"`)) + 1;
    expect(subject?.locate(null, urn)).toEqual({ file: "state.json", line, column: 12 });
  }
});
