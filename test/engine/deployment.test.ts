import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { securityControls } from "../../policies/controls";
import { fromStackExport, judge } from "../../policies/evaluate";
import { openWorkspace, securityPack, type Workspace } from "./workspace";

/** The user-only settings that the local cloud supplies (local-cloud/config.yaml). */
const hostOf = (stack: string) => `hub-${stack}.local-cloud.test`;
/** Controls that every hub with a cluster of its own gives something to judge. */
const ownClusterControls = [
  "rbac-enabled",
  "user-pod-metadata-blocked",
  "https-effective",
  "login-is-real",
  "login-has-allow-rule",
  "network-policies-enabled",
  "network-policies-enforced",
  "proxy-token-strong",
  "cookie-secret-strong",
  "user-pod-has-no-api-credentials",
  "images-pinned",
  "chart-version-has-no-known-vulnerability",
  "cluster-endpoint-restricted",
  "cluster-secrets-encrypted",
  "node-metadata-hop-limit",
  "registry-tags-immutable-and-scanned",
];
const clientSecret = "not-a-secret-of-anybody";

describe.each([
  { stack: "dev", natGateways: 1, zones: 2, nodePools: 2 },
  { stack: "prod", natGateways: 3, zones: 3, nodePools: 6 },
])("the $stack stack", ({ stack, natGateways, zones, nodePools }) => {
  let workspace: Workspace;
  beforeAll(async () => {
    workspace = await openWorkspace();
  });
  afterAll(() => workspace?.close());

  test("passes the gate at its first preview", async () => {
    const { code, output } = await workspace.pulumi("preview", "--stack", stack, "--policy-pack", securityPack);
    expect(output).not.toMatch(/\[(mandatory|advisory)\]/);
    expect(code).toBe(0);
  });

  test("deploys behind the gate, and says where the hub is", async () => {
    await workspace.succeed("up", "--yes", "--stack", stack, "--policy-pack", securityPack);
    const outputs = JSON.parse(await workspace.succeed("stack", "output", "--json", "--stack", stack));
    expect(Object.keys(outputs).sort()).toEqual([
      "clusterName",
      "dnsRecords",
      "fixedAddresses",
      "hubUrl",
      "kubeconfig",
      "loadBalancerAddress",
      "oauthCallbackUrl",
      "posture",
      "registryUrl",
    ]);
    expect(outputs).toMatchObject({
      hubUrl: `https://${hostOf(stack)}/`,
      oauthCallbackUrl: `https://${hostOf(stack)}/hub/oauth_callback`,
      kubeconfig: "[secret]",
    });
    expect(outputs.loadBalancerAddress).toMatch(/\.elb\.amazonaws\.com$/);
    expect(outputs.registryUrl).toMatch(/\.dkr\.ecr\.eu-central-1\.amazonaws\.com\//);
  });

  test("consists of what its settings ask for", async () => {
    const resources = await workspace.resources(stack);
    const count = (type: string) => resources.filter((each) => each.type === type).length;
    expect(count("aws:ec2/natGateway:NatGateway")).toBe(natGateways);
    expect(count("aws:ec2/subnet:Subnet")).toBe(2 * zones);
    expect(count("aws:eks/nodeGroup:NodeGroup")).toBe(nodePools);
    expect(count("kubernetes:helm.sh/v3:Release")).toBe(2);
  });

  test("satisfies every control of the gate as deployed", async () => {
    const exported = await workspace.succeed("stack", "export", "--show-secrets", "--stack", stack);
    const judgements = judge(fromStackExport(JSON.parse(exported)), {}, securityControls);
    expect(judgements.filter(({ verdict }) => verdict === "fail" || verdict === "unknown")).toEqual([]);
    const proven = new Set(judgements.filter(({ verdict }) => verdict === "pass").map(({ control }) => control));
    for (const control of ownClusterControls) expect(proven).toContain(control);
  });

  test("keeps no secret in plain text in its state", async () => {
    const state = filesBelow(workspace.home)
      .filter((file) => file.includes(join("backend", ".pulumi")))
      .map((file) => readFileSync(file, "utf8"))
      .join("\n");
    const revealed = JSON.parse(await workspace.succeed("stack", "export", "--show-secrets", "--stack", stack));
    const secrets = [clientSecret, ...randomHexOf(revealed)];
    expect(secrets).toHaveLength(4);
    for (const secret of secrets) expect(state.includes(secret)).toBe(false);
  });

  test("has nothing to change the second time", async () => {
    await workspace.succeed("up", "--yes", "--stack", stack, "--policy-pack", securityPack, "--expect-no-changes");
  });

  test("is gone after destroy", async () => {
    await workspace.succeed("destroy", "--yes", "--stack", stack);
    expect(await workspace.resources(stack)).toEqual([]);
    expect(workspace.leftovers()).toEqual([]);
  });
});

function randomHexOf(state: { deployment: { resources: { type: string; outputs: { hex?: unknown } }[] } }): string[] {
  return state.deployment.resources
    .filter(({ type }) => type === "random:index/randomBytes:RandomBytes")
    .map(({ outputs }) => JSON.parse((outputs.hex as { plaintext: string }).plaintext));
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesBelow(path) : [path];
  });
}
