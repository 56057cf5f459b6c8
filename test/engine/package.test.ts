import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openWorkspace, root, type Workspace } from "./workspace";

/** A TypeScript program of somebody else, run the way Pulumi runs TypeScript unless told otherwise: type-checked by ts-node. */
const program = `
import * as pulumi from "@pulumi/pulumi";
import { ImageRegistry, SecureHub } from "jupyterhub-eks";

const hub = new SecureHub("team", {
  domain: "team.local-cloud.test",
  auth: {
    provider: "github",
    clientId: "Ov23liTeamClient",
    clientSecret: pulumi.secret("not-a-secret-of-anybody"),
    allowedOrganizations: ["local-cloud"],
  },
  cluster: { publicAccessCidrs: ["203.0.113.7/32"] },
});
const images = new ImageRegistry("team-images");
export const url = hub.url;
export const imagesUrl: pulumi.Output<string> = images.repositoryUrl;
`;

let project: string;
let workspace: Workspace;

beforeAll(async () => {
  project = mkdtempSync(join(tmpdir(), "hub-consumer-"));
  installPackage(project);
  writeFileSync(join(project, "Pulumi.yaml"), "name: consumer\nruntime: nodejs\n");
  writeFileSync(join(project, "Pulumi.dev.yaml"), "config:\n  aws:region: eu-central-1\n");
  writeFileSync(join(project, "package.json"), '{ "name": "consumer", "private": true }\n');
  writeFileSync(join(project, "index.ts"), program);
  workspace = await openWorkspace(project);
});
afterAll(async () => {
  await workspace?.close();
  rmSync(project, { recursive: true, force: true });
});

test("the package serves another project: its components by import, its gate from node_modules", async () => {
  const pack = join(project, "node_modules/jupyterhub-eks/policies/security");
  const output = await workspace.succeed("preview", "--policy-pack", pack, "--json");
  const { changeSummary } = JSON.parse(output);
  expect(changeSummary.create).toBeGreaterThan(90);
});

/** As `npm install` would: the packed files of this package, beside the packages that it depends on. */
function installPackage(folder: string): void {
  const modules = join(folder, "node_modules");
  mkdirSync(join(modules, "jupyterhub-eks"), { recursive: true });
  for (const name of readdirSync(join(root, "node_modules"))) {
    if (!name.startsWith(".")) symlinkSync(join(root, "node_modules", name), join(modules, name));
  }
  const output = execFileSync("npm", ["pack", "--json", "--pack-destination", folder], { cwd: root, encoding: "utf8" });
  const [{ filename }] = JSON.parse(output.slice(output.indexOf("[")));
  execFileSync("tar", ["-xzf", join(folder, filename), "--strip-components=1", "-C", join(modules, "jupyterhub-eks")]);
}
