import type { Delivery, Resource } from "./resource";

const forms: Readonly<Record<string, Delivery>> = {
  "kubernetes:helm.sh/v2:Chart": "v3-chart",
  "kubernetes:helm.sh/v3:Chart": "v3-chart",
  "kubernetes:helm.sh/v4:Chart": "v4-chart",
};

/** The form of a component that renders a chart on the deploying machine; undefined for any other type. */
export function chartForm(type: string): Delivery | undefined {
  return forms[type];
}

/**
 * How a Kubernetes object gets into the cluster: by the chart it is a descendant of, or by itself. Its URN names the types of
 * everything around it; where it does not, parents are looked up.
 */
export function deliveryOf(object: Resource, find: (urn: string) => Resource | undefined): Delivery {
  const seen = new Set<Resource>();
  for (
    let each: Resource | undefined = object;
    each && !seen.has(each);
    each = each.parent ? find(each.parent) : undefined
  ) {
    seen.add(each);
    for (const type of [...typesIn(each.urn), ...typesIn(each.parent ?? "")]) {
      const form = chartForm(type);
      if (form) return form;
    }
  }
  return "manifests";
}

/** urn:pulumi:<stack>::<project>::<type>$<type of the child>::<name> */
function typesIn(urn: string): string[] {
  return urn.split("::")[2]?.split("$") ?? [];
}
