import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { InvokeResponse } from "@pulumi/pulumi/proto/provider_pb";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/resource_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  isProperties,
  type Properties,
  reference,
  secret,
  unknown,
  type Value,
  valueAt,
} from "../../../local-cloud/cloud/wire";
import { listen } from "../../../local-cloud/grpc-server";
import { type Instance, World } from "./world";

interface Registration {
  readonly type: string;
  readonly name: string;
  readonly parent: string;
  readonly custom: boolean;
  readonly inputs: Properties;
}

/** What the real component registered for a program, and the program's arguments. */
const recorded = join(__dirname, "../../../../shared/data/eks-component/children.json");

/** An engine that takes every registration in; at preview it does not know what AWS decides. */
class Engine {
  readonly registrations: Registration[] = [];
  preview = false;
  private readonly server = new grpc.Server();
  private readonly outputs = new Map<string, Properties>();
  address = "";

  async start(): Promise<void> {
    type Unary<Request> = (call: { request: Request }, done: (error: null, response: unknown) => void) => void;
    const registerResource: Unary<messages.RegisterResourceRequest> = ({ request }, done) =>
      done(null, this.register(request));
    const registerResourceOutputs: Unary<messages.RegisterResourceOutputsRequest> = ({ request }, done) => {
      this.outputs.set(request.getUrn(), (request.getOutputs()?.toJavaScript() ?? {}) as Properties);
      done(null, new Empty());
    };
    const invoke: Unary<messages.ResourceInvokeRequest> = ({ request }, done) => {
      const { urn = "" } = (request.getArgs()?.toJavaScript() ?? {}) as { urn?: string };
      const result = { urn, id: urn.slice(urn.lastIndexOf("::") + 2), state: this.outputs.get(urn) ?? {} };
      done(null, new InvokeResponse().setReturn(Struct.fromJavaScript(result as never)));
    };
    const { registerResource: one, registerResourceOutputs: two, invoke: three } = ResourceMonitorService;
    const service = { registerResource: one, registerResourceOutputs: two, invoke: three };
    this.server.addService(service, { registerResource, registerResourceOutputs, invoke } as never);
    this.address = `127.0.0.1:${await listen(this.server, "a test")}`;
  }

  stop(): void {
    this.server.forceShutdown();
  }

  private register(request: messages.RegisterResourceRequest): messages.RegisterResourceResponse {
    const inputs = (request.getObject()?.toJavaScript() ?? {}) as Properties;
    const parent = request.getParent().slice(request.getParent().lastIndexOf("::") + 2);
    this.registrations.push({
      type: request.getType(),
      name: request.getName(),
      parent,
      custom: request.getCustom(),
      inputs,
    });
    const urn = `urn:pulumi:dev::test::${request.getType()}::${request.getName()}`;
    const response = new messages.RegisterResourceResponse().setUrn(urn);
    if (!request.getCustom()) return response.setObject(request.getObject());
    const state = this.preview ? { ...inputs, ...undecided(request) } : { ...inputs, ...made(request) };
    this.outputs.set(urn, state);
    return response.setId(this.preview ? "" : request.getName()).setObject(Struct.fromJavaScript(state as never));
  }
}

/** What a preview leaves open below what was asked for. */
function undecided(request: messages.RegisterResourceRequest): Properties {
  const given = (request.getObject()?.toJavaScript() ?? {}) as Properties;
  if (request.getType() !== "aws:eks/cluster:Cluster") return {};
  return { vpcConfig: { ...(given.vpcConfig as Properties), clusterSecurityGroupId: unknown } };
}

/** What AWS adds to what was asked for. */
function made(request: messages.RegisterResourceRequest): Properties {
  const name = request.getName();
  if (request.getType() !== "aws:eks/cluster:Cluster")
    return { name, arn: `arn:${name}`, securityGroupRuleId: "sgr-1" };
  const given = (request.getObject()?.toJavaScript() ?? {}) as Properties;
  return {
    name: given.name ?? name,
    version: "1.33",
    arn: `arn:aws:eks:eu-central-1:123456789012:cluster/${name}`,
    endpoint: "https://ABC.gr7.eu-central-1.eks.amazonaws.com",
    certificateAuthority: { data: "Y2E=" },
    identities: [{ oidcs: [{ issuer: "https://oidc.eks.eu-central-1.amazonaws.com/id/ABC" }] }],
    vpcConfig: { ...(given.vpcConfig as Properties), clusterSecurityGroupId: "sg-eks" },
  };
}

describe("the eks stand-in", () => {
  let world: World;
  let eks: Instance;
  let engine: Engine;

  beforeAll(async () => {
    world = await World.start();
    eks = await world.instance("eks");
  });
  afterAll(() => world.end());
  beforeEach(async () => {
    engine = new Engine();
    await engine.start();
    return () => engine.stop();
  });

  const args = {
    name: "hub",
    vpcId: "vpc-1",
    publicSubnetIds: ["subnet-c", "subnet-d"],
    privateSubnetIds: ["subnet-a", "subnet-b"],
    version: "1.33",
    authenticationMode: "API",
    skipDefaultNodeGroup: true,
    skipDefaultSecurityGroups: true,
    vpcCniOptions: { addonVersion: "v1.20.0-eksbuild.1" },
    kubeProxyAddonOptions: { version: "v1.33.0-eksbuild.2" },
    corednsAddonOptions: { enabled: false },
  };
  const construct = (more: Properties = {}) =>
    eks.construct("eks:index:Cluster", "hub", { ...args, ...more }, engine.address);
  const inputsOf = (name: string) => engine.registrations.find((each) => each.name === name)?.inputs ?? {};

  it("registers what the real component registered", async (context) => {
    if (!existsSync(recorded)) {
      console.warn(`skipped: ${recorded} is not there`);
      context.skip();
    }
    const real = JSON.parse(readFileSync(recorded, "utf8")) as Registration[];
    const component = real.find((each) => each.type === "eks:index:Cluster");
    await eks.construct("eks:index:Cluster", "hub", component?.inputs ?? {}, engine.address);
    const below = (each: Registration) =>
      each.type !== "eks:index:Cluster" && each.type !== "pulumi:providers:kubernetes";
    const byName = (all: Registration[]) =>
      all
        .filter(below)
        .map((each) => comparable(each))
        .sort();
    const ofProgram = new Set(["lt", "vpc", "node", "k", "core"]);
    expect(byName(engine.registrations)).toEqual(byName(real.filter((each) => !ofProgram.has(each.name))));
  });

  it("finds a node group's cluster and role by their references", async () => {
    const outputs = await construct();
    const component = { ...reference("urn:pulumi:dev::test::eks:index:Cluster::hub", ""), id: "" };
    const group = {
      cluster: component,
      nodeRoleArn: "arn:node",
      subnetIds: ["subnet-a"],
      scalingConfig: { minSize: 1, desiredSize: 1, maxSize: 1 },
    };
    await eks.construct("eks:index:ManagedNodeGroup", "core", group, engine.address);
    const child = engine.registrations.find((each) => each.type === "aws:eks/nodeGroup:NodeGroup");
    expect(child).toMatchObject({
      parent: "core",
      inputs: { clusterName: "hub", nodeRoleArn: "arn:node", subnetIds: ["subnet-a"] },
    });
    await eks.construct(
      "eks:index:ManagedNodeGroup",
      "again",
      { ...group, cluster: outputs.core ?? null },
      engine.address,
    );
    expect(engine.registrations.at(-1)?.inputs.clusterName).toBe("hub");
  });

  it("gives a kubeconfig that asks the AWS CLI for a token", async () => {
    const outputs = await construct();
    const kubeconfig = JSON.parse(String(outputs.kubeconfigJson));
    expect(kubeconfig.clusters[0].cluster).toEqual({
      server: "https://ABC.gr7.eu-central-1.eks.amazonaws.com",
      "certificate-authority-data": "Y2E=",
    });
    expect(kubeconfig.users[0].user.exec).toMatchObject({
      command: "aws",
      args: ["--region", "eu-central-1", "eks", "get-token", "--cluster-name", "hub", "--output", "json"],
    });
  });

  it("returns the cluster as a reference, and EKS's own security group where there is no other", async () => {
    const outputs = await construct();
    expect(outputs.eksCluster).toEqual(
      reference("urn:pulumi:dev::test::aws:eks/cluster:Cluster::hub-eksCluster", "hub-eksCluster"),
    );
    expect(outputs.clusterSecurityGroupId).toBe("sg-eks");
    expect(outputs.nodeSecurityGroupId).toBe("sg-eks");
    expect(outputs.clusterIngressRuleId).toBe("");
    expect(engine.registrations.map((each) => each.type)).not.toContain("aws:ec2/securityGroup:SecurityGroup");
  });

  it("passes unknowns on at preview and claims to know nothing that AWS decides", async () => {
    engine.preview = true;
    const outputs = await construct({
      vpcId: unknown,
      publicSubnetIds: unknown,
      privateSubnetIds: ["subnet-a", unknown],
    });
    expect(valueAt(inputsOf("hub-eksCluster"), "vpcConfig.subnetIds")).toBe(unknown);
    expect(outputs.kubeconfigJson).toBe(unknown);
    expect(outputs.clusterSecurityGroupId).toBe(unknown);
    expect(valueAt(outputs.eksCluster, "id")).toBe("");
  });

  it("keeps secrets secret", async () => {
    await construct({
      encryptionConfigKeyArn: secret("arn:key"),
      vpcCniOptions: { addonVersion: "v1.20.0-eksbuild.1", configurationValues: secret({ env: { A: "b" } }) },
    });
    expect(valueAt(inputsOf("hub-eksCluster"), "encryptionConfig.provider.keyArn")).toEqual(secret("arn:key"));
    const addOn = engine.registrations.find(
      (each) => each.type === "aws:eks/addon:Addon" && each.name === "hub-vpc-cni",
    );
    expect(isProperties(addOn?.inputs.configurationValues)).toBe(true);
  });

  it("adds the program's CNI settings to the component's own", async () => {
    await construct({
      vpcCniOptions: {
        addonVersion: "v1.20.0-eksbuild.1",
        enableNetworkPolicy: false,
        logLevel: "INFO",
        configurationValues: { env: { ANNOTATE_POD_IP: "true" } },
      },
    });
    const addOn = engine.registrations.find(
      (each) => each.type === "aws:eks/addon:Addon" && each.name === "hub-vpc-cni",
    );
    const configuration = JSON.parse(String(addOn?.inputs.configurationValues));
    expect(configuration).toMatchObject({
      enableNetworkPolicy: "false",
      env: { ANNOTATE_POD_IP: "true", AWS_VPC_K8S_CNI_LOGLEVEL: "INFO", WARM_ENI_TARGET: "1" },
    });
  });

  it.each<[what: string, more: Properties, words: RegExp]>([
    ["instance roles with access entries", { instanceRoles: ["r"] }, /not supported with authenticationMode 'API'/],
    [
      "ranges for a closed endpoint",
      { publicAccessCidrs: ["203.0.113.0/24"], endpointPublicAccess: false },
      /`publicAccessCidrs` can only be set when/,
    ],
    ["two ways to name subnets", { subnetIds: ["subnet-a"] }, /mutually exclusive/],
    [
      "what it has not learnt",
      { skipDefaultNodeGroup: false, createOidcProvider: true },
      /does not know eks\.Cluster with a default node group .*an OIDC provider/,
    ],
  ])("refuses %s", async (_what, more, words) => {
    await expect(construct(more)).rejects.toThrow(words);
    expect(engine.registrations).toEqual([]);
  });
});

/** Names that AWS or a stand-in made up are not comparable; the recording's carry a suffix. */
function comparable({ type, name, parent, custom, inputs }: Registration): string {
  const clean = (value: Value): Value => {
    if (typeof value === "string")
      return value
        .replaceAll(/arn:[^"]*?(hub-eksRole-role|Key\/k)(-\w+)?/g, "arn of $1")
        .replaceAll(/(hub-[A-Za-z-]+?)-[0-9a-f]{2}\b/g, "$1");
    if (Array.isArray(value)) return value.map(clean);
    if (!isProperties(value)) return value;
    const sorted = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(sorted.map(([key, each]) => [String(clean(key)), clean(each)]));
  };
  return JSON.stringify({ type, name, parent, custom, inputs: clean(inputs) }, null, 1);
}
