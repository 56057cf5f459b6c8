/*
 * Stands for what the company runs already. In your own program these are ids, or outputs of another stack.
 */
import * as acm from "@pulumi/aws/acm";
import * as route53 from "@pulumi/aws/route53";
import * as pulumi from "@pulumi/pulumi";
import { Network } from "jupyterhub-eks";

const publicZone = new pulumi.Config().require("publicZone");
const intranet = `intranet.${publicZone}`;
export const domain = `hub.${intranet}`;

const network = new Network("company", {
  cidr: "10.60.0.0/16",
  zones: 2,
  natGateways: "single",
  clusterName: "intern",
  flowLogRetentionDays: 90,
});

// Names that only the VPC and what is connected to it can look up.
const zone = new route53.Zone("intranet", { name: intranet, vpcs: [{ vpcId: network.vpcId }] });

// ACM looks into public DNS: the proof of the name lies in the company's public zone.
const certificate = new acm.Certificate("intranet", { domainName: domain, validationMethod: "DNS" });
const proof = certificate.domainValidationOptions.apply(([first]) => first as NonNullable<typeof first>);
const record = new route53.Record("intranet-validation", {
  zoneId: route53.getZoneOutput({ name: publicZone }).zoneId,
  name: proof.resourceRecordName,
  type: proof.resourceRecordType,
  records: [proof.resourceRecordValue],
  ttl: 300,
});
const validated = new acm.CertificateValidation("intranet", {
  certificateArn: certificate.arn,
  validationRecordFqdns: [record.fqdn],
});

export const company = {
  vpcId: network.vpcId,
  privateSubnetIds: network.privateSubnetIds,
  zoneId: zone.zoneId,
  certificateArn: validated.certificateArn,
};
