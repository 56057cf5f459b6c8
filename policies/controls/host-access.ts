import { own, UNKNOWN, type ValueMap } from "../../chart/values";
import { type Control, describe, type Finding, fail, pass, unknown } from "../control";
import { toNumber } from "../evidence/aws";
import { children, hubTypes, onHub } from "../evidence/hub";
import { volumesOf } from "../evidence/pod-secrets";
import { isTruthy, listOf } from "../evidence/truth";
import { containersOf, field } from "../evidence/user-containers";
import { type UserPod, userPods } from "../evidence/user-pods";
import { otherChart } from "../example";

const volume: ValueMap = { name: "v", hostPath: { path: "/var/run/docker.sock" } };

export const userPodsOffTheHost: Control = {
  name: "user-pods-off-the-host",
  title: "User pods have no part in their node: neither its files nor its network nor its processes",
  reference: ["K8S-09", "K8S-10", "JX-08"],
  severity: "critical",
  pack: "security",
  why: "with the node's files, network or processes a user has the node's credentials and everybody's data on it",
  source:
    "Kubernetes, Pod Security Standards: baseline; Zero to JupyterHub, Security: audit cloud metadata server access",
  remediation:
    "remove hostNetwork, hostPID, hostIPC and host ports from singleuser.extraPodConfig, hub.config.KubeSpawner and profiles, and use a PersistentVolumeClaim in the place of hostPath; a path of the node that users really need, such as a device, belongs into the option allowedHostPaths",
  options: {
    allowedHostPaths: {
      type: "array",
      description: "Paths of the node that user pods may mount, what lies below them included",
      default: [],
    },
  },
  types: hubTypes,
  scope: "resource",
  examples: [
    { title: "chart default", verdict: "pass", values: {} },
    {
      title: "a volume of the cluster",
      verdict: "pass",
      values: {
        singleuser: { storage: { extraVolumes: [{ name: "s", persistentVolumeClaim: { claimName: "shared" } }] } },
      },
    },
    {
      title: "a port of its own, and none of the node",
      verdict: "pass",
      values: {
        singleuser: { extraContainers: [{ name: "c", image: "c:1", ports: [{ containerPort: 80, hostPort: 0 }] }] },
      },
    },
    {
      title: "a path that is needed",
      verdict: "pass",
      values: { singleuser: { storage: { extraVolumes: [{ name: "f", hostPath: { path: "/dev/fuse" } }] } } },
      configuration: { "user-pods-off-the-host": { allowedHostPaths: ["/dev/fuse"] } },
    },
    { title: "a path of the node", verdict: "fail", values: { singleuser: { storage: { extraVolumes: [volume] } } } },
    {
      title: "a path of the node, in the form of a map",
      verdict: "fail",
      values: { singleuser: { storage: { extraVolumes: { socket: volume } } } },
    },
    {
      title: "a path of the node by KubeSpawner, in its own spelling",
      verdict: "fail",
      values: { hub: { config: { KubeSpawner: { volumes: [{ name: "v", host_path: { path: "/" } }] } } } },
    },
    {
      title: "a path above one that is needed",
      verdict: "fail",
      values: { singleuser: { storage: { extraVolumes: [{ name: "f", hostPath: { path: "/dev/fuse/../.." } }] } } },
      configuration: { "user-pods-off-the-host": { allowedHostPaths: ["/dev/fuse"] } },
    },
    {
      title: "the node's network",
      verdict: "fail",
      values: { singleuser: { extraPodConfig: { hostNetwork: true } } },
    },
    {
      title: "the node's processes, in one choice of a profile",
      verdict: "fail",
      values: {
        singleuser: {
          profileList: [
            {
              profile_options: {
                size: { choices: { big: { kubespawner_override: { extra_pod_config: { host_pid: true } } } } },
              },
            },
          ],
        },
      },
    },
    {
      title: "a port of the node",
      verdict: "fail",
      values: {
        singleuser: { extraContainers: [{ name: "c", image: "c:1", ports: [{ containerPort: 80, hostPort: 80 }] }] },
      },
    },
    { title: "not known yet", verdict: "unknown", values: { singleuser: { extraPodConfig: UNKNOWN } } },
    otherChart,
  ],
  evaluate: onHub((hub, { options }) => [
    ...userPods(hub).flatMap((pod) => [
      ...["hostNetwork", "hostPID", "hostIPC"].flatMap((name) => judgeField(pod, name)),
      ...judgeVolumes(pod, listOf(options.allowedHostPaths)),
      ...judgePorts(pod),
    ]),
    pass(null, "nothing of the node"),
  ]),
};

function judgeField(pod: UserPod, name: string): Finding[] {
  const { value, path } = pod.podField(name);
  const shares = isTruthy(value);
  if (shares === UNKNOWN) return [unknown(path, describe(value), "no such field")];
  return shares ? [fail(path, "true, so that user pods share it with their node", "no such field")] : [];
}

function judgeVolumes(pod: UserPod, allowed: readonly unknown[]): Finding[] {
  const expected = "no volume with a path of the node";
  return volumesOf(pod).flatMap(({ path, value }): Finding[] => {
    const host = field(value, "hostPath");
    if (host === undefined || host === null) return [];
    const where = own(host, "path");
    if (where === UNKNOWN) return [unknown(`${path}.hostPath`, describe(where), expected)];
    return typeof where === "string" && allowed.some((each) => typeof each === "string" && liesIn(where, each))
      ? []
      : [fail(`${path}.hostPath`, "a path of the node", expected)];
  });
}

function liesIn(path: string, folder: string): boolean {
  const base = folder.replace(/\/+$/, "");
  return base !== "" && !path.split("/").includes("..") && (path === base || path.startsWith(`${base}/`));
}

function judgePorts(pod: UserPod): Finding[] {
  return containersOf(pod).flatMap((container) =>
    children(field(container.value, "ports"), `${container.path}.ports`).flatMap(({ path, value }) => {
      const port = toNumber(field(value, "hostPort"));
      if (port === UNKNOWN) return [unknown(`${path}.hostPort`, describe(port), "no such field")];
      return typeof port === "number" && port !== 0
        ? [fail(`${path}.hostPort`, "a port of the node", "no such field")]
        : [];
    }),
  );
}
