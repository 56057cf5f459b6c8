import awsPackage from "@pulumi/aws/package.json";
import kubernetesPackage from "@pulumi/kubernetes/package.json";
import { type Monitor, output, type Registered } from "../component";
import type { ConstructRequest, ConstructResult } from "../provider";
import { lift, type Properties, resolveReferences, unknown, type Value } from "../wire";
import { accessEntriesOf } from "./access-entries";
import { addOns } from "./add-ons";
import { type Child, given, subnetIdsOf, tagsOf } from "./child";
import { kubeconfigOf } from "./kubeconfig";
import { clusterOutputs } from "./outputs";
import { controlPlaneGroup, nodeSecurityGroup } from "./security-groups";
import { serviceRole } from "./service-role";

/**
 * Registers what the real `eks.Cluster` of @pulumi/eks 4.3 registers, with the same names, parents and inputs, and returns its
 * outputs.
 */
export async function constructCluster(request: ConstructRequest, monitor: Monitor): Promise<ConstructResult> {
  const args = resolveReferences(request.inputs) as Properties;
  validate(args, request);
  const { name } = request;
  const component = await monitor.construct(request);
  const register = (child: Child): Promise<Registered> =>
    monitor.register({
      parent: component.urn,
      provider: child.component ? undefined : request.providers.get("aws"),
      version: awsPackage.version,
      ...child,
    });
  const newestVersion = async (addonName: string, kubernetesVersion: Value): Promise<Value> => {
    const question = { addonName, kubernetesVersion, mostRecent: true };
    const provider = request.providers.get("aws");
    const answer = await monitor.invoke(
      "aws:eks/getAddonVersion:getAddonVersion",
      question,
      provider,
      awsPackage.version,
    );
    return answer.version ?? unknown;
  };

  const { role, attachments } = await serviceRole(register, `${name}-eksRole`, args.tags);
  const controlPlane = args.skipDefaultSecurityGroups ? undefined : await controlPlaneGroup(register, name, args);
  const cluster = await register({
    type: "aws:eks/cluster:Cluster",
    name: `${name}-eksCluster`,
    inputs: clusterInputs(name, args, role, controlPlane?.group),
    dependsOn: [role.urn, ...attachments, ...(controlPlane?.urns ?? [])],
    ignoreChanges: ["accessConfig.bootstrapClusterCreatorAdminPermissions", "bootstrapSelfManagedAddons"],
  });
  const kubeconfig = kubeconfigOf(cluster);
  const [kubernetesProvider, accessEntries, nodes] = await Promise.all([
    monitor.register({
      type: "pulumi:providers:kubernetes",
      name: `${name}-eks-k8s`,
      parent: component.urn,
      version: kubernetesPackage.version,
      inputs: { kubeconfig: lift([kubeconfig], (plain) => JSON.stringify(plain)) },
      dependsOn: [cluster.urn],
    }),
    accessEntriesOf(register, name, args.accessEntries, cluster),
    controlPlane && nodeSecurityGroup(register, name, args, controlPlane.group, cluster),
  ]);
  const vpcCni = await addOns(register, newestVersion, { name, args, cluster, accessEntries });

  const outputs = clusterOutputs({
    args,
    role,
    cluster,
    kubeconfig,
    kubernetesProvider,
    vpcCni,
    controlPlane: controlPlane?.group,
    nodes,
  });
  await monitor.registerOutputs(component.urn, outputs);
  return { urn: component.urn, outputs, dependencies: [cluster.urn] };
}

function validate(args: Properties, request: ConstructRequest): void {
  if (request.providers.has("aws") && args.providerCredentialOpts === undefined) {
    throw new Error(
      "It looks like you're using an explicit AWS provider. Please specify this provider in providerCredentialOpts.",
    );
  }
  if (args.subnetIds && (args.publicSubnetIds || args.privateSubnetIds)) {
    throw new Error(
      "subnetIds, and the use of publicSubnetIds and/or privateSubnetIds are mutually exclusive. Choose a single approach.",
    );
  }
  const mode = args.authenticationMode ?? "CONFIG_MAP";
  if (mode === "API" && (args.instanceRoles || args.roleMappings || args.userMappings)) {
    throw new Error(
      "The 'instanceRoles', 'roleMappings', and 'userMappings' properties are not supported with authenticationMode 'API': use access entries",
    );
  }
  if (mode === "CONFIG_MAP" && args.accessEntries) {
    throw new Error("The 'accessEntries' property is not supported with authenticationMode 'CONFIG_MAP'");
  }
  if (args.publicAccessCidrs && args.endpointPublicAccess === false) {
    throw new Error("`publicAccessCidrs` can only be set when `endpointPublicAccess` is true");
  }
  const beyond = {
    "a default node group (set skipDefaultNodeGroup)": args.skipDefaultNodeGroup !== true,
    "an OIDC provider": args.createOidcProvider === true,
    "the default VPC (set vpcId)": args.vpcId === undefined,
    "the aws-auth map (set authenticationMode to API)": mode !== "API",
    "auto mode": args.autoMode !== undefined,
    fargate: args.fargate !== undefined,
    storageClasses: args.storageClasses !== undefined,
  };
  const wanted = Object.entries(beyond).flatMap(([what, asked]) => (asked ? [what] : []));
  if (wanted.length > 0)
    throw new Error(`the local cloud does not know eks.Cluster with ${wanted.join(", ")}; see local-cloud/cloud/eks`);
}

function clusterInputs(name: string, args: Properties, role: Registered, group: Registered | undefined): Properties {
  const range = args.kubernetesServiceIpAddressRange;
  const key = args.encryptionConfigKeyArn;
  return {
    ...given(args, ["name", "version", "enabledClusterLogTypes", "upgradePolicy", "deletionProtection"]),
    roleArn: output(role, "arn"),
    accessConfig: {
      authenticationMode: args.authenticationMode ?? unknown,
      bootstrapClusterCreatorAdminPermissions: true,
    },
    bootstrapSelfManagedAddons: args.bootstrapSelfManagedAddons ?? true,
    ...(key !== undefined && { encryptionConfig: { provider: { keyArn: key }, resources: ["secrets"] } }),
    ...((range !== undefined || args.ipFamily !== undefined) && {
      kubernetesNetworkConfig: {
        ...(range !== undefined && { serviceIpv4Cidr: range }),
        ipFamily: args.ipFamily ?? "ipv4",
      },
    }),
    tags: { Name: `${name}-eksCluster`, ...tagsOf(args.clusterTags), ...tagsOf(args.tags) },
    vpcConfig: {
      ...given(args, ["endpointPrivateAccess", "endpointPublicAccess", "publicAccessCidrs"]),
      ...(group && { securityGroupIds: [group.id] }),
      subnetIds: subnetIdsOf(args),
    },
  };
}
