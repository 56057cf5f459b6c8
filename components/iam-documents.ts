import * as pulumi from "@pulumi/pulumi";

/** Who may assume a role: an AWS service, and for EKS Pod Identity also the session tags it sets. */
export function assumeRolePolicy(service: string): string {
  const actions = service === "pods.eks.amazonaws.com" ? ["sts:AssumeRole", "sts:TagSession"] : "sts:AssumeRole";
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: actions }],
  });
}

/** Allows the actions on one resource. */
export function policyDocument(actions: string[], resource: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: actions, Resource: resource }],
  });
}
