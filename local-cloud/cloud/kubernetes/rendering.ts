import { parseAllDocuments, stringify } from "yaml";
import { mergeHelmValues } from "../../../chart/helm-merge";
import { chartDefaults } from "../../../chart/releases";
import { at, type ValueMap } from "../../../chart/values";
import type { Properties } from "../wire";
import { jupyterhubRefusal } from "./jupyterhub-chart";

/** What `helm template` is told. */
export interface Rendering {
  readonly chart: string;
  readonly version: string;
  readonly name: string;
  readonly namespace: string;
  readonly values: ValueMap;
}

/**
 * The objects that a chart renders without a cluster: of JupyterHub's those that lead to its pods, and the Secret in which the
 * hub keeps its values.
 */
export function render({ chart, version, name, namespace, values }: Rendering): Properties[] {
  if (chart !== "jupyterhub")
    throw new Error(`the local cloud does not render the chart ${chart}; see local-cloud/cloud/kubernetes`);
  const effective = mergeHelmValues(chartDefaults(version).values, values);
  const refusal = jupyterhubRefusal(effective, version);
  if (refusal !== undefined) throw new Error(refusal);
  const labels = (component: string): Properties => ({
    app: "jupyterhub",
    chart: `jupyterhub-${version}`,
    component,
    heritage: "Helm",
    release: name,
  });
  const object = (apiVersion: string, kind: string, component: string, content: Properties): Properties => ({
    apiVersion,
    kind,
    metadata: { name: component, namespace, labels: labels(component) },
    ...content,
  });
  const image = (part: string) => ["name", "tag"].map((key) => String(at(effective, `${part}.image.${key}`))).join(":");
  const pods = (component: string, part: string): Properties => ({
    selector: { matchLabels: { app: "jupyterhub", component, release: name } },
    template: {
      metadata: { labels: labels(component) },
      spec: { containers: [{ name: component, image: image(part) }] },
    },
  });
  const ports = (component: string, port: number, type?: unknown): Properties => ({
    ...(typeof type === "string" ? { type } : {}),
    selector: { app: "jupyterhub", component, release: name },
    ports: [{ name: "http", port, targetPort: "http" }],
  });
  const stored = {
    ...effective,
    Chart: { Name: "jupyterhub", Version: version },
    Release: { Name: name, Namespace: namespace, Service: "Helm" },
  };
  return [
    object("v1", "Secret", "hub", {
      type: "Opaque",
      data: { "values.yaml": Buffer.from(stringify(stored)).toString("base64") },
    }),
    object("apps/v1", "Deployment", "hub", { spec: pods("hub", "hub") }),
    object("apps/v1", "Deployment", "proxy", { spec: pods("proxy", "proxy.chp") }),
    object("v1", "Service", "hub", { spec: ports("hub", 8081) }),
    object("v1", "Service", "proxy-api", { spec: ports("proxy", 8001) }),
    object("v1", "Service", "proxy-public", { spec: ports("proxy", 80, at(effective, "proxy.service.type")) }),
  ];
}

/** The objects in a text of manifests. */
export function decode(text: string): Properties[] {
  return parseAllDocuments(text).flatMap((document) => {
    const [error] = document.errors;
    if (error) throw new Error(`error converting YAML to JSON: ${error.message}`);
    return [document.toJS() as Properties | null].filter((object) => object !== null);
  });
}
