import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments, stringify } from "yaml";
import type { ValueMap } from "../../chart/values";
import type { Resource } from "../../policies/evidence/resource";
import { overlay } from "../../policies/subjects/values";
import { resource } from "./support";

const folder = join(__dirname, "../../../shared/data/rendered-manifests");
export const renderedVersions = ["1.2.0", "2.0.0", "3.3.8", "4.4.0"];
export const hasRendered = existsSync(folder);
if (!hasRendered) console.warn(`skipped: no rendered manifests in ${folder}`);

/** What Helm rendered of a chart's default values, as a program registers it object by object. */
export function renderedDefaults(version: string): Resource[] {
  const text = readFileSync(join(folder, `${version}-defaults.yaml`), "utf8");
  const objects = parseAllDocuments(text).flatMap((document) => (document.toJS() as ValueMap | null) ?? []);
  return objects.map((object) => {
    const { apiVersion, kind, metadata } = object as ValueMap & {
      apiVersion: string;
      kind: string;
      metadata: ValueMap;
    };
    const group = apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`;
    const properties: ValueMap = { ...(object as ValueMap), metadata: { namespace: "jhub", ...metadata } };
    return resource(`kubernetes:${group}:${kind}`, `jhub/${metadata.name as string}`, properties);
  });
}

/** The same objects, their hub's Secret as of other values. */
export function withValues(objects: readonly Resource[], values: ValueMap): Resource[] {
  return objects.map((object) => {
    const data = object.properties.data as Record<string, string> | undefined;
    const stored = data?.["values.yaml"];
    if (object.type !== "kubernetes:core/v1:Secret" || stored === undefined) return object;
    const [document] = parseAllDocuments(Buffer.from(stored, "base64").toString("utf8"));
    const changed = stringify(overlay(document?.toJS() as ValueMap, values));
    const properties = {
      ...object.properties,
      data: { ...data, "values.yaml": Buffer.from(changed).toString("base64") },
    };
    return { ...object, properties };
  });
}
