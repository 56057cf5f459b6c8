import { Repository } from "@pulumi/aws/ecr";
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace";
import { Secret } from "@pulumi/kubernetes/core/v1/secret";
import * as pulumi from "@pulumi/pulumi";
import { ExistingCluster, SecureHub, stackSettings } from "../../../components";
import { team } from "../../../examples/bring-your-own-cluster/team";

/** A team's namespace with the Secrets that it keeps itself: the certificate, and the login of a registry. */
const cluster = new ExistingCluster("research", { clusterName: team.clusterName });
const inCluster = { provider: cluster.provider };
const namespace = new Namespace(
  "labs",
  { metadata: { name: "labs", labels: { "pod-security.kubernetes.io/enforce": "restricted" } } },
  inCluster,
).metadata.name;
const certificate = new Secret(
  "certificate",
  {
    metadata: { name: "hub-certificate", namespace },
    type: "kubernetes.io/tls",
    stringData: {
      "tls.crt": process.env.HUB_CERTIFICATE ?? "",
      "tls.key": pulumi.secret(process.env.HUB_KEY ?? ""),
    },
  },
  inCluster,
);
const registryLogin = new Secret(
  "registry-login",
  {
    metadata: { name: "registry-login", namespace },
    type: "kubernetes.io/dockerconfigjson",
    stringData: {
      ".dockerconfigjson": pulumi.secret(
        JSON.stringify({ auths: { "ghcr.io": { auth: "aHViOm5vdC1hLXNlY3JldA==" } } }),
      ),
    },
  },
  inCluster,
);
const images = new Repository("labs", {
  name: "labs",
  imageTagMutability: "IMMUTABLE",
  imageScanningConfiguration: { scanOnPush: true },
});

const { users, hub: settings, ...others } = stackSettings();
const hub = new SecureHub("hub-variant", {
  ...others,
  network: {
    kind: "existing",
    vpcId: team.vpcId,
    privateSubnetIds: team.privateSubnetIds,
    publicSubnetIds: team.publicSubnetIds,
  },
  cluster: { kind: "existing", name: team.clusterName },
  networkPolicyEngine: { kind: "calico" },
  https: { kind: "tls-secret", name: certificate.metadata.name },
  images: {
    registry: { kind: "existing", repositoryUrl: images.repositoryUrl },
    pullSecret: { kind: "existing", name: registryLogin.metadata.name },
  },
  users: { ...users, image: { name: "ghcr.io/acme/lab", tag: "2026-11-02" }, egress: { kind: "none" } },
  hub: { ...settings, namespace, createNamespace: false },
});

export const hubUrl = hub.url;
