import type { Cloud, CloudObject } from "../cloud";
import type { Subject } from "../resource-type";
import { isProperties, type Properties, valuesAt } from "../wire";
import { policiesOf, roleByArn, roleType } from "./identity";

export const clusterType = "aws:eks/cluster:Cluster";
export const nodeGroupType = "aws:eks/nodeGroup:NodeGroup";
export const addOnType = "aws:eks/addon:Addon";
export const podIdentityType = "aws:eks/podIdentityAssociation:PodIdentityAssociation";
export const subnetType = "aws:ec2/subnet:Subnet";

/** A reference to an IAM role by its ARN; IAM lets a role go that something still uses. */
export const ofRole = (property: string) => ({ [property]: { to: roleType, by: "arn", scope: "", weak: true } });

export const vpcConfigOf = (inputs: Properties): Properties => (inputs.vpcConfig ?? {}) as Properties;
export const listOf = (properties: Properties, name: string): string[] => [properties[name] ?? []].flat().map(String);

export function subnetsOf({ cloud, scope }: Subject, ids: string[]): CloudObject[] {
  return ids.flatMap((id) => cloud.get(subnetType, scope, id) ?? []);
}

/** Nodes that take pods without a toleration. */
export function ordinaryNodes(cloud: Cloud, scope: string, clusterName: string): number {
  const pools = cloud
    .where(nodeGroupType, scope, { clusterName })
    .filter((pool) => valuesAt(pool.inputs, "taints.*").length === 0);
  return pools.reduce((sum, pool) => sum + Number(valuesAt(pool.inputs, "scalingConfig.desiredSize")[0] ?? 0), 0);
}

/** Whether the pods of a service account act under a role that carries a policy. */
export function podsMay(
  cloud: Cloud,
  scope: string,
  clusterName: string,
  namespace: string,
  serviceAccount: string,
  policy: RegExp,
): boolean {
  const [association] = [
    ...cloud.where(podIdentityType, scope, { clusterName, namespace, serviceAccount }).map(({ inputs }) => inputs),
    ...(namespace === "kube-system" ? ofAddOns(cloud, scope, clusterName, serviceAccount) : []),
  ];
  const role = roleByArn(cloud, association?.roleArn);
  const agent = cloud.where(addOnType, scope, { clusterName, addonName: "eks-pod-identity-agent" }).length > 0;
  return agent && role !== undefined && policiesOf(cloud, role.id).some((each) => policy.test(each));
}

/** What add-ons that were given a role themselves make of it. */
function ofAddOns(cloud: Cloud, scope: string, clusterName: string, serviceAccount: string): Properties[] {
  return cloud
    .where(addOnType, scope, { clusterName })
    .flatMap((addOn) => valuesAt(addOn.inputs, "podIdentityAssociations.*"))
    .filter(isProperties)
    .filter((association) => association.serviceAccount === serviceAccount);
}
