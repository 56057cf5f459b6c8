import { at, type ValueMap } from "../../../chart/values";
import { nodeGroupType } from "../aws/eks-facts";
import { policiesOf, roleByArn } from "../aws/identity";
import { isCache } from "../aws/image-cache";
import { repositoryType } from "../aws/storage";
import type { Cloud, CloudObject } from "../cloud";

/** Images of the pods that Helm waits for. */
const waitedFor = ["hub", "proxy.chp"];
const ecrImage = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com\/(.+)$/;

/** Why the nodes cannot pull an image of the account's own registry. What other registries hold is not known here. */
export function pullFailure(values: ValueMap, cloud: Cloud, eks: CloudObject): string | undefined {
  for (const component of waitedFor) {
    const image = String(at(values, `${component}.image.name`));
    const [, account, region = "", repository = ""] = ecrImage.exec(image) ?? [];
    if (account !== cloud.account.id) continue;
    const why = missing(cloud, eks, region, repository);
    if (why !== undefined) return `Failed to pull image "${image}": ${why}`;
  }
  return undefined;
}

function missing(cloud: Cloud, eks: CloudObject, region: string, repository: string): string | undefined {
  if (cloud.get(repositoryType, region, repository) === undefined)
    return `name unknown: The repository with name '${repository}' does not exist in the registry with id '${cloud.account.id}'`;
  if (!isCache(cloud, region, repository)) return "not found: nobody has pushed this image";
  const pools = cloud.where(nodeGroupType, eks.scope, { clusterName: eks.id });
  const mayImport = pools.every((pool) => {
    const role = roleByArn(cloud, pool.inputs.nodeRoleArn);
    return role !== undefined && policiesOf(cloud, role.id).includes("AmazonEC2ContainerRegistryPullOnly");
  });
  return mayImport ? undefined : "denied: the nodes' role is not authorized to perform ecr:BatchImportUpstreamImage";
}
