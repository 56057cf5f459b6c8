import { type GetSubnetResult, getSubnet } from "@pulumi/aws/ec2/getSubnet";
import * as pulumi from "@pulumi/pulumi";
import { lookUp } from "./look-up";

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
    pulumi.all([subnetOf(id, options), vpcId]).apply(([subnet, vpc]) => {
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

function subnetOf(id: pulumi.Input<string>, options: pulumi.InvokeOptions): pulumi.Output<GetSubnetResult> {
  return lookUp(
    pulumi.output({ id }),
    (query) => getSubnet(query, options),
    (query, reason) =>
      `The subnet ${query.id} cannot be used (${reason}). Name subnets of this account and region: \`aws ec2 describe-subnets\` shows them.`,
  );
}

function elsewhere({ vpcId }: GetSubnetResult, expected: string): string | undefined {
  return vpcId === expected ? undefined : `it lies in ${vpcId}, and network.vpcId is ${expected}.`;
}

function exposed({ mapPublicIpOnLaunch }: GetSubnetResult): string | undefined {
  return mapPublicIpOnLaunch
    ? "it gives every machine a public address, and nodes shall not be reachable from the internet. Name a private one in network.privateSubnetIds."
    : undefined;
}
