/**
 * Kubernetes versions in EKS's standard support, each with the managed add-on versions that were released for it.
 * Pinned, so that a preview next month shows what it shows today. As of 2026-11-22.
 * Sources: "Amazon EKS user guide, Kubernetes versions" and "Amazon EKS add-ons" (`aws eks describe-addon-versions`).
 */
export const addOnVersions = {
  "1.35": {
    vpcCni: "v1.21.1-eksbuild.3",
    kubeProxy: "v1.35.0-eksbuild.2",
    podIdentityAgent: "v1.3.10-eksbuild.3",
    coredns: "v1.13.2-eksbuild.1",
    ebsCsiDriver: "v1.57.1-eksbuild.1",
  },
} as const;

export type KubernetesVersion = keyof typeof addOnVersions;
export const kubernetesVersions = Object.keys(addOnVersions) as [KubernetesVersion, ...KubernetesVersion[]];
export const defaultKubernetesVersion: KubernetesVersion = "1.35";
