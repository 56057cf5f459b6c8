/** What an input is: values of the chart, rendered Kubernetes manifests, or an exported Pulumi stack. */
export const kinds = ["values", "manifests", "state"] as const;
export type Kind = (typeof kinds)[number];
