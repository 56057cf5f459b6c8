import { identifier } from "../cloud";
import { type ResourceType, refuse, type Subject } from "../resource-type";
import { balancerType } from "./network-tokens";
import { arn, awsType, text } from "./service";

const webAclType = "aws:wafv2/webAcl:WebAcl";

function admitAssociation({ inputs, cloud, scope }: Subject): void {
  const [balancer] = cloud.where(balancerType, scope, { arn: inputs.resourceArn ?? null });
  const type = balancer?.inputs.loadBalancerType ?? "application";
  if (text(inputs, "resourceArn").includes(":loadbalancer/") && (balancer === undefined || type !== "application")) {
    refuse(
      "WAFInvalidParameterException",
      `Error reason: The ARN isn't valid. A valid ARN begins with arn: and includes other information separated by colons or slashes., field: RESOURCE_ARN, parameter: ${text(inputs, "resourceArn")}`,
    );
  }
  const [acl] = cloud.where(webAclType, scope, { arn: inputs.webAclArn ?? null });
  if (acl?.inputs.scope !== "REGIONAL")
    refuse(
      "WAFInvalidParameterException",
      `Error reason: The scope is not valid., field: RESOURCE_ARN, parameter: ${text(inputs, "webAclArn")}`,
    );
}

/** Web ACLs, and what they look at. */
export const firewallTypes: Readonly<Record<string, ResourceType>> = {
  [webAclType]: awsType({
    service: "WAFV2",
    thing: "Web ACL",
    id: () => `${identifier(8)}-${identifier(4)}-${identifier(4)}-${identifier(4)}-${identifier(12)}`,
    missing: [
      "WAFNonexistentItemException",
      () => "AWS WAF couldn’t perform the operation because your resource doesn’t exist.",
    ],
    exists: [
      "WAFDuplicateItemException",
      () =>
        "AWS WAF couldn’t perform the operation because some resource in your request is a duplicate of an existing one.",
    ],
    inUse: [
      "WAFAssociatedItemException",
      () =>
        "AWS WAF couldn’t perform the operation because your resource is being used by another resource or it’s associated with another resource.",
    ],
    autoName: { property: "name", max: 128 },
    unique: ["name"],
    required: ["scope", "defaultAction", "visibilityConfig"],
    replaceOn: ["name", "scope", "region"],
    computed: {
      arn: ({ cloud, scope, inputs, id }) =>
        arn(
          "wafv2",
          cloud.account,
          scope,
          `${text(inputs, "scope").toLowerCase()}/webacl/${text(inputs, "name")}/${id}`,
        ),
      capacity: () => 0,
      lockToken: () => identifier(32),
    },
  }),
  "aws:wafv2/webAclAssociation:WebAclAssociation": awsType({
    service: "WAFV2",
    thing: "Web ACL Association",
    id: ({ inputs }) => `${text(inputs, "webAclArn")},${text(inputs, "resourceArn")}`,
    missing: [
      "WAFNonexistentItemException",
      () => "AWS WAF couldn’t perform the operation because your resource doesn’t exist.",
    ],
    required: ["webAclArn", "resourceArn"],
    references: {
      webAclArn: { to: webAclType, by: "arn" },
      // A load balancer that goes takes the association along.
      resourceArn: {
        to: balancerType,
        by: "arn",
        weak: true,
        external: (target) => !target.includes(":loadbalancer/"),
      },
    },
    admit: admitAssociation,
    replaceOn: ["webAclArn", "resourceArn", "region"],
  }),
};
