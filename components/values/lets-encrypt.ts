import type { Output } from "@pulumi/pulumi";
import { secondsUntilHealthy } from "./health-checks";
import type { Values } from "./value";

/** TLS ends in the cluster, at Traefik, with certificates of Let's Encrypt. */
export interface LetsEncryptHttps {
  readonly kind: "letsencrypt";
  /** Of the account at Let's Encrypt. It sends no reminders since June 2025: renewal is the cluster's affair. */
  readonly contactEmail: string;
  /** `staging` for trials: no browser trusts its certificates. */
  readonly server: "production" | "staging";
  /** Host name of the load balancer that the hub's name has to lead to before a certificate can be had. */
  readonly loadBalancerAddress: string | Output<string>;
}

const acmeServers = {
  production: "https://acme-v02.api.letsencrypt.org/directory",
  staging: "https://acme-staging-v02.api.letsencrypt.org/directory",
};

/**
 * Let's Encrypt looks at the hub's name from outside as soon as Traefik asks for a certificate; if that fails Traefik does
 * not ask again. So Traefik starts when the name leads to the load balancer, and lets the load balancer find it first.
 * @param secretSync the image that keeps certificates in that pod.
 */
export function letsEncrypt(
  { contactEmail, server, loadBalancerAddress }: LetsEncryptHttps,
  host: string,
  secretSync: string | Output<string>,
): Values {
  return {
    proxy: {
      https: { type: "letsencrypt", letsencrypt: { contactEmail, acmeServer: acmeServers[server] } },
      traefik: {
        extraInitContainers: [
          {
            name: "wait-for-dns",
            // The pod's own image for keeping certificates: on the node already, and with a Python in it.
            image: secretSync,
            command: ["python3", "-u", "-c", waitForDns],
            env: [
              { name: "PUBLIC_NAME", value: host },
              { name: "LOAD_BALANCER", value: loadBalancerAddress },
              { name: "LIMIT_SECONDS", value: `${dnsLimitSeconds}` },
            ],
            resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "64Mi" } },
            // As Pod Security `restricted` wants it.
            securityContext: {
              runAsNonRoot: true,
              runAsUser: 65_534,
              runAsGroup: 65_534,
              allowPrivilegeEscalation: false,
              readOnlyRootFilesystem: true,
              capabilities: { drop: ["ALL"] },
              seccompProfile: { type: "RuntimeDefault" },
            },
          },
        ],
        extraStaticConfig: {
          certificatesResolvers: { default: { acme: { httpChallenge: { delay: `${secondsUntilHealthy}s` } } } },
        },
      },
    },
  };
}

/** Less than the release waits, so that the reason is in the log before the release gives up. */
const dnsLimitSeconds = 600;

const waitForDns = `
import os, socket, sys, time

name, balancer = os.environ["PUBLIC_NAME"], os.environ["LOAD_BALANCER"]
limit = int(os.environ["LIMIT_SECONDS"])


def addresses(host):
    try:
        return {found[4][0] for found in socket.getaddrinfo(host, 443, socket.AF_INET)}
    except OSError:
        return set()


end = time.monotonic() + limit
while True:
    found, wanted = addresses(name), addresses(balancer)
    if found & wanted:
        print(f"{name} leads to the load balancer: a certificate can be requested.")
        break
    state = f"{name} has {', '.join(sorted(found)) or 'no address'}, the load balancer {balancer} has {', '.join(sorted(wanted)) or 'no address'}"
    if time.monotonic() > end:
        sys.exit(f"After {limit} seconds {state}. Let's Encrypt would refuse a certificate: let the record of {name} lead to {balancer}, and the zone be delegated to its name servers.")
    print(f"Waiting: {state}.")
    time.sleep(5)
`.trimStart();
