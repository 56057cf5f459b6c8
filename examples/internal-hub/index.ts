import * as pulumi from "@pulumi/pulumi";
import { SecureHub } from "jupyterhub-eks";
// What the company has: a VPC that its network is connected to, a private zone, a certificate for the hub.
import { company, domain } from "./company";

const config = new pulumi.Config();

const hub = new SecureHub("intern", {
  domain,
  hostedZone: { kind: "private", id: company.zoneId },
  https: { certificateArn: company.certificateArn },
  exposure: { kind: "internal", sourceCidrs: [config.require("companyNetwork")] },
  auth: {
    provider: "entra-id",
    tenantId: config.require("tenantId"),
    clientId: config.require("clientId"),
    clientSecret: config.requireSecret("clientSecret"),
    allowedGroups: [config.require("group")],
  },
  network: {
    kind: "existing",
    vpcId: company.vpcId,
    privateSubnetIds: company.privateSubnetIds,
  },
  cluster: { publicAccessCidrs: config.requireObject("apiAccess") },
});

export const hubUrl = hub.url;
export const oauthCallbackUrl = hub.oauthCallbackUrl;
export const posture = hub.posture;
