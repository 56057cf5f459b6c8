/**
 * Kubernetes versions that EKS offers, standard and extended support, with the add-on versions to be had for them.
 * As of 2026-11-22. Sources: "Amazon EKS user guide, Kubernetes versions" and "Amazon EKS add-ons".
 */
export const kubernetesVersions = ["1.31", "1.32", "1.33", "1.34", "1.35", "1.36"];
export const newestKubernetes = "1.36";

const version = /^v(\d+\.\d+)\.\d+-eksbuild\.\d+$/;

/** Add-ons whose minor version belongs to the cluster's, and those with versions of their own. */
const addOns: Readonly<Record<string, (kubernetes: string) => string>> = {
  "kube-proxy": (kubernetes) => `v${kubernetes}.0-eksbuild.2`,
  coredns: () => "v1.13.2-eksbuild.1",
  "vpc-cni": () => "v1.21.1-eksbuild.3",
  "eks-pod-identity-agent": () => "v1.3.10-eksbuild.3",
  "aws-ebs-csi-driver": () => "v1.57.1-eksbuild.1",
  "aws-efs-csi-driver": () => "v2.1.15-eksbuild.1",
  "aws-mountpoint-s3-csi-driver": () => "v2.2.1-eksbuild.1",
  "snapshot-controller": () => "v8.3.0-eksbuild.1",
  "metrics-server": () => "v0.8.0-eksbuild.5",
  "amazon-cloudwatch-observability": () => "v4.6.0-eksbuild.1",
};

/** Add-ons that run as deployments: they are up only when an ordinary node takes their pods. */
export const needsNode = new Set([
  "coredns",
  "aws-ebs-csi-driver",
  "aws-efs-csi-driver",
  "snapshot-controller",
  "metrics-server",
]);

export const newestAddOn = (name: string, kubernetes: string): string | undefined => addOns[name]?.(kubernetes);

/** Does the add-on exist in this version for this Kubernetes? */
export function addOnFits(name: string, wanted: string, kubernetes: string): boolean {
  const minor = version.exec(wanted)?.[1];
  if (addOns[name] === undefined || minor === undefined) return false;
  return name !== "kube-proxy" || minor === kubernetes;
}
