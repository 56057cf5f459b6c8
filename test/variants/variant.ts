import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { securityControls } from "../../policies/controls";
import { fromStackExport, judge } from "../../policies/evaluate";
import type { Resource } from "../../policies/evidence/resource";
import { openWorkspace, type ResourceState, root, securityPack, type Workspace } from "../engine/workspace";

/** A hub that differs from the one of index.ts in what its name says. */
export interface Variant {
  readonly name: string;
  /** Settings by their names, laid over those that the local cloud supplies (local-cloud/config.yaml). */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** A TypeScript program below test/variants/programs, for what settings alone cannot say. Default: index.ts. */
  readonly program?: string;
  /** What the gate is told beside what it sees: `settings.assume` of its configuration. */
  readonly assume?: Readonly<Record<string, boolean>>;
  /** Types of what outlives the stack, because people made what is in it. */
  readonly stays?: readonly string[];
  /** Looks at what stands, beyond what every variant has to satisfy. */
  readonly deployed?: (deployment: Deployment) => void;
}

/** What a deployment consists of. */
export interface Deployment {
  readonly resources: readonly ResourceState[];
  readonly outputs: Readonly<Record<string, unknown>>;
  /** The resources as the gate sees them. */
  readonly judged: readonly Resource[];
  /** Inputs of the resources of a type, by the order in which they were made. */
  inputs(type: string): readonly ResourceState["inputs"][];
}

const stack = "variant";
/** Lies in the project of a variant that tells the gate something. */
const policyConfig = "policy-config.json";

/** Deploys each variant behind the gate with the real engine, looks at it, deploys it again without a change, and destroys it. */
export function deploys(variants: readonly Variant[]): void {
  describe.each(variants)("$name", ({ settings = {}, program, assume, stays, deployed }) => {
    let project: string;
    beforeAll(() => {
      project = projectOf(settings, program);
      if (assume) writeFileSync(join(project, policyConfig), JSON.stringify({ settings: { assume } }));
    });
    afterAll(() => rmSync(project, { recursive: true, force: true }));
    comesAndGoes(() => project, { stack, stays, deployed, policyConfig: assume && policyConfig });
  });
}

interface Life {
  readonly stack: string;
  readonly stays?: Variant["stays"] | undefined;
  readonly deployed: Variant["deployed"] | undefined;
  /** A file that configures the gate, from the project on. */
  readonly policyConfig?: string | undefined;
}

/** The life of a stack of a project: deployed behind the gate, looked at, deployed again without a change, destroyed. */
export function comesAndGoes(project: () => string, { stack, stays = [], deployed, policyConfig }: Life): void {
  const gate = ["--policy-pack", securityPack, ...(policyConfig ? ["--policy-pack-config", policyConfig] : [])];
  let workspace: Workspace;
  beforeAll(async () => {
    workspace = await openWorkspace(project());
  });
  afterAll(() => workspace?.close());

  test("deploys behind the gate", async () => {
    await workspace.succeed("up", "--yes", "--stack", stack, ...gate);
  });

  test("satisfies every control of the gate, and is what its settings say", async () => {
    const exported = JSON.parse(await workspace.succeed("stack", "export", "--show-secrets", "--stack", stack));
    const configuration = policyConfig ? JSON.parse(readFileSync(resolve(project(), policyConfig), "utf8")) : {};
    const judged = fromStackExport(exported);
    const judgements = judge(judged, configuration, securityControls);
    expect(judgements.filter(({ verdict }) => verdict === "fail" || verdict === "unknown")).toEqual([]);
    const resources: ResourceState[] = exported.deployment.resources;
    const outputs = JSON.parse(await workspace.succeed("stack", "output", "--json", "--stack", stack));
    const inputs = (type: string) => resources.filter((each) => each.type === type).map((each) => each.inputs);
    deployed?.({ resources, outputs, inputs, judged });
  });

  test("has nothing to change the second time", async () => {
    await workspace.succeed("up", "--yes", "--skip-preview", "--expect-no-changes", "--stack", stack);
  });

  test("is gone after destroy", async () => {
    await workspace.succeed("destroy", "--yes", "--skip-preview", "--stack", stack);
    expect(workspace.leftovers().map(({ type }) => type)).toEqual(stays);
  });
}

/** A project of the same name, so that the local cloud supplies the same settings, with a stack file and program of its own. */
export function projectOf(settings: NonNullable<Variant["settings"]>, program: string | undefined): string {
  const project = mkdtempSync(join(tmpdir(), "hub-variant-"));
  const file = program === undefined ? join(root, "index.ts") : join(__dirname, "programs", program);
  const config = Object.fromEntries(Object.entries(settings).map(([key, value]) => [`jupyterhub-eks:${key}`, value]));
  const definition = {
    name: "jupyterhub-eks",
    main: "program.js",
    runtime: { name: "nodejs", options: { typescript: false } },
  };
  symlinkSync(join(root, "node_modules"), join(project, "node_modules"));
  writeFileSync(join(project, "Pulumi.yaml"), stringify(definition));
  writeFileSync(join(project, `Pulumi.${stack}.yaml`), stringify({ config }));
  writeFileSync(
    join(project, "program.js"),
    `const loadTypeScript = require(${JSON.stringify(join(root, "load-typescript.js"))});\nmodule.exports = loadTypeScript(${JSON.stringify(file)})(${JSON.stringify(file)});\n`,
  );
  return project;
}
