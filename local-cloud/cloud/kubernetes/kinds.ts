/** What the provider and the API server need to know of a kind ("Kubernetes API reference", v1.35). */
export interface Kind {
  /** Name in URLs and error messages. */
  readonly plural: string;
  readonly clusterWide?: boolean;
  /** Dotted paths that must be given. */
  readonly required?: readonly string[];
  /** Dotted paths that cannot change in place. */
  readonly immutable?: readonly string[];
  readonly secret?: readonly string[];
}

const workload = { required: ["spec.selector", "spec.template"], immutable: ["spec.selector"] };

/** By `GROUP/VERSION:KIND`, as in type tokens. */
export const kinds: Readonly<Record<string, Kind>> = {
  "core/v1:Namespace": { plural: "namespaces", clusterWide: true },
  "core/v1:ServiceAccount": { plural: "serviceaccounts" },
  "core/v1:Secret": { plural: "secrets", immutable: ["type"], secret: ["data", "stringData"] },
  "core/v1:ConfigMap": { plural: "configmaps" },
  "core/v1:Service": { plural: "services", required: ["spec"], immutable: ["spec.clusterIP"] },
  "core/v1:PersistentVolumeClaim": {
    plural: "persistentvolumeclaims",
    required: ["spec"],
    immutable: ["spec.storageClassName", "spec.accessModes", "spec.volumeName"],
  },
  "core/v1:PersistentVolume": { plural: "persistentvolumes", clusterWide: true, required: ["spec"] },
  "core/v1:Pod": { plural: "pods", required: ["spec"], immutable: ["spec"] },
  "core/v1:LimitRange": { plural: "limitranges" },
  "core/v1:ResourceQuota": { plural: "resourcequotas" },
  "apps/v1:Deployment": { plural: "deployments", ...workload },
  "apps/v1:DaemonSet": { plural: "daemonsets", ...workload },
  "apps/v1:StatefulSet": { plural: "statefulsets", ...workload },
  "batch/v1:Job": { plural: "jobs", required: ["spec.template"], immutable: ["spec.template"] },
  "batch/v1:CronJob": { plural: "cronjobs", required: ["spec.schedule", "spec.jobTemplate"] },
  "networking.k8s.io/v1:NetworkPolicy": { plural: "networkpolicies", required: ["spec"] },
  "networking.k8s.io/v1:Ingress": { plural: "ingresses" },
  "rbac.authorization.k8s.io/v1:Role": { plural: "roles" },
  "rbac.authorization.k8s.io/v1:RoleBinding": { plural: "rolebindings", required: ["roleRef"], immutable: ["roleRef"] },
  "rbac.authorization.k8s.io/v1:ClusterRole": { plural: "clusterroles", clusterWide: true },
  "rbac.authorization.k8s.io/v1:ClusterRoleBinding": {
    plural: "clusterrolebindings",
    clusterWide: true,
    required: ["roleRef"],
    immutable: ["roleRef"],
  },
  "storage.k8s.io/v1:StorageClass": {
    plural: "storageclasses",
    clusterWide: true,
    required: ["provisioner"],
    immutable: ["provisioner", "parameters", "reclaimPolicy", "volumeBindingMode"],
  },
  "scheduling.k8s.io/v1:PriorityClass": {
    plural: "priorityclasses",
    clusterWide: true,
    required: ["value"],
    immutable: ["value"],
  },
  "policy/v1:PodDisruptionBudget": { plural: "poddisruptionbudgets" },
};
