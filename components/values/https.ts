import { type Input, type Output, output } from "@pulumi/pulumi";
import { tlsSecretName } from "../own-certificate";
import { type LetsEncryptHttps, letsEncrypt } from "./lets-encrypt";
import { join, type Values } from "./value";

/** TLS ends at a load balancer. */
export interface OffloadedHttps {
  readonly kind: "offload";
}

/** TLS ends in the cluster, at the proxy, with the certificate of a Secret. */
export interface SecretHttps {
  readonly kind: "secret";
  /** A Secret of type `kubernetes.io/tls` in the hub's namespace. */
  readonly secretName: string | Output<string>;
}

/** TLS ends in the cluster, at the proxy, with a certificate of one's own. It becomes a Secret. */
export interface CertificateHttps {
  readonly kind: "certificate";
  /** PEM text: the certificate, then those that issued it. */
  readonly certificate: Input<string>;
  /** PEM text: the private key. It is no value of the chart, which would keep a copy. */
  readonly key: Output<string>;
}

/** Where TLS ends, and where its certificate comes from. */
export type Https = OffloadedHttps | LetsEncryptHttps | SecretHttps | CertificateHttps;

/** Whether TLS ends at the proxy, not at a load balancer before it. */
export function endsInCluster({ kind }: Https): boolean {
  return kind !== "offload";
}

/**
 * HTTPS in effect: where it ends, and that the hub knows.
 * @param secretSync the image that keeps certificates of Let's Encrypt.
 */
export function httpsValues(https: Https, host: string, secretSync: string | Output<string>): Values {
  return join(
    knownToTheHub(host),
    { proxy: { https: { enabled: true, hosts: [host] } } },
    ending(https, host, secretSync),
  );
}

/**
 * The hub sees the proxy's plain HTTP only. `public_url` and the `X-Scheme` header tell it that browsers speak HTTPS, or its
 * login cookies would lack `Secure`. That holds for every request: plain HTTP does nothing but redirect.
 */
function knownToTheHub(host: string): Values {
  return {
    // No space after the colon: the chart renders the flag as a bare YAML scalar.
    proxy: { chp: { extraCommandLineFlags: ["--custom-header=X-Scheme:https"] } },
    hub: { config: { JupyterHub: { public_url: `https://${host}/` } } },
  };
}

function ending(https: Https, host: string, secretSync: string | Output<string>): Values {
  switch (https.kind) {
    case "offload":
      return { proxy: { https: { type: "offload" } } };
    case "secret":
      return ofSecret(https.secretName);
    case "certificate":
      return ofSecret(secretNameOf(https.certificate));
    case "letsencrypt":
      return letsEncrypt(https, host, secretSync);
  }
}

function ofSecret(name: string | Output<string>): Values {
  return { proxy: { https: { type: "secret", secret: { name } } } };
}

function secretNameOf(certificate: Input<string>): string | Output<string> {
  return typeof certificate === "string" ? tlsSecretName(certificate) : output(certificate).apply(tlsSecretName);
}
