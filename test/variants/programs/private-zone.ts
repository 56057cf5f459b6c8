import * as acm from "@pulumi/aws/acm";
import * as ec2 from "@pulumi/aws/ec2";
import * as route53 from "@pulumi/aws/route53";
import * as pulumi from "@pulumi/pulumi";
import { SecureHub, stackSettings } from "../../../components";

/** What an organisation has already: a zone that its network knows, and a certificate of its own authority. */
const office = new ec2.Vpc("office", { cidrBlock: "10.200.0.0/16" });
const zone = new route53.Zone(
  "corporate",
  { name: "local-cloud.test", vpcs: [{ vpcId: office.id }] },
  // VPCs are associated beside the zone, too.
  { ignoreChanges: ["vpcs"] },
);
const certificate = new acm.Certificate("corporate", {
  certificateBody: process.env.HUB_CERTIFICATE ?? "",
  privateKey: pulumi.secret(process.env.HUB_KEY ?? ""),
});

const hub = new SecureHub("hub-variant", {
  ...stackSettings(),
  hostedZone: { kind: "private", id: zone.zoneId },
  https: { kind: "offload", certificateArn: certificate.arn },
  exposure: { kind: "internal" },
});

export const hubUrl = hub.url;
