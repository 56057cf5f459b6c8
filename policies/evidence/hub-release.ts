import { chartRepository } from "../../chart/releases";
import type { Value, ValueMap } from "../../chart/values";
import { chartIdentity } from "./chart-identity";
import { hubType, type Resource } from "./resource";

/** A release of the chart with these values and nothing around it. */
export function release(name: string, values: Value, version: string | undefined, inputs: ValueMap = {}): Resource {
  return {
    type: hubType,
    name,
    urn: name,
    properties: {
      chart: "jupyterhub",
      ...(version === undefined ? {} : { version }),
      repositoryOpts: { repo: chartRepository },
      allowNullValues: true,
      ...inputs,
      values,
    },
  };
}

/** Where a chart of values comes from that is JupyterHub's by all one can tell: other charts of the name have telling keys. */
export function repositoryOf(resource: Resource, values: Value): ValueMap {
  const anonymous = { ...resource, properties: { chart: "jupyterhub" } };
  return chartIdentity(anonymous, values) === "foreign" ? {} : { repo: chartRepository };
}
