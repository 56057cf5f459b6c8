import type { Values } from "./value";

/**
 * HTTPS that ends at a load balancer in front of a node port. The chart then renders one port, 443 to the proxy's HTTP port,
 * and no port 80. The hub cannot see that browsers speak HTTPS: `public_url` and the `X-Scheme` header tell it, or its login
 * cookies would lack `Secure`.
 */
export function httpsOffloaded(host: string, nodePort: number): Values {
  return {
    proxy: {
      service: { type: "NodePort", disableHttpPort: true, nodePorts: { https: nodePort } },
      https: { enabled: true, type: "offload", hosts: [host] },
      // No space after the colon: the chart renders the flag as a bare YAML scalar.
      chp: { extraCommandLineFlags: ["--custom-header=X-Scheme:https"] },
    },
    hub: { config: { JupyterHub: { public_url: `https://${host}/` } } },
  };
}
