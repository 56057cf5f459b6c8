import { Namespace } from "@pulumi/kubernetes/core/v1/namespace";
import { Release } from "@pulumi/kubernetes/helm/v3/release";
import { ClusterRole } from "@pulumi/kubernetes/rbac/v1/clusterRole";
import { ClusterRoleBinding } from "@pulumi/kubernetes/rbac/v1/clusterRoleBinding";
import * as pulumi from "@pulumi/pulumi";
import type { KubernetesComponentOptions } from "./home-storage";

/** Arguments of {@link NetworkPolicyEngine}. */
export interface NetworkPolicyEngineArgs {
  /** Calico for policies only; the VPC CNI keeps giving pods their addresses. Its own policy agent must be off. */
  readonly kind: "calico";
}

/** Calico's charts; since 3.32 the resource definitions are a chart of their own. */
const calico = { repository: "https://docs.tigera.io/calico/charts", version: "v3.32.3" };

/** Policies for Kubernetes' own NetworkPolicies and nothing else: no API server, no flow logs, no user interface of Calico. */
const calicoValues = {
  installation: {
    enabled: true,
    kubernetesProvider: "EKS",
    cni: { type: "AmazonVPC" },
    calicoNetwork: { bgp: "Disabled" },
  },
  apiServer: { enabled: false },
  goldmane: { enabled: false },
  whisker: { enabled: false },
};

/**
 * What makes NetworkPolicies real: without an engine Kubernetes ignores them silently ("Zero to JupyterHub, Security:
 * Kubernetes Network Policies"). Calico, because the VPC CNI documents that its policies skip stand-alone pods, and user
 * pods are stand-alone.
 */
export class NetworkPolicyEngine extends pulumi.ComponentResource {
  constructor(name: string, args: NetworkPolicyEngineArgs, opts: KubernetesComponentOptions) {
    super("jupyterhub-eks:index:NetworkPolicyEngine", name, args, opts);
    const child = { parent: this };

    // The VPC CNI writes a pod's address into an annotation, where Calico reads it at once; the right to do so is not in its role.
    const annotator = `${name}-annotate-pods`;
    const clusterRole = new ClusterRole(
      annotator,
      { metadata: { name: annotator }, rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["patch"] }] },
      child,
    );
    const annotate = new ClusterRoleBinding(
      annotator,
      {
        metadata: { name: annotator },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: clusterRole.metadata.name },
        subjects: [{ kind: "ServiceAccount", name: "aws-node", namespace: "kube-system" }],
      },
      child,
    );

    const namespace = new Namespace(name, { metadata: { name: "tigera-operator" } }, child);
    const release = (
      releaseName: string,
      chart: string,
      values: Record<string, unknown>,
      dependsOn: pulumi.Resource[],
    ) =>
      new Release(
        `${name}-${releaseName}`,
        {
          name: releaseName,
          chart,
          version: calico.version,
          repositoryOpts: { repo: calico.repository },
          namespace: namespace.metadata.name,
          values,
          atomic: true,
          cleanupOnFail: true,
          timeout: 600,
        },
        { ...child, dependsOn },
      );
    const definitions = release("calico-crds", "crd.projectcalico.org.v1", {}, []);
    release("calico", "tigera-operator", calicoValues, [definitions, annotate]);
    this.registerOutputs({});
  }
}
