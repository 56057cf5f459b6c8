import type { Values } from "./value";

/*
 * What keeps user servers away from each other, from the cluster and from AWS ("Zero to JupyterHub, Security", "JupyterHub,
 * Security Overview").
 */

const nobody = { runAsNonRoot: true, allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };
const seccompProfile = { type: "RuntimeDefault" };
const notebookUser = 1000;
const usersGroup = 100;

/** User pods as Pod Security `restricted` wants them, without API credentials. */
export function userPods(): Values {
  return {
    singleuser: {
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

/**
 * Which pods may talk to what. User pods reach DNS, the hub and the public internet: no private address, no instance
 * metadata. The metadata block by a privileged init container is off: it would break Pod Security, blocks less, and two
 * other blocks stand (this policy, enforced, and the nodes' hop limit of 1).
 */
export function networkPolicies(): Values {
  return {
    singleuser: {
      cloudMetadata: { blockWithIptables: false },
      networkPolicy: {
        enabled: true,
        egressAllowRules: { cloudMetadataServer: false, dnsPortsCloudMetadataServer: false, privateIPs: false },
      },
    },
    hub: { networkPolicy: withoutMetadata() },
    proxy: { chp: { networkPolicy: withoutMetadata() }, traefik: { networkPolicy: withoutMetadata() } },
  };
}

function withoutMetadata(): Values {
  return { enabled: true, egressAllowRules: { cloudMetadataServer: false, dnsPortsCloudMetadataServer: false } };
}
