import * as awsEks from "@pulumi/aws/eks";
import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import { assumeRolePolicy } from "./iam-documents";
import { attachPolicies } from "./managed-policies";
import { named, type Tags } from "./tags";

/** Arguments of {@link PodRole}. */
export interface PodRoleArgs {
  /** Name of the EKS cluster. */
  readonly clusterName: pulumi.Input<string>;
  /** Namespace of the service account. */
  readonly namespace: pulumi.Input<string>;
  /** The service account whose pods get the role. */
  readonly serviceAccount: pulumi.Input<string>;
  /** Managed policies of the role. */
  readonly policyArns: readonly string[];
  /** A policy of the role's own, as JSON; default: none. */
  readonly policy?: pulumi.Input<string> | undefined;
  /** Tags for everything that can be tagged. */
  readonly tags?: Tags | undefined;
}

/** An IAM role for the pods of one service account, by EKS Pod Identity: no keys, no trust per cluster, no OIDC provider. */
export class PodRole extends pulumi.ComponentResource {
  readonly roleArn: pulumi.Output<string>;

  constructor(name: string, args: PodRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jupyterhub-eks:index:PodRole", name, args, opts);
    const child = { parent: this };
    const role = new iam.Role(
      name,
      { assumeRolePolicy: assumeRolePolicy("pods.eks.amazonaws.com"), tags: named(name, args.tags) },
      child,
    );
    const attachments = attachPolicies(name, role, args.policyArns, child);
    const policies =
      args.policy === undefined ? [] : [new iam.RolePolicy(name, { role: role.name, policy: args.policy }, child)];
    new awsEks.PodIdentityAssociation(
      name,
      {
        clusterName: args.clusterName,
        namespace: args.namespace,
        serviceAccount: args.serviceAccount,
        roleArn: role.arn,
        tags: named(name, args.tags),
      },
      { ...child, dependsOn: [...attachments, ...policies] },
    );
    this.roleArn = role.arn;
    this.registerOutputs({ roleArn: this.roleArn });
  }
}
