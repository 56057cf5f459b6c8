import type { Values } from "./value";

/** Hub and proxy on core nodes, user servers on user nodes, without exception: users cannot starve or watch the core. */
export function scheduling(): Values {
  const required = { nodeAffinity: { matchNodePurpose: "require" } };
  return {
    scheduling: {
      corePods: required,
      userPods: required,
      // The chart's own scheduler packs users onto few nodes; its version trails Kubernetes, and no autoscaler profits yet.
      userScheduler: { enabled: false },
      userPlaceholder: { enabled: false },
    },
    // The hook would count into the release's timeout; the continuous puller does the work.
    prePuller: { hook: { enabled: false }, continuous: { enabled: true } },
  };
}
