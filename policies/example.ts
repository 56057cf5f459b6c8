import type { Value, ValueMap } from "../chart/values";
import type { Verdict } from "./control";
import type { Delivery } from "./evidence/resource";

/** A resource beside the hub. */
export interface ExampleResource {
  readonly type: string;
  /** Default: `other`. */
  readonly name?: string;
  readonly properties: ValueMap;
  /** Names of the example's resources out of whose outputs a property was made. */
  readonly sources?: Readonly<Record<string, readonly string[]>>;
}

/**
 * A small deployment and the verdict that a control gives it. Plain data, so that it can be shown, run, and delivered in any
 * form that a hub can have. Values that a preview does not know yet are `UNKNOWN`.
 */
export interface Example {
  readonly title: string;
  readonly verdict: Verdict;
  /** Values given to the chart; without them the example has no hub. */
  readonly values?: Value;
  /** Version of the chart; default: the newest known one. */
  readonly version?: string;
  /** The form that the example is about; default: it holds for every form. */
  readonly delivery?: Delivery;
  /** Inputs of the hub's release beside its values. */
  readonly release?: ValueMap;
  /** Names of resources out of whose outputs the values were made. */
  readonly valuesFrom?: readonly string[];
  readonly resources?: readonly ExampleResource[];
  /** Configuration of the pack, as `--policy-pack-config` takes it. */
  readonly configuration?: ValueMap;
}

/** A release that has nothing to do with JupyterHub. */
export const otherChart: Example = {
  title: "another chart",
  verdict: "notApplicable",
  resources: [{ type: "kubernetes:helm.sh/v3:Release", properties: { chart: "nginx", values: { replicas: 2 } } }],
};
