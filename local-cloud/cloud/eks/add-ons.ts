import { output, type Registered } from "../component";
import { isProperties, lift, type Properties, type Value } from "../wire";
import type { Register } from "./child";
import { cniConfiguration, sortedJson } from "./cni-configuration";

interface Target {
  readonly name: string;
  readonly args: Properties;
  readonly cluster: Registered;
  /** URNs of the access entries. */
  readonly accessEntries: string[];
}

type NewestVersion = (addonName: string, kubernetesVersion: Value) => Promise<Value>;

/** Registers kube-proxy, CoreDNS and the VPC CNI as far as they are wanted. @returns the CNI's component */
export async function addOns(register: Register, newestVersion: NewestVersion, target: Target) {
  const { name, args, cluster } = target;
  const options = (property: string): Properties => (isProperties(args[property]) ? args[property] : {});
  const versionOf = (addonName: string, given: Value | undefined) =>
    given ?? newestVersion(addonName, output(cluster, "version"));
  const plainAddOn = async (addonName: string, chosen: Properties) =>
    register({
      type: "aws:eks/addon:Addon",
      name: `${name}-${addonName}`,
      inputs: addOnInputs(target, addonName, chosen, await versionOf(addonName, chosen.version)),
      dependsOn: [cluster.urn],
    });

  const kubeProxy = options("kubeProxyAddonOptions");
  const coredns = options("corednsAddonOptions");
  const cni = options("vpcCniOptions");
  const [vpcCni] = await Promise.all([
    args.useDefaultVpcCni ? undefined : cniAddOn(register, target, cni, await versionOf("vpc-cni", cni.addonVersion)),
    kubeProxy.enabled === false ? undefined : plainAddOn("kube-proxy", kubeProxy),
    coredns.enabled === true || coredns.configurationValues ? plainAddOn("coredns", coredns) : undefined,
  ]);
  return vpcCni;
}

function addOnInputs(
  { args, cluster }: Target,
  addonName: string,
  options: Properties,
  addonVersion: Value,
): Properties {
  const configuration = options.configurationValues;
  return {
    addonName,
    addonVersion,
    clusterName: output(cluster, "name"),
    preserve: true,
    resolveConflictsOnCreate: options.resolveConflictsOnCreate ?? "OVERWRITE",
    resolveConflictsOnUpdate: options.resolveConflictsOnUpdate ?? "OVERWRITE",
    ...(configuration !== undefined && { configurationValues: lift([configuration], sortedJson) }),
    ...(args.tags !== undefined && { tags: args.tags }),
  };
}

/** The CNI is an add-on in a component of its own. */
async function cniAddOn(register: Register, target: Target, options: Properties, version: Value): Promise<Registered> {
  const { name, args, cluster, accessEntries } = target;
  const component = await register({
    type: "eks:index:VpcCniAddon",
    name: `${name}-vpc-cni`,
    component: true,
    inputs: {
      ...options,
      clusterName: output(cluster, "name"),
      clusterVersion: output(cluster, "version"),
      ...(args.tags !== undefined && { tags: args.tags }),
    },
    dependsOn: accessEntries,
  });
  const configurationValues = lift([options], (plain) => cniConfiguration(plain as Properties));
  const role = options.serviceAccountRoleArn;
  await register({
    type: "aws:eks/addon:Addon",
    name: `${name}-vpc-cni`,
    parent: component.urn,
    inputs: {
      ...addOnInputs(target, "vpc-cni", { ...options, configurationValues }, version),
      ...(role !== undefined && { serviceAccountRoleArn: role }),
    },
    dependsOn: [cluster.urn],
  });
  return component;
}
