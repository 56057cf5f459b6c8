import { output, type Registered } from "../component";
import { isProperties, lift, type Value } from "../wire";

/** A kubeconfig that asks the AWS CLI for a token. */
export function kubeconfigOf(cluster: Registered): Value {
  const parts = ["name", "endpoint", "certificateAuthority", "arn"].map((name) => output(cluster, name));
  return lift(parts, (name, server, authority, arn) => ({
    apiVersion: "v1",
    clusters: [
      {
        cluster: { server, "certificate-authority-data": isProperties(authority) ? (authority.data ?? "") : "" },
        name: "kubernetes",
      },
    ],
    contexts: [{ context: { cluster: "kubernetes", user: "aws" }, name: "aws" }],
    "current-context": "aws",
    kind: "Config",
    users: [
      {
        name: "aws",
        user: {
          exec: {
            apiVersion: "client.authentication.k8s.io/v1beta1",
            command: "aws",
            args: [
              "--region",
              String(arn).split(":")[3] ?? "",
              "eks",
              "get-token",
              "--cluster-name",
              name ?? "",
              "--output",
              "json",
            ],
            env: [{ name: "KUBERNETES_EXEC_INFO", value: '{"apiVersion": "client.authentication.k8s.io/v1beta1"}' }],
          },
        },
      },
    ],
  }));
}
