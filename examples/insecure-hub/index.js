// JupyterHub as it comes out of blog posts and chart defaults: it works, and it is wide open. Nothing here is worth copying:
// it exists so that `pulumi preview --policy-pack ../../policies/security` has something to refuse.
const k8s = require("@pulumi/kubernetes/provider");
const { Release } = require("@pulumi/kubernetes/helm/v3/release");

const kubeconfig = JSON.stringify({
  apiVersion: "v1",
  kind: "Config",
  "current-context": "example",
  clusters: [{ name: "example", cluster: { server: "https://cluster.example.internal" } }],
  users: [{ name: "example", user: { token: "placeholder-no-real-token" } }],
  contexts: [{ name: "example", context: { cluster: "example", user: "example" } }],
});

const provider = new k8s.Provider("cluster", { kubeconfig });

new Release(
  "hub",
  {
    chart: "jupyterhub",
    version: "4.4.0",
    repositoryOpts: { repo: "https://hub.jupyter.org/helm-chart/" },
    namespace: "jhub",
    createNamespace: true,
    values: {
      // No login is configured, so the chart's default stays: any name, no password.
      rbac: { create: false },
      // HTTPS is "on", but without a host name the chart serves plain HTTP.
      proxy: { https: { enabled: true, letsencrypt: { contactEmail: "admin@example.com" } } },
      singleuser: {
        image: { name: "jupyter/scipy-notebook", tag: "latest" },
        // Meant to let users out on three ports only; without `to` it also opens the nodes' credentials on port 80.
        cloudMetadata: { blockWithIptables: false },
        networkPolicy: { egress: [{ ports: [{ port: 53, protocol: "UDP" }, { port: 80 }, { port: 443 }] }] },
      },
    },
  },
  { provider },
);
