import type { Output } from "@pulumi/pulumi";
import type { Values } from "./value";

/*
 * What keeps user servers away from each other, from the cluster and from AWS ("Zero to JupyterHub, Security", "JupyterHub,
 * Security Overview").
 */

const nobody = { runAsNonRoot: true, allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };
const seccompProfile = { type: "RuntimeDefault" };
const notebookUser = 1000;
const usersGroup = 100;

/**
 * User pods as Pod Security `restricted` wants them, without API credentials.
 * @param serviceAccountName the account that stands for users in AWS; the pods get no token of it for the Kubernetes API.
 */
export function userPods(serviceAccountName?: string | Output<string>): Values {
  return {
    singleuser: {
      ...(serviceAccountName !== undefined && { serviceAccountName }),
      uid: notebookUser,
      fsGid: usersGroup,
      allowPrivilegeEscalation: false,
      // The list of the namespace's services is nobody's business.
      extraPodConfig: { enableServiceLinks: false },
    },
    hub: {
      config: {
        Spawner: { disable_user_config: true },
        KubeSpawner: {
          automount_service_account_token: false,
          // Keys are Kubernetes' own, in camel case: KubeSpawner passes them on.
          container_security_context: { ...nobody, runAsUser: notebookUser, seccompProfile },
          pod_security_context: { runAsNonRoot: true, fsGroup: usersGroup, seccompProfile },
          // Deleting a user must not delete what they wrote.
          delete_pvc: false,
        },
      },
    },
  };
}

/** The proxy needs no API credentials; the chart has no switch for it. */
export function proxyPod(): Values {
  return { proxy: { chp: { extraPodSpec: { automountServiceAccountToken: false } } } };
}

/** Minimal rights for every component, bound to service accounts of their own. */
export function rbac(): Values {
  return { rbac: { create: true } };
}

/** What user pods reach outside of the hub. */
export type Egress =
  /** The public internet: no private address, no instance metadata. */
  | { readonly kind: "internet" }
  /** Listed ranges, on listed TCP ports. */
  | {
      readonly kind: "allow-list";
      readonly to: readonly { readonly cidr: string; readonly ports: readonly number[] }[];
    }
  | { readonly kind: "none" };

/** Where the Pod Identity agent of the node hands out the credentials of a pod's own role ("Amazon EKS User Guide"). */
const podIdentityAgent = { cidr: "169.254.170.23/32", ports: [80] };

/**
 * Which pods may talk to what. User pods reach DNS, the hub and what `egress` opens: never instance metadata. The metadata
 * block by a privileged init container is off: it would break Pod Security, blocks less, and two other blocks stand (this
 * policy, enforced, and the nodes' hop limit of 1).
 * @param hasAwsRole whether user pods have an AWS role, whose credentials they fetch from the Pod Identity agent.
 */
export function networkPolicies(egress: Egress = { kind: "internet" }, hasAwsRole = false): Values {
  const everywhere = egress.kind === "internet";
  const destinations = [
    ...(egress.kind === "allow-list" ? egress.to : []),
    // The internet, as the chart opens it, holds that address already.
    ...(hasAwsRole && !everywhere ? [podIdentityAgent] : []),
  ];
  return {
    singleuser: {
      cloudMetadata: { blockWithIptables: false },
      networkPolicy: {
        enabled: true,
        egressAllowRules: {
          cloudMetadataServer: false,
          dnsPortsCloudMetadataServer: false,
          privateIPs: false,
          ...(!everywhere && { nonPrivateIPs: false }),
        },
        ...(destinations.length > 0 && {
          egress: destinations.map(({ cidr, ports }) => ({
            to: [{ ipBlock: { cidr } }],
            ports: ports.map((port) => ({ protocol: "TCP", port })),
          })),
        }),
      },
    },
    hub: { networkPolicy: withoutMetadata() },
    proxy: { chp: { networkPolicy: withoutMetadata() }, traefik: { networkPolicy: withoutMetadata() } },
  };
}

function withoutMetadata(): Values {
  return { enabled: true, egressAllowRules: { cloudMetadataServer: false, dnsPortsCloudMetadataServer: false } };
}
