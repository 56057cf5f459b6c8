import { output, type Registered } from "../component";
import { isProperties, unknown, type Value } from "../wire";
import { given, type Register } from "./child";

/** Access entries and the policies below each. @returns the URNs of the entries */
export async function accessEntriesOf(
  register: Register,
  name: string,
  entries: Value | undefined,
  cluster: Registered,
) {
  if (!isProperties(entries)) return [];
  const clusterName = output(cluster, "name");
  const registered = Object.entries(entries).map(async ([key, entry]) => {
    if (!isProperties(entry)) return [];
    const principalArn = entry.principalArn ?? unknown;
    const { username, accessPolicies } = entry;
    const accessEntry = await register({
      type: "aws:eks/accessEntry:AccessEntry",
      name: `${name}-${key}`,
      inputs: {
        clusterName,
        principalArn,
        ...given(entry, ["kubernetesGroups", "type", "tags"]),
        ...(username !== undefined && { userName: username }),
      },
      dependsOn: [cluster.urn],
    });
    const policies = Object.entries(isProperties(accessPolicies) ? accessPolicies : {});
    await Promise.all(
      policies.map(([policyKey, policy]) =>
        register({
          type: "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
          name: `${name}-${key}-${policyKey}`,
          parent: accessEntry.urn,
          inputs: {
            clusterName,
            principalArn,
            ...(isProperties(policy) ? given(policy, ["policyArn", "accessScope"]) : {}),
          },
          dependsOn: [accessEntry.urn],
        }),
      ),
    );
    return [accessEntry.urn];
  });
  return (await Promise.all(registered)).flat();
}
