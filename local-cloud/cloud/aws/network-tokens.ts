/** Type tokens of a network's parts. */
export const vpcType = "aws:ec2/vpc:Vpc";
export const subnetType = "aws:ec2/subnet:Subnet";
export const routeTableType = "aws:ec2/routeTable:RouteTable";
export const gatewayType = "aws:ec2/internetGateway:InternetGateway";
export const natType = "aws:ec2/natGateway:NatGateway";
export const eipType = "aws:ec2/eip:Eip";
export const groupType = "aws:ec2/securityGroup:SecurityGroup";
export const balancerType = "aws:lb/loadBalancer:LoadBalancer";
export const targetGroupType = "aws:lb/targetGroup:TargetGroup";
