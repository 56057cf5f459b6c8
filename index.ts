import * as pulumi from "@pulumi/pulumi";
import { SecureHub, stackSettings } from "./components";

// Stacks of one account must not get in each other's way.
const hub = new SecureHub(`hub-${pulumi.getStack()}`, stackSettings());

export const hubUrl = hub.url;
export const oauthCallbackUrl = hub.oauthCallbackUrl;
export const loadBalancerAddress = hub.loadBalancerAddress;
export const fixedAddresses = hub.fixedAddresses;
export const dnsRecords = hub.dnsRecords;
export const clusterName = hub.clusterName;
export const registryUrl = hub.registryUrl;
export const kubeconfig = hub.kubeconfig;
export const posture = hub.posture;
