import { isProperties, type Properties, type Value } from "../wire";

/** Option of `VpcCniAddon`, variable of the CNI's container, default. */
const variables: readonly [option: string, variable: string, fallback?: string][] = [
  ["nodePortSupport", "AWS_VPC_CNI_NODE_PORT_SUPPORT"],
  ["warmEniTarget", "WARM_ENI_TARGET", "1"],
  ["warmIpTarget", "WARM_IP_TARGET"],
  ["warmPrefixTarget", "WARM_PREFIX_TARGET"],
  ["enablePrefixDelegation", "ENABLE_PREFIX_DELEGATION"],
  ["logLevel", "AWS_VPC_K8S_CNI_LOGLEVEL", "DEBUG"],
  ["logFile", "AWS_VPC_K8S_CNI_LOG_FILE", "/host/var/log/aws-routed-eni/ipamd.log"],
  ["vethPrefix", "AWS_VPC_K8S_CNI_VETHPREFIX", "eni"],
  ["eniMtu", "AWS_VPC_ENI_MTU", "9001"],
  ["eniConfigLabelDef", "ENI_CONFIG_LABEL_DEF"],
  ["pluginLogLevel", "AWS_VPC_K8S_PLUGIN_LOG_LEVEL", "DEBUG"],
  ["pluginLogFile", "AWS_VPC_K8S_PLUGIN_LOG_FILE", "/var/log/aws-routed-eni/plugin.log"],
  ["enablePodEni", "ENABLE_POD_ENI", "false"],
  ["cniConfigureRpfilter", "AWS_VPC_K8S_CNI_CONFIGURE_RPFILTER"],
  ["cniCustomNetworkCfg", "AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG", "false"],
  ["cniExternalSnat", "AWS_VPC_K8S_CNI_EXTERNALSNAT", "false"],
];

/** The add-on configuration that the component makes of its options. */
export function cniConfiguration(options: Properties): Properties {
  const env: Properties = {};
  for (const [option, variable, fallback] of variables) {
    const value = options[option];
    if (value !== undefined && value !== false && value !== 0) env[variable] = String(value);
    else if (fallback !== undefined) env[variable] = fallback;
  }
  const initEnv = { DISABLE_TCP_EARLY_DEMUX: options.disableTcpEarlyDemux ? "true" : "false" };
  const extra = isProperties(options.configurationValues) ? options.configurationValues : {};
  const init = isProperties(extra.init) ? extra.init : {};
  const networkPolicy = options.enableNetworkPolicy;
  return {
    ...(networkPolicy !== undefined && { enableNetworkPolicy: String(networkPolicy) }),
    ...extra,
    env: { ...env, ...(isProperties(extra.env) ? extra.env : {}) },
    init: { ...init, env: { ...initEnv, ...(isProperties(init.env) ? init.env : {}) } },
  };
}

/** JSON with its keys in order, so that equal configurations are equal texts. */
export const sortedJson = (value: Value): string =>
  JSON.stringify(value, (_key, inner: Value) =>
    isProperties(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner,
  );
