import * as pulumi from "@pulumi/pulumi";
import { AddressRecords, type AddressRecordsArgs } from "./address-records";
import { hubCluster, madeBy, required } from "./assembly/cluster";
import { entrance } from "./assembly/entrance";
import { hubImages } from "./assembly/images";
import { loginOf } from "./assembly/login";
import { hubUsers, userAwsRole } from "./assembly/users";
import { parseSettings } from "./config/parse-settings";
import type { Settings, SettingsInput } from "./config/settings";
import { hasSubdomains } from "./config/settings/users";
import type { DnsRecord } from "./dns-record";
import { Domain, type DomainCertificate } from "./domain";
import { HubSecrets, keptSecrets } from "./hub-secrets";
import { JupyterHub } from "./jupyterhub";
import { Network } from "./network";
import { type Posture, posture } from "./posture";

/** Arguments of {@link SecureHub}: the settings of a hub. */
export type SecureHubArgs = SettingsInput;

/**
 * A JupyterHub from the network to the login page: by default all of its own, in one pass on an account that owns the domain's
 * public zone; or in a VPC, a cluster and with other parts that exist. Every default is the secure one.
 *
 * Its name begins the names of everything in it: at most 24 lower-case letters, digits and hyphens, for example `hub-prod`.
 *
 * @throws SettingsError naming every wrong setting, before anything is registered.
 *
 * @example
 * const hub = new SecureHub("hub", {
 *   domain: "hub.acme.science",
 *   auth: { provider: "github", clientId: "Ov23li...", clientSecret: config.requireSecret("clientSecret"), allowedOrganizations: ["acme"] },
 *   cluster: { publicAccessCidrs: ["203.0.113.7/32"] },
 * });
 */
export class SecureHub extends pulumi.ComponentResource {
  /** Where people go. */
  readonly url: string;
  /** What has to be registered at the login provider. */
  readonly oauthCallbackUrl: string;
  /** The load balancer's own host name. */
  readonly loadBalancerAddress: pulumi.Output<string>;
  /** IP addresses that stay the same; empty unless `exposure.fixedAddresses` is set. */
  readonly fixedAddresses: pulumi.Output<string[]>;
  /** Records that the domain's owner creates by hand; empty where the zone is in Route 53. */
  readonly dnsRecords: pulumi.Output<DnsRecord[]>;
  /** Name of the EKS cluster; undefined where a kubeconfig is all that is known of it. */
  readonly clusterName: pulumi.Output<string> | undefined;
  /** Where user images are pushed to. */
  readonly registryUrl: pulumi.Output<string>;
  /** Kubeconfig as JSON; a secret. */
  readonly kubeconfig: pulumi.Output<string>;
  /** What the hub is protected by. */
  readonly posture: Posture;

  constructor(name: string, args: SecureHubArgs, opts?: pulumi.ComponentResourceOptions) {
    const settings = parseSettings(args, { problems: nameProblems(name) });
    super("jupyterhub-eks:index:SecureHub", name, settings, opts);
    const child = { parent: this };
    const { tags } = settings;

    const { network, cluster, autoscalingGroupNames, storageClassName, ready } = hubCluster(name, settings, child);
    const { provider } = cluster;

    const { repositoryUrl, mirrors, caches } = hubImages(name, settings, child);
    const userRole = userAwsRole(name, settings, cluster, child);
    const secrets = settings.hub.secrets
      ? keptSecrets(settings.hub.secrets)
      : new HubSecrets(name, { rotation: settings.hub.secretRotation }, child);
    const domain = new Domain(
      name,
      {
        host: settings.domain,
        hostedZone: settings.hostedZone,
        subdomains: hasSubdomains(settings.users),
        certificate: certificateFor(settings.https),
        vpcId: network instanceof Network ? network.vpcId : undefined,
        tags,
      },
      child,
    );
    const { loadBalancer, https, service } = entrance(
      name,
      settings,
      {
        network,
        clusterSecurityGroupId: cluster.securityGroupId,
        autoscalingGroupNames,
        certificateArn: domain.certificateArn,
      },
      { ...child, dependsOn: madeBy(network) },
    );
    const leadTo = (target: AddressRecordsArgs["target"]) => new AddressRecords(name, { domain, target }, child);
    const addressRecords = loadBalancer && leadTo(loadBalancer);
    const wayIn = [loadBalancer, addressRecords].filter((each) => each !== undefined);

    const hub = new JupyterHub(
      name,
      {
        namespace: settings.hub.namespace,
        createNamespace: settings.hub.createNamespace,
        chartVersion: settings.hub.chartVersion,
        host: settings.domain,
        https,
        service,
        login: loginOf(name, settings, child),
        secrets,
        ...hubUsers(settings, { repositoryUrl, mirrors, storageClassName }),
        extraValues: settings.extraValues,
      },
      // Nobody logs in before there is a way in.
      { ...child, provider, dependsOn: [...ready, ...wayIn, ...userRole, ...caches] },
    );
    // A load balancer that the cluster makes for the hub's service comes with the hub.
    const { records } = addressRecords ?? leadTo(required(hub.loadBalancer, "load balancer"));

    this.url = hub.url;
    this.oauthCallbackUrl = hub.oauthCallbackUrl;
    this.loadBalancerAddress = required(loadBalancer ?? hub.loadBalancer, "load balancer").address;
    this.fixedAddresses = loadBalancer?.fixedAddresses ?? pulumi.output([]);
    this.dnsRecords = pulumi.all([domain.records, records]).apply((all) => all.flat());
    this.clusterName = cluster.clusterName;
    this.registryUrl = repositoryUrl;
    this.kubeconfig = cluster.kubeconfig;
    this.posture = posture(settings);
    this.registerOutputs({
      url: this.url,
      oauthCallbackUrl: this.oauthCallbackUrl,
      loadBalancerAddress: this.loadBalancerAddress,
      fixedAddresses: this.fixedAddresses,
      dnsRecords: this.dnsRecords,
      clusterName: this.clusterName,
      registryUrl: this.registryUrl,
      kubeconfig: this.kubeconfig,
      posture: this.posture,
    });
  }
}

/**
 * AWS derives limits from names: load balancers end at 32 characters, eight of them random, and do not begin with internal-;
 * security groups do not begin with sg-; repositories are lower case, without two hyphens in a row.
 */
function nameProblems(name: string): string[] {
  const found = `the hub's name is ${JSON.stringify(name)}`;
  const [reserved] = /^(internal|sg)-/.exec(name) ?? [];
  if (reserved)
    return [`${found}: AWS keeps names that begin with ${reserved} to itself; expected another, for example hub-prod`];
  if (name.length <= 24 && /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) return [];
  return [
    `${found}: expected at most 24 lower-case letters, digits and single hyphens between them, a letter first, for example hub-prod`,
  ];
}

function certificateFor(https: Settings["https"]): DomainCertificate {
  if (https.kind !== "offload") return { kind: "none" };
  return https.certificateArn === undefined ? { kind: "request" } : { kind: "existing", arn: https.certificateArn };
}
