import { output, type Registered } from "../component";
import { lift, type Properties, unknown } from "../wire";
import { type Register, tagsOf } from "./child";

const everywhere = ["0.0.0.0/0"];
type Rule = { description: string; type: string; protocol: string; fromPort: number; toPort: number } & Properties;

const ruleOf = (register: Register, name: string, rule: Rule, dependsOn: string[]) =>
  register({ type: "aws:ec2/securityGroupRule:SecurityGroupRule", name, inputs: rule, dependsOn });

/** The additional security group of the control plane. */
export async function controlPlaneGroup(register: Register, name: string, args: Properties) {
  const group = await register({
    type: "aws:ec2/securityGroup:SecurityGroup",
    name: `${name}-eksClusterSecurityGroup`,
    inputs: {
      description: "Managed by Pulumi",
      revokeRulesOnDelete: true,
      tags: {
        Name: `${name}-eksClusterSecurityGroup`,
        ...tagsOf(args.clusterSecurityGroupTags),
        ...tagsOf(args.tags),
      },
      vpcId: args.vpcId ?? unknown,
    },
  });
  const egress = await ruleOf(
    register,
    `${name}-eksClusterInternetEgressRule`,
    {
      description: "Allow internet access.",
      type: "egress",
      fromPort: 0,
      toPort: 0,
      protocol: "-1",
      cidrBlocks: everywhere,
      securityGroupId: group.id,
    },
    [group.urn],
  );
  return { group, urns: [group.urn, egress.urn] };
}

/** The security group of nodes that the component itself would make, and its rules. */
export async function nodeSecurityGroup(
  register: Register,
  name: string,
  args: Properties,
  clusterSecurityGroup: Registered,
  cluster: Registered,
) {
  const clusterTag = lift([output(cluster, "name")], (plain) => `kubernetes.io/cluster/${plain}`);
  const tags = lift([clusterTag, args.nodeSecurityGroupTags ?? {}, args.tags ?? {}], (tag, own, common) => ({
    Name: `${name}-nodeSecurityGroup`,
    [String(tag)]: "owned",
    ...tagsOf(own),
    ...tagsOf(common),
  }));
  const group = await register({
    type: "aws:ec2/securityGroup:SecurityGroup",
    name: `${name}-nodeSecurityGroup`,
    inputs: { description: "Managed by Pulumi", revokeRulesOnDelete: true, tags, vpcId: args.vpcId ?? unknown },
    dependsOn: [cluster.urn],
  });
  const nodes = group.id;
  const controlPlane = clusterSecurityGroup.id;
  const rules: Record<string, Rule> = {
    eksNodeIngressRule: {
      description: "Allow nodes to communicate with each other",
      type: "ingress",
      fromPort: 0,
      toPort: 0,
      protocol: "-1",
      securityGroupId: nodes,
      self: true,
    },
    eksNodeClusterIngressRule: {
      description: "Allow worker Kubelets and pods to receive communication from the cluster control plane",
      type: "ingress",
      fromPort: 1025,
      toPort: 65535,
      protocol: "tcp",
      securityGroupId: nodes,
      sourceSecurityGroupId: controlPlane,
    },
    eksExtApiServerClusterIngressRule: {
      description:
        "Allow pods running extension API servers on port 443 to receive communication from cluster control plane",
      type: "ingress",
      fromPort: 443,
      toPort: 443,
      protocol: "tcp",
      securityGroupId: nodes,
      sourceSecurityGroupId: controlPlane,
    },
    eksNodeInternetEgressRule: {
      description: "Allow internet access.",
      type: "egress",
      fromPort: 0,
      toPort: 0,
      protocol: "-1",
      cidrBlocks: everywhere,
      securityGroupId: nodes,
    },
  };
  const dependsOn = [group.urn, clusterSecurityGroup.urn];
  const [clusterIngress] = await Promise.all([
    ruleOf(
      register,
      `${name}-eksClusterIngressRule`,
      {
        description: "Allow pods to communicate with the cluster API Server",
        type: "ingress",
        fromPort: 443,
        toPort: 443,
        protocol: "tcp",
        securityGroupId: controlPlane,
        sourceSecurityGroupId: nodes,
      },
      dependsOn,
    ),
    ...Object.entries(rules).map(([suffix, rule]) => ruleOf(register, `${name}-${suffix}`, rule, dependsOn)),
  ]);
  return { group, clusterIngress };
}
