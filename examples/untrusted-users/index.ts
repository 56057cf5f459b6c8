import * as pulumi from "@pulumi/pulumi";
import { SecureHub } from "jupyterhub-eks";

const config = new pulumi.Config();

const hub = new SecureHub("course", {
  domain: config.require("domain"),
  auth: {
    provider: "github",
    clientId: config.require("clientId"),
    clientSecret: config.requireSecret("clientSecret"),
    allowedUsers: config.requireObject("allowedUsers"),
  },
  cluster: { publicAccessCidrs: config.requireObject("apiAccess") },
  users: {
    // Everybody gets a host name of their own, and a server that they cannot change before it starts; nobody shares.
    trust: "untrusted",
    // They reach packages on the internet and nothing else; { kind: "none" } would close that, too.
    egress: { kind: "internet" },
    cpu: { guarantee: 0.25, limit: 1 },
    memory: { guarantee: "1G", limit: "2G" },
    // Servers end after a day even where something in them never stops: miners, for example.
    maximumAgeSeconds: 86_400,
  },
});

export const hubUrl = hub.url;
export const oauthCallbackUrl = hub.oauthCallbackUrl;
export const posture = hub.posture;
