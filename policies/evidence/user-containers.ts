import { type Found, own, UNKNOWN } from "../../chart/values";
import { type Child, children } from "./hub";
import { memoise } from "./resource";
import { snakeCase, type UserPod } from "./user-pods";

/** A container of a user pod as settings describe it; unknown as a whole where its list is not known yet. */
export interface Container extends Child {
  /** An init container is gone before the user's code runs. */
  readonly isInit: boolean;
}

/** Every container that settings describe: those beside the user's own, and what is laid over the own one. */
export const containersOf: (pod: UserPod) => readonly Container[] = memoise((pod) => {
  const lists = [
    { setting: pod.setting("init_containers"), isInit: true },
    { setting: pod.podField("initContainers"), isInit: true },
    { setting: pod.setting("extra_containers"), isInit: false },
    // Takes the place of the user's container and of those beside it.
    { setting: pod.podField("containers"), isInit: false },
  ];
  const own = pod.setting("extra_container_config");
  return [
    ...lists.flatMap(({ setting, isInit }) => listed(setting).map((container) => ({ ...container, isInit }))),
    ...(own.value === undefined || own.value === null ? [] : [{ ...own, isInit: false }]),
  ];
});

function listed({ value, path }: Child): Child[] {
  return value === UNKNOWN ? [{ value, path }] : children(value, path);
}

/** A field of a Kubernetes object, which Python's client also takes in snake_case. */
export function field(object: Found, camelCase: string): Found {
  return own(object, camelCase) ?? own(object, snakeCase(camelCase));
}
