import * as pulumi from "@pulumi/pulumi";
import { SecureHub } from "jupyterhub-eks";
// What the team has. Where it is not part of your program, put plain identifiers in its place: "vpc-0a1b2c3d4e5f67890".
import { team } from "./team";

const config = new pulumi.Config();
const nodes = config.requireObject<{ instanceType: string; maxSize: number }>("nodes");

const hub = new SecureHub("lab", {
  domain: config.require("domain"),
  auth: {
    provider: "github",
    clientId: config.require("clientId"),
    clientSecret: config.requireSecret("clientSecret"),
    allowedOrganizations: [config.require("organization")],
  },
  network: {
    kind: "existing",
    vpcId: team.vpcId,
    privateSubnetIds: team.privateSubnetIds,
    publicSubnetIds: team.publicSubnetIds,
  },
  cluster: { kind: "existing", name: team.clusterName },
  // Nodes of the hub's own in the team's cluster: the team's stay the team's.
  nodePools: { core: nodes, user: nodes },
  // The team has no engine, so the hub brings one. With one of yours: { kind: "external", enforcedBy: "Cilium, by platform" }.
  networkPolicyEngine: { kind: "calico" },
  // What no setting speaks of.
  extraValues: { hub: { activeServerLimit: 100 } },
});

export const hubUrl = hub.url;
export const oauthCallbackUrl = hub.oauthCallbackUrl;
export const posture = hub.posture;
