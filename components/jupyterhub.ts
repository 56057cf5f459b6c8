import { Namespace } from "@pulumi/kubernetes/core/v1/namespace";
import { Release } from "@pulumi/kubernetes/helm/v3/release";
import * as pulumi from "@pulumi/pulumi";
import { SettingsError } from "./config/problems";
import type { KubernetesComponentOptions } from "./home-storage";
import { oauthCallbackUrl } from "./values/authentication";
import { schemaProblems } from "./values/chart-schema";
import { type HubSettings, hubValues } from "./values/hub-values";

/** Arguments of {@link JupyterHub}: what the chart's values depend on, and where the hub goes. */
export interface JupyterHubArgs extends HubSettings {
  /** A Kubernetes namespace for the hub alone: the hub can read every secret in it. */
  readonly namespace: pulumi.Input<string>;
  /** Whether the namespace is made, for `restricted` pods only; default true. */
  readonly createNamespace?: boolean;
}

const chartRepository = "https://hub.jupyter.org/helm-chart/";
/** Nodes have to pull large images, and volumes have to be made. */
const releaseTimeoutSeconds = 900;

/**
 * The JupyterHub release in a namespace that admits `restricted` pods only (Kubernetes, Pod Security Standards).
 *
 * @throws SettingsError if the chart's schema refuses the values; nothing of the component is registered then.
 */
export class JupyterHub extends pulumi.ComponentResource {
  /** Where people go. */
  readonly url: string;
  /** What has to be registered at the login provider. */
  readonly oauthCallbackUrl: string;

  constructor(name: string, args: JupyterHubArgs, opts: KubernetesComponentOptions) {
    const values = hubValues(args);
    const problems = schemaProblems(args.chartVersion, values);
    if (problems.length > 0) throw new SettingsError(problems.map((each) => `the chart refuses its values: ${each}`));

    const { namespace: namespaceName, chartVersion, host } = args;
    super("jupyterhub-eks:index:JupyterHub", name, { namespace: namespaceName, chartVersion, host }, opts);
    const child = { parent: this };

    const namespace =
      (args.createNamespace ?? true)
        ? new Namespace(name, { metadata: { name: namespaceName, labels: podSecurity("restricted") } }, child).metadata
            .name
        : namespaceName;
    new Release(
      name,
      {
        name: "jupyterhub",
        chart: "jupyterhub",
        version: chartVersion,
        repositoryOpts: { repo: chartRepository },
        namespace,
        values,
        atomic: true,
        cleanupOnFail: true,
        timeout: releaseTimeoutSeconds,
      },
      child,
    );

    this.url = `https://${host}/`;
    this.oauthCallbackUrl = oauthCallbackUrl(host);
    this.registerOutputs({ url: this.url, oauthCallbackUrl: this.oauthCallbackUrl });
  }
}

function podSecurity(level: "restricted"): Record<string, string> {
  return Object.fromEntries(
    ["enforce", "audit", "warn"].flatMap((mode) => [
      [`pod-security.kubernetes.io/${mode}`, level],
      [`pod-security.kubernetes.io/${mode}-version`, "latest"],
    ]),
  );
}
