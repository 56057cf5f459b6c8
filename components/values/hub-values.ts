import type { Output } from "@pulumi/pulumi";
import { authentication, type Login } from "./authentication";
import { endsInCluster, type Https, httpsValues } from "./https";
import { type ImageSources, imageSources, secretSync } from "./images";
import { type Egress, networkPolicies, proxyPod, rbac, userPods } from "./isolation";
import { type ProxyService, proxyService } from "./proxy-service";
import { groupsAndRoles, type People } from "./roles";
import { scheduling } from "./scheduling";
import { type HubSecretValues, secrets } from "./secrets";
import { type UserServers, userServers } from "./servers";
import { subdomains, unchangeableServers } from "./untrusted";
import { join, overlay, type Values } from "./value";

/** Everything the chart's values depend on. */
export interface HubSettings {
  /** Version of the chart, for example `4.4.0`. */
  readonly chartVersion: string;
  /** The hub's host name. */
  readonly host: string;
  /** Where TLS ends. */
  readonly https: Https;
  /** How traffic reaches the proxy. */
  readonly service: ProxyService;
  readonly login: Login;
  readonly secrets: HubSecretValues;
  readonly servers: UserServers;
  /** Default: semi-trusted users on one host name who reach the internet. */
  readonly isolation?: UserIsolation | undefined;
  /** Groups and roles; default: none beside JupyterHub's own. */
  readonly people?: People | undefined;
  /** Default: every image comes from where it was published. */
  readonly images?: ImageSources | undefined;
  /** Laid over all other values, as a last values file of Helm's: null takes a default away. */
  readonly extraValues?: Values;
}

/** What keeps users from each other and from what is outside of the hub. */
export interface UserIsolation {
  /** Nobody vouches for users: their servers are such that they cannot change them. Implies sub-domains. */
  readonly untrusted?: boolean | undefined;
  /** A host name below the hub's for each user; needs a wildcard record and certificate. */
  readonly subdomains?: boolean | undefined;
  /** Absolute path of `jupyterhub-singleuser` in the images. */
  readonly serverCommand?: string | undefined;
  readonly egress?: Egress | undefined;
  /** Service account of user pods that has an AWS role: {@link JupyterHub} makes it. Default: none. */
  readonly serviceAccountName?: string | Output<string> | undefined;
}

/** The chart's values for a hub: secure settings that hold for every hub, and those that somebody chose. */
export function hubValues(settings: HubSettings): Values {
  const { chartVersion, host, isolation = {}, images = {} } = settings;
  const { untrusted = false, serverCommand, serviceAccountName } = isolation;
  const values = join(
    rbac(),
    networkPolicies(isolation.egress, serviceAccountName !== undefined),
    userPods(serviceAccountName),
    proxyPod(),
    scheduling(),
    imageSources(chartVersion, images),
    httpsValues(settings.https, host, secretSync(chartVersion, images.mirrors)),
    proxyService(settings.service, endsInCluster(settings.https)),
    authentication(settings.login, host),
    secrets(settings.secrets),
    userServers(settings.servers, chartVersion, images.mirrors),
    groupsAndRoles(settings.people ?? {}),
    untrusted || isolation.subdomains ? subdomains(host) : {},
    untrusted ? unchangeableServers(serverCommand) : serverCommand ? { singleuser: { cmd: [serverCommand] } } : {},
  );
  return overlay(values, settings.extraValues ?? {});
}
