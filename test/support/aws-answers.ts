import { createHash } from "node:crypto";
import type { Answers } from "./recorded-program";

/** Must be readable nowhere. */
export const randomCanary = "0ddba11c0ffee";
export const kubeconfigCanary = "canary-kubeconfig";
export const poolSecretCanary = "canary-pool-client";
export const storedSecretCanary = "canary-stored-client";

/** 32 bytes that say whose they are. */
export function randomHex(name: string): string {
  return `${randomCanary}${createHash("sha256").update(name).digest("hex")}`.slice(0, 64);
}

/** What AWS answers, in its own shapes, as far as the components read it. */
export const awsAnswers: Answers = {
  "aws:index/getAvailabilityZones:getAvailabilityZones": () => ({
    names: ["eu-central-1a", "eu-central-1b", "eu-central-1c"],
  }),
  "aws:index/getRegion:getRegion": () => ({ region: "eu-central-1" }),
  "aws:eks/getCluster:getCluster": ({ name }) => ({
    name,
    version: "1.34",
    arn: `arn:aws:eks:eu-central-1:123456789012:cluster/${name}`,
    endpoint: "https://0A1B2C.gr7.eu-central-1.eks.amazonaws.com",
    certificateAuthorities: [{ data: "LS0tLS1CRUdJTg==" }],
    vpcConfig: { vpcId: "vpc-0a1b2c3d4e5f67890", clusterSecurityGroupId: "sg-0123456789abcdef0" },
  }),
  "aws:eks/getAddon:getAddon": () => ({ addonVersion: "v1.66.0-eksbuild.1" }),
  "aws:ec2/getSubnet:getSubnet": ({ id }) => ({ id, vpcId: "vpc-0a1b2c3d4e5f67890", mapPublicIpOnLaunch: false }),
  "aws:route53/getZone:getZone": ({ name = "acme.science", zoneId = "Z0123456789", privateZone }) => ({
    name,
    zoneId,
    privateZone,
  }),
  "aws:route53/zone:Zone": ({ name }) => ({ zoneId: `Z-${name}`, nameServers: ["ns-1.awsdns.com", "ns-2.awsdns.net"] }),
  "aws:cognito/userPoolClient:UserPoolClient": (_, name) => ({ clientSecret: `${poolSecretCanary}-${name}` }),
  "aws:cognito/getUserPool:getUserPool": ({ userPoolId }) => ({ userPoolId, domain: "acme-people" }),
  "aws:cognito/getUserPoolClient:getUserPoolClient": ({ clientId }) => ({
    clientId,
    clientSecret: poolSecretCanary,
    callbackUrls: ["https://hub.acme.science/hub/oauth_callback"],
  }),
  "aws:secretsmanager/getSecretVersion:getSecretVersion": () => ({
    secretString: JSON.stringify({ clientId: "stored-client", clientSecret: storedSecretCanary }),
  }),
  "aws:iam/role:Role": (_, name) => ({ arn: `arn:aws:iam::123456789012:role/${name}`, name }),
  "aws:kms/key:Key": (_, name) => ({ arn: `arn:aws:kms:eu-central-1:123456789012:key/${name}`, keyId: name }),
  "aws:cloudwatch/logGroup:LogGroup": ({ name: given }, name) => ({
    arn: `arn:aws:logs:eu-central-1:123456789012:log-group:${given ?? name}`,
  }),
  "eks:index:Cluster": ({ name }) => ({
    kubeconfigJson: kubeconfigCanary,
    eksCluster: { name, vpcConfig: { clusterSecurityGroupId: "sg-cluster" } },
  }),
  "aws:eks/nodeGroup:NodeGroup": (_, name) => ({ resources: [{ autoscalingGroups: [{ name: `eks-${name}` }] }] }),
  "aws:ec2/launchTemplate:LaunchTemplate": () => ({ latestVersion: 1 }),
  "aws:route53/record:Record": ({ name }) => ({ fqdn: name }),
  "aws:acm/certificate:Certificate": ({ domainName }) => ({
    arn: "arn:aws:acm:eu-central-1:123456789012:certificate/0000",
    domainValidationOptions: [
      {
        domainName,
        resourceRecordName: `_x.${domainName}`,
        resourceRecordType: "CNAME",
        resourceRecordValue: "_y.acm",
      },
    ],
  }),
  "aws:ecr/repository:Repository": ({ name }) => ({
    repositoryUrl: `123456789012.dkr.ecr.eu-central-1.amazonaws.com/${name}`,
  }),
  "aws:ec2/eip:Eip": (_, name) => ({ publicIp: `203.0.113.1${name.slice(-1)}` }),
  "aws:s3/bucket:Bucket": (_, name) => ({ bucket: name, arn: `arn:aws:s3:::${name}` }),
  "aws:index/getCallerIdentity:getCallerIdentity": () => ({ accountId: "123456789012" }),
  "aws:index/getPartition:getPartition": () => ({ partition: "aws" }),
  "aws:lb/getHostedZoneId:getHostedZoneId": () => ({ id: "Z3F0SRJ5LGBH90" }),
  "aws:lb/loadBalancer:LoadBalancer": (_, name) => ({
    arn: `arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/${name}/1`,
    dnsName: `${name}-1.eu-central-1.elb.amazonaws.com`,
    zoneId: "Z215JYRZR1TBD5",
  }),
  "aws:lb/targetGroup:TargetGroup": (_, name) => ({
    arn: `arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/${name}/1`,
  }),
  "kubernetes:helm.sh/v3:Release": ({ name, namespace }) => ({ status: { name, namespace } }),
  "kubernetes:core/v1:Service": (_, name) => ({
    status: { loadBalancer: { ingress: [{ hostname: `k8s-${name}-1.elb.eu-central-1.amazonaws.com` }] } },
  }),
  "random:index/randomBytes:RandomBytes": (_, name) => ({ hex: randomHex(name), base64: "q6s=" }),
};
