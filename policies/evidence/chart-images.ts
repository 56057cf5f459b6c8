import { at } from "../../chart/values";
import { type Child, type Hub, runsTraefik } from "./hub";
import { usesIptables } from "./metadata-blocks";

/** Images that the chart takes as name and tag, with the part of the chart that has to be on for each. */
const components: readonly { path: string; unless?: string }[] = [
  { path: "hub.image" },
  { path: "proxy.chp.image" },
  { path: "proxy.traefik.image" },
  { path: "proxy.secretSync.image" },
  { path: "singleuser.image" },
  { path: "singleuser.networkTools.image" },
  { path: "prePuller.hook.image", unless: "prePuller.hook.enabled" },
  { path: "prePuller.pause.image" },
  { path: "scheduling.userScheduler.image", unless: "scheduling.userScheduler.enabled" },
  { path: "scheduling.userPlaceholder.image", unless: "scheduling.userPlaceholder.enabled" },
];

/** The sections of the values that name an image of a part which runs, or may. */
export function chartImages(hub: Hub): Child[] {
  return components
    .filter(({ path, unless }) => runs(hub, path) && (unless === undefined || at(hub.values, unless) !== false))
    .map(({ path }) => ({ path, value: at(hub.values, path) }));
}

function runs(hub: Hub, path: string): boolean {
  if (/^proxy\.(traefik|secretSync)\./.test(path)) return runsTraefik(hub) !== false;
  return path !== "singleuser.networkTools.image" || usesIptables(hub) !== false;
}
