import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { root } from "../engine/workspace";
import { alarmsAt, perHub } from "../policies/mutation-check";
import { weaknesses } from "../policies/weaknesses";
import { comesAndGoes, type Deployment } from "./variant";

const folder = join(root, "examples");
/** It exists to be refused (test/engine/refusals.test.ts). */
const refused = "insecure-hub";
const examples = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== refused)
  .map(({ name }) => name);

const release = "kubernetes:helm.sh/v3:Release";
const hubs = ({ inputs }: Deployment) => inputs(release).filter(({ chart }) => chart === "jupyterhub");

/** What each example is there to show. */
const shown: Readonly<Record<string, (deployment: Deployment) => void>> = {
  "bring-your-own-cluster": (deployment) => {
    const clusters = deployment.inputs("aws:eks/cluster:Cluster");
    expect(clusters.map(({ name }) => name)).toEqual(["research"]);
    expect(deployment.inputs("aws:ec2/vpc:Vpc")).toHaveLength(1);
    expect(hubs(deployment)).toMatchObject([{ values: { hub: { activeServerLimit: 100 } } }]);
    expect(deployment.outputs.posture).toMatchObject({ extraValues: "hub.activeServerLimit" });
  },
  "compose-components": (deployment) => {
    expect(deployment.inputs("aws:eks/cluster:Cluster")).toHaveLength(1);
    expect(
      hubs(deployment)
        .map(({ namespace }) => namespace)
        .sort(),
    ).toEqual(["research", "teaching"]);
  },
  "internal-hub": ({ inputs }) => {
    expect(inputs("aws:lb/loadBalancer:LoadBalancer")).toMatchObject([{ internal: true }]);
  },
  "untrusted-users": (deployment) => {
    expect(hubs(deployment)).toMatchObject([
      { values: { hub: { config: { JupyterHub: { subdomain_host: expect.stringMatching(/^https:\/\/course-/) } } } } },
    ]);
  },
  "lets-encrypt": (deployment) => {
    expect(hubs(deployment)).toMatchObject([{ values: { proxy: { https: { type: "letsencrypt" } } } }]);
    expect(deployment.inputs("aws:acm/certificate:Certificate")).toEqual([]);
  },
};

describe.each(examples)("the example %s", (name) => {
  const policyConfig = join(folder, name, "policy-config.json");
  let judged: Deployment["judged"] = [];
  comesAndGoes(() => join(folder, name), {
    stack: "dev",
    deployed: (deployment) => {
      judged = deployment.judged;
      shown[name]?.(deployment);
    },
    policyConfig: existsSync(policyConfig) ? policyConfig : undefined,
  });

  test("has no weakness that the gate would not notice", () => {
    const tried = perHub(judged).flatMap((stack) =>
      weaknesses.flatMap((weakness) => {
        const alarms = alarmsAt(weakness, stack);
        return alarms ? [{ what: weakness.what, by: weakness.by, noticed: alarms.includes(weakness.by) }] : [];
      }),
    );
    expect(tried.filter(({ noticed }) => !noticed)).toEqual([]);
    expect(tried.length).toBeGreaterThan(0);
    console.log(
      [`${name}: ${tried.length} of ${tried.length} weaknesses noticed`]
        .concat(tried.map(({ what, by }) => `  ${by.padEnd(42)}${what}`))
        .join("\n"),
    );
  });

  test("imports what the package exports, and tells how to run it", () => {
    expect(readFileSync(join(folder, name, "index.ts"), "utf8")).toContain('from "jupyterhub-eks";');
    for (const file of ["Pulumi.yaml", "Pulumi.dev.yaml", "README.md"])
      expect(existsSync(join(folder, name, file)), file).toBe(true);
  });
});
