import { createHash } from "node:crypto";
import { output } from "../component";
import type { Value } from "../wire";
import type { Register } from "./child";

/** The role that EKS acts under. */
export async function serviceRole(register: Register, name: string, tags: Value | undefined) {
  const policyArn = "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy";
  const actions = ["sts:AssumeRole", "sts:TagSession"];
  const service = "eks.amazonaws.com";
  const description = "Allows EKS to manage clusters on your behalf.";
  const tagged = tags === undefined ? {} : { tags };
  const component = await register({
    type: "eks:index:ServiceRole",
    name,
    component: true,
    inputs: {
      assumeRoleActions: actions,
      description,
      managedPolicyArns: [{ arn: policyArn, id: policyArn }],
      service,
      ...tagged,
    },
  });
  const statement = { Action: actions, Effect: "Allow", Principal: { Service: [service] } };
  const role = await register({
    type: "aws:iam/role:Role",
    name: `${name}-role`,
    parent: component.urn,
    inputs: {
      assumeRolePolicy: JSON.stringify({ Version: "2012-10-17", Statement: [statement] }),
      description,
      ...tagged,
    },
  });
  const attachment = await register({
    type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    name: `${name}-${createHash("sha1").update(policyArn).digest("hex").slice(0, 8)}`,
    parent: component.urn,
    inputs: { policyArn, role: output(role, "name") },
    dependsOn: [role.urn],
  });
  return { role, attachments: [attachment.urn] };
}
