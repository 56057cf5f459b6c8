import { Namespace } from "@pulumi/kubernetes/core/v1/namespace";
import { Release } from "@pulumi/kubernetes/helm/v3/release";
import * as pulumi from "@pulumi/pulumi";
import type { KubernetesComponentOptions } from "./home-storage";

/** Arguments of {@link NetworkPolicyEngine}. */
export interface NetworkPolicyEngineArgs {
  /**
   * Calico for policies only; the VPC CNI keeps giving pods their addresses. Its own policy agent must be off, and it has to
   * annotate pods with their addresses (`ANNOTATE_POD_IP`, and the right to patch pods): a `Cluster` has it so.
   */
  readonly kind: "calico";
}

/**
 * Calico's chart. The last minor version that carries its resource definitions: since 3.32 they are a chart of their own, too
 * large for the secret in which Helm keeps a release ("Calico documentation, Install using Helm", tigera/docs#2636).
 */
const calico = { repository: "https://docs.tigera.io/calico/charts", version: "v3.31.3" };

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

    const namespace = new Namespace(name, { metadata: { name: "tigera-operator" } }, child);
    new Release(
      `${name}-calico`,
      {
        name: "calico",
        chart: "tigera-operator",
        version: calico.version,
        repositoryOpts: { repo: calico.repository },
        namespace: namespace.metadata.name,
        values: calicoValues,
        atomic: true,
        cleanupOnFail: true,
        timeout: 600,
      },
      child,
    );
    this.registerOutputs({});
  }
}
