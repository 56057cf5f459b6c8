import * as pulumi from "@pulumi/pulumi";
import { SecureHub } from "jupyterhub-eks";

const config = new pulumi.Config();

// The certificate is made and renewed in the cluster, behind a load balancer that passes TCP: nobody else holds its key.
const hub = new SecureHub("open-lab", {
  domain: config.require("domain"),
  https: {
    kind: "letsencrypt",
    contactEmail: config.require("contactEmail"),
    server: config.require<"production" | "staging">("server"),
  },
  auth: {
    provider: "github",
    clientId: config.require("clientId"),
    clientSecret: config.requireSecret("clientSecret"),
    allowedOrganizations: [config.require("organization")],
  },
  cluster: { publicAccessCidrs: config.requireObject("apiAccess") },
});

export const hubUrl = hub.url;
export const oauthCallbackUrl = hub.oauthCallbackUrl;
export const posture = hub.posture;
