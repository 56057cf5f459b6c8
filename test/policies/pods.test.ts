import { UNKNOWN, type Value, type ValueMap } from "../../chart/values";
import { userPodHasNoApiCredentials } from "../../policies/controls/pods";
import { describeControl, hub, kubespawner, otherRelease, profile } from "./support";

const tokenVolume = (token: ValueMap): Value => ({
  name: "token",
  projected: { sources: [{ serviceAccountToken: { path: "token", ...token } }] },
});

describeControl(userPodHasNoApiCredentials, [
  ["chart default", "pass", hub({})],
  [
    "an account without its token",
    "pass",
    hub({
      singleuser: { serviceAccountName: "users" },
      hub: { config: { KubeSpawner: { automount_service_account_token: false } } },
    }),
  ],
  ["an account, whose token Kubernetes mounts", "fail", hub({ singleuser: { serviceAccountName: "users" } })],
  ["an empty account name, which means default", "fail", hub({ singleuser: { serviceAccountName: "" } })],
  ["an account by hub.config", "fail", kubespawner({ service_account: "users" })],
  ["the token without an account", "fail", kubespawner({ automount_service_account_token: true })],
  ["an account by the base class", "fail", hub({ hub: { config: { Spawner: { service_account: "users" } } } })],
  [
    "the token by the pod's own field",
    "fail",
    hub({ singleuser: { extraPodConfig: { automountServiceAccountToken: true } } }),
  ],
  [
    "the token by the pod's own field, snake case",
    "fail",
    kubespawner({ extra_pod_config: { automount_service_account_token: true } }),
  ],
  [
    "the pod's own field wins over the account",
    "pass",
    hub({ singleuser: { serviceAccountName: "users", extraPodConfig: { automountServiceAccountToken: false } } }),
  ],
  [
    "a token that names the cluster's API as its audience",
    "fail",
    kubespawner({ volumes: [tokenVolume({ audience: "https://kubernetes.default.svc" })] }),
  ],
  ["an account by a profile", "fail", profile({ service_account: "users" })],
  [
    "an account by a choice of a profile",
    "fail",
    hub({
      singleuser: {
        profileList: [
          { profile_options: { size: { choices: { big: { kubespawner_override: { service_account: "users" } } } } } },
        ],
      },
    }),
  ],
  [
    "an account by an unlisted choice",
    "fail",
    hub({
      singleuser: {
        profileList: [
          { profile_options: { image: { unlisted_choice: { kubespawner_override: { service_account: "{value}" } } } } },
        ],
      },
    }),
  ],
  [
    "both spellings of the pod's own field, of which the later one stays",
    "fail",
    hub({
      singleuser: {
        extraPodConfig: { automountServiceAccountToken: false, automount_service_account_token: true },
      },
    }),
  ],
  ["a token in a volume", "fail", hub({ singleuser: { storage: { extraVolumes: [tokenVolume({})] } } })],
  ["a token in a volume by name", "fail", hub({ singleuser: { storage: { extraVolumes: { t: tokenVolume({}) } } } })],
  ["a token in a volume of hub.config", "fail", kubespawner({ volumes: [tokenVolume({})] })],
  [
    "a token in a volume of the pod's own field",
    "fail",
    hub({ singleuser: { extraPodConfig: { volumes: [tokenVolume({})] } } }),
  ],
  [
    "a token for AWS",
    "pass",
    hub({ singleuser: { storage: { extraVolumes: [tokenVolume({ audience: "sts.amazonaws.com" })] } } }),
  ],
  ["a volume that is not known yet", "unknown", hub({ singleuser: { storage: { extraVolumes: [UNKNOWN] } } })],
  [
    "a volume whose claim is not known yet",
    "pass",
    hub({ singleuser: { storage: { extraVolumes: [{ name: "d", persistentVolumeClaim: { claimName: UNKNOWN } }] } } }),
  ],
  ["a harmless profile", "pass", profile({ mem_limit: "4G" })],
  ["profiles that are not known yet", "unknown", hub({ singleuser: { profileList: UNKNOWN } })],
  ["an account that is not known yet", "unknown", hub({ singleuser: { serviceAccountName: UNKNOWN } })],
  [
    "Python that may set an account",
    "unknown",
    hub({ hub: { extraConfig: { sa: "c.KubeSpawner.service_account = 'users'" } } }),
  ],
  ["Python about something else", "pass", hub({ hub: { extraConfig: { log: "c.JupyterHub.log_level = 10" } } })],
  ["another chart", "notApplicable", otherRelease],
]);
