import * as pulumi from "@pulumi/pulumi";
import { SecureHub, stackSettings } from "../../../components";

/** A cluster that the team runs elsewhere, with the AWS load balancer controller in it. */
const kubeconfig = {
  apiVersion: "v1",
  kind: "Config",
  "current-context": "team",
  contexts: [{ name: "team", context: { cluster: "team", user: "team" } }],
  clusters: [{ name: "team", cluster: { server: "https://kubernetes.team.test" } }],
  users: [{ name: "team", user: {} }],
};
const { network: _, ...settings } = stackSettings();
const hub = new SecureHub(`hub-${pulumi.getStack()}`, {
  ...settings,
  cluster: { kind: "kubeconfig", kubeconfig: pulumi.secret(JSON.stringify(kubeconfig)) },
  nodePools: { kind: "existing" },
  networkPolicyEngine: { kind: "calico" },
  https: { loadBalancer: "nlb" },
  exposure: { managedBy: "service", sourceCidrs: ["203.0.113.0/24"] },
  users: { ...settings.users, storageClass: "gp3" },
});

export const hubUrl = hub.url;
export const loadBalancerAddress = hub.loadBalancerAddress;
