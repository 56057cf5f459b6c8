import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { JupyterHub, type JupyterHubArgs } from "../../components";
import type { Values } from "../../components/values/value";
import { makeCertificate } from "../support/certificates";
import { clientSecret, hubSettings } from "../support/hub-settings";
import { recordInCluster } from "../support/in-cluster";
import { alarms } from "../support/judged";
import { inputsOf, isSecret, madeBefore, only } from "../support/wire";

const args = (): JupyterHubArgs => ({ ...hubSettings(), namespace: "lab" });
const recorded = () =>
  recordInCluster((provider) => {
    const { url, oauthCallbackUrl } = new JupyterHub("hub", args(), { provider });
    return { url, oauthCallbackUrl };
  });
const release = "kubernetes:helm.sh/v3:Release";

// "Kubernetes, Pod Security Admission": the labels.
test("the namespace admits restricted pods only", async () =>
  expect(inputsOf(await recorded(), "kubernetes:core/v1:Namespace").metadata).toMatchObject({
    name: "lab",
    labels: {
      "pod-security.kubernetes.io/enforce": "restricted",
      "pod-security.kubernetes.io/audit": "restricted",
      "pod-security.kubernetes.io/warn": "restricted",
    },
  }));

test("the chart is released in it, pinned, and rolled back when it fails", async () => {
  const program = await recorded();
  expect(inputsOf(program, release)).toMatchObject({
    name: "jupyterhub",
    chart: "jupyterhub",
    version: "4.4.0",
    repositoryOpts: { repo: "https://hub.jupyter.org/helm-chart/" },
    namespace: "lab",
    atomic: true,
    cleanupOnFail: true,
  });
  expect(inputsOf(program, release).timeout).toBeGreaterThanOrEqual(600);
  expect(madeBefore(program, only(program, release))).toContain("kubernetes:core/v1:Namespace hub");
});

test("each secret travels in its own envelope, the other values can be read by policies", async () => {
  const values = only(await recorded(), release).inputs.values as {
    rbac: object;
    proxy: { secretToken: object };
    hub: {
      cookieSecret: object;
      config: { CryptKeeper: { keys: object[] }; GitHubOAuthenticator: { client_secret: { value: string } } };
    };
  };
  expect(values.proxy.secretToken).toMatchObject({ value: "canary-proxy-token" });
  const kept = [
    values.proxy.secretToken,
    values.hub.cookieSecret,
    values.hub.config.CryptKeeper.keys[0],
    values.hub.config.GitHubOAuthenticator.client_secret,
  ];
  for (const value of kept) expect(isSecret(value)).toBe(true);
  expect(values.hub.config.GitHubOAuthenticator.client_secret.value).toBe(clientSecret);
  expect(isSecret(values)).toBe(false);
  expect(values.rbac).toEqual({ create: true });
});

test("it tells where people go and what to register at the login provider", async () =>
  expect((await recorded()).outputs).toEqual({
    url: "https://hub.acme.science/",
    oauthCallbackUrl: "https://hub.acme.science/hub/oauth_callback",
  }));

test("a certificate of one's own has to cover the names below the host for untrusted users", async () => {
  const https = (names: string[]): JupyterHubArgs["https"] => {
    const { certificate, key } = makeCertificate({ names });
    return { kind: "certificate", certificate, key: pulumi.secret(key) };
  };
  const made = (names: string[]) =>
    recordInCluster((provider) => ({
      url: new JupyterHub("hub", { ...args(), isolation: { untrusted: true }, https: https(names) }, { provider }).url,
    }));
  await expect(made(["hub.acme.science"])).rejects.toThrow(/expected one for hub\.acme\.science and \*\.hub\.acme/);
  expect(inputsOf(await made(["hub.acme.science", "*.hub.acme.science"]), release).name).toBe("jupyterhub");
});

test("values that the chart refuses are refused before anything is registered, with their paths", async () => {
  const wrong = args();
  const servers = { ...wrong.servers, cpu: { guarantee: "250m", limit: 1 }, homeSize: 10 };
  let refused: unknown;
  const { registrations } = await recordInCluster((provider) => {
    try {
      new JupyterHub("hub", { ...wrong, servers } as unknown as JupyterHubArgs, { provider });
    } catch (error) {
      refused = error;
    }
    return {};
  });
  expect(pulumi.RunError.isInstance(refused)).toBe(true);
  expect((refused as Error).message).toMatch(/the chart refuses its values: singleuser\.cpu\.guarantee: .*number/);
  expect((refused as Error).message).toMatch(/the chart refuses its values: singleuser\.storage\.capacity: /);
  expect(registrations.map(({ type }) => type)).toEqual(["pulumi:pulumi:Stack", "pulumi:providers:kubernetes"]);
});

describe("extra values", () => {
  const withExtra = (extraValues: Values) =>
    recordInCluster((provider) => ({ url: new JupyterHub("hub", { ...args(), extraValues }, { provider }).url }));

  test("come last, secrets and nulls among them as they are", async () => {
    const program = await withExtra({
      hub: { activeServerLimit: 50, livenessProbe: null, extraEnv: { TOKEN: pulumi.secret("canary") } },
      cull: { timeout: 7200 },
    });
    const { values } = only(program, release).inputs as { values: { hub: Record<string, unknown>; cull: object } };
    expect(values.hub).toMatchObject({ activeServerLimit: 50, livenessProbe: null });
    expect(isSecret((values.hub.extraEnv as { TOKEN: unknown }).TOKEN)).toBe(true);
    expect(values.cull).toMatchObject({ enabled: true, timeout: 7200 });
    expect(values.hub.config).toBeDefined();
  });

  test.each<[what: string, extraValues: Values, control: string]>([
    ["the metadata opened", { singleuser: { networkPolicy: null } }, "network-policies-enabled"],
    ["everybody let in", { hub: { config: { Authenticator: { allow_all: true } } } }, "login-has-allow-rule"],
    ["the user pods' token back", { hub: { config: { KubeSpawner: null } } }, "user-pod"],
    ["a moving image", { singleuser: { image: { tag: "latest" } } }, "images-pinned"],
    ["RBAC off", { rbac: { create: false } }, "rbac-enabled"],
  ])("are judged by the gate: %s", async (_, extraValues, control) => {
    const found = alarms(await withExtra(extraValues)).filter((alarm) => alarm.startsWith(control));
    expect(found).not.toEqual([]);
  });
});
