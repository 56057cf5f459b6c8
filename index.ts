import { SecureHub, stackSettings } from "./components";

const hub = new SecureHub("hub", stackSettings());

export const hubUrl = hub.url;
export const oauthCallbackUrl = hub.oauthCallbackUrl;
export const loadBalancerAddress = hub.loadBalancerAddress;
export const clusterName = hub.clusterName;
export const registryUrl = hub.registryUrl;
export const kubeconfig = hub.kubeconfig;
export const posture = hub.posture;
