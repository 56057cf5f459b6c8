import { z } from "zod";
import { defaultChartVersion, floor } from "../../../chart/releases";
import { compareMain, parse } from "../../../chart/version";
import { wholeNumber } from "./numbers";

/** Namespaces of Kubernetes itself and of Calico. */
const clusterNamespaces = /^(default|kube-.*|tigera-operator|calico-.*)$/;

const nodePort = "expected a Kubernetes node port, 30000 to 32767, for example 30443";

function isOlderThanFloor(version: string): boolean {
  const parsed = parse(version);
  return parsed !== null && compareMain(parsed, floor.version) < 0;
}

export const hub = z
  .strictObject({
    /** Version of the JupyterHub chart. */
    chartVersion: z
      .string()
      .refine((version) => parse(version) !== null, `expected an exact version, for example ${defaultChartVersion}`)
      .refine((version) => !isOlderThanFloor(version), {
        error: `expected ${floor.version} or newer, because older releases have published vulnerabilities that concern every hub (as of ${floor.asOf})`,
      })
      .default(defaultChartVersion),
    /** Kubernetes namespace of the hub. */
    namespace: z
      .string()
      .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, "expected a Kubernetes name, for example jupyterhub")
      .refine((name) => !clusterNamespaces.test(name), {
        error:
          "that namespace belongs to the cluster; the hub reads every secret of its namespace, so give it its own, for example jupyterhub",
      })
      .default("jupyterhub"),
    /** Counts rotations of the proxy token, the cookie secret and the crypt key. */
    secretRotation: wholeNumber.min(1).default(1),
    /** Port of the nodes that leads to the proxy. */
    nodePort: wholeNumber.min(30_000, nodePort).max(32_767, nodePort).default(30_443),
  })
  .prefault({});
