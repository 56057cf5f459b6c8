import * as iam from "@pulumi/aws/iam";
import type * as pulumi from "@pulumi/pulumi";

/** Gives a role policies that are managed elsewhere. An attachment is named by the last part of its policy's ARN. */
export function attachPolicies(
  name: string,
  role: iam.Role,
  policyArns: readonly string[],
  opts: pulumi.CustomResourceOptions,
): iam.RolePolicyAttachment[] {
  return policyArns.map((policyArn) => {
    const policyName = policyArn.slice(policyArn.lastIndexOf("/") + 1);
    return new iam.RolePolicyAttachment(`${name}-${policyName}`, { role: role.name, policyArn }, opts);
  });
}
