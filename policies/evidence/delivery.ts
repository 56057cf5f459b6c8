import type { Hub } from "./hub";
import type { Delivery, Stack } from "./resource";

const forms: Readonly<Record<string, Delivery>> = {
  "kubernetes:helm.sh/v3:Release": "release",
  "kubernetes:helm.sh/v2:Chart": "v3-chart",
  "kubernetes:helm.sh/v3:Chart": "v3-chart",
  "kubernetes:helm.sh/v4:Chart": "v4-chart",
};

/** The form that the hub's resource says, else that of its type, else that of the component it is a child of. */
export function deliveryOf(hub: Hub, stack: Stack): Delivery {
  for (let resource = hub.resource; ; ) {
    const form = resource.delivery ?? forms[resource.type];
    if (form) return form;
    const parent = resource.parent === undefined ? undefined : stack.withUrn(resource.parent);
    if (!parent) return "manifests";
    resource = parent;
  }
}
