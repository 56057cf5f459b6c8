/**
 * Kubernetes versions in EKS's standard support (1.35 until 2027-03-27), each with the versions of managed add-ons that EKS
 * installs by default with it. Pinned, so that a preview next month shows what it shows today. As of 2026-10-02.
 * Sources: "Amazon EKS user guide, Kubernetes versions" and "Amazon EKS add-ons" (`aws eks describe-addon-versions`).
 */
export const addOnVersions = {
  "1.35": {
    vpcCni: "v1.22.4-eksbuild.3",
    kubeProxy: "v1.35.3-eksbuild.29",
    podIdentityAgent: "v1.3.10-eksbuild.3",
    coredns: "v1.13.2-eksbuild.31",
    ebsCsiDriver: "v1.66.0-eksbuild.1",
  },
} as const;

export type KubernetesVersion = keyof typeof addOnVersions;
export const kubernetesVersions = Object.keys(addOnVersions) as [KubernetesVersion, ...KubernetesVersion[]];
export const defaultKubernetesVersion: KubernetesVersion = "1.35";
