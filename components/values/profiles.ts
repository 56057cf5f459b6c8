import { profilesByGroup } from "../../chart/profiles-by-group";
import { chartDefaults } from "../../chart/releases";
import { at, isList } from "../../chart/values";
import { type Image, type Mirrors, mirrored, reference } from "./images";
import type { Value, Values } from "./value";

/** What a user can choose when they start a server; what it leaves out is as for every server. */
export interface Profile {
  /** What users see. */
  readonly name: string;
  readonly description?: string | undefined;
  readonly image?: Image | undefined;
  /** CPU cores. */
  readonly cpu?: { readonly guarantee?: number | undefined; readonly limit?: number | undefined } | undefined;
  /** Memory as KubeSpawner writes it, for example `2G`. */
  readonly memory?: { readonly guarantee?: string | undefined; readonly limit?: string | undefined } | undefined;
  /** GPUs of NVIDIA. */
  readonly gpu?: number | undefined;
  /** Groups whose members see the profile; empty or left out: everybody. */
  readonly allowedGroups?: readonly string[] | undefined;
}

/** Fixed choices only: no field in which users type an image or anything else. */
export function profileList(profiles: readonly Profile[], chartVersion: string, mirrors?: Mirrors): Values {
  if (profiles.length === 0) return {};
  const grouped = profiles.some(({ allowedGroups = [] }) => allowedGroups.length > 0);
  return {
    singleuser: { profileList: profiles.map((profile) => entry(profile, chartVersion, mirrors)) },
    // KubeSpawner has no setting for it.
    ...(grouped && { hub: { extraConfig: { "profiles-by-group": profilesByGroup } } }),
  };
}

function entry(profile: Profile, chartVersion: string, mirrors: Mirrors | undefined): Values {
  const { name, description, image, cpu, memory, gpu, allowedGroups = [] } = profile;
  return {
    display_name: name,
    ...(description !== undefined && { description }),
    ...(allowedGroups.length > 0 && { allowed_groups: [...allowedGroups] }),
    kubespawner_override: given({
      image: image && reference({ ...image, name: mirrored(image.name, mirrors) }),
      cpu_guarantee: cpu?.guarantee,
      cpu_limit: cpu?.limit,
      mem_guarantee: memory?.guarantee,
      mem_limit: memory?.limit,
      ...(gpu !== undefined && {
        extra_resource_limits: { "nvidia.com/gpu": String(gpu) },
        // An override replaces the whole list: the tolerations of every user pod, and this profile's own.
        tolerations: [...userTolerations(chartVersion), gpuToleration],
      }),
    }),
  };
}

/** Nodes with GPUs are kept for those who ask for one. */
const gpuToleration: Values = { key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" };

function userTolerations(chartVersion: string): Value[] {
  const tolerations = at(chartDefaults(chartVersion).values, "scheduling.userPods.tolerations");
  return isList(tolerations) ? (tolerations as Value[]) : [];
}

function given(values: Record<string, Value | undefined>): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Values;
}
