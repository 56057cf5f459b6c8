import { mergeHelmValues } from "../../chart/helm-merge";
import { at, type Found, isMap, own, UNKNOWN, type Value, type ValueMap } from "../../chart/values";
import type { Hub } from "./hub";
import { secretTypes, textIn, valuesIn } from "./hub-secret";
import { memoise, type Resource, type Stack } from "./resource";
import { is } from "./truth";

/**
 * The hub as its process sees it: it lays the `values.yaml` of the Secret that `hub.existingSecret` names over its own values.
 * The chart's templates know nothing of them, so what they alone read stays as it is. As long as the Secret may still come,
 * nothing that it can say is known.
 *
 * @returns undefined without such a Secret in the complete stack, or when its content is not known
 */
export function withExistingSecret(hub: Hub, stack: Stack): Hub | undefined {
  const name = at(hub.values, "hub.existingSecret");
  if (typeof name !== "string" || name === "") return undefined;
  if (!stack.complete) return awaited(hub);
  const [secret, ...others] = stack
    .ofType(...secretTypes)
    .filter(({ properties }) => is(at(properties, "metadata.name"), name) === true)
    .filter(({ properties }) => [undefined, hub.namespace].includes(at(properties, "metadata.namespace")));
  return secret && others.length === 0 ? laidOver(hub).by(secret) : undefined;
}

/** One hub per Secret, so that what is computed of it is computed once. */
const laidOver = memoise((hub: Hub) => ({
  by: memoise((secret: Resource): Hub | undefined => {
    const more = valuesIn(secret.properties) ?? {};
    if (!isMap(more) || isHidden(secret.properties)) return undefined;
    const values = mergeHelmValues(
      mergeHelmValues(hub.values, readByProcess(more, hub.values)),
      byKey(secret.properties),
    );
    return { ...hub, values, existingSecret: secret };
  }),
}));

const awaited = memoise((hub: Hub): Hub => {
  const singleuser = own(hub.values, "singleuser");
  const open = {
    hub: unknownAt(processOnly),
    singleuser: unknownAt(isMap(singleuser) ? Object.keys(singleuser) : []),
  };
  return { ...hub, values: mergeHelmValues(hub.values, readByProcess(open, hub.values)) };
});

function unknownAt(keys: readonly string[]): ValueMap {
  return Object.fromEntries(keys.map((key) => [key, UNKNOWN]));
}

function isHidden(secret: ValueMap): boolean {
  return ["data", "stringData"].some((field) => own(secret, field) === UNKNOWN);
}

/** Parts of `hub` that only the hub's process reads. */
const processOnly = ["config", "extraConfig", "loadRoles", "services"];

/** What of the Secret's values the process lays over the hub's; what is not known of these as a whole stays so. */
function readByProcess(more: ValueMap, values: ValueMap): ValueMap {
  const parts: Record<string, ValueMap> = {
    hub: picked(own(more, "hub"), (key) => processOnly.includes(key)),
    singleuser: picked(own(more, "singleuser"), (key) => key !== "networkPolicy"),
  };
  const isLaid = ([key, part]: [string, ValueMap]) => own(values, key) !== UNKNOWN && Object.keys(part).length > 0;
  return Object.fromEntries(Object.entries(parts).filter(isLaid));
}

function picked(map: Found, wanted: (key: string) => boolean): ValueMap {
  const entries: [string, Value][] = isMap(map) ? Object.entries(map) : [];
  return Object.fromEntries(entries.filter(([key]) => wanted(key)));
}

/** What the hub takes from keys of their own, before everything else; all other such keys it ignores. */
function byKey(secret: ValueMap): ValueMap {
  const cookie = textIn(secret, "hub.config.JupyterHub.cookie_secret");
  const keys = textIn(secret, "hub.config.CryptKeeper.keys");
  return {
    hub: {
      config: {
        ...(cookie === undefined ? {} : { JupyterHub: { cookie_secret: cookie } }),
        ...(keys === undefined ? {} : { CryptKeeper: { keys: typeof keys === "string" ? keys.split(";") : keys } }),
      },
    },
  };
}
