import { any, type Truth } from "../../chart/three-valued";
import { at, type Found, isList, isMap, own, UNKNOWN, type ValueMap } from "../../chart/values";
import { type Control, describe, type Finding, fail, pass, unknown } from "../control";
import { type Child, children, hubTypes, onHubProcess } from "../evidence/hub";
import { matches } from "../evidence/truth";
import { type UserPod, userPods } from "../evidence/user-pods";
import { otherChart } from "../example";

const tokenVolume = (audience: string): ValueMap => ({
  name: "token",
  projected: { sources: [{ serviceAccountToken: { path: "token", audience } }] },
});

export const userPodHasNoApiCredentials: Control = {
  name: "user-pod-has-no-api-credentials",
  title: "User pods carry no credentials for the Kubernetes API",
  reference: ["RBAC-04", "RBAC-05", "K8S-19"],
  severity: "high",
  pack: "security",
  why: "every user runs arbitrary code, which would act with that account's rights in the cluster",
  source: "Zero to JupyterHub, Security: Kubernetes API access",
  remediation:
    "leave singleuser.serviceAccountName unset (null), or set hub.config.KubeSpawner.automount_service_account_token: false beside it",
  types: hubTypes,
  scope: "resource",
  examples: [
    { title: "chart default", verdict: "pass", values: {} },
    {
      title: "an account without its token",
      verdict: "pass",
      values: {
        singleuser: { serviceAccountName: "users" },
        hub: { config: { KubeSpawner: { automount_service_account_token: false } } },
      },
    },
    {
      title: "a token for AWS only",
      verdict: "pass",
      values: { singleuser: { storage: { extraVolumes: [tokenVolume("sts.amazonaws.com")] } } },
    },
    {
      title: "an account, whose token Kubernetes mounts",
      verdict: "fail",
      values: { singleuser: { serviceAccountName: "users" } },
    },
    {
      title: "an empty name, which means the account default",
      verdict: "fail",
      values: { singleuser: { serviceAccountName: "" } },
    },
    {
      title: "the namespace's common account by its name, even without its token",
      verdict: "fail",
      values: {
        singleuser: { serviceAccountName: "default" },
        hub: { config: { KubeSpawner: { automount_service_account_token: false } } },
      },
    },
    {
      title: "an account by settings in a Secret that the stack shows",
      verdict: "fail",
      values: { hub: { existingSecret: "hub-more" } },
      resources: [
        {
          type: "kubernetes:core/v1:Secret",
          name: "hub-more",
          properties: {
            metadata: { name: "hub-more", namespace: "jhub" },
            stringData: { "values.yaml": "hub: { config: { KubeSpawner: { service_account: users } } }" },
          },
        },
      ],
    },
    {
      title: "an account by KubeSpawner",
      verdict: "fail",
      values: { hub: { config: { KubeSpawner: { service_account: "users" } } } },
    },
    {
      title: "an account in one profile",
      verdict: "fail",
      values: { singleuser: { profileList: [{ kubespawner_override: { service_account: "users" } }] } },
    },
    {
      title: "the token by the pod's own field",
      verdict: "fail",
      values: { singleuser: { extraPodConfig: { automountServiceAccountToken: true } } },
    },
    {
      title: "the token by a volume",
      verdict: "fail",
      values: { singleuser: { storage: { extraVolumes: [tokenVolume("https://kubernetes.default.svc")] } } },
    },
    { title: "an account not known yet", verdict: "unknown", values: { singleuser: { serviceAccountName: UNKNOWN } } },
    {
      title: "Python that may set one",
      verdict: "unknown",
      values: { hub: { extraConfig: { account: "c.KubeSpawner.service_account = 'users'" } } },
    },
    otherChart,
  ],
  evaluate: onHubProcess((hub) => userPods(hub).flatMap((pod) => [judgeTokenOf(pod), ...projectedTokens(pod)])),
};

/**
 * KubeSpawner mounts no token as long as no account is named; with one, even an empty one, it leaves the choice to Kubernetes,
 * which mounts it. Fields of extra_pod_config are set last.
 */
function judgeTokenOf(pod: UserPod): Finding {
  const expected = "no token in the pod";
  const field = pod.podField("automountServiceAccountToken");
  const trait = pod.setting("automount_service_account_token");
  const decisive = isSet(field.value) ? field : trait;
  const account = pod.setting("service_account");
  if (account.value === "default")
    return fail(
      account.path,
      "the account default, which other pods of the namespace share",
      "null, or an account of users' own",
    );
  if (decisive.value === UNKNOWN) return unknown(decisive.path, describe(decisive.value), expected);
  if (isSet(decisive.value)) {
    return decisive.value === false
      ? pass(decisive.path, "false")
      : fail(decisive.path, `${describe(decisive.value)}, which mounts a token`, "false");
  }
  if (account.value === UNKNOWN) return unknown(account.path, describe(account.value), expected);
  if (!isSet(account.value)) return pass(account.path, "no service account");
  const which =
    account.value === ""
      ? "an empty name, which mounts the token of the account default"
      : "a service account, whose token is mounted";
  return fail(account.path, which, "null, or automount_service_account_token: false in hub.config.KubeSpawner");
}

/** A projected volume brings a token in by hand. */
function projectedTokens(pod: UserPod): Finding[] {
  const expected = "no volume with a token for the Kubernetes API";
  return [pod.setting("volumes"), pod.podField("volumes")].flatMap(({ value, path }) => {
    const volumes: Child[] = value === UNKNOWN ? [{ value, path }] : children(value, path);
    return volumes.flatMap((volume) => {
      const truth = holdsApiToken(volume.value);
      if (truth === false) return [];
      return truth === UNKNOWN
        ? [unknown(volume.path, describe(UNKNOWN), expected)]
        : [fail(volume.path, "a projected service account token", expected, `remove ${volume.path}`)];
    });
  });
}

/** Without an audience a token is for the cluster's API, which EKS also calls by this name. */
const apiAudience = /^https:\/\/kubernetes\.default\.svc(\.cluster\.local)?\/?$/;

/** A token for another audience, such as AWS's, is no credential for the Kubernetes API. */
function holdsApiToken(volume: Found): Truth {
  const sources = at(volume, "projected.sources");
  if (sources === UNKNOWN) return UNKNOWN;
  return any(
    (isList(sources) ? sources : []).map((source) => {
      const token = own(source, "serviceAccountToken");
      if (token === UNKNOWN) return UNKNOWN;
      const audience = own(token, "audience");
      return isMap(token) && (isSet(audience) ? matches(audience, apiAudience) : true);
    }),
  );
}

function isSet(value: Found): boolean {
  return value !== undefined && value !== null;
}
