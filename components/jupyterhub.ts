import { getHostedZoneIdOutput } from "@pulumi/aws/lb/getHostedZoneId";
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace";
import { Service } from "@pulumi/kubernetes/core/v1/service";
import { Release } from "@pulumi/kubernetes/helm/v3/release";
import * as pulumi from "@pulumi/pulumi";
import { SettingsError } from "./config/problems";
import type { KubernetesComponentOptions } from "./home-storage";
import { TlsSecret } from "./tls-secret";
import { pullSecret, serviceAccount } from "./user-objects";
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

/** What a host name can lead to. */
export interface PublicLoadBalancer {
  /** Its own host name. */
  readonly address: pulumi.Output<string>;
  /** AWS's zone of that host name, for alias records. */
  readonly zoneId: pulumi.Output<string>;
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
  /** The load balancer that the cluster made for the chart's own service; undefined behind a node port. */
  readonly loadBalancer: PublicLoadBalancer | undefined;

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
    const needed = [
      ...serviceAccount(name, args.isolation?.serviceAccountName, namespace, child),
      ...pullSecret(name, args.images?.pullSecret, namespace, child),
      ...certificate(name, args, namespace, { ...child, provider: opts.provider }),
    ];
    const release = new Release(
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
      { ...child, dependsOn: needed },
    );

    if (args.service.kind === "load-balancer") this.loadBalancer = loadBalancerOf(name, release, child);
    this.url = `https://${host}/`;
    this.oauthCallbackUrl = oauthCallbackUrl(host);
    this.registerOutputs({ url: this.url, oauthCallbackUrl: this.oauthCallbackUrl, loadBalancer: this.loadBalancer });
  }
}

/** The Secret of a certificate of one's own. */
function certificate(
  name: string,
  { https, host, isolation }: JupyterHubArgs,
  namespace: pulumi.Input<string>,
  opts: KubernetesComponentOptions,
): TlsSecret[] {
  if (https.kind !== "certificate") return [];
  const { certificate, key } = https;
  const subdomains = isolation?.untrusted || isolation?.subdomains;
  return [new TlsSecret(name, { host, subdomains, certificate, key, namespace }, opts)];
}

/** Read from the service, which has one by the time the release is there: Helm waits for it. */
function loadBalancerOf(name: string, release: Release, child: pulumi.CustomResourceOptions): PublicLoadBalancer {
  const id = release.status.apply(({ namespace }) => `${namespace}/proxy-public`);
  const service = Service.get(`${name}-proxy-public`, id, child);
  return {
    address: service.status.apply(hostName),
    zoneId: getHostedZoneIdOutput({ loadBalancerType: "network" }, child).id,
  };
}

/** @throws if nobody made a load balancer that has a name. */
function hostName(status: { loadBalancer?: { ingress?: { hostname?: string }[] } } | undefined): string {
  const name = status?.loadBalancer?.ingress?.[0]?.hostname;
  if (name) return name;
  throw new pulumi.RunError(
    "The service proxy-public has no load balancer with a host name: exposure.managedBy is service, which needs the AWS load balancer controller, 2.6 or newer, in the cluster.",
  );
}

function podSecurity(level: "restricted"): Record<string, string> {
  return Object.fromEntries(
    ["enforce", "audit", "warn"].flatMap((mode) => [
      [`pod-security.kubernetes.io/${mode}`, level],
      [`pod-security.kubernetes.io/${mode}-version`, "latest"],
    ]),
  );
}
