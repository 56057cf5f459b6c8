import eksPackage from "@pulumi/eks/package.json";
import { Monitor } from "../component";
import type { ConstructRequest, ConstructResult, Provider } from "../provider";
import { constructCluster } from "./cluster";
import { constructNodeGroup } from "./node-group";

const components: Readonly<Record<string, (request: ConstructRequest, monitor: Monitor) => Promise<ConstructResult>>> =
  {
    "eks:index:Cluster": constructCluster,
    "eks:index:ManagedNodeGroup": constructNodeGroup,
  };

/** Stands in for the eks provider, which has components only. */
export const eks: Provider = {
  name: "eks",
  version: eksPackage.version,
  typeOf: () => undefined,
  functions: {},
  async construct(request) {
    const component = components[request.type];
    if (component === undefined)
      throw new Error(`the local cloud does not know ${request.type}; see local-cloud/cloud/eks`);
    const monitor = new Monitor(request.monitorAddress);
    try {
      return await component(request, monitor);
    } finally {
      monitor.close();
    }
  },
};
