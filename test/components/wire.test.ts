import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { SecureHub } from "../../components";
import { awsAnswers, kubeconfigCanary, randomCanary, randomHex } from "../support/aws-answers";
import { recordedHub } from "../support/hub-programs";
import { clientSecret, minimalSettings } from "../support/hub-settings";
import { type RecordedProgram, type Registration, record } from "../support/recorded-program";
import { open, readableText } from "../support/wire";

const ours = /^jupyterhub-eks:index:/;
const runs = [
  ["dev", false],
  ["dev", true],
  ["prod", false],
  ["prod", true],
] as const;

const label = ({ type, name }: Registration) => `${type} ${name}`;
const byUrn = ({ registrations }: RecordedProgram) => new Map(registrations.map((each) => [each.urn, each]));

describe.each(runs)("the %s stack (preview: %s)", (stack, preview) => {
  test("a component of ours is the parent of everything but the hub itself", async () => {
    const program = await recordedHub(stack, { preview });
    const parents = byUrn(program);
    for (const each of program.registrations) {
      if (each.type === "pulumi:pulumi:Stack") continue;
      const parent = parents.get(each.parent);
      if (each.type === "jupyterhub-eks:index:SecureHub") expect(parent?.type).toBe("pulumi:pulumi:Stack");
      else expect(parent?.type, label(each)).toMatch(ours);
      if (parent && ours.test(parent.type)) expect(each.name.startsWith(parent.name), label(each)).toBe(true);
    }
  });

  test("everything that works in the cluster does so by the one explicit provider", async () => {
    const { registrations } = await recordedHub(stack, { preview });
    const [provider, ...others] = registrations.filter(({ type }) => type === "pulumi:providers:kubernetes");
    expect(others).toEqual([]);
    const inCluster = registrations.filter(({ type }) => type.startsWith("kubernetes:"));
    expect(inCluster.length).toBeGreaterThan(5);
    for (const each of inCluster) expect(each.provider.startsWith(`${provider?.urn}::`), label(each)).toBe(true);
  });

  test("no secret is readable in what is registered, on no hop", async () => {
    const { registrations, componentOutputs } = await recordedHub(stack, { preview });
    const texts = [...registrations.map(({ inputs }) => inputs), ...componentOutputs.values()].flatMap(readableText);
    for (const canary of [clientSecret, randomCanary, kubeconfigCanary])
      expect(texts.filter((text) => text.includes(canary))).toEqual([]);
  });
});

test("the search for readable secrets finds one where it is", async () => {
  const { registrations } = await recordedHub("dev");
  const all = JSON.stringify(registrations.map(({ inputs }) => open(inputs)));
  for (const canary of [clientSecret, randomHex("hub-proxy-token"), randomHex("hub-crypt-key"), kubeconfigCanary])
    expect(all).toContain(canary);
  expect(readableText({ a: [{ b: clientSecret }] })).toContain(clientSecret);
});

test.each(["dev", "prod"] as const)("a preview of %s shows what an update registers", async (stack) => {
  const [preview, update] = [await recordedHub(stack, { preview: true }), await recordedHub(stack)];
  expect(preview.registrations.map(label).sort()).toEqual(update.registrations.map(label).sort());
});

test("two hubs fit in one program", async () => {
  const program = () => {
    new SecureHub("one", minimalSettings());
    new SecureHub("two", { ...minimalSettings(), domain: "lab.acme.science" });
    return {};
  };
  const { registrations } = await record(program, { answers: awsAnswers });
  // Pulumi's mocks let a second resource take the first one's URN; the engine does not.
  const urns = registrations.map(({ urn }) => urn);
  expect(urns.filter((urn, index) => urns.indexOf(urn) !== index)).toEqual([]);
  expect(registrations.filter(({ type }) => type === "eks:index:Cluster").map(({ inputs }) => inputs.name)).toEqual([
    "one",
    "two",
  ]);
});

/** Whether AWS lets a resource be tagged, by the declarations of its arguments. */
function isTaggable(type: string): boolean {
  const [, module, resource] = /^(?:aws|eks):(\w+)(?:\/\w+)?:(\w+)$/.exec(type) ?? [];
  if (module === undefined || resource === undefined) return false;
  const file = `${resource.charAt(0).toLowerCase()}${resource.slice(1)}.d.ts`;
  const folder = type.startsWith("eks:") ? "eks" : `aws/${module}`;
  const path = resolve(__dirname, "../../node_modules/@pulumi", folder, file);
  if (!existsSync(path)) throw new Error(`No declarations of ${type} at ${path}`);
  const [, args] = readFileSync(path, "utf8").split(`export interface ${resource}Args {`);
  return /^ {4}tags\?:/m.test(args ?? "");
}

describe.each(["dev", "prod"] as const)("tags of the %s stack", (stack) => {
  test("are on everything that AWS lets be tagged, with a name", async () => {
    const { registrations } = await recordedHub(stack);
    const taggable = registrations.filter(({ type }) => isTaggable(type));
    expect(new Set(taggable.map(({ type }) => type)).size).toBeGreaterThan(20);
    for (const { inputs, ...each } of taggable) {
      const tags = inputs.tags as Record<string, string>;
      expect(tags, label(each as Registration)).toMatchObject({ project: "jupyterhub", stack });
      if (each.custom) expect(tags.Name, label(each as Registration)).toMatch(/^hub/);
    }
  });

  test("are on instances, disks and network interfaces of nodes, and on home volumes", async () => {
    const { registrations } = await recordedHub(stack);
    for (const { inputs } of registrations.filter(({ type }) => type === "aws:ec2/launchTemplate:LaunchTemplate"))
      expect(inputs.tagSpecifications).toEqual(
        ["instance", "volume", "network-interface"].map((resourceType) => ({
          resourceType,
          tags: expect.objectContaining({ project: "jupyterhub", stack }),
        })),
      );
    const storage = registrations.find(({ type }) => type.endsWith(":StorageClass"))?.inputs.parameters;
    expect(Object.entries(storage as object)).toEqual(
      expect.arrayContaining([
        ["tagSpecification_1", "project=jupyterhub"],
        ["tagSpecification_2", `stack=${stack}`],
      ]),
    );
  });
});

test("every component registers what it offers", async () => {
  const { registrations, componentOutputs } = await recordedHub("prod");
  const offered: Record<string, string[]> = {
    SecureHub: [
      "clusterName",
      "dnsRecords",
      "fixedAddresses",
      "kubeconfig",
      "loadBalancerAddress",
      "oauthCallbackUrl",
      "posture",
      "registryUrl",
      "url",
    ],
    Network: ["privateSubnetIds", "publicSubnetIds", "vpcId"],
    Cluster: ["clusterName", "kubeconfig", "securityGroupId"],
    ClusterAddons: [],
    NodePool: ["autoscalingGroupName", "roleArn"],
    PodRole: ["roleArn"],
    NetworkPolicyEngine: [],
    ImageRegistry: ["repositoryUrl"],
    ImageCache: ["mirrors"],
    HomeStorage: ["storageClassName"],
    HubSecrets: ["cookieSecret", "cryptKey", "proxyToken"],
    AddressRecords: ["records"],
    Domain: ["certificateArn", "host", "records", "subdomains", "zone"],
    LoadBalancer: ["address", "fixedAddresses", "zoneId"],
    JupyterHub: ["oauthCallbackUrl", "url"],
  };
  const components = registrations.filter(({ type }) => ours.test(type));
  expect(new Set(components.map(({ type }) => type.replace(ours, "")))).toEqual(new Set(Object.keys(offered)));
  for (const { type, urn } of components) {
    const outputs = componentOutputs.get(urn) ?? {};
    expect(Object.keys(outputs).sort(), type).toEqual(offered[type.replace(ours, "")]);
    for (const [key, value] of Object.entries(outputs)) expect(value, `${type} ${key}`).toBeDefined();
  }
});
