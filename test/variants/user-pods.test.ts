import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, test } from "vitest";
import { mergeHelmValues } from "../../chart/helm-merge";
import { chartDefaults } from "../../chart/releases";
import type { ValueMap } from "../../chart/values";
import type { SettingsInput } from "../../components";
import { hubValues } from "../../components/values/hub-values";
import type { Values } from "../../components/values/value";
import { hubSettings, minimalSettings } from "../support/hub-settings";
import { hubPython, machinePython, run } from "../support/python-environment";
import { type Pod, restrictedObjections, userPodFacts } from "../support/user-pod";

/** A server that somebody asks for. */
interface Server {
  readonly user: string;
  readonly groups?: readonly string[];
  readonly server?: string;
  readonly options?: { readonly profile: string };
}

interface Report {
  readonly complaints: readonly string[];
  /** Profiles that the user sees. */
  readonly offered: Readonly<Record<string, readonly string[]>>;
  readonly pods: Readonly<
    Record<string, Pod & { readonly refused?: string; readonly metadata: { readonly name: string } }>
  >;
}

const digest = `sha256:${"a".repeat(64)}`;
const profiles = [
  { name: "Small" },
  { name: "Large", cpu: { guarantee: 2, limit: 8 }, memory: { guarantee: "8G", limit: "16G" } },
  { name: "GPU", image: { name: "quay.io/acme/gpu", tag: "1", digest }, gpu: 1, allowedGroups: ["physics"] },
];
const ada: Server = { user: "ada" };

const cases: Record<string, { users: NonNullable<SettingsInput["users"]>; servers: Record<string, Server> }> = {
  default: { users: {}, servers: { ada } },
  untrusted: { users: { trust: "untrusted" }, servers: { ada } },
  "untrusted with profiles": {
    users: { trust: "untrusted", profiles, serverCommand: "/opt/jupyterhub/bin/jupyterhub-singleuser" },
    servers: {
      small: { ...ada, options: { profile: "small" } },
      gpu: { ...ada, groups: ["physics"], options: { profile: "gpu" } },
    },
  },
  profiles: {
    users: {
      profiles,
      namedServers: { perUser: 2 },
      groups: { physics: ["grace"] },
      roles: [{ name: "teachers", scopes: ["access:servers!group=physics", "list:users"], users: ["ada"] }],
    },
    servers: {
      ada,
      named: { ...ada, server: "Second one" },
      small: { ...ada, options: { profile: "small" } },
      large: { ...ada, options: { profile: "large" } },
      "a profile of another group": { ...ada, options: { profile: "gpu" } },
      gpu: { user: "grace", groups: ["physics"], options: { profile: "gpu" } },
    },
  },
  "AWS role": { users: { awsAccess: { buckets: [{ name: "acme-data", perUser: true }] } }, servers: { ada } },
};

const python = machinePython();
if (userPodFacts === undefined)
  console.warn("SKIPPED: ../shared/data/user-pod-settings.json is missing, so no user pod can be made of the values");

/** Values as the hub sees them: the chart's defaults below, every output known. */
function effective(users: NonNullable<SettingsInput["users"]>): Promise<ValueMap> {
  const values = hubValues(hubSettings({ ...minimalSettings(), users }));
  return new Promise((known) =>
    pulumi
      .output(values as Values)
      .apply((given) => known(mergeHelmValues(chartDefaults("4.4.0").values, given as ValueMap))),
  );
}

describe.skipIf(python === undefined || userPodFacts === undefined)("KubeSpawner 7.0.0 makes for a user", () => {
  let reports: Readonly<Record<string, Report>>;
  const report = (name: string) => reports[name] as Report;
  const pod = (name: string, server = "ada") => report(name).pods[server] as Report["pods"][string];
  const notebook = (name: string, server?: string) => pod(name, server).spec.containers[0] as Record<string, unknown>;

  beforeAll(async () => {
    const interpreter = await hubPython(python as string);
    const given = await Promise.all(
      Object.entries(cases).map(async ([name, { users, servers }]) => [
        name,
        { values: await effective(users), servers },
      ]),
    );
    const facts = JSON.parse(readFileSync(resolve(__dirname, "../../../shared/data/user-pod-settings.json"), "utf8"));
    const chartDefault = { values: chartDefaults("4.4.0").values, servers: { ada } };
    const unknown = { hub: { config: { KubeSpawner: { frobnicate: true } } } };
    const mistake = { values: mergeHelmValues(chartDefault.values, unknown), servers: {} };
    const input = { facts, cases: { ...Object.fromEntries(given), "chart default": chartDefault, mistake } };
    const script = join(__dirname, "../python/user_pod.py");
    reports = JSON.parse(await run(interpreter, [script], JSON.stringify(input)));
  });

  describe.each(Object.entries(cases))("%s:", (name, { servers }) => {
    test("every setting is one that the software knows", () => expect(report(name).complaints).toEqual([]));

    const allowed = Object.keys(servers).filter((server) => server !== "a profile of another group");
    test.each(allowed)("%s: a pod that passes Pod Security `restricted`, without API token and privilege", (server) => {
      const { spec, refused } = pod(name, server);
      expect(refused).toBeUndefined();
      expect(restrictedObjections({ spec: { ...spec, initContainers: spec.initContainers ?? [] } })).toEqual([]);
      expect(spec.automountServiceAccountToken).toBe(false);
      expect(spec.enableServiceLinks).toBe(false);
      expect(JSON.stringify(spec)).not.toMatch(/serviceAccountToken|hostPath|"privileged":true/);
    });
  });

  test("a setting that the software does not know would show", () =>
    expect(report("mistake").complaints).toEqual([expect.stringContaining("frobnicate")]));

  test("what could not be started with the chart's defaults", () =>
    expect(
      restrictedObjections({ spec: { ...pod("chart default").spec } }).filter((each) => each.startsWith("notebook")),
    ).not.toEqual([]));

  test("profiles with their image, resources, GPU and tolerations", () => {
    expect(notebook("profiles", "large").resources).toEqual({
      limits: { cpu: 8, memory: 16 * 1024 ** 3 },
      requests: { cpu: 2, memory: 8 * 1024 ** 3 },
    });
    expect(notebook("profiles", "gpu")).toMatchObject({
      image: `quay.io/acme/gpu:1@${digest}`,
      resources: { limits: { "nvidia.com/gpu": "1" } },
    });
    const keys = (server: string) =>
      (pod("profiles", server).spec.tolerations as { key: string }[]).map(({ key }) => key).sort();
    expect(keys("small")).toEqual(["hub.jupyter.org/dedicated", "hub.jupyter.org_dedicated"]);
    expect(keys("gpu")).toEqual([...keys("small"), "nvidia.com/gpu"]);
  });

  test("no profile of a group to others, whether they see it or ask for it", () => {
    const { offered, pods } = report("profiles");
    expect(offered.ada).toEqual(["small", "large"]);
    expect(offered.gpu).toEqual(["small", "large", "gpu"]);
    expect(pods["a profile of another group"]?.refused).toMatch(/gpu/);
  });

  test("pods with names of their own, which AWS sees: each user's, each server's", () => {
    const names = ["ada", "named"].map((server) => pod("profiles", server).metadata.name);
    expect(names[0]).toBe("jupyter-ada");
    expect(names[1]).toMatch(/^jupyter-ada--second-one/);
  });

  test("a service account for AWS, and nobody's token", () =>
    expect(pod("AWS role").spec).toMatchObject({
      serviceAccountName: "user-server",
      automountServiceAccountToken: false,
    }));

  test("for untrusted users a server that they cannot change", () => {
    const container = notebook("untrusted");
    expect(container.args).toEqual(["/usr/local/bin/jupyterhub-singleuser"]);
    expect(notebook("untrusted with profiles", "gpu").args).toEqual(["/opt/jupyterhub/bin/jupyterhub-singleuser"]);
    expect(container.securityContext).toMatchObject({ readOnlyRootFilesystem: true, runAsUser: 1000 });
    expect(container.volumeMounts).toEqual([
      { mountPath: "/home/jovyan", name: "home" },
      { mountPath: "/tmp", name: "tmp" },
    ]);
    const env = Object.fromEntries((container.env as { name: string; value?: string }[]).map((e) => [e.name, e.value]));
    expect(env).toMatchObject({
      PYTHONNOUSERSITE: "1",
      JUPYTER_PREFER_ENV_PATH: "1",
      JUPYTERHUB_DISABLE_USER_CONFIG: "1",
    });
    expect(env.JUPYTERHUB_ALLOW_TOKEN_IN_URL).toBeUndefined();
  });
});
