/** How often a load balancer looks at its targets, and how many good answers in a row make one healthy. */
export const healthChecks = { interval: 15, healthyThreshold: 2 } as const;

/** After so many seconds a load balancer has found a target that is well: the checks, and one more because it may have just looked. */
export const secondsUntilHealthy = healthChecks.interval * (healthChecks.healthyThreshold + 1);
