import { type GetSubnetResult, getSubnet, getSubnetOutput } from "@pulumi/aws/ec2/getSubnet";
import * as pulumi from "@pulumi/pulumi";

/** A VPC and its subnets, by their ids. */
export interface NetworkIds {
  readonly vpcId: pulumi.Input<string>;
  readonly privateSubnetIds: readonly pulumi.Input<string>[];
  readonly publicSubnetIds: readonly pulumi.Input<string>[];
}

/** The same as a `Network` has it. */
export interface FoundNetwork {
  readonly vpcId: pulumi.Output<string>;
  readonly privateSubnetIds: pulumi.Output<string>[];
  readonly publicSubnetIds: pulumi.Output<string>[];
}

/**
 * A network that somebody else made, looked at before anything is put into it.
 *
 * @throws during preview, if a subnet does not exist, lies in another VPC, or is called private and gives out public addresses.
 */
export function existingNetwork(ids: NetworkIds, options: pulumi.InvokeOptions): FoundNetwork {
  const vpcId = pulumi.output(ids.vpcId);
  const checked = (id: pulumi.Input<string>, problem: (subnet: GetSubnetResult, vpcId: string) => string | undefined) =>
    pulumi.all([lookUp(id, options), vpcId]).apply(([subnet, vpc]) => {
      const found = problem(subnet, vpc);
      if (found) throw new pulumi.RunError(`The subnet ${subnet.id} cannot be used: ${found}`);
      return subnet.id;
    });
  return {
    vpcId,
    privateSubnetIds: ids.privateSubnetIds.map((id) =>
      checked(id, (subnet, vpc) => elsewhere(subnet, vpc) ?? exposed(subnet)),
    ),
    publicSubnetIds: ids.publicSubnetIds.map((id) => checked(id, elsewhere)),
  };
}

/** An id that comes from another resource is looked up once that resource exists. */
function lookUp(id: pulumi.Input<string>, options: pulumi.InvokeOptions): pulumi.Output<GetSubnetResult> {
  if (typeof id !== "string") return getSubnetOutput({ id }, options);
  const found = getSubnet({ id }, options).catch((error: Error) => {
    throw new pulumi.RunError(
      `The subnet ${id} cannot be used (${error.message}). Name subnets of this account and region: \`aws ec2 describe-subnets\` shows them.`,
    );
  });
  return pulumi.output(found);
}

function elsewhere({ vpcId }: GetSubnetResult, expected: string): string | undefined {
  return vpcId === expected ? undefined : `it lies in ${vpcId}, and network.vpcId is ${expected}.`;
}

function exposed({ mapPublicIpOnLaunch }: GetSubnetResult): string | undefined {
  return mapPublicIpOnLaunch
    ? "it gives every machine a public address, and nodes shall not be reachable from the internet. Name a private one in network.privateSubnetIds."
    : undefined;
}
