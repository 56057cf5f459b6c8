import * as pulumi from "@pulumi/pulumi";
import { madePullSecret, type PullSecret } from "./values/images";

/** Stands for user pods in AWS; to the Kubernetes API it is nobody. */
export function serviceAccount(
  name: string,
  accountName: pulumi.Input<string> | undefined,
  namespace: pulumi.Input<string>,
  child: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  if (accountName === undefined) return [];
  const { ServiceAccount } =
    require("@pulumi/kubernetes/core/v1/serviceAccount") as typeof import("@pulumi/kubernetes/core/v1/serviceAccount");
  const metadata = { name: accountName, namespace };
  return [new ServiceAccount(`${name}-users`, { metadata, automountServiceAccountToken: false }, child)];
}

/** A Secret of our own, because the chart's would put the password into the hub's values. */
export function pullSecret(
  name: string,
  login: PullSecret | undefined,
  namespace: pulumi.Input<string>,
  child: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  if (login?.kind !== "create") return [];
  const { Secret } = require("@pulumi/kubernetes/core/v1/secret") as typeof import("@pulumi/kubernetes/core/v1/secret");
  return [
    new Secret(
      `${name}-image-pull`,
      {
        metadata: { name: madePullSecret, namespace },
        type: "kubernetes.io/dockerconfigjson",
        stringData: { ".dockerconfigjson": dockerConfig(login) },
      },
      child,
    ),
  ];
}

/** Docker Hub goes by the address that its clients have used since its beginning. */
function dockerConfig({ registry, username, password }: PullSecret & { kind: "create" }): pulumi.Output<string> {
  const server = registry === "docker.io" ? "https://index.docker.io/v1/" : registry;
  return pulumi.secret(password).apply((known) => {
    const auth = Buffer.from(`${username}:${known}`).toString("base64");
    return JSON.stringify({ auths: { [server]: { username, password: known, auth } } });
  });
}
