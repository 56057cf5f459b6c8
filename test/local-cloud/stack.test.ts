import { mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { Cloud } from "../../local-cloud/cloud/cloud";
import { Home } from "../../local-cloud/home";
import type { Project } from "../../local-cloud/project";
import { forgetPendingOperations } from "../../local-cloud/stack";

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "stack-")));
});
afterEach(() => rmSync(folder, { recursive: true }));

it("strikes deletions that were done off the state, and keeps what is still there", async () => {
  const project: Project = { name: "tiny", key: "tiny", folder, file: "Pulumi.yaml", definition: {} };
  const home = new Home(folder, project);
  const resource = (id: string) => ({
    urn: `urn:pulumi:dev::tiny::aws:ec2/vpc:Vpc::${id}`,
    type: "aws:ec2/vpc:Vpc",
    id,
  });
  const cloud = new Cloud(home.cloudState, { id: "123456789012", zones: [] });
  for (const id of ["vpc-kept", "vpc-still-there"]) {
    cloud.put({ type: "aws:ec2/vpc:Vpc", scope: "eu-central-1", id, inputs: {}, computed: {} });
  }
  cloud.close();

  const exported = {
    deployment: {
      resources: ["vpc-kept", "vpc-gone", "vpc-still-there"].map(resource),
      pending_operations: ["vpc-gone", "vpc-still-there"].map((id) => ({ type: "deleting", resource: resource(id) })),
    },
  };
  let imported = "";
  await forgetPendingOperations("dev", home, async (args) => {
    if (args[1] === "import") {
      imported = readFileSync(args[args.indexOf("--file") + 1] ?? "", "utf8");
    }
    return { code: 0, stdout: JSON.stringify(exported), stderr: "" };
  });
  const { deployment } = JSON.parse(imported);
  expect(deployment.resources.map(({ id }: { id: string }) => id)).toEqual(["vpc-kept", "vpc-still-there"]);
  expect(deployment.pending_operations).toBeUndefined();
});
