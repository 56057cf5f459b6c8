import { getRegionOutput } from "@pulumi/aws/getRegion";
import * as pulumi from "@pulumi/pulumi";

/** @throws if it lies in another region: a load balancer cannot use it, and AWS would say so minutes later. */
export function inRegion(
  what: string,
  arn: pulumi.Input<string>,
  options: pulumi.InvokeOptions,
): pulumi.Output<string> {
  return pulumi.all([arn, getRegionOutput({}, options).region]).apply(([known, region]) => {
    const itsRegion = known.split(":")[3];
    if (itsRegion === region) return known;
    throw new pulumi.RunError(
      `The ${what} ${known} lies in ${itsRegion || "no region"}, the load balancer in ${region}: a load balancer uses what lies in its own region only. Name a ${what} in ${region}.`,
    );
  });
}
