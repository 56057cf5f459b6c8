import { authentication, type Login } from "./authentication";
import { type Https, httpsValues, tlsEnd } from "./https";
import { networkPolicies, proxyPod, rbac, userPods } from "./isolation";
import { type ProxyService, proxyService } from "./proxy-service";
import { scheduling } from "./scheduling";
import { type HubSecretValues, secrets } from "./secrets";
import { hubImage, type UserServers, userServers } from "./servers";
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
  /** Laid over all other values, as a last values file of Helm's: null takes a default away. */
  readonly extraValues?: Values;
}

/** The chart's values for a hub: secure settings that hold for every hub, and those that somebody chose. */
export function hubValues(settings: HubSettings): Values {
  const values = join(
    rbac(),
    networkPolicies(),
    userPods(),
    proxyPod(),
    scheduling(),
    hubImage(settings.chartVersion),
    httpsValues(settings.https, settings.host, settings.chartVersion),
    proxyService(settings.service, tlsEnd(settings.https)),
    authentication(settings.login, settings.host),
    secrets(settings.secrets),
    userServers(settings.servers),
  );
  return overlay(values, settings.extraValues ?? {});
}
