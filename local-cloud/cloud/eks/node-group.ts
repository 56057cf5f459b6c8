import awsPackage from "@pulumi/aws/package.json";
import { type Monitor, output } from "../component";
import type { ConstructRequest, ConstructResult } from "../provider";
import { isProperties, type Properties, reference, resolveReferences, unknown, type Value, valueAt } from "../wire";

const passedOn = [
  "subnetIds",
  "scalingConfig",
  "labels",
  "taints",
  "launchTemplate",
  "instanceTypes",
  "capacityType",
  "amiType",
  "releaseVersion",
  "version",
  "diskSize",
  "forceUpdateVersion",
  "tags",
  "nodeGroupName",
  "nodeGroupNamePrefix",
  "remoteAccess",
];
const madeByComponent = [
  "userData",
  "kubeletExtraArgs",
  "bootstrapExtraArgs",
  "nodeadmExtraOptions",
  "bottlerocketSettings",
  "enableIMDSv2",
  "enableEfaSupport",
  "amiId",
  "gpu",
];

/** Registers what the real `eks.ManagedNodeGroup` registers when it needs no launch template of its own. */
export async function constructNodeGroup(request: ConstructRequest, monitor: Monitor): Promise<ConstructResult> {
  const args = resolveReferences(request.inputs) as Properties;
  const beyond = madeByComponent.filter((name) => args[name] !== undefined);
  if (args.launchTemplate !== undefined && (beyond.length > 0 || args.diskSize !== undefined)) {
    throw new Error(`${[...beyond, "diskSize"].join(", ")} cannot be set together with a custom launch template`);
  }
  if (beyond.length > 0)
    throw new Error(
      `the local cloud does not know eks.ManagedNodeGroup with ${beyond.join(", ")}; see local-cloud/cloud/eks`,
    );
  const component = await monitor.construct(request);
  const given = Object.fromEntries(passedOn.flatMap((name) => (args[name] === undefined ? [] : [[name, args[name]]])));
  const nodeGroup = await monitor.register({
    type: "aws:eks/nodeGroup:NodeGroup",
    name: request.name,
    parent: component.urn,
    provider: request.providers.get("aws"),
    version: awsPackage.version,
    inputs: {
      ...given,
      clusterName: args.clusterName ?? (await clusterNameOf(request, monitor)),
      nodeRoleArn: args.nodeRoleArn ?? (await roleArnOf(request, monitor)),
    },
    dependsOn: [...request.inputDependencies.values()].flat(),
    ignoreChanges: args.ignoreScalingChanges ? ["scalingConfig.desiredSize"] : [],
  });
  const outputs = { nodeGroup: reference(nodeGroup.urn, nodeGroup.id) };
  await monitor.registerOutputs(component.urn, outputs);
  return { urn: component.urn, outputs, dependencies: [nodeGroup.urn] };
}

/** The cluster is given as a component, or as the core data of one: either holds a reference to the EKS cluster. */
async function clusterNameOf({ inputs }: ConstructRequest, monitor: Monitor): Promise<Value> {
  const given = inputs.cluster;
  const component = urnOf(given);
  const state = component === undefined ? given : (await monitor.outputsOf(component)).outputs;
  const cluster = urnOf(valueAt(state, "eksCluster") ?? valueAt(state, "cluster"));
  return cluster === undefined ? unknown : output(await monitor.outputsOf(cluster), "name");
}

async function roleArnOf({ inputs }: ConstructRequest, monitor: Monitor): Promise<Value> {
  const role = urnOf(inputs.nodeRole);
  return role === undefined ? unknown : output(await monitor.outputsOf(role), "arn");
}

const urnOf = (value: Value | undefined): string | undefined =>
  isProperties(value) && typeof value.urn === "string" ? value.urn : undefined;
