import { output, type Registered } from "../component";
import {
  componentReference,
  isProperties,
  lift,
  type Properties,
  reference,
  unknown,
  type Value,
  valueAt,
} from "../wire";
import { given, subnetIdsOf } from "./child";

/** What was registered for a cluster. */
interface Parts {
  readonly args: Properties;
  readonly role: Registered;
  readonly cluster: Registered;
  readonly kubeconfig: Value;
  readonly kubernetesProvider: Registered;
  readonly vpcCni: Registered | undefined;
  readonly controlPlane: Registered | undefined;
  readonly nodes: { readonly group: Registered; readonly clusterIngress: Registered } | undefined;
}

const referenceTo = ({ urn, id }: Registered): Properties => reference(urn, id);

/** Outputs of the component; security groups that EKS makes stand in where the component made none. */
export function clusterOutputs(parts: Parts): Properties {
  const { cluster, kubeconfig, controlPlane, nodes } = parts;
  const ownGroup = valueAt(output(cluster, "vpcConfig"), "clusterSecurityGroupId") ?? unknown;
  const issuer = lift([output(cluster, "identities")], issuerOf);
  return {
    kubeconfig,
    kubeconfigJson: lift([kubeconfig], (plain) => JSON.stringify(plain)),
    eksCluster: referenceTo(cluster),
    core: coreOf(parts),
    instanceRoles: [],
    clusterSecurityGroupId: controlPlane?.id ?? ownGroup,
    nodeSecurityGroupId: nodes?.group.id ?? ownGroup,
    clusterIngressRuleId: nodes ? output(nodes.clusterIngress, "securityGroupRuleId") : "",
    ...(controlPlane && { clusterSecurityGroup: referenceTo(controlPlane) }),
    ...(nodes && {
      nodeSecurityGroup: referenceTo(nodes.group),
      eksClusterIngressRule: referenceTo(nodes.clusterIngress),
    }),
    defaultNodeGroupAsgName: "",
    fargateProfileId: "",
    fargateProfileStatus: "",
    oidcProviderArn: "",
    oidcProviderUrl: issuer,
    oidcIssuer: lift([issuer], (url) => String(url).replace("https://", "")),
    autoModeNodeRoleName: "",
  };
}

function coreOf({ args, role, cluster, kubeconfig, kubernetesProvider, vpcCni, controlPlane }: Parts): Properties {
  return {
    cluster: referenceTo(cluster),
    vpcId: args.vpcId ?? unknown,
    subnetIds: subnetIdsOf(args),
    ...given(args, ["publicSubnetIds", "privateSubnetIds", "tags", "nodeSecurityGroupTags"]),
    endpoint: output(cluster, "endpoint"),
    kubeconfig,
    provider: referenceTo(kubernetesProvider),
    clusterIamRole: referenceTo(role),
    instanceRoles: [],
    nodeGroupOptions: {},
    storageClasses: {},
    accessEntries: isProperties(args.accessEntries) ? Object.values(args.accessEntries) : [],
    ...(vpcCni && { vpcCni: componentReference(vpcCni.urn) }),
    ...(controlPlane && { clusterSecurityGroup: referenceTo(controlPlane) }),
  };
}

function issuerOf(identities: Value): Value {
  const [identity] = (identities ?? []) as { oidcs?: { issuer?: string }[] }[];
  return identity?.oidcs?.[0]?.issuer ?? "";
}
