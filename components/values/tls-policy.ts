/** TLS 1.2 and 1.3 with forward secrecy, for application and network load balancers ("Elastic Load Balancing, Security policies"). */
export const tlsPolicy = "ELBSecurityPolicy-TLS13-1-2-2021-06";
/** A kernel that computes says nothing for a long time; defaults of 60 s and 350 s would cut its websocket. */
export const idleTimeoutSeconds = 3600;
