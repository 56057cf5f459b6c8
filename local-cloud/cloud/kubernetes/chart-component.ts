import kubernetesPackage from "@pulumi/kubernetes/package.json";
import type { ValueMap } from "../../../chart/values";
import { Monitor } from "../component";
import type { ConstructRequest, ConstructResult } from "../provider";
import { containsUnknown, type Properties, resolveReferences, reveal, valueAt } from "../wire";
import { locate, resolveVersion } from "./helm";
import { decode, render } from "./rendering";

const components: Readonly<Record<string, (name: string, inputs: Properties) => Properties[]>> = {
  "kubernetes:helm.sh/v4:Chart": chartObjects,
  "kubernetes:yaml/v2:ConfigGroup": (_, inputs) => [
    ...decode(String(inputs.yaml ?? "")),
    ...([inputs.objs ?? []].flat() as Properties[]),
  ],
};

/** Registers what the real provider registers for a component: itself without inputs, and each object as a child. */
export async function constructObjects(request: ConstructRequest): Promise<ConstructResult> {
  const objectsOf = components[request.type];
  if (objectsOf === undefined)
    throw new Error(`the local cloud does not know ${request.type}; see local-cloud/cloud/kubernetes`);
  const monitor = new Monitor(request.monitorAddress);
  try {
    const component = await monitor.construct({ ...request, inputs: {} });
    // As long as an input is unknown, the preview is incomplete: there are no children in it.
    const inputs = resolveReferences(request.inputs) as Properties;
    const objects = containsUnknown(inputs) ? [] : objectsOf(request.name, reveal(inputs) as Properties);
    for (const object of objects) await monitor.register(child(object, request, component.urn));
    await monitor.registerOutputs(component.urn, {});
    return { urn: component.urn, outputs: {}, dependencies: [] };
  } finally {
    monitor.close();
  }
}

function child(object: Properties, request: ConstructRequest, parent: string) {
  const apiVersion = String(object.apiVersion);
  const group = apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`;
  const names = [request.name, valueAt(object, "metadata.namespace"), valueAt(object, "metadata.name")];
  return {
    type: `kubernetes:${group}:${object.kind}`,
    name: names.filter(Boolean).join("/"),
    parent,
    inputs: object,
    provider: request.providers.get("kubernetes"),
    version: kubernetesPackage.version,
  };
}

function chartObjects(component: string, inputs: Properties): Properties[] {
  const chart = locate(inputs);
  const repository = String(valueAt(inputs, "repositoryOpts.repo") ?? "");
  return render({
    chart: chart.name,
    version: resolveVersion(chart, String(inputs.version ?? ""), repository),
    name: String(inputs.name ?? component),
    namespace: String(inputs.namespace ?? "default"),
    values: (inputs.values ?? {}) as ValueMap,
  });
}

/** Renders a chart for the component of the third version, which runs in the program and asks for its objects. */
export function template({ jsonOpts }: Properties): Properties {
  const options = JSON.parse(String(jsonOpts)) as Properties;
  const fetched: Properties = { ...options, repositoryOpts: { repo: valueAt(options, "fetch_opts.repo") ?? "" } };
  return { result: chartObjects(String(options.release_name), { ...fetched, name: options.release_name ?? "" }) };
}
