import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { profilesByGroup } from "../../../chart/profiles-by-group";
import type { ValueMap } from "../../../chart/values";
import type { SettingsInput } from "../../../components";
import { schemaProblems } from "../../../components/values/chart-schema";
import { hubValues } from "../../../components/values/hub-values";
import { withPlaceholders } from "../../../components/values/value";
import { hubSettings, minimalSettings } from "../../support/hub-settings";

const digest = `sha256:${"a".repeat(64)}`;

/** Values of a hub with these settings, valid under the chart's schema. */
function values(
  users: SettingsInput["users"],
  images: SettingsInput["images"] = undefined,
  made: Parameters<typeof hubSettings>[1] = {},
): ValueMap {
  // A Secret that exists lies in a namespace that does.
  const hub = { createNamespace: images?.pullSecret?.kind !== "existing" };
  const given = { ...minimalSettings(), users, hub, ...(images && { images }) };
  const made_ = hubValues(hubSettings(given, made));
  expect(schemaProblems("4.4.0", made_)).toEqual([]);
  return withPlaceholders(made_) as ValueMap;
}

describe("images", () => {
  test.each([
    ["a tag", { name: "quay.io/acme/lab", tag: "7" }, { name: "quay.io/acme/lab", tag: "7" }],
    [
      "tag and digest",
      { name: "quay.io/acme/lab", tag: "7", digest },
      { name: "quay.io/acme/lab", tag: `7@${digest}` },
    ],
    ["a digest", { name: "quay.io/acme/lab", digest }, { name: "quay.io/acme/lab", tag: `by-digest@${digest}` }],
    ["the hub's own repository", { tag: "7" }, { name: "registry.acme.science/hub", tag: "7" }],
    ["the sample", undefined, { name: "quay.io/jupyterhub/k8s-singleuser-sample", tag: "4.4.0" }],
  ])("%s", (_, image, expected) =>
    expect(values(image && { image })).toMatchObject({ singleuser: { image: expected } }),
  );

  test("every image that the hub runs comes from its copy", () => {
    const copy = (name: string) => `123456789012.dkr.ecr.eu-central-1.amazonaws.com/hub/${name}`;
    const mirrors = {
      "quay.io/jupyterhub/k8s-hub-slim": copy("quay/jupyterhub/k8s-hub-slim"),
      "quay.io/jupyterhub/configurable-http-proxy": pulumi.output(copy("chp")),
      "quay.io/jupyterhub/k8s-singleuser-sample": copy("sample"),
      "registry.k8s.io/pause": copy("pause"),
      "quay.io/acme/gpu": copy("quay/acme/gpu"),
    };
    const profiles = [{ name: "GPU", image: { name: "quay.io/acme/gpu", tag: "1" } }];
    expect(values({ profiles }, undefined, { mirrors })).toMatchObject({
      hub: { image: { name: copy("quay/jupyterhub/k8s-hub-slim"), tag: "4.4.0" } },
      proxy: { chp: { image: { name: "known-later" } } },
      prePuller: { pause: { image: { name: copy("pause") } } },
      singleuser: {
        image: { name: copy("sample"), tag: "4.4.0" },
        profileList: [{ kubespawner_override: { image: `${copy("quay/acme/gpu")}:1` } }],
      },
    });
  });

  test("pull secrets by name: an existing one, and ours", () => {
    const login = { registry: "registry.acme.science", username: "hub", password: pulumi.secret("canary") };
    expect(values({}, { pullSecret: { kind: "existing", name: "acme" } }).imagePullSecrets).toEqual([{ name: "acme" }]);
    const ours = values({}, { pullSecret: { kind: "create", ...login } });
    expect(ours.imagePullSecrets).toEqual([{ name: "image-pull" }]);
    expect(JSON.stringify(ours)).not.toContain("canary");
  });
});

describe("profiles", () => {
  const profiles = [
    { name: "Small", description: "for a start" },
    { name: "Large", cpu: { guarantee: 2, limit: 8 }, memory: { guarantee: "8G", limit: "16G" } },
    { name: "GPU", image: { name: "quay.io/acme/gpu", digest }, gpu: 2, allowedGroups: ["physics"] },
  ];

  test("what users choose between", () =>
    expect((values({ profiles }).singleuser as ValueMap).profileList).toEqual([
      { display_name: "Small", description: "for a start", kubespawner_override: {} },
      {
        display_name: "Large",
        kubespawner_override: { cpu_guarantee: 2, cpu_limit: 8, mem_guarantee: "8G", mem_limit: "16G" },
      },
      {
        display_name: "GPU",
        allowed_groups: ["physics"],
        kubespawner_override: {
          image: `quay.io/acme/gpu:by-digest@${digest}`,
          extra_resource_limits: { "nvidia.com/gpu": "2" },
          tolerations: [
            { key: "hub.jupyter.org/dedicated", operator: "Equal", value: "user", effect: "NoSchedule" },
            { key: "hub.jupyter.org_dedicated", operator: "Equal", value: "user", effect: "NoSchedule" },
            { key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" },
          ],
        },
      },
    ]));

  test("code in the hub only where a profile is for groups", () => {
    expect(values({ profiles })).toMatchObject({ hub: { extraConfig: { "profiles-by-group": profilesByGroup } } });
    expect((values({ profiles: profiles.slice(0, 2) }).hub as ValueMap).extraConfig).toBeUndefined();
  });
});

test("named servers, and how long servers live", () =>
  expect(values({ namedServers: { perUser: 3 }, idleTimeoutSeconds: 600, maximumAgeSeconds: 86_400 })).toMatchObject({
    hub: { allowNamedServers: true, namedServerLimitPerUser: 3 },
    cull: { enabled: true, users: false, timeout: 600, maxAge: 86_400 },
  }));

test("groups and roles", () => {
  const users = {
    groups: { physics: ["ada", "grace"] },
    roles: [{ name: "physics-teachers", scopes: ["access:servers!group=physics", "list:users"], groups: ["teachers"] }],
  };
  expect(values(users)).toMatchObject({
    hub: {
      config: { JupyterHub: { load_groups: { physics: { users: ["ada", "grace"] } } } },
      loadRoles: {
        "physics-teachers": {
          scopes: ["access:servers!group=physics", "list:users"],
          users: [],
          groups: ["teachers"],
        },
      },
    },
  });
});

describe("trust", () => {
  const subdomains = { subdomain_host: "https://hub.acme.science", cookie_host_prefix_enabled: true };

  test("semi-trusted users share a host name", () => {
    const hub = values({}).hub as { config: { JupyterHub: ValueMap } };
    for (const key of Object.keys(subdomains)) expect(hub.config.JupyterHub).not.toHaveProperty(key);
  });

  test("a host name for each of them, where it is asked for", () => {
    const made = values({ subdomains: true });
    expect(made).toMatchObject({ hub: { config: { JupyterHub: subdomains } } });
    expect((made.singleuser as ValueMap).cmd).toBeUndefined();
  });

  test("untrusted users get one each, and servers that they cannot change", () =>
    expect(values({ trust: "untrusted" })).toMatchObject({
      hub: {
        config: {
          JupyterHub: subdomains,
          Spawner: { disable_user_config: true },
          KubeSpawner: { container_security_context: { readOnlyRootFilesystem: true, runAsNonRoot: true } },
        },
      },
      singleuser: {
        cmd: ["/usr/local/bin/jupyterhub-singleuser"],
        extraEnv: { PYTHONNOUSERSITE: "1", JUPYTER_PREFER_ENV_PATH: "1" },
        storage: {
          extraVolumes: [{ name: "tmp", emptyDir: {} }],
          extraVolumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
        },
      },
    }));

  test.each(["untrusted", "semi-trusted"] as const)("the command that %s users' images have", (trust) =>
    expect(
      values({ trust, image: { tag: "7" }, serverCommand: "/opt/jupyterhub/bin/jupyterhub-singleuser" }),
    ).toMatchObject({ singleuser: { cmd: ["/opt/jupyterhub/bin/jupyterhub-singleuser"] } }),
  );
});

describe("egress", () => {
  const policy = (users: SettingsInput["users"]) =>
    (values(users).singleuser as { networkPolicy: ValueMap }).networkPolicy as {
      egress?: unknown;
      egressAllowRules: ValueMap;
    };
  const awsAccess = { buckets: [{ name: "acme-data" }] };
  const agent = {
    to: [{ ipBlock: { cidr: "169.254.170.23/32" } }],
    ports: [{ protocol: "TCP", port: 80 }],
  };

  test("the internet, without private addresses and metadata", () => {
    const { egress, egressAllowRules } = policy({});
    expect(egress).toBeUndefined();
    expect(egressAllowRules).toEqual({
      cloudMetadataServer: false,
      dnsPortsCloudMetadataServer: false,
      privateIPs: false,
    });
  });

  test("listed ranges and ports", () => {
    const to = [{ cidr: "198.51.100.0/24" }, { cidr: "10.0.7.0/24", ports: [5432, 443] }];
    const { egress, egressAllowRules } = policy({ egress: { kind: "allow-list", to } });
    expect(egressAllowRules).toMatchObject({ nonPrivateIPs: false, privateIPs: false, cloudMetadataServer: false });
    expect(egress).toEqual([
      { to: [{ ipBlock: { cidr: "198.51.100.0/24" } }], ports: [{ protocol: "TCP", port: 443 }] },
      {
        to: [{ ipBlock: { cidr: "10.0.7.0/24" } }],
        ports: [
          { protocol: "TCP", port: 5432 },
          { protocol: "TCP", port: 443 },
        ],
      },
    ]);
  });

  test("nothing", () => {
    const { egress, egressAllowRules } = policy({ egress: { kind: "none" } });
    expect(egress).toBeUndefined();
    expect(egressAllowRules).toMatchObject({ nonPrivateIPs: false, privateIPs: false });
  });

  test("names are resolved in each case", () => {
    for (const egress of [{ kind: "internet" }, { kind: "none" }] as const) {
      const rules = policy({ egress }).egressAllowRules;
      expect(rules.dnsPortsKubeSystemNamespace ?? true).toBe(true);
    }
  });

  test("credentials of the pods' own role: only that address, and only where they have one", () => {
    const to = [{ cidr: "198.51.100.0/24" }];
    expect(policy({ egress: { kind: "allow-list", to }, awsAccess }).egress).toContainEqual(agent);
    expect(policy({ egress: { kind: "allow-list", to } }).egress).not.toContainEqual(agent);
    expect(policy({ awsAccess }).egress).toBeUndefined();
  });
});

test("an AWS role comes by a service account whose token no pod gets", () =>
  expect(values({ awsAccess: { buckets: [{ name: "acme-data" }] } })).toMatchObject({
    singleuser: { serviceAccountName: "user-server" },
    hub: { config: { KubeSpawner: { automount_service_account_token: false } } },
  }));
