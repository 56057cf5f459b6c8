import { at, type Found, isMap, own, UNKNOWN, type Value } from "../../chart/values";
import { type Child, children, codeMentioning, type Hub } from "./hub";
import { memoise } from "./resource";
import { isTruthy } from "./truth";

/**
 * One shape that user pods can take: the settings everybody gets, or those of one profile or one choice of a profile.
 * User pods are made by KubeSpawner at run time and never are resources of a stack.
 */
export interface UserPod {
  readonly hub: Hub;
  /** Where the shape comes from, for messages: "singleuser" or the path of a profile's override. */
  readonly path: string;
  /** A KubeSpawner setting as the pod gets it, and the path that decided it. */
  setting(name: string): Setting;
  /** A field of the pod's specification that `extra_pod_config` sets, in camelCase or snake_case. */
  podField(camelCase: string): Setting;
}

export interface Setting {
  readonly value: Found;
  readonly path: string;
}

/** A place that sets KubeSpawner's traits; later ones win. */
interface Layer {
  readonly path: string;
  readonly traits: Found;
  /** Profile overrides merge maps into what is below; everything before them replaces. */
  readonly merges: boolean;
}

/** Chart values that become a KubeSpawner setting when they are not null. */
const fromSingleuser: Readonly<Record<string, string>> = {
  service_account: "singleuser.serviceAccountName",
  init_containers: "singleuser.initContainers",
  extra_containers: "singleuser.extraContainers",
  extra_pod_config: "singleuser.extraPodConfig",
  extra_labels: "singleuser.extraLabels",
  environment: "singleuser.extraEnv",
  volumes: "singleuser.storage.extraVolumes",
  uid: "singleuser.uid",
  profile_list: "singleuser.profileList",
};

/** Every shape that user pods of the hub can take, the plain one first. */
export const userPods: (hub: Hub) => readonly UserPod[] = memoise((hub) => {
  const base = baseLayers(hub);
  const plain = userPod(hub, "singleuser", base);
  return [plain, ...profileLayers(plain).map((layers) => userPod(hub, pathOf(layers), [...base, ...layers]))];
});

function baseLayers(hub: Hub): Layer[] {
  return ["Spawner", "KubeSpawner"].map((section) => {
    const path = `hub.config.${section}`;
    return { path, traits: at(hub.values, path), merges: false };
  });
}

function profileLayers(plain: UserPod): Layer[][] {
  const list = plain.setting("profile_list");
  return offered(list.value, list.path).flatMap((profile) => {
    const override = overrideOf(profile);
    const options = offered(own(profile.value, "profile_options"), `${profile.path}.profile_options`);
    const choices = options.flatMap((option) => [
      ...offered(own(option.value, "choices"), `${option.path}.choices`).map(overrideOf),
      unlistedOverrideOf(option),
    ]);
    const chosen = choices.filter((layers) => layers.length > 0);
    return [override, ...chosen.map((layers) => [...override, ...layers])].filter((layers) => layers.length > 0);
  });
}

/** What users can choose from a list or map; of one that is not known, something that is not. */
export function offered(holder: Found, path: string): Child[] {
  return holder === UNKNOWN ? [{ path, value: UNKNOWN }] : children(holder, path);
}

function overrideOf({ value, path }: Child): Layer[] {
  const traits = own(value, "kubespawner_override");
  return traits === undefined || traits === null
    ? []
    : [{ path: `${path}.kubespawner_override`, traits, merges: true }];
}

/** KubeSpawner offers a choice that users type only where it is enabled; one that does not say so is judged as it is meant. */
function unlistedOverrideOf(option: Child): Layer[] {
  const value = own(option.value, "unlisted_choice");
  const enabled = isTruthy(own(value, "enabled") ?? true);
  if (enabled === false) return [];
  const layers = overrideOf({ value, path: `${option.path}.unlisted_choice` });
  return enabled === true ? layers : layers.map((layer) => ({ ...layer, traits: unknownOnes(layer.traits) }));
}

function unknownOnes(traits: Found): Found {
  return isMap(traits) ? Object.fromEntries(Object.keys(traits).map((name) => [name, UNKNOWN])) : traits;
}

function pathOf(layers: readonly Layer[]): string {
  return layers[layers.length - 1]?.path ?? "singleuser";
}

function userPod(hub: Hub, path: string, layers: readonly Layer[]): UserPod {
  const known = new Map<string, Setting>();
  const setting = (name: string): Setting => {
    let found = known.get(name);
    if (!found) {
      const code = codeMentioning(hub, name);
      found = code ? { value: UNKNOWN, path: code } : resolve(hub, layers, name);
      known.set(name, found);
    }
    return found;
  };
  return {
    hub,
    path,
    setting,
    podField: (camelCase) => {
      const { value, path } = setting("extra_pod_config");
      const other = snakeCase(camelCase);
      // KubeSpawner sets one field after the other, so of two spellings the later one stays.
      const keys = isMap(value) ? Object.keys(value) : [];
      const found = keys.findLast((key) => key === camelCase || key === other) ?? camelCase;
      return { value: own(value, found), path: `${path}.${found}` };
    },
  };
}

function resolve(hub: Hub, layers: readonly Layer[], name: string): Setting {
  const source = fromSingleuser[name];
  const chartValue = chartSetting(hub, name);
  let result: Setting = { value: undefined, path: source ?? `hub.config.KubeSpawner.${name}` };
  for (const layer of layers) {
    // The chart's own settings lie between the sections Spawner and KubeSpawner of hub.config.
    if (layer.path === "hub.config.KubeSpawner" && chartValue !== undefined && chartValue !== null) {
      result = { value: chartValue, path: source ?? result.path };
    }
    // The section KubeSpawner heeds an old name only where nothing has the new one; the image always has.
    const isOldHeeded = layer.merges || (result.value === undefined && name !== "image");
    const names = isOldHeeded ? [name, ...oldNames(name)] : [name];
    const found = names.find((each) => own(layer.traits, each) !== undefined);
    const value = found === undefined ? undefined : own(layer.traits, found);
    if (found === undefined || value === undefined) continue;
    result = { value: layer.merges ? overridden(result.value, value) : value, path: `${layer.path}.${found}` };
  }
  return result;
}

/** What KubeSpawner called its traits before 0.9 and 0.10, and still takes. */
function oldNames(name: string): string[] {
  return [`singleuser_${name}`, ...(name === "image" ? ["image_spec", "singleuser_image_spec"] : [])];
}

function chartSetting(hub: Hub, name: string): Found {
  const source = fromSingleuser[name];
  if (source !== undefined) return at(hub.values, source);
  return name === "common_labels" ? chartLabels(hub) : undefined;
}

/** The labels that the chart gives to every pod, by which its NetworkPolicies select. */
export const chartLabels: (hub: Hub) => { app: Value; release: Value } = memoise((hub) => ({
  app: at(hub.values, "nameOverride") ?? "jupyterhub",
  release: hub.releaseName ?? UNKNOWN,
}));

/** KubeSpawner's override: maps merge, null removes a key, everything else replaces. */
function overridden(below: Found, value: Value): Value {
  if (!isMap(below) || !isMap(value)) return value;
  const entries = new Map<string, Value>(Object.entries(below));
  for (const [key, item] of Object.entries(value)) {
    if (item === null) entries.delete(key);
    else entries.set(key, overridden(own(below, key), item));
  }
  return Object.fromEntries(entries);
}

/** How Kubernetes' client for Python spells a field: `host_pid` for `hostPID`. */
export function snakeCase(camelCase: string): string {
  return camelCase.replace(/[A-Z]+/g, (letters) => `_${letters.toLowerCase()}`);
}
