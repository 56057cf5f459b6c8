// A program that knows nothing of this repository: chart defaults, delivered as the setting `form` says.
const pulumi = require("@pulumi/pulumi");
const k8s = require("@pulumi/kubernetes");
const fs = require("node:fs");

const config = new pulumi.Config();
const form = config.require("form");
const values = config.getObject("values") ?? {};

const kubeconfig = JSON.stringify({
  apiVersion: "v1",
  kind: "Config",
  "current-context": "example",
  clusters: [{ name: "example", cluster: { server: "https://cluster.example.internal" } }],
  users: [{ name: "example", user: { token: "placeholder-no-real-token" } }],
  contexts: [{ name: "example", context: { cluster: "example", user: "example" } }],
});
const provider = new k8s.Provider("cluster", { kubeconfig });
const namespace = new k8s.core.v1.Namespace("jhub", { metadata: { name: "jhub" } }, { provider });

const chart = { chart: "jupyterhub", version: "4.4.0", namespace: "jhub", values };
const repo = "https://hub.jupyter.org/helm-chart/";
// A provider passed as `provider` does not reach the children of a component; one in `providers` does.
const options = { dependsOn: namespace, providers: { kubernetes: provider } };

switch (form) {
  case "v3-chart":
    new k8s.helm.v3.Chart("hub", { ...chart, fetchOpts: { repo } }, options);
    break;
  case "v4-chart":
    new k8s.helm.v4.Chart("hub", { ...chart, repositoryOpts: { repo } }, options);
    break;
  case "v4-chart-unknown":
    // The name of the namespace's own resource is not known before it is made.
    new k8s.helm.v4.Chart(
      "hub",
      {
        ...chart,
        values: pulumi.all([namespace.metadata.uid]).apply(([uid]) => ({ ...values, custom: { uid } })),
        repositoryOpts: { repo },
      },
      options,
    );
    break;
  case "manifests":
    new k8s.yaml.v2.ConfigGroup("hub", { yaml: fs.readFileSync(config.require("file"), "utf8") }, options);
    break;
  case "objects":
    for (const { apiVersion, kind, metadata, ...rest } of JSON.parse(fs.readFileSync(config.require("file"), "utf8")))
      new pulumi.CustomResource(
        `kubernetes:${apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`}:${kind}`,
        `hub-${metadata.name}`.toLowerCase(),
        { apiVersion, kind, metadata, ...rest },
        { provider, dependsOn: namespace },
      );
    break;
  default:
    throw new Error(`no form ${form}`);
}
