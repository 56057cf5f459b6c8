import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { at, type ValueMap } from "../../chart/values";

/** How the chart turns values into KubeSpawner's settings, in order. */
interface Facts {
  readonly kubespawner: readonly { readonly setting: string; readonly from: string; readonly rule: string }[];
}

const factsFile = resolve(__dirname, "../../../shared/data/user-pod-settings.json");

/** Undefined where the facts are not at hand. */
export const userPodFacts: Facts | undefined = existsSync(factsFile)
  ? (JSON.parse(readFileSync(factsFile, "utf8")) as Facts)
  : undefined;

type Tree = Record<string, unknown>;

export interface Pod {
  readonly spec: Tree & { readonly containers: readonly Tree[]; readonly initContainers: readonly Tree[] };
}

/** The pod that KubeSpawner makes for a user of a hub with these (effective) values, as far as Pod Security looks at it. */
export function userPod(facts: Facts, values: ValueMap): Pod {
  const settings = spawnerSettings(facts, values);
  const container = {
    name: "notebook",
    image: settings.image,
    securityContext: {
      allowPrivilegeEscalation: settings.allow_privilege_escalation,
      runAsUser: settings.uid,
      privileged: settings.privileged,
      ...(settings.container_security_context as Tree | undefined),
    },
  };
  const serviceAccount = settings.service_account;
  return {
    spec: {
      serviceAccountName: serviceAccount,
      automountServiceAccountToken: settings.automount_service_account_token ?? (serviceAccount ? undefined : false),
      securityContext: { fsGroup: settings.fs_gid, ...(settings.pod_security_context as Tree | undefined) },
      volumes: [{ name: "home", persistentVolumeClaim: { claimName: "claim" } }, ...list(settings.volumes)],
      containers: [container, ...list(settings.extra_containers)],
      initContainers: list(settings.init_containers),
      ...(settings.extra_pod_config as Tree | undefined),
    },
  };
}

/** KubeSpawner's traits: the chart's own settings, then the metadata block, then what `hub.config` says. */
function spawnerSettings({ kubespawner }: Facts, values: ValueMap): Tree {
  const settings: Tree = {};
  for (const { setting, from, rule } of kubespawner) {
    if (!/^[a-z_]+$/.test(setting) || !/^[A-Za-z.]+$/.test(from)) continue;
    const value = at(values, from);
    if (rule === "always" || (value !== null && value !== undefined)) settings[setting] = value;
  }
  settings.image = [at(values, "singleuser.image.name"), at(values, "singleuser.image.tag")].map(String).join(":");
  settings.volumes = at(values, "singleuser.storage.extraVolumes");
  if (at(values, "singleuser.cloudMetadata.blockWithIptables") === true) {
    settings.init_containers = [
      ...list(settings.init_containers),
      {
        name: "block-cloud-metadata",
        securityContext: { privileged: true, runAsUser: 0, capabilities: { add: ["NET_ADMIN"] } },
      },
    ];
  }
  for (const section of ["Spawner", "KubeSpawner"]) Object.assign(settings, at(values, `hub.config.${section}`));
  return settings;
}

function list(value: unknown): Tree[] {
  return Array.isArray(value) ? (value as Tree[]) : [];
}

/** What Pod Security `restricted` objects to ("Kubernetes, Pod Security Standards"): the field rules of `baseline`, too. */
export function restrictedObjections({ spec }: Pod): string[] {
  const podContext = (spec.securityContext ?? {}) as Tree;
  const allowedVolumes = [
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "persistentVolumeClaim",
    "projected",
    "secret",
  ];
  const allowedProfiles = ["RuntimeDefault", "Localhost"];
  const objections: string[] = [];
  const demand = (holds: boolean, objection: string) => holds || objections.push(objection);

  for (const field of ["hostNetwork", "hostPID", "hostIPC", "host_network", "host_pid", "host_ipc"])
    demand(spec[field] !== true, field);
  for (const volume of list(spec.volumes))
    demand(
      Object.keys(volume).every((key) => key === "name" || allowedVolumes.includes(key)),
      `volume ${volume.name}`,
    );
  demand(list(podContext.sysctls).length === 0, "sysctls");

  for (const container of [...spec.initContainers, ...spec.containers]) {
    const context = (container.securityContext ?? {}) as Tree;
    const capabilities = (context.capabilities ?? {}) as { add?: string[]; drop?: string[] };
    const profile = ((context.seccompProfile ?? podContext.seccompProfile) as Tree | undefined)?.type as string;
    const says = (rule: string) => `${container.name}: ${rule}`;
    demand(context.privileged !== true, says("privileged"));
    demand(context.allowPrivilegeEscalation === false, says("allowPrivilegeEscalation"));
    demand((context.runAsNonRoot ?? podContext.runAsNonRoot) === true, says("runAsNonRoot"));
    demand((context.runAsUser ?? podContext.runAsUser) !== 0, says("runAsUser"));
    demand(allowedProfiles.includes(profile), says("seccompProfile"));
    demand(capabilities.drop?.includes("ALL") === true, says("capabilities.drop"));
    demand(
      (capabilities.add ?? []).every((each) => each === "NET_BIND_SERVICE"),
      says("capabilities.add"),
    );
    demand([undefined, "Default"].includes(context.procMount as string | undefined), says("procMount"));
    demand(
      list(container.ports).every((port) => !port.hostPort),
      says("hostPort"),
    );
  }
  return objections;
}
