import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mergeHelmValues } from "../../../chart/helm-merge";
import { chartDefaults } from "../../../chart/releases";
import { at, type ValueMap } from "../../../chart/values";
import { authentication, oauthCallbackUrl } from "../../../components/values/authentication";
import { schemaProblems } from "../../../components/values/chart-schema";
import { hubValues } from "../../../components/values/hub-values";
import { imageSources, sampleImage } from "../../../components/values/images";
import { networkPolicies, proxyPod, rbac, userPods } from "../../../components/values/isolation";
import { scheduling } from "../../../components/values/scheduling";
import { secrets } from "../../../components/values/secrets";
import { userServers } from "../../../components/values/servers";
import { isTree, type Value, withPlaceholders } from "../../../components/values/value";
import { validSettings } from "../../support/arbitrary-settings";
import { hubSettings, minimalSettings, stackSettingsInput } from "../../support/hub-settings";

const effective = (input = minimalSettings()): ValueMap =>
  mergeHelmValues(chartDefaults("4.4.0").values, withPlaceholders(hubValues(hubSettings(input))) as ValueMap);

describe("what the chart gets, whatever a stack sets", () => {
  const configurations = {
    minimal: minimalSettings(),
    dev: stackSettingsInput("dev"),
    prod: stackSettingsInput("prod"),
  };
  // "Zero to JupyterHub, Security", "JupyterHub, Security Overview", Pod Security Standards.
  const secure: [path: string, value: unknown][] = [
    ["rbac.create", true],
    ["singleuser.cloudMetadata.blockWithIptables", false],
    ["singleuser.networkPolicy.enabled", true],
    ["singleuser.networkPolicy.egressAllowRules.cloudMetadataServer", false],
    ["singleuser.networkPolicy.egressAllowRules.dnsPortsCloudMetadataServer", false],
    ["singleuser.networkPolicy.egressAllowRules.privateIPs", false],
    ["singleuser.networkPolicy.egressAllowRules.dnsPortsKubeSystemNamespace", true],
    ["singleuser.networkPolicy.interNamespaceAccessLabels", "ignore"],
    ["hub.networkPolicy.enabled", true],
    ["hub.networkPolicy.egressAllowRules.cloudMetadataServer", false],
    ["proxy.chp.networkPolicy.enabled", true],
    ["proxy.chp.networkPolicy.egressAllowRules.cloudMetadataServer", false],
    ["proxy.traefik.networkPolicy.enabled", true],
    ["proxy.service.type", "NodePort"],
    ["proxy.service.nodePorts.https", 30_443],
    ["proxy.service.disableHttpPort", true],
    ["proxy.https.enabled", true],
    ["proxy.https.type", "offload"],
    ["proxy.chp.extraPodSpec.automountServiceAccountToken", false],
    ["hub.config.JupyterHub.public_url", "https://hub.acme.science/"],
    ["hub.config.JupyterHub.authenticator_class", "github"],
    ["hub.config.Authenticator.allow_all", false],
    ["hub.config.Spawner.disable_user_config", true],
    ["hub.config.KubeSpawner.automount_service_account_token", false],
    ["hub.config.KubeSpawner.delete_pvc", false],
    ["hub.image.name", "quay.io/jupyterhub/k8s-hub-slim"],
    ["hub.image.tag", "4.4.0"],
    ["hub.db.type", "sqlite-pvc"],
    ["hub.db.pvc.storageClassName", "gp3"],
    ["hub.existingSecret", null],
    ["hub.extraConfig", {}],
    ["singleuser.serviceAccountName", null],
    ["singleuser.uid", 1000],
    ["singleuser.allowPrivilegeEscalation", false],
    ["singleuser.extraPodConfig.enableServiceLinks", false],
    ["singleuser.storage.dynamic.storageClass", "gp3"],
    ["cull.enabled", true],
    ["cull.users", false],
    ["prePuller.hook.enabled", false],
    ["prePuller.continuous.enabled", true],
    ["scheduling.userScheduler.enabled", false],
    ["scheduling.corePods.nodeAffinity.matchNodePurpose", "require"],
    ["scheduling.userPods.nodeAffinity.matchNodePurpose", "require"],
    ["debug.enabled", false],
    ["ingress.enabled", false],
  ];
  for (const [name, input] of Object.entries(configurations)) {
    const values = effective(input);
    test.each(secure)(`${name}: %s is %j`, (path, value) => expect(at(values, path)).toEqual(value));
  }

  test("three secrets are given, so that none changes with every rendering", () => {
    for (const path of ["proxy.secretToken", "hub.cookieSecret"]) expect(at(effective(), path)).toBe("known-later");
    expect(at(effective(), "hub.config.CryptKeeper.keys")).toEqual(["known-later"]);
  });

  test("nothing sets aside what other values say", () => {
    // Sections of hub.config are applied after singleuser.*, so these would undo it.
    for (const trait of [
      "init_containers",
      "common_labels",
      "extra_labels",
      "service_account",
      "privileged",
      "profile_list",
    ])
      expect(at(effective(), `hub.config.KubeSpawner.${trait}`)).toBeUndefined();
  });
});

describe("each part", () => {
  test("rbac", () => expect(rbac()).toEqual({ rbac: { create: true } }));

  test("the proxy's pod carries no API credentials", () =>
    expect(proxyPod()).toEqual({ proxy: { chp: { extraPodSpec: { automountServiceAccountToken: false } } } }));

  test("network policies say nothing that needs an address of this cluster", () =>
    expect(JSON.stringify(networkPolicies())).not.toMatch(/ingress|egress":|[0-9]{1,3}\.[0-9]/));

  test("user pods, in Kubernetes' own keys, because KubeSpawner refuses others", () => {
    const { KubeSpawner } = (userPods() as { hub: { config: Record<string, Record<string, object>> } }).hub.config;
    for (const context of ["container_security_context", "pod_security_context"])
      for (const key of Object.keys(KubeSpawner?.[context] ?? {})) expect(key).toMatch(/^[a-z]+([A-Z][a-z]+)*$/);
  });

  test("scheduling needs no label and no toleration beyond the chart's", () =>
    expect(Object.keys(scheduling()).sort()).toEqual(["prePuller", "scheduling"]));

  test.each([
    ["organizations", ["acme", "acme:data"], ["read:org"]],
    ["accounts alone", [], []],
  ])("login by %s asks GitHub for no more than it needs", (_, allowedOrganizations, scope) => {
    const clientSecret = pulumi.secret("s");
    const login = {
      provider: "github" as const,
      clientId: "id",
      clientSecret,
      allowedUsers: ["ada"],
      adminUsers: ["bob"],
      allowedOrganizations,
    };
    expect(authentication(login, "lab.acme.science")).toEqual({
      hub: {
        config: {
          JupyterHub: { authenticator_class: "github", admin_access: false },
          Authenticator: { allow_all: false, allowed_users: ["ada"], admin_users: ["bob"] },
          GitHubOAuthenticator: {
            client_id: "id",
            client_secret: clientSecret,
            oauth_callback_url: "https://lab.acme.science/hub/oauth_callback",
            allowed_organizations: allowedOrganizations,
            scope,
          },
        },
      },
    });
    expect(oauthCallbackUrl("lab.acme.science")).toBe("https://lab.acme.science/hub/oauth_callback");
  });

  test("each secret goes where the hub looks for it", () => {
    const [proxyToken, cookieSecret, cryptKey] = [pulumi.secret("p"), pulumi.secret("c"), pulumi.secret("k")];
    const values = secrets({ proxyToken, cookieSecret, cryptKey }) as { proxy: Value; hub: Value };
    expect(values.proxy).toEqual({ secretToken: proxyToken });
    expect(values.hub).toEqual({ cookieSecret, config: { CryptKeeper: { keys: [cryptKey] } } });
  });

  test("servers", () => {
    const image = { name: "quay.io/acme/lab", tag: "7" };
    const { servers } = hubSettings({
      ...minimalSettings(),
      users: { image, homeSize: "20Gi", idleTimeoutSeconds: 7200 },
    });
    expect(userServers(servers, "4.4.0")).toMatchObject({
      singleuser: {
        image,
        cpu: { guarantee: 0.25, limit: 2 },
        memory: { guarantee: "1G", limit: "4G" },
        storage: { type: "dynamic", capacity: "20Gi", dynamic: { storageClass: "gp3" } },
      },
      cull: { enabled: true, users: false, timeout: 7200 },
    });
  });

  test("images are pinned at the chart's version as long as nobody names one", () => {
    expect(sampleImage("4.4.0")).toEqual({ name: "quay.io/jupyterhub/k8s-singleuser-sample", tag: "4.4.0" });
    expect(imageSources("4.4.1").hub).toEqual({
      image: { name: "quay.io/jupyterhub/k8s-hub-slim", tag: "4.4.1" },
    });
  });
});

/** Every text of a tree that is not kept in an output. */
function readable(value: Value): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(readable);
  return isTree(value) ? Object.values(value).flatMap(readable) : [];
}

test("valid settings of every shape give values that the chart accepts, and no secret in plain text", () =>
  fc.assert(
    fc.property(validSettings, (input) => {
      const values = hubValues(hubSettings(input));
      expect(schemaProblems("4.4.0", values)).toEqual([]);
      expect(readable(values).join()).not.toContain("canary");
      const { hub, proxy } = values as Record<string, Record<string, Value>>;
      const config = hub?.config as Record<string, Record<string, Value>>;
      const kept = [
        proxy?.secretToken,
        hub?.cookieSecret,
        config.GitHubOAuthenticator?.client_secret,
        ...((config.CryptKeeper?.keys ?? []) as Value[]),
      ];
      expect(kept).toHaveLength(4);
      for (const value of kept) expect(pulumi.Output.isInstance(value)).toBe(true);
    }),
    { numRuns: 60 },
  ));
