import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as awsEks from "@pulumi/aws/eks";
import * as kms from "@pulumi/aws/kms";
import * as eks from "@pulumi/eks/cluster";
import { Provider } from "@pulumi/kubernetes/provider";
import { ClusterRole } from "@pulumi/kubernetes/rbac/v1/clusterRole";
import { ClusterRoleBinding } from "@pulumi/kubernetes/rbac/v1/clusterRoleBinding";
import * as pulumi from "@pulumi/pulumi";
import { addOnVersions, type KubernetesVersion } from "./kubernetes-versions";
import { PodRole } from "./pod-role";
import { named, type Tags } from "./tags";

/** Arguments of {@link Cluster}. */
export interface ClusterArgs {
  /** The cluster's name in EKS; default: the component's name. It is part of resource names and cannot be changed later. */
  readonly clusterName?: string;
  /** Kubernetes version, for example `1.35`. */
  readonly version: KubernetesVersion;
  /** VPC of the cluster. */
  readonly vpcId: pulumi.Input<string>;
  /** Subnets of the nodes, in at least two zones. */
  readonly privateSubnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /** Subnets of internet-facing load balancers. */
  readonly publicSubnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /** Range of the addresses of Kubernetes services; must not overlap the VPC. */
  readonly serviceCidr: string;
  /**
   * IPv4 ranges that may reach the public API endpoint; the deploying machine's must be among them, because Helm talks to
   * the API. Never the whole internet.
   */
  readonly publicAccessCidrs: string[];
  /**
   * ARNs of IAM roles or users that administer the cluster, beside the identity that creates it: that one is an administrator
   * already, and EKS refuses a second access entry for it.
   */
  readonly adminArns?: string[];
  /** Days that control-plane logs are kept: a number that CloudWatch knows, for example 30. */
  readonly logRetentionDays: number;
  /**
   * Whether the VPC CNI enforces NetworkPolicies itself. AWS documents that it skips pods that nobody owns, and user pods are
   * such; another engine must not run beside it. Default false: made ready for Calico.
   */
  readonly networkPolicyAgent?: boolean;
  /** Tags for everything that can be tagged. */
  readonly tags?: Tags | undefined;
}

const controlPlaneLogs = ["api", "audit", "authenticator", "controllerManager", "scheduler"];

/**
 * An EKS control plane with those add-ons that need no node: VPC CNI, kube-proxy and the Pod Identity agent. CoreDNS and the
 * EBS CSI driver come with {@link ClusterAddons} once nodes exist.
 *
 * Its API is reachable inside the VPC and from named ranges only, every control-plane log is kept, Kubernetes secrets are
 * encrypted with a key of their own, and access is by access entries.
 */
export class Cluster extends pulumi.ComponentResource {
  /** The cluster's name in EKS. */
  readonly clusterName: pulumi.Output<string>;
  readonly version: KubernetesVersion;
  /** Kubeconfig as JSON; a secret. It asks the AWS CLI for a token, so it holds no credentials of its own. */
  readonly kubeconfig: pulumi.Output<string>;
  /** For everything that works in the cluster. */
  readonly provider: Provider;
  /** The security group that EKS made for the cluster and puts on every node. */
  readonly securityGroupId: pulumi.Output<string>;

  constructor(name: string, args: ClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jupyterhub-eks:index:Cluster", name, args, opts);
    const child = { parent: this };
    const clusterName = args.clusterName ?? name;
    const versions = addOnVersions[args.version];
    const agent = args.networkPolicyAgent ?? false;

    const key = new kms.Key(
      name,
      {
        description: `Encrypts the Kubernetes secrets of the EKS cluster ${clusterName}`,
        enableKeyRotation: true,
        deletionWindowInDays: 30,
        tags: named(name, args.tags),
      },
      child,
    );
    new kms.Alias(name, { name: `alias/eks/${clusterName}`, targetKeyId: key.keyId }, child);

    // EKS writes to this group and would make it itself, with logs kept for ever: ours has to be there first.
    const logGroup = new cloudwatch.LogGroup(
      name,
      {
        name: `/aws/eks/${clusterName}/cluster`,
        retentionInDays: args.logRetentionDays,
        tags: named(name, args.tags),
      },
      child,
    );

    const cluster = new eks.Cluster(
      name,
      {
        name: clusterName,
        version: args.version,
        vpcId: args.vpcId,
        privateSubnetIds: args.privateSubnetIds,
        publicSubnetIds: args.publicSubnetIds,
        kubernetesServiceIpAddressRange: args.serviceCidr,
        endpointPrivateAccess: true,
        endpointPublicAccess: true,
        publicAccessCidrs: args.publicAccessCidrs,
        enabledClusterLogTypes: controlPlaneLogs,
        encryptionConfigKeyArn: key.arn,
        authenticationMode: "API",
        accessEntries: Object.fromEntries((args.adminArns ?? []).map((arn) => [entryName(arn), administrator(arn)])),
        createOidcProvider: false,
        skipDefaultNodeGroup: true,
        skipDefaultSecurityGroups: true,
        vpcCniOptions: {
          addonVersion: versions.vpcCni,
          // Two agents would fight. Calico needs to know a pod's address at once.
          enableNetworkPolicy: agent,
          ...(!agent && { configurationValues: { env: { ANNOTATE_POD_IP: "true" } } }),
          logLevel: "INFO",
        },
        kubeProxyAddonOptions: { version: versions.kubeProxy },
        corednsAddonOptions: { enabled: false },
        tags: args.tags ?? {},
      },
      { ...child, dependsOn: logGroup },
    );

    this.clusterName = cluster.eksCluster.name;
    this.version = args.version;
    this.kubeconfig = pulumi.secret(cluster.kubeconfigJson);
    this.securityGroupId = cluster.eksCluster.vpcConfig.clusterSecurityGroupId;

    new awsEks.Addon(
      `${name}-pod-identity-agent`,
      {
        clusterName: this.clusterName,
        addonName: "eks-pod-identity-agent",
        addonVersion: versions.podIdentityAgent,
        tags: named(`${name}-pod-identity-agent`, args.tags),
      },
      child,
    );
    // With a role of its own the CNI does not need the node's, so that role can stay small.
    new PodRole(
      `${name}-vpc-cni`,
      {
        clusterName: this.clusterName,
        namespace: "kube-system",
        serviceAccount: "aws-node",
        policyArns: ["arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy"],
        tags: args.tags,
      },
      child,
    );

    this.provider = new Provider(
      name,
      {
        kubeconfig: this.kubeconfig,
        // The same cluster stays the same one when its kubeconfig is written differently.
        clusterIdentifier: this.clusterName,
        enableServerSideApply: true,
      },
      { ...child, dependsOn: cluster },
    );
    if (!agent) annotatePods(`${name}-annotate-pods`, { ...child, provider: this.provider });

    this.registerOutputs({
      clusterName: this.clusterName,
      kubeconfig: this.kubeconfig,
      securityGroupId: this.securityGroupId,
    });
  }
}

/**
 * What ANNOTATE_POD_IP needs. It is there before the first node and until after the last one: without it the CNI cannot connect
 * and disconnect pods.
 */
function annotatePods(name: string, options: pulumi.CustomResourceOptions): void {
  const clusterRole = new ClusterRole(
    name,
    { metadata: { name }, rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["patch"] }] },
    options,
  );
  new ClusterRoleBinding(
    name,
    {
      metadata: { name },
      // By its plain name, which the gate can read before the cluster exists.
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name },
      subjects: [{ kind: "ServiceAccount", name: "aws-node", namespace: "kube-system" }],
    },
    { ...options, dependsOn: clusterRole },
  );
}

function administrator(principalArn: string) {
  return {
    principalArn,
    accessPolicies: {
      admin: {
        policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
        accessScope: { type: "cluster" },
      },
    },
  };
}

/** An ARN without its constant parts, so that no two are named alike: `123456789012/role/admin`. */
function entryName(arn: string): string {
  return arn.split(":").slice(4).join("/");
}
