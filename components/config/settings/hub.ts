import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { defaultChartVersion, floor } from "../../../chart/releases";
import { compareMain, parse } from "../../../chart/version";
import { orOutput } from "../formats";
import { isLess, type Relation } from "../relations";
import { wholeNumber } from "./numbers";
import { secret } from "./secret";

/** Namespaces of Kubernetes itself and of Calico. */
const clusterNamespaces = /^(default|kube-.*|tigera-operator|calico-.*)$/;

const expectedPort = "expected a Kubernetes node port, 30000 to 32767";
const nodePort = wholeNumber.min(30_000, expectedPort).max(32_767, expectedPort);

function isOlderThanFloor(version: string): boolean {
  const parsed = parse(version);
  return parsed !== null && compareMain(parsed, floor.version) < 0;
}

const namespace = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, "expected a Kubernetes name, for example jupyterhub")
  .refine((name) => !clusterNamespaces.test(name), {
    error:
      "that namespace belongs to the cluster; the hub reads every secret of its namespace, so give it its own, for example jupyterhub",
  });

const secretNames = ["proxyToken", "cookieSecret", "cryptKey"] as const;

const secrets = z.preprocess(
  // A component has more properties than these.
  (given: Readonly<Record<(typeof secretNames)[number], pulumi.Output<string>>>) =>
    given instanceof pulumi.ComponentResource ? pick(given, secretNames) : given,
  z.strictObject(
    {
      /** With it the hub tells the proxy where to route. */
      proxyToken: secret("hub.secrets.proxyToken"),
      /** Signs login cookies. */
      cookieSecret: secret("hub.secrets.cookieSecret"),
      /** Encrypts stored authentication state. */
      cryptKey: secret("hub.secrets.cryptKey"),
    },
    "expected proxyToken, cookieSecret and cryptKey, each a secret, for example by `pulumi config set --secret --path hub.secrets.proxyToken`",
  ),
);

export const hub = z
  .strictObject({
    /** Version of the JupyterHub chart. */
    chartVersion: z
      .string()
      .refine(
        (version) => parse(version)?.version === version,
        `expected an exact version, for example ${defaultChartVersion}`,
      )
      .refine((version) => !isOlderThanFloor(version), {
        error: `expected ${floor.version} or newer, because older releases have published vulnerabilities that concern every hub (as of ${floor.asOf})`,
      })
      .default(defaultChartVersion),
    /** Kubernetes namespace of the hub. */
    namespace: orOutput(
      namespace,
      "expected a Kubernetes name, as text or as an output, for example jupyterhub",
    ).default("jupyterhub"),
    /** Whether the namespace is made; one that exists needs labels for Pod Security `restricted` of its own. */
    createNamespace: z.boolean().default(true),
    /** Counts rotations of the proxy token, the cookie secret and the crypt key. */
    secretRotation: wholeNumber.min(1).default(1),
    /** Secrets that are kept elsewhere, 32 bytes each, in hexadecimal, or a `HubSecrets`. Default: they are made. */
    secrets: secrets.optional(),
    /** Ports of the nodes that lead to the proxy; `http` is used where TLS ends in the cluster, and does nothing but redirect. */
    nodePorts: z.strictObject({ https: nodePort.default(30_443), http: nodePort.default(30_080) }).prefault({}),
  })
  .prefault({});

export const hubRelations: readonly Relation[] = [
  {
    path: ["hub", "secretRotation"],
    broken: ({ hub } = {}) =>
      hub?.secrets !== undefined &&
      isLess(1, hub.secretRotation) &&
      "hub.secrets are not made here, so nothing here can rotate them: expected 1; put new values into hub.secrets instead",
  },
  {
    path: ["hub", "nodePorts", "http"],
    broken: ({ hub } = {}) =>
      hub?.nodePorts?.http !== undefined &&
      hub.nodePorts.http === hub.nodePorts.https &&
      `that is hub.nodePorts.https, too; choose another, for example ${hub.nodePorts.http === 30_080 ? 30_443 : 30_080}`,
  },
];

function pick(from: object, keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(keys.map((key) => [key, (from as Record<string, unknown>)[key]]));
}
